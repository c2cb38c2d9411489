"""Notes on footnotes: whether each mark in the text has its note and each note its mark."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from markup.linting.note import Note

TEXT = re.compile(r"^[ >]*\[\^(?P<name>[^\]]*)\]:(?P<text>.*)$")
MARK = re.compile(r"(?<!\\)\[\^(?P<name>[^\]\[]*)\]")
FIT = re.compile(r"[\w-]+")


def footnote_notes(lines):
    texts = [(number, match) for number, line in enumerate(lines, 1) if (match := TEXT.match(line))]
    marks = [(number, match["name"]) for number, line in enumerate(lines, 1) for match in marks_in(line)]
    yield from text_notes(texts, {name for _number, name in marks}, lines)
    yield from mark_notes(marks, {match["name"] for _number, match in texts})


def marks_in(line):
    text = TEXT.match(line)
    return MARK.finditer(line, text.start("text") if text else 0) if "[^" in line else ()


def mark_notes(marks, known):
    for number, name in marks:
        if not FIT.fullmatch(name):
            yield Note(number, _("The note [^%(name)s] leads nowhere: name it with letters and digits, without a space.") % {"name": name})
        elif name not in known:
            yield Note(number, _("The note [^%(name)s] has no text: write a line [^%(name)s]: with the text.") % {"name": name})


def text_notes(texts, used, lines):
    first = {}
    count = Counter(match["name"] for _number, match in texts)
    for number, match in texts:
        names = {"name": match["name"], "line": first.setdefault(match["name"], number)}
        following = lines[number] if number < len(lines) else ""
        if count[match["name"]] > 1 and names["line"] != number:
            yield Note(number, _("The note [^%(name)s] has a text already in line %(line)s, which this one replaces: rename one.") % names)
        if match["name"] not in used:
            yield Note(number, _("Nothing in the text leads to the note [^%(name)s]: write [^%(name)s] there, or delete the note.") % names)
        if not match["text"].strip() and not following.strip():
            yield Note(number, _("The note [^%(name)s] has no text: write it behind the colon.") % names)
