"""Notes on lists that Python-Markdown reads otherwise than other editors (CommonMark); docs/adr/0012-lists-keep-their-reading.md.

Both readings are followed line by line. CommonMark goes by the column where the text of an item begins, Python-Markdown by steps of four.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from markup.linting.note import Note

STEP = 4
MARK = re.compile(r"(?P<indent> *)(?P<mark>[-*+]|(?P<number>\d{1,9})[.)])(?P<gap> +|$)(?P<rest>.*)")
RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
# What begins a block of its own even directly below a paragraph.
OPENER = re.compile(r" *(?:#{1,6}(?: |$)|>|```|~~~|([-*_])(?: *\1){2,} *$)")
HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")
# Notes and meanings, of which CommonMark has none: what belongs to them is indented by four.
BODY = re.compile(r" {0,3}(?:\[\^[^\]]+\]:|: )")
QUOTE = re.compile(r" {0,3}> ?")
# Quotes within quotes are followed so far.
DEEPEST = 5


@dataclass
class Item:
    """Open item: the column where its text begins, its mark (`.` for numbers), and its line where a list of numbers begins there."""

    column: int
    mark: str
    line: int = 0


@dataclass
class Lists:
    """The lists that are open at a line, as CommonMark sees them, and the notes found so far."""

    open: list = field(default_factory=list)
    found: list = field(default_factory=list)
    after_blank: bool = True
    in_text: bool = False
    level: int = 0
    begins_with_text: bool = False
    last: str = ""
    lone: dict = field(default_factory=dict)

    def note(self, number, text):
        """Lines one after another that have the same fault get one note."""
        if text != self.last:
            self.found.append(Note(number, text))
        self.last = text

    def take(self):
        """The notes found since this was asked last."""
        found, self.found = self.found, []
        return found

    def depth(self, column):
        """Number of open items that enclose what begins at a column."""
        return sum(item.column <= column for item in self.open)

    def base(self, depth):
        return self.open[depth - 1].column if depth else 0

    def read(self, number, line):
        if not line.strip():
            self.after_blank, self.in_text = True, False
            return
        mark = None if RULE.match(line) else MARK.match(line)
        if self.after_blank:
            self.level = min((len(line) - len(line.lstrip())) // STEP, len(self.open))
            self.begins_with_text = mark is None
        if mark and self.is_item(mark):
            self.read_item(number, mark)
        else:
            self.read_text(number, line, mark)
        self.after_blank = False

    def is_item(self, mark):
        """Whether CommonMark begins an item here; directly below a paragraph only a bullet or a 1 with a text does."""
        depth = self.depth(len(mark["indent"]))
        if len(mark["indent"]) - self.base(depth) >= STEP:
            return False
        begins = depth == len(self.open)
        return not (self.in_text and begins) or bool(mark["rest"] and mark["number"] in {None, "1"})

    def is_item_here(self, mark):
        """Whether Python-Markdown begins an item with a mark that CommonMark takes for text."""
        if not self.open or mark["mark"][-1] == ")" or not mark["rest"]:
            return False
        is_alike = bool(mark["number"]) == (self.open[min(self.level, len(self.open) - 1)].mark == ".")
        return is_alike if len(mark["indent"]) < STEP * (self.level + 1) else len(mark["indent"]) < STEP * (self.level + 2)

    def read_item(self, number, mark):
        indent = len(mark["indent"])
        depth = self.depth(indent)
        sibling = self.open[depth] if depth < len(self.open) else None
        for text in self.faults(mark, depth, sibling):
            self.note(number, text)
        gap = len(mark["gap"]) if 0 < len(mark["gap"]) <= STEP and mark["rest"] else 1
        kind = mark["mark"][-1]
        self.open[depth:] = [Item(indent + len(mark["mark"]) + gap, kind)]
        self.count(number, mark, sibling)
        self.in_text = bool(mark["rest"]) and not HEADING.match(mark["rest"])

    def faults(self, mark, depth, sibling):
        indent, kind = len(mark["indent"]), mark["mark"][-1]
        if kind == ")":
            yield _("“%(mark)s” begins no list here: write %(number)s. instead.") % {"mark": mark["mark"], "number": mark["number"]}
        elif not mark["rest"]:
            yield _("This mark of a list has no text behind it and is shown as it is written.")
        elif self.in_text and (not self.open or self.begins_with_text):
            yield _("A list needs an empty line before it; here it goes on as the paragraph above.")
        elif indent // STEP != depth:
            yield indentation(depth, _("This item"))
        elif depth < self.level and not self.after_blank:
            yield _("This item needs an empty line before it; here it goes on as what stands above, one level deeper.")
        elif sibling and (sibling.mark == ".") != (kind == ".") and not self.after_blank:
            yield _("A list of another kind needs an empty line before it; here it goes on as the item above.")
        elif sibling and sibling.mark != kind and kind != "." and sibling.mark != ".":
            yield _("Another mark (%(mark)s) does not begin another list here: put a sentence or a heading between them.") % {"mark": kind}

    def count(self, number, mark, sibling):
        """Remember a list of numbers that begins with another one than 1, until it has a second item."""
        if sibling and sibling.mark == mark["mark"][-1]:
            self.lone.pop(sibling.line, None)
        elif mark["mark"][-1] == "." and int(mark["number"]) > 1:
            self.lone[number] = mark
            self.open[-1].line = number

    def read_text(self, number, line, mark):
        indent = len(line) - len(line.lstrip())
        if mark and not self.after_blank and self.is_item_here(mark):
            self.note(number, _("This line becomes an item of the list here: put an empty line before it, or a backslash behind its mark."))
        if OPENER.match(line) and not self.after_blank and self.open:
            self.note(number, _("This needs an empty line before it; here it goes on as the item of the list above."))
        if BODY.match(line):
            self.open, self.in_text = [Item(STEP, "")], True
            return
        if self.after_blank:
            self.read_paragraph(number, indent)
        is_code = not self.in_text and indent - self.base(self.depth(indent)) >= STEP
        self.in_text = not is_code and not HEADING.match(line) and not RULE.match(line)

    def read_paragraph(self, number, indent):
        depth = self.depth(indent)
        rest = indent - self.base(depth)
        if self.open and rest >= STEP and indent < STEP * (len(self.open) + 1):
            self.note(number, _("Code within an item must be indented by %(spaces)s spaces.") % {"spaces": STEP * (depth + 1)})
        elif self.open and rest < STEP and min(indent // STEP, len(self.open)) != depth:
            self.note(number, indentation(depth, _("This paragraph")))
        del self.open[depth:]


def indentation(depth, what):
    names = {"what": what, "spaces": STEP * depth}
    if depth:
        return _("%(what)s is published outside of the item that it belongs to: indent it by %(spaces)s spaces.") % names
    return _("%(what)s is published as a part of the item above: begin it at the start of the line.") % names


def lone_number(mark):
    names = {"mark": mark["mark"], "number": mark["number"]}
    return _("“%(mark)s” begins a list here: if the number belongs to the sentence, write %(number)s\\. instead.") % names


def list_notes(lines, depth=0):
    """Notes on the lists of a text and on those within its quotes."""
    lists, quoted = Lists(), []
    for number, line in enumerate([*lines, ""], 1):
        quote = QUOTE.match(line)
        if quote:
            quoted.append(line[quote.end() :])
        elif quoted:
            if depth < DEEPEST:
                yield from (Note(note.line + number - len(quoted) - 1, note.text) for note in list_notes(quoted, depth + 1))
            quoted = []
        lists.read(number, line.expandtabs(STEP))
        yield from lists.take()
    yield from (Note(number, lone_number(mark)) for number, mark in lists.lone.items())
