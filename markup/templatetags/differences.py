"""Differences as people read them: long runs that did not change are folded away."""

from dataclasses import dataclass

from django import template

from markup.diff import Piece

register = template.Library()

CONTEXT = 2  # lines that stay in sight on both sides of a change
FEWEST = 4  # fewer lines than this are not worth folding


@dataclass(frozen=True)
class Fold:
    """Unchanged text that can be opened, and the number of its lines."""

    text: str
    lines: int


@register.filter
def folded(pieces):
    """The pieces of a difference, with the middle of each long unchanged run as a Fold."""
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        if piece.inserted or piece.deleted:
            yield piece
        else:
            yield from fold(piece.text, above=CONTEXT if place else 0, below=CONTEXT if place < last else 0)


def fold(text, above, below):
    lines = text.splitlines(keepends=True)
    # The first and the last line of a run are parts of lines that hold a change.
    start, end = (above and above + 1), len(lines) - (below and below + 1)
    hidden = lines[start:end]
    if sum(1 for line in hidden if line.strip()) < FEWEST:
        yield Piece(text)
        return
    yield Piece("".join(lines[:start]))
    yield Fold("".join(hidden), len(hidden))
    yield Piece("".join(lines[end:]))
