"""Runs of words to lines of Markdown."""

import re
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from markup.pasting.escapes import RISKY_BRACKETS, escaped, line_escaped
from markup.pasting.pieces import BREAK, PLAIN, Run

# From outside to inside.
LOOKS = ("href", "struck", "bold", "italic", "place", "code")
BLANKS = re.compile(r"[ \t\n\r\f\v]+")
SIMPLE_RAISED = re.compile(r"[\w+\u2212\u2013.,-]+\Z")
BARE_CODE = re.compile(r"[^`<&|\\{]+\Z")


class Inline:
    """Writer of the runs of one block. `numbers` gives the number of a note by its key; `escapes` are marks that count in this place."""

    def __init__(self, numbers, escapes=""):
        self.numbers, self.escapes = numbers, escapes

    def lines(self, runs):
        """The lines of a block, without blank ones at its ends."""
        return [line for _is_paragraph, line in self.spaced_lines(runs)]

    def paragraphs(self, runs):
        """Lists of lines: two breaks in a row end a paragraph."""
        found = []
        for begins, line in self.spaced_lines(runs):
            if begins:
                found.append([])
            found[-1].append(line)
        return found

    def spaced_lines(self, runs):
        """(begins a paragraph, line) for each line that is not blank."""
        split = [list(group) for is_break, group in groupby(with_single_blanks(runs), lambda run: run.text == BREAK) if not is_break]
        breaks = [len(list(group)) for is_break, group in groupby(runs, lambda run: run.text == BREAK) if is_break]
        if runs and runs[0].text == BREAK:
            breaks = breaks[1:]
        text = "".join(run.text for run in runs)
        self.brackets = bool(RISKY_BRACKETS.search(text)) or any(run.look.href or run.note or run.is_mark for run in runs)
        self.more = self.escapes or ("|" if BREAK in text.strip() else "")
        begins = True
        for place, line_runs in enumerate(split):
            line = self.marked(line_runs, 0).strip(" ")
            if line:
                yield begins, line if self.escapes else line_escaped(line)
                begins = False
            begins = begins or (place < len(breaks) and breaks[place] > 1)

    def marked(self, runs, level):
        if level == len(LOOKS) or all(run.look is PLAIN for run in runs):
            return "".join(map(self.word, runs))
        name, out = LOOKS[level], ""
        groups = [(value, list(group)) for value, group in groupby(runs, lambda run: getattr(run.look, name))]
        for place, (value, group) in enumerate(groups):
            inner = self.code(group) if name == "code" and value else self.marked(group, level + 1)
            core = inner.strip(" ")
            if not value or not core:
                out += inner
                continue
            start = inner[: len(inner) - len(inner.lstrip(" "))]
            end = inner[len(inner.rstrip(" ")) :]
            after = end or (groups[place + 1][1][0].text[:1] if place + 1 < len(groups) else "")
            out += start
            if name == "href" and out.endswith("!"):
                out = out[:-1] + r"\!"
            out += MARKS[name](core, value, out, after) + end
        return out

    def word(self, run):
        if run.is_mark:
            return run.text
        if run.note:
            return f"[^{self.numbers[run.note]}]" if run.note in self.numbers else f"<sup>{escaped(run.text, True, self.more)}</sup>"
        return escaped(run.text, self.brackets, self.more)

    def code(self, runs):
        text = "".join(run.text for run in runs)
        core = text.strip(" ")
        if not core:
            return text
        shown = f"`{core}`" if BARE_CODE.match(core) else f"<code>{escaped(core, True, self.more)}</code>"
        return text.replace(core, shown, 1)


def link(core, href, _before, _after):
    return f"[{core}]({href})"


def starred(mark, tag):
    """Stars, or the element where stars beside other stars would be read otherwise."""

    def marked(core, _value, before, _after):
        touches = before.endswith(("*", "\\")) or core.startswith("*") or core.endswith("*")
        return f"<{tag}>{core}</{tag}>" if touches else f"{mark}{core}{mark}"

    return marked


def struck(core, _value, before, _after):
    return f"<del>{core}</del>" if "~" in core or before.endswith("~") else f"~~{core}~~"


def raised(core, place, before, after):
    mark = "~" if place == "sub" else "^"
    is_simple = SIMPLE_RAISED.match(core) and re.search(r"[\w)\]]\Z", before) and not re.match(r"[\d~^]", after)
    return f"{mark}{core}{mark}" if is_simple else f"<{place}>{core}</{place}>"


MARKS = {
    "href": link,
    "struck": struck,
    "bold": starred("**", "strong"),
    "italic": starred("*", "em"),
    "place": raised,
    "code": lambda core, *_: core,
}


def with_single_blanks(runs):
    """Runs in which blanks follow no blanks, not those of another run either."""
    ends_blank = True
    for run in runs:
        if run.text == BREAK:
            ends_blank = True
            yield run
            continue
        text = BLANKS.sub(" ", run.text)
        if ends_blank and not run.is_mark:
            text = text.lstrip(" ")
        if text or run.note:
            ends_blank = text.endswith(" ")
            yield Run(text, run.look, run.note, run.is_mark)


def plain(runs):
    """The words of runs, their looks apart."""
    return BLANKS.sub(" ", "".join(map(attrgetter("text"), runs))).strip(" ")


def without_bold(runs):
    """Runs of a heading, which is bold as it is."""
    return [Run(run.text, replace(run.look, bold=False), run.note, run.is_mark) for run in runs]
