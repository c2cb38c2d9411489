"""Cards, the pictures that others show beside a link to the portal: name, title, one line of figures, the curve of CERs, the moment on it.

Pure: the same Card is the same PNG; raise `DRAWN` (card.py) when it is to look another way. The letters are Noto Sans (SIL Open Font
Licence, fonts/LICENSE), its Latin part; of another script it has no letters.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630  # as the protocol of such pictures proposes
LEFT, RIGHT, TOP, BASE = 60, 1140, 290, 622  # of the curve
TITLE_BASE = 130
GROUND, FIELD, LINE, INK, MUTED, MOMENT = "#0c3b4e", "#175a5a", "#56c9a2", "#ffffff", "#cfe3ea", "#ffb25e"
FINE = 2  # curves are drawn so many times larger, then made smaller, as Pillow's lines have steps
COLOURS = 64
DOT = 12  # half its width
HIGH = 400  # per mille of the plot above which the label stands at its foot, clear of the curve


def png(card):
    """The picture's bytes."""
    image = ground(card.curve).copy()
    draw = ImageDraw.Draw(image)
    draw.text((132, 84), "CDM portal", MUTED, font("bold", 34), anchor="ls")
    lines, size = fitted(card.title)
    for number, line in enumerate(lines):
        draw.text((LEFT, TITLE_BASE + (number + 1) * size * 6 // 5), line, INK, font("bold", size), anchor="ls")
    bottom = TITLE_BASE + len(lines) * size * 6 // 5
    draw.text((LEFT, bottom + 56), card.figures, MUTED, font("regular", 32), anchor="ls")
    x, y = point(card.place)
    draw.line([(x, min(bottom + 90, y)), (x, HEIGHT)], MOMENT, 4)
    image.paste(MOMENT, (x - DOT, y - DOT), dot())
    is_right, is_high = x > WIDTH // 3, card.place[1] > HIGH
    across, down = x - 16 if is_right else x + 16, HEIGHT - 24 if is_high else bottom + 118
    draw.text((across, down), card.label, MOMENT, font("bold", 28), anchor="rs" if is_right else "ls")
    file = BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


@cache
def ground(curve):
    """The mark and the curve, which all cards of one time have."""
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), GROUND)
    draw = ImageDraw.Draw(image)
    points = [scaled(point(place)) for place in curve]
    if points:
        draw.polygon([*points, (points[-1][0], HEIGHT * FINE), (points[0][0], HEIGHT * FINE)], FIELD)
        draw.line(points, LINE, 6 * FINE, joint="curve")
    mark = [(4, 26), (8, 25), (11, 22), (15, 17), (19, 12), (23, 8.5), (28, 7)]
    draw.line([scaled((LEFT - 7 + x * 2.1, 36 + y * 2.1)) for x, y in mark], INK, 5 * FINE, joint="curve")
    draw.line([scaled((LEFT - 7 + x * 2.1, 36 + 26 * 2.1)) for x in (4, 28)], INK, 5 * FINE)
    x, y = LEFT - 7 + 15 * 2.1, 36 + 17 * 2.1
    draw.ellipse([*scaled((x - 8, y - 8)), *scaled((x + 8, y + 8))], MOMENT)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


@cache
def dot():
    """Mask of the dot on the moment."""
    large = Image.new("L", (2 * DOT * 4, 2 * DOT * 4))
    ImageDraw.Draw(large).ellipse([0, 0, 8 * DOT - 1, 8 * DOT - 1], 255)
    return large.resize((2 * DOT, 2 * DOT), Image.Resampling.LANCZOS)


def point(place):
    return LEFT + place[0] * (RIGHT - LEFT) // 1000, BASE - place[1] * (BASE - TOP) // 1000


def scaled(point):
    return point[0] * FINE, point[1] * FINE


def fitted(title):
    """(lines, size) of a title: as large as it has room in one line or two."""
    for size, most in ((60, 1), (46, 2), (38, 2), (30, 2)):
        lines = wrapped(title, font("bold", size))
        if len(lines) <= most:
            return lines, size
    return lines[:most], size


def wrapped(text, letters):
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and letters.getlength(longer) > RIGHT - LEFT:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@cache
def font(weight, size):
    return ImageFont.truetype(Path(__file__).with_name("fonts") / f"noto-sans-{weight}.woff", size)
