"""Charts as SVG files that stand alone: colours and sizes as attributes, letters of the reader's own sans-serif."""

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe

GREEN, LINE, INK, MUTED = "#0f7a5a", "#c5d0d6", "#13212b", "#4c5d69"
WIDTH, HEIGHT, ROW = 800, 360, 26
MOST_BARS = 20
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}" font-family="sans-serif" font-size="13" fill="{}"'
    ' role="img" aria-label="{}"><title>{}</title><rect width="100%" height="100%" fill="#fff"/>'
)
TOP = 60


def svg_answer(name, content):
    headers = {"Content-Disposition": content_disposition_header(False, f"{name}.svg"), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="image/svg+xml; charset=utf-8", headers=headers)


def head(height, title):
    return format_html(HEAD, WIDTH, height, WIDTH, height, MUTED, title, title)


def heading(title, source):
    text = '<text x="8" y="22" font-size="17" font-weight="bold" fill="{}">{}</text><text x="8" y="42">{}</text>'
    return format_html(text, INK, title, source)


def of_years(chart, title, source):
    """The picture of a YearChart."""
    lines = [(place, place, LINE) for place, _label in chart.lines]
    drawn = format_html_join("", '<line x1="0" x2="100%" y1="{}" y2="{}" stroke="{}"/>', lines)
    bars = ((bar.x, bar.y, bar.width, bar.height, GREEN, "0.45" if bar.is_part else "1") for bar in chart.bars if bar.cers)
    drawn += format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" fill-opacity="{}"/>', bars)
    drawn += format_html_join("", '<text x="4" y="{}" dy="-3">{}</text>', chart.lines)
    drawn += format_html_join("", '<text x="{}" y="95%" text-anchor="middle">{}</text>', ((bar.middle, bar.label) for bar in chart.bars))
    peaks = ((bar.at, bar.y, bar.anchor, INK, bar.number) for bar in chart.bars if bar.number)
    drawn += format_html_join("", '<text x="{}" y="{}" dy="-4" text-anchor="{}" fill="{}">{}</text>', peaks)
    plot = format_html('<svg y="{}" height="{}" overflow="visible">{}</svg>', TOP, HEIGHT - TOP, drawn)
    return head(HEIGHT, title) + heading(title, source) + plot + mark_safe("</svg>")


def of_bars(rows, title, source):
    """The picture of (label, number, number as people read it) rows as bars that lie."""
    rows = rows[:MOST_BARS]
    most = max((number for _label, number, _text in rows), default=0) or 1
    drawn = mark_safe("")
    for place, (label, number, text) in enumerate(rows):
        middle = TOP + place * ROW + 16
        width = number * 400 // most
        row = '<text x="8" y="{}">{}</text><rect x="300" y="{}" width="{}" height="16" fill="{}"/><text x="{}" y="{}" fill="{}">{}</text>'
        drawn += format_html(row, middle, shortened(str(label)), middle - 12, width, GREEN, 306 + width, middle, INK, text)
    height = TOP + len(rows) * ROW + 12
    return head(height, title) + heading(title, source) + drawn + mark_safe("</svg>")


def shortened(label):
    return label if len(label) <= 40 else label[:39] + "…"
