"""Marks for figures in a text: `{{ figure:cers }}` for the value of a named figure, `{{ date:cers }}` for the day of which it is.

They stand in safe HTML and in plain text as they were written, until somebody who knows the figures fills them in. Code is left alone.
A `value_of(sort, name)` gives the words for a mark (`figure` or `date`), or None for one that is unknown: it stays as written.
"""

import re
from functools import partial
from html import escape

from markup.linting.code import CODE_SPAN, fences, indented

SPACE = r"\s{0,8}"
# Where plain text was made fit for Markdown, a backslash stands before each brace.
MARK = re.compile(rf"\\?\{{\\?\{{{SPACE}(?P<sort>figure|date):(?P<name>[a-z0-9](?:[a-z0-9-]{{0,38}}[a-z0-9])?){SPACE}\\?\}}\\?\}}")
TOKEN = re.compile(r'<(?:[^>"]|"[^"]*")*>')
CODE = {"code", "pre"}


def has_marks(text):
    """Whether a text may have marks: quick, for those that have none."""
    return "figure:" in text or "date:" in text


def filled(text, value_of):
    """Plain text with its marks filled in."""
    return MARK.sub(partial(words, value_of=value_of), text) if has_marks(text) else text


def words(mark, value_of):
    found = value_of(mark["sort"], mark["name"])
    return mark[0] if found is None else found


def filled_html(html, value_of):
    """Safe HTML with the marks of its words filled in: not those of code, nor those in attributes."""
    if not has_marks(html):
        return html

    def safe_value(sort, name):
        found = value_of(sort, name)
        return None if found is None else escape(found, quote=False)

    return "".join(filled(text, safe_value) if is_words else text for is_words, text in pieces(html))


def pieces(html):
    """(whether these are words outside code, text) of safe HTML in its order."""
    position, depth = 0, 0
    for token in TOKEN.finditer(html):
        yield not depth, html[position : token.start()]
        yield False, token[0]
        if token[0].strip("</>").split(maxsplit=1)[:1] and token[0].strip("</>").split(maxsplit=1)[0] in CODE:
            depth += -1 if token[0].startswith("</") else 1
        position = token.end()
    yield not depth, html[position:]


def marks_in_html(html):
    """The (sort, name) pairs of the marks of safe HTML, in their order."""
    if not has_marks(html):
        return []
    return [(mark["sort"], mark["name"]) for is_words, text in pieces(html) if is_words for mark in MARK.finditer(text)]


def marks_in(text):
    """The same of plain text."""
    return [(mark["sort"], mark["name"]) for mark in MARK.finditer(text)] if has_marks(text) else []


def filled_source(source, value_of):
    """A Markdown text with its marks filled in, but for those in code."""
    if not has_marks(source):
        return source
    hidden, out, position = without_code(source), [], 0
    for mark in MARK.finditer(hidden):
        out += [source[position : mark.start()], words(mark, value_of)]
        position = mark.end()
    return "".join([*out, source[position:]])


def without_code(source):
    """The text, as long as it is, with blanks in place of its code."""
    lines = source.split("\n")
    spans = [(fence.first, fence.last or fence.first) for fence in fences(lines)] + list(indented(lines))
    for first, last in spans:
        lines[first - 1 : last] = [" " * len(line) for line in lines[first - 1 : last]]
    paragraphs = "\n".join(lines).split("\n\n")
    return "\n\n".join(CODE_SPAN.sub(lambda span: " " * len(span[0]), paragraph) for paragraph in paragraphs)
