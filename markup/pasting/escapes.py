"""Escapes: plain text that our converter shows as it was, with no more backslashes than that takes."""

import re
from html import unescape

MARKS = re.compile(r"[\\`~^*_<&\[\]|#]")
BEGINNINGS = set("#>-+:=0123456789")
ALWAYS = re.compile(r"[\\`~^]")
# Stars between blanks and low lines within words are no marks.
STARS = re.compile(r"(?<!\s)\*|^\*|\*(?!\s)|\*$")
LOW_LINES = re.compile(r"(?<!\w)_|_(?!\w)|(?<=_)_|_(?=_)")
ANGLE = re.compile(r"<(?!\s)")
REFERENCE = re.compile(r"&(#?\w*;?)")
BRACKETS = re.compile(r"[\[\]]")
# Brackets that could be read as a link, a picture, a note or the address of one.
RISKY_BRACKETS = re.compile(r"\]\s*[\[(:]|\[\^|!\[")
LINE_STARTS = [
    (re.compile(r"\A([#>])"), r"\\\1"),
    (re.compile(r"\A([-+])(?=\s|\Z)"), r"\\\1"),
    (re.compile(r"\A-(?=[\s-]*\Z)"), r"\\-"),
    (re.compile(r"\A(\d+)\.(?=\s|\Z)"), r"\1\\."),
    (re.compile(r"\A:(?=\s|\Z)"), "&#58;"),
    (re.compile(r"\A=(?==*\s*\Z)"), "&#61;"),
]


def escaped(text, brackets=False, more=""):
    """Words within a line; `brackets` says whether those need escapes in this place, `more` (`|` or `#`) what else does."""
    if not MARKS.search(text):
        return text
    text = STARS.sub(r"\\*", ALWAYS.sub(r"\\\g<0>", text))
    text = LOW_LINES.sub(r"\\_", text)
    text = ANGLE.sub("&lt;", REFERENCE.sub(reference, text))
    if brackets:
        text = BRACKETS.sub(r"\\\g<0>", text)
    return text.replace(more, f"\\{more}") if more else text


def reference(found):
    """An ampersand that a browser would read as the beginning of a character's name is written out."""
    is_read = found[1].startswith("#") or unescape(found[0]) != found[0] or found.end() == len(found.string)
    return f"&amp;{found[1]}" if is_read else found[0]


def line_escaped(line):
    """A line of Markdown made of words that begins no list, heading, quote, meaning or rule."""
    for pattern, instead in LINE_STARTS if line[:1] in BEGINNINGS else ():
        line = pattern.sub(instead, line)
    return line
