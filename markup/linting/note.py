"""Note on a text for its editor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    line: int
    text: str
