"""Diagram of the bodies: boxes below those that set them up, WIDTH units wide, so that it can be read on a telephone."""

from dataclasses import dataclass
from textwrap import wrap

WIDTH, INDENT, DEEPEST = 288, 24, 4
LINE, PADDING, GAP = 17, 9, 12
# Letters have so many units on average.
LETTER = 7
MOST_LINES = 3


@dataclass(frozen=True)
class Box:
    """A body's box; `path` leads to it from that of the body above."""

    row: object
    above: object
    x: int
    y: int
    height: int
    lines: tuple
    path: str

    @property
    def width(self):
        return WIDTH - self.x - 1

    @property
    def text_x(self):
        return self.x + 10

    @property
    def bottom(self):
        return self.y + self.height


@dataclass(frozen=True)
class Diagram:
    boxes: tuple
    width = WIDTH

    @property
    def height(self):
        return self.boxes[-1].bottom + 1 if self.boxes else 0


def diagram(bodies):
    """The Diagram of the bodies to be read, each below what set it up. Nothing stands above itself, or it would not have been published."""
    boxes, live = [], {row.thing_id: row for row in bodies.live}

    def put(row, depth, above):
        x, y = min(depth, DEEPEST) * INDENT + 1, boxes[-1].bottom + GAP if boxes else 1
        lines = lines_of(row, WIDTH - x)
        height = 2 * PADDING + LINE * len(lines)
        path = f"M{above.x + 10} {above.bottom}V{y + height // 2}H{x}" if above else ""
        box = Box(
            row, above and above.row, x, y, height, tuple((y + PADDING + LINE * n - 4, line) for n, line in enumerate(lines, 1)), path
        )
        boxes.append(box)
        for below in bodies.below(row.thing_id):
            put(below, depth + 1, box)

    for row in bodies.live:
        if row.parent_id not in live:
            put(row, 0, None)
    return Diagram(tuple(boxes))


def lines_of(row, width):
    name = wrap(row.name, (width - 20) // LETTER, max_lines=MOST_LINES, placeholder=" …")
    return [row.short, *name] if row.short else name
