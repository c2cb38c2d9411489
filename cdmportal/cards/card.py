"""What stands on a card, and the name of its file."""

import hashlib
from dataclasses import dataclass

DRAWN = "1"  # to be raised when the same Card is to look another way


@dataclass(frozen=True)
class Card:
    """`curve` and `place` are per mille of the width and of the height of the plot: points of the running total, where the moment lies."""

    name: str
    title: str
    figures: str
    label: str
    place: tuple[int, int]
    curve: tuple[tuple[int, int], ...]

    @property
    def file_name(self):
        """Another name for whatever is drawn differently, so that the file may be kept for good."""
        return f"{self.name}-{hashlib.sha256(f'{DRAWN} {self!r}'.encode()).hexdigest()[:12]}.png"
