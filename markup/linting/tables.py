"""Notes on tables: rows that are shown as text, and cells that are not shown."""

import re

from django.utils.translation import gettext as _

from markup.linting.note import Note

# Only tried on lines of these characters, so that none of them can run for long.
RULE = re.compile(r"[|:\- ]*")
HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")


def table_notes(lines):
    for number, line in enumerate(lines[1:], 2):
        head = lines[number - 2].strip(" >")
        if "|" not in head or "-" not in line or "|" not in line or not RULE.fullmatch(line.strip(" >")):
            continue
        above = lines[number - 3].strip(" >") if number > 2 else ""
        if above and not HEADING.match(above):
            yield Note(number - 1, _("A table needs an empty line before it; here its rows are shown as text."))
        elif columns(head) != columns(line.strip(" >")):
            yield Note(number, _("This line needs a --- for each column of the heading above; without that the table is shown as text."))
        else:
            yield from row_notes(lines, number, head)


def row_notes(lines, rule, head):
    """Notes on the rows below the line `rule` that have more cells than the heading of the table."""
    framed = bool(re.match(r"\|", head) or re.search(r"(?<!\\)\|$", head))
    for number, line in enumerate(lines[rule:], rule + 1):
        row = line.strip(" >")
        if not row:
            return
        lost = [cell.strip() for cell in cells(row, framed)[columns(head) :]]
        if any(lost):
            names = {"cells": " | ".join(cell for cell in lost if cell), "count": columns(head)}
            yield Note(number, _("“%(cells)s” is not shown: this row has more cells than the table has columns (%(count)s).") % names)


def columns(row):
    """Number of cells in a row."""
    return len(cells(row, framed=True))


def cells(row, framed):
    """The cells of a row; marks at its ends count for nothing where the heading has such, too."""
    return re.split(r"(?<!\\)\|", re.sub(r"^\||(?<!\\)\|$", "", row) if framed else row)
