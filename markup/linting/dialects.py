"""Notes on forms of other dialects of Markdown, which are shown here as they are written."""

import re

from django.utils.translation import gettext as _

from markup.linting.links import DEFINITION, HTML_LINK, IMAGE, LINK
from markup.linting.note import Note

ABBREVIATION = re.compile(r" {0,3}(?P<form>\*\[[^\[\]]+\]:)")
ATTRIBUTES = re.compile(r"(?P<form>\{(?::|[#.][A-Za-z])[^{}]*\})")
MARKED = re.compile(r"(?<![=\w])(?P<form>==[^\s=](?:[^=]*[^\s=])?==)(?![=\w])|(?<![+\w])(?P<other>\+\+[^\s+](?:[^+]*[^\s+])?\+\+)(?![+\w])")
TASK = re.compile(r"[ >]*(?:[-*+]|\d{1,9}[.)]) +(?P<form>\[[ xX]\])(?: |$)")
FORMULA = re.compile(
    r"(?<!\\)(?P<form>\\\((?:(?!\\[()]).)+\\\)|\$\$[^$]+\$\$)|^ *+(?P<line>\\\[(?: *+$|(?=.*?(?:=|\\[a-zA-Z])).*\\\] *+$))"
)
CONTENTS = re.compile(r" {0,3}(?P<form>\[TOC\]|\[\[_?TOC_?\]\]) *$", re.IGNORECASE)
BOX = re.compile(r"(?P<form> {0,3}(?:!!! ?\w+|:::+ ?\w+|> ?\[!\w+\]))")
TAGS = re.compile(r"<[^<>]*>")
ADDRESS = re.compile(r"""(?<![\w/.@"'=<-])(?<!\]\()(?:https?://|www\.(?=[\w-]+\.))[^\s<>"|…]+""", re.IGNORECASE)


def dialect_notes(lines):
    seen = set()
    for number, line in enumerate(lines, 1):
        for sentence in [*forms(line), *bare_addresses(line)]:
            if sentence not in seen:
                yield Note(number, sentence)
            seen.add(sentence)


def forms(line):
    if match := ABBREVIATION.match(line):
        yield _("“%(form)s” is shown as it is written: the portal's terms explain abbreviations. Delete the line.") % match.groupdict()
    if match := ATTRIBUTES.search(line):
        yield _("“%(form)s” is shown as it is written: ids and classes of one's own are not possible. Delete it.") % match.groupdict()
    if match := MARKED.search(line):
        names = {"form": match["form"] or match["other"]}
        yield _("“%(form)s” is shown as it is written: write **strong** words instead.") % names
    if match := TASK.match(line):
        yield _("“%(form)s” is shown as it is written: lists have no boxes to tick here.") % match.groupdict()
    if match := FORMULA.search(line):
        names = {"form": match["form"] or match["line"]}
        yield _("“%(form)s” makes no formula here, and backslashes before brackets are not shown: write it in words and signs.") % names
    if match := CONTENTS.match(line):
        yield _("“%(form)s” is shown as it is written: pages list their headings by themselves. Delete the line.") % match.groupdict()
    if match := BOX.match(line):
        yield _("“%(form)s” is shown as it is written: there are no boxes here. Write a heading or a quote.") % {
            "form": match["form"].strip()
        }


def bare_addresses(line):
    """Notes on the addresses in a line that are no links. Those of definitions and of links are."""
    if not re.search(r"https?://|www\.", line, re.IGNORECASE) or DEFINITION.match(line):
        return
    for pattern in (IMAGE, LINK, HTML_LINK, TAGS):
        line = pattern.sub(" ", line)
    for match in ADDRESS.finditer(line):
        shown = match[0].rstrip(".,;:!?)]*_'’”")
        href = shown if shown.lower().startswith("http") else f"https://{shown}"
        yield _("%(shown)s is shown without a link: write <%(href)s>, or [words](%(href)s).") % {"shown": shown, "href": href}
