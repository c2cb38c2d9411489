"""Notes on marks in double braces that name no figure: readers see them as they are written."""

import re

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from markup.figure_marks import MARK
from markup.linting.note import Note

BRACES = re.compile(r"\{\{[^{}\n]{0,80}\}\}")


def figure_notes(lines, known):
    """`known` are the names of all figures."""
    for number, line in enumerate(lines, 1):
        for found in BRACES.finditer(line) if "{{" in line else ():
            mark = MARK.match(found[0])
            if mark is None or mark["name"] not in known:
                names = {"mark": found[0], "names": get_text_list(sorted(known), _("and")) or _("none"), "form": "{{ figure:… }}"}
                yield Note(number, _("%(mark)s is shown as it is written. %(form)s takes the name of a figure: %(names)s.") % names)


def misplaced_marks(lines):
    """Notes on marks where none are filled in, such as in a title."""
    for number, line in enumerate(lines, 1):
        for mark in MARK.finditer(line):
            yield Note(number, _("%(mark)s is shown as it is written: figures stand in the text or in the summary.") % {"mark": mark[0]})
