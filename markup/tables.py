"""Frames of tables and footnotes in safe HTML: tables that scroll inside themselves, notes under a heading."""

import re
from collections import Counter
from html import unescape

from django.utils.html import escape
from django.utils.translation import gettext as _

TABLE_OR_HEADING = re.compile(r"<h[2-6](?: [^>]*)?>(?P<heading>.*?)</h[2-6]>|<table>|</table>", re.DOTALL)
TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')
REFERENCE = re.compile(r'class="footnote-ref" href="#fn:[^"]*"(?=>(\d+)</a>)')
NOTES = re.compile(r'<div class="footnote">\s*<hr>')
BACK = re.compile(r'(class="footnote-backref" href="#fnref(\d*):[^"]*") title="([^"]*)"')


def framed(html):
    """Safe HTML with its tables in regions that scroll and are named after the heading above them, and its notes as a part of their own."""
    seen, heading = Counter(), ""

    def frame(match):
        nonlocal heading
        if match["heading"] is not None:
            heading = unescape(TAG.sub("", match["heading"]))
        elif match[0] == "<table>":
            seen[heading] += 1
            return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{escape(label(heading, seen[heading]))}"><table>'
        elif seen.total():
            return "</table></div>"
        return match[0]

    notes = f'<div class="footnote" role="doc-endnotes" aria-label="{escape(_("Notes"))}"><h2>{escape(_("Notes and sources"))}</h2>'
    html = REFERENCE.sub(name_reference, TABLE_OR_HEADING.sub(frame, html))
    return BACK.sub(name_way_back, NOTES.sub(notes, html))


def name_reference(match):
    """The raised figure says what it is to those who hear it."""
    return f'{match[0]} aria-label="{escape(_("Note {number}").format(number=match[1]))}"'


def name_way_back(match):
    """The arrow back from a note is named for those who cannot see it; a note used several times tells its arrows apart."""
    place = f", {match[2]}" if match[2] else ""
    return f'{match[1]} aria-label="{match[3]}{place}"'


def label(heading, count):
    name = _("Table") if count == 1 else _("Table {number}").format(number=count)
    return f"{name}: {heading}" if heading else name
