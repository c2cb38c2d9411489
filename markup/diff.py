"""Differences between two texts, word by word."""

import re
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

SECONDS = 0.5
WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Run of text that is the same in both, or `inserted`, or `deleted`."""

    text: str
    inserted: bool = False
    deleted: bool = False


def runs_changed(old, new, key=None):
    """(inserted, deleted, run) of what leads from one list to another, compared by `key`, or as words are, whose small runs mislead."""
    alphabet = {}

    def encoded(ones):
        # Each distinct one becomes one character; the surrogate range is left out.
        numbers = (alphabet.setdefault(key(one) if key else one, len(alphabet)) for one in ones)
        return "".join(chr(n + 0x800 if n + 0x20 >= 0xD800 else n + 0x20) for n in numbers)

    engine = diff_match_patch()
    engine.Diff_Timeout = SECONDS
    runs = engine.diff_main(encoded(old), encoded(new), False)
    if key is None:
        engine.diff_cleanupSemantic(runs)
    in_old = in_new = 0
    for operation, text in runs:
        if text:
            run = old[in_old : in_old + len(text)] if operation == -1 else new[in_new : in_new + len(text)]
            yield operation == 1, operation == -1, run
        in_old += len(text) if operation <= 0 else 0
        in_new += len(text) if operation >= 0 else 0


def words_changed(old, new):
    """The pieces that lead from `old` to `new`; together, without the deleted ones, they are `new`."""
    runs = runs_changed(WORD.findall(old), WORD.findall(new))
    return [Piece("".join(words), inserted=inserted, deleted=deleted) for inserted, deleted, words in runs]


@dataclass(frozen=True)
class FieldChange:
    """Change of one field of a content: its name for people and the pieces."""

    name: str
    label: str
    pieces: list

    @property
    def before(self):
        """The whole text from which the pieces lead."""
        return "".join(piece.text for piece in self.pieces if not piece.inserted)

    @property
    def after(self):
        """The whole text to which they lead."""
        return "".join(piece.text for piece in self.pieces if not piece.deleted)


def fields_changed(old, new, shown):
    """FieldChanges between two contents of one kind; `old` may be None. `shown(field, value)` gives a field's value as text."""
    changes = []
    for field in new.content_fields():
        before = "" if old is None else shown(field, getattr(old, field.attname))
        after = shown(field, getattr(new, field.attname))
        if before != after:
            changes.append(FieldChange(field.name, field.verbose_name, words_changed(before, after)))
    return changes
