"""Notes on headings."""

import re

from django.utils.translation import gettext as _

from markup.linting.note import Note

ATX = re.compile(r"^ {0,3}(?P<marks>#{1,6})(?P<text>[^#].*|)$")
UNDERLINE = re.compile(r"^(?:=+|-+)\s*$")


def heading_notes(lines):
    """A heading more than one level below the one before it. The page's title stands above them all."""
    above = 1
    for number, level, text in headings(lines):
        if not text:
            yield Note(number, _("This heading is empty: write its words, or delete the line."))
        if level > above + 1:
            yield Note(number, _("“%(text)s” skips a heading level: write %(marks)s instead.") % {"text": text, "marks": "#" * (above + 1)})
        above = level
    yield from shape_notes(lines)


def headings(lines):
    for number, line in enumerate(lines, 1):
        below = lines[number] if number < len(lines) else ""
        if atx := ATX.match(line):
            yield number, max(2, len(atx["marks"])), atx["text"].strip(" #\t")
        elif line.strip() and UNDERLINE.match(below) and not line.lstrip().startswith(("|", "-", ">")):
            yield number, 2, line.strip()


def shape_notes(lines):
    """Notes on lines that are headings here and not in other editors, or the other way round."""
    for number, line in enumerate(lines, 1):
        atx = ATX.match(line)
        if atx and atx["text"].strip() and not atx["text"][0].isspace():
            yield Note(
                number, _("“%(marks)s” makes a heading of this line: put a space behind it, or a backslash before it.") % atx.groupdict()
            )
        if UNDERLINE.match(line) and all(is_text(above) for above in lines[max(number - 3, 0) : number - 1]) and number > 2:
            yield Note(number, _("Of these lines none is a heading: only one line can be, with an empty line above it."))


def is_text(line):
    return bool(line.strip()) and not line.lstrip().startswith(("|", "-", "*", "+", ">", "#", "`", "~", "=")) and not line[0].isdigit()
