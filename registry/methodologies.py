"""Methodologies of a release by their codes; a code is found however it is written."""

import re

from markup.lru import LRU, one
from publishing import snapshots
from registry.models import MethodologyRow

ZEROS = re.compile(r"(?<=[A-Z])0+(?=[1-9])")
SMALL_SCALE = re.compile(r"(?<=^AMS)[1-3](?=[A-Z])")
# Of the release shown now and the one before it.
held = LRU(2, one)
snapshots.instances.append(held)


class Catalogue:
    """Methodologies of a release: `rows` by code, and the codes that activities name without one."""

    def __init__(self, rows, named):
        self.rows = rows
        self.codes = sorted(set(rows) | set(named), key=order_of)
        self.by_key = {key_of(code): code for code in self.codes}

    def code_of(self, written):
        """The code as the release has it, of one however it is written (`key_of`); None for none."""
        return self.by_key.get(key_of(written))

    def title(self, code):
        """The title, where it may be shown as the official one."""
        row = self.rows.get(code)
        return row.title if row and row.is_official else ""


def catalogue_of(registry):
    """The Catalogue of a Registry; the sample has codes alone."""
    named = [code for code in registry.table.index.bitmaps["method"] if code != "not-given"]
    if registry.is_sample:
        return Catalogue({}, named)
    key = registry.release.number, registry.release.entry
    return held.get_or_make(key, lambda: Catalogue({row.key: row for row in registry.rows(MethodologyRow)}, named))


def key_of(code):
    """What of a code tells it from all others, in whatever case, with or without blanks, hyphens, dots and zeros before its number.

    >>> key_of("ams I.d"), key_of("AMS 1.D."), key_of("acm 2"), key_of("ACM0002")
    ('AMSID', 'AMSID', 'ACM2', 'ACM2')
    """
    letters = re.sub(r"[^A-Z0-9]", "", code.upper())
    return SMALL_SCALE.sub(lambda match: "I" * int(match[0]), ZEROS.sub("", letters))


def order_of(code):
    """Sort key of codes: by family, then by number; Roman ones by their value.

    >>> sorted(["AMS-II.A.", "AMS-I.D.", "AM0012", "AMS-I.C."], key=order_of)
    ['AMS-I.C.', 'AMS-I.D.', 'AMS-II.A.', 'AM0012']
    """
    parts = re.split(r"[-.]|(?<=\D)(?=\d)", code)
    return [(ROMAN.get(part, 0), len(part) if part not in ROMAN and part.isupper() and len(part) < 3 else 0, part) for part in parts]


ROMAN = {"I": 1, "II": 2, "III": 3}
