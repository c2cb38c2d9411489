"""Postings as the index file holds them: plain arrays that are read where they lie, in place of Whoosh's compressed pickles.

One byte of form, then document numbers, impacts (a byte each), counts of positions, a bitmap if the term is frequent, positions.
"""

import sys
from array import array
from bisect import bisect_left
from itertools import accumulate, repeat

WIDE_IDS, WIDE_COUNTS, WIDE_POSITIONS, HAS_BITMAP, HAS_POSITIONS = 1, 2, 4, 8, 16
# A bitmap is kept beside the numbers where it is at most as long as they are.
FREQUENT = 16
# From so many times fewer documents on, looking each up costs less than a dict of all postings.
FEWER = 12
BYTE_ORDER = sys.byteorder


class Growing:
    """The postings of one term while documents are written."""

    __slots__ = ("counts", "ids", "impacts", "positions")

    def __init__(self):
        self.ids, self.impacts, self.counts, self.positions = array("I"), bytearray(), array("I"), array("I")

    def add(self, number, impact, positions):
        self.ids.append(number)
        self.impacts.append(impact)
        if positions:
            self.counts.append(len(positions))
            self.positions.extend(positions)

    def packed(self):
        ids, wide_ids = narrowest(self.ids, "H", "I")
        pieces, form = [ids.tobytes(), bytes(self.impacts)], wide_ids * WIDE_IDS
        if self.counts:
            counts, wide_counts = narrowest(self.counts, "B", "I")
            pieces.append(counts.tobytes())
            form |= HAS_POSITIONS | wide_counts * WIDE_COUNTS
        if len(ids) * FREQUENT >= ids[-1]:
            pieces.append(bitmap_of(ids))
            form |= HAS_BITMAP
        if self.counts:
            positions, wide_positions = narrowest(self.positions, "H", "I")
            pieces.append(positions.tobytes())
            form |= wide_positions * WIDE_POSITIONS
        return b"".join([bytes([form]), *pieces])


def narrowest(values, narrow, wide):
    """The values as an array, and whether it had to be the wide one."""
    is_wide = max(values, default=0) >= 256 ** array(narrow).itemsize
    return array(wide if is_wide else narrow, values), is_wide


def bitmap_of(ids):
    """A bitmap of rising document numbers, as bytes."""
    bits = bytearray(ids[-1] // 8 + 1) if len(ids) else bytearray()
    for number in ids:
        bits[number >> 3] |= 1 << (number & 7)
    return bytes(bits)


class Postings:
    """One term's postings in one segment, as views into the mapped file."""

    __slots__ = ("_bits", "_counts", "_positions", "ids", "impacts")

    def __init__(self, view, frequency, last):
        form = view[0]
        at = 1
        size = frequency * (4 if form & WIDE_IDS else 2)
        self.ids = view[at : at + size].cast("I" if form & WIDE_IDS else "H")
        at += size
        self.impacts = bytes(view[at : at + frequency])
        at += frequency
        self._counts = self._bits = self._positions = None
        if form & HAS_POSITIONS:
            size = frequency * (4 if form & WIDE_COUNTS else 1)
            self._counts = view[at : at + size].cast("I" if form & WIDE_COUNTS else "B")
            at += size
        if form & HAS_BITMAP:
            size = last // 8 + 1
            self._bits = view[at : at + size]
            at += size
        if form & HAS_POSITIONS:
            self._positions = view[at:].cast("I" if form & WIDE_POSITIONS else "H")

    def bitmap(self):
        """The documents as one large number, bit n for document n."""
        return int.from_bytes(self._bits if self._bits is not None else bitmap_of(self.ids), "little")

    @property
    def is_frequent(self):
        return self._bits is not None

    def pairs(self):
        """(document number, impact) of every document."""
        return zip(self.ids, self.impacts, strict=True)

    def impacts_of(self, numbers):
        """The term's impact on each of the documents, 0 where it is not."""
        if len(numbers) * FEWER < len(self.ids):
            ids, impacts, end = self.ids, self.impacts, len(self.ids)
            places = [bisect_left(ids, number) for number in numbers]
            return [impacts[at] if at < end and ids[at] == number else 0 for at, number in zip(places, numbers, strict=True)]
        return list(map(dict(self.pairs()).get, numbers, repeat(0)))

    def rows(self, numbers):
        """The positions of the term in each of the documents, all of which have it."""
        ends = list(accumulate(self._counts, initial=0))
        if len(numbers) * FEWER < len(self.ids):
            places = [bisect_left(self.ids, number) for number in numbers]
        else:
            places = map(dict(zip(self.ids, range(len(self.ids)), strict=True)).__getitem__, numbers)
        return [self._positions[ends[at] : ends[at + 1]] for at in places]

    def entries(self):
        """(document number, impact, positions) of every document; for merging segments."""
        if self._counts is None:
            yield from zip(self.ids, self.impacts, repeat(()))
            return
        for number, impact, count, end in zip(self.ids, self.impacts, self._counts, accumulate(self._counts), strict=True):
            yield number, impact, self._positions[end - count : end]
