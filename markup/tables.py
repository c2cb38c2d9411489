"""Frames of tables and footnotes in safe HTML: tables that scroll inside themselves, notes under a heading."""

import re
from collections import Counter
from html import unescape

from django.utils.html import escape
from django.utils.translation import gettext as _

TABLE_OR_HEADING = re.compile(r"<h[2-6](?: [^>]*)?>(?P<heading>.*?)</h[2-6]>|<table>(?P<rows>.*?)</table>", re.DOTALL)
TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')
ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", re.DOTALL)
BREAK = re.compile(r"<br ?/?>|\s")
REFERENCE = re.compile(r'class="footnote-ref" href="#fn:[^"]*"(?=>(\d+)</a>)')
RAISED = re.compile(r'(?P<sup><sup id="(?P<id>fnref\d*:[^"]*)">)<a class="footnote-ref" href="#fn:(?P<note>[^"]*)">(?P<figure>\d+)</a>')
NOTES = re.compile(r'<div class="footnote">\s*<hr>')
BACK = re.compile(r'(class="footnote-backref" href="#fnref(\d*):[^"]*") title="([^"]*)"')
WAY_BACK = re.compile(r'<a class="footnote-backref" href="#(fnref\d*:[^"]*)"[^>]*>.*?</a>')

# A telephone 320 pixels wide shows about so many letters of a table side by side; the room between two columns is that of GAP letters.
NARROW, GAP = 30, 3


def framed(html):
    """Safe HTML with its tables in regions that are named after the heading above them, and its notes as a part of their own."""
    seen, heading, unlinked = Counter(), "", set()

    def frame(match):
        nonlocal heading
        if match["heading"] is not None:
            heading = unescape(TAG.sub("", match["heading"]))
            return match[0]
        seen[heading] += 1
        rows, repeated = linked_once(match["rows"])
        unlinked.update(repeated)
        return f"{region(label(heading, seen[heading]), is_wide(rows))}<table>{rows}</table></div>"

    notes = f'<div class="footnote" role="doc-endnotes" aria-label="{escape(_("Notes"))}"><h2>{escape(_("Notes and sources"))}</h2>'
    html = TABLE_OR_HEADING.sub(frame, html)
    html = WAY_BACK.sub(lambda match: "" if match[1] in unlinked else match[0], html)
    return BACK.sub(name_way_back, NOTES.sub(notes, REFERENCE.sub(name_reference, html)))


def region(name, scrolls):
    """The beginning of a table's frame. Where a telephone may be too narrow for it, it is a tab stop, and words say that it scrolls."""
    more = f' tabindex="0" data-more="{escape(_("Scroll sideways for more"))}"' if scrolls else ""
    return f'<div class="table-scroll"{more} role="region" aria-label="{escape(name)}">'


def is_wide(rows):
    """Whether the longest words of a table's columns may not stand beside one another on a telephone."""
    widths = {}
    for row in ROW.findall(rows):
        for column, cell in enumerate(CELL.findall(row)):
            longest = max(map(len, unescape(TAG.sub("", BREAK.sub(" ", cell))).split(" ")))
            widths[column] = max(widths.get(column, 0), longest)
    return sum(widths.values()) + GAP * (len(widths) - 1) > NARROW


def linked_once(rows):
    """A table's rows in which each note is linked once, and the ids of the further references: their figures are shown without a link."""
    notes, repeated = set(), []

    def once(match):
        if match["note"] not in notes:
            notes.add(match["note"])
            return match[0]
        repeated.append(match["id"])
        return f'{match["sup"]}<span class="visually-hidden">{escape(_("Note"))} </span>{match["figure"]}'

    return RAISED.sub(once, rows), repeated


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
