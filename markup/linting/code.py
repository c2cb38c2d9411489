"""Code in a text: the lines that Markdown shows as they are written, and fences that it takes for text."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from markup.linting.note import Note

FENCE = re.compile(r"(?P<before>(?:(?: *(?:[-*+]|\d{1,9}[.)])| {0,3}>)(?: +|$))*)(?P<indent> *)(?P<marks>`{3,}(?=[^`]*$)|~{3,})")
ITEM = re.compile(r" *(?:[-*+]|\d{1,9}[.)]) ")
# An item is looked for in so many lines above a fence.
FURTHEST = 100
# Below these, what is indented by four belongs to them.
HOLDER = re.compile(r" {0,3}(?:(?:[-*+]|\d{1,9}[.)])(?: |$)|\[\^[^\]]+\]:|: )")
HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")
STEP = 4
# A sentence has words and none of these signs.
WORDS = re.compile(r"[“\"'(]?[^\W\d_][^\s]* +[“\"'(]?\w")
CODE_SIGN = re.compile(r"[{}<>=$|\\_@]|\w\(|;\s*$|//|--")
CODE_SPAN = re.compile(r"(?<!`)(`{1,8})(?!`)[^`]+\1(?!`)")


@dataclass(frozen=True)
class Fence:
    """Block of code between two fences, by the numbers of their lines; one that is never closed ends at 0."""

    opening: re.Match
    first: int
    last: int
    closing: str = ""


def fences(lines):
    """Fenced blocks of code, wherever they stand: CommonMark has them in lists and in quotes too."""
    first = opening = None
    for number, line in enumerate(lines, 1):
        bare = line.strip("> \t")
        if opening and set(bare) == {opening["marks"][0]} and len(bare) >= len(opening["marks"]):
            yield Fence(opening, first, number, line)
            opening = None
        elif opening is None and (opening := FENCE.match(line)):
            first = number
    if opening:
        yield Fence(opening, first, 0)


def without_code(lines):
    """The lines with blocks of code and comments blanked, and … for code within a line. The line of a fence stays, without its language."""
    plain = list(lines)
    for fence in fences(lines):
        if fence.last:
            plain[fence.first - 1 : fence.last] = [fence.opening[0], *[""] * (fence.last - fence.first)]
    return [without_comments(CODE_SPAN.sub("…", line)) if "`" in line or "<!--" in line else line for line in plain]


def without_indented(lines):
    """The lines with the blocks of code blanked that are code since they are indented."""
    plain = list(lines)
    for first, last in indented(lines):
        plain[first - 1 : last] = [""] * (last - first + 1)
    return plain


def indented(lines):
    """(first, last) line of each block of code that is indented by four, outside of lists, notes and meanings."""
    first, last, is_held, begins = 0, 0, False, True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            begins = True
            continue
        expanded = line.expandtabs(STEP)
        indent = len(expanded) - len(expanded.lstrip())
        if indent >= STEP and not is_held and (first or begins):
            first, last, begins = first or number, number, False
            continue
        if first:
            yield first, last
            first = 0
        if indent < STEP and (begins or HOLDER.match(line)):
            is_held = bool(HOLDER.match(line))
        begins = bool(HEADING.match(line))
    if first:
        yield first, last


def without_comments(line):
    while (start := line.find("<!--")) >= 0 and (end := line.find("-->", start)) >= 0:
        line = line[:start] + line[end + 3 :]
    return line


def is_in_list(lines, fence):
    """Whether the nearest line above that is indented less begins an item."""
    indent = len(fence.opening["indent"])
    above = (line for line in reversed(lines[max(fence.first - FURTHEST, 0) : fence.first - 1]) if line.strip())
    return bool(indent) and bool(ITEM.match(next((line for line in above if len(line) - len(line.lstrip()) < indent), "")))


def code_notes(lines):
    for fence in fences(lines):
        marks = fence.opening["marks"]
        if not fence.last:
            yield Note(fence.first, _("This code is never closed: write %(marks)s on a line of its own below it.") % {"marks": marks})
        elif fence.opening["before"] or is_in_list(lines, fence):
            yield Note(fence.first, _("Code in a list or a quote cannot be fenced: leave %(marks)s out and indent it.") % {"marks": marks})
        elif fence.opening["indent"] or fence.closing.rstrip() != marks:
            yield Note(fence.first, _("%(marks)s must stand at the start of a line, above and below the code alike.") % {"marks": marks})


def indentation_notes(lines):
    """Notes on sentences that are shown as code since they are indented."""
    for first, last in indented(lines):
        block = lines[first - 1 : last]
        if all(not CODE_SIGN.search(line) for line in block) and WORDS.match(block[0].strip()):
            yield Note(first, _("This is shown as code, since four spaces stand before it: begin it at the start of the line."))
