"""Notes on tables: rows that are shown as text."""

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


def columns(row):
    """Number of cells in a row."""
    return len(re.split(r"(?<!\\)\|", re.sub(r"^\||(?<!\\)\|$", "", row)))
