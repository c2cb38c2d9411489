"""Differences between two texts, word by word."""

import re
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

SECONDS = 0.5
WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A run of text that was kept, `inserted` or `deleted`."""

    text: str
    inserted: bool = False
    deleted: bool = False


def words_changed(old, new):
    """The pieces that lead from `old` to `new`; together, without the deleted ones, they are `new`."""
    alphabet = {}

    def encoded(text):
        # Each distinct word becomes one character; the surrogate range is left out.
        numbers = (alphabet.setdefault(word, len(alphabet)) for word in WORD.findall(text))
        return "".join(chr(n + 0x800 if n + 0x20 >= 0xD800 else n + 0x20) for n in numbers)

    engine = diff_match_patch()
    engine.Diff_Timeout = SECONDS
    runs = engine.diff_main(encoded(old), encoded(new), False)
    engine.diff_cleanupSemantic(runs)
    words = {chr(n + 0x800 if n + 0x20 >= 0xD800 else n + 0x20): word for word, n in alphabet.items()}
    return [Piece("".join(words[c] for c in text), inserted=op == 1, deleted=op == -1) for op, text in runs if text]


@dataclass(frozen=True)
class FieldChange:
    """What changed in one field of a content: its name for people and the pieces."""

    name: str
    label: str
    pieces: list

    @property
    def before(self):
        """The whole text from which the pieces lead."""
        return "".join(piece.text for piece in self.pieces if not piece.inserted)


def fields_changed(old, new, shown):
    """FieldChanges between two contents of one kind; `old` may be None. `shown(field, value)` gives a field's value as text."""
    changes = []
    for field in new.content_fields():
        before = "" if old is None else shown(field, getattr(old, field.attname))
        after = shown(field, getattr(new, field.attname))
        if before != after:
            changes.append(FieldChange(field.name, field.verbose_name, words_changed(before, after)))
    return changes
