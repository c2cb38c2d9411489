"""One reader of the index for one thread: terms, postings and stored fields of all segments as if they were one."""

import sys
from array import array
from functools import cached_property, reduce
from itertools import compress, repeat
from operator import or_

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader

from search.analysis import root
from search.engine.codec import Damaged
from search.engine.fields import schema

INDEX = "MAIN"
SCHEMA = schema()
FEW = 100
SHORTEST_WORD = 4
DIGITS = bytes.maketrans(b"01", b"\0\1")


def numbers_in(bitmap):
    """The numbers of the documents in a bitmap, rising."""
    if bitmap.bit_count() < FEW:
        found = []
        while bitmap:
            lowest = bitmap & -bitmap
            found.append(lowest.bit_length() - 1)
            bitmap ^= lowest
        return found
    digits = format(bitmap, "b")[::-1].encode().translate(DIGITS)
    return list(compress(range(len(digits)), digits))


class Merged:
    """One term's postings over all segments."""

    __slots__ = ("bitmap", "parts")

    def __init__(self, parts):
        self.parts = parts
        self.bitmap = 0
        for base, postings in parts:
            self.bitmap |= postings.bitmap() << base

    def part(self, base):
        """The postings in the segment that begins at `base`."""
        return next(postings for own, postings in self.parts if own == base)

    def impacts_of(self, numbers):
        """The term's impact on each of the documents, given by rising numbers; 0 where it is not."""
        if len(self.parts) == 1:
            ((base, postings),) = self.parts
            return postings.impacts_of([number - base for number in numbers] if base else numbers)
        impacts = {base + number: impact for base, postings in self.parts for number, impact in postings.pairs()}
        return list(map(impacts.get, numbers, repeat(0)))


class Spread:
    """The postings of many terms taken as one: its impact on a document is the highest of theirs."""

    __slots__ = ("bitmap", "parts")

    def __init__(self, parts, size):
        self.parts = parts
        bits, self.bitmap = bytearray(size // 8 + 1), 0
        for base, postings in parts:
            if postings.is_frequent:
                self.bitmap |= postings.bitmap() << base
            else:
                for own in postings.ids:
                    number = base + own
                    bits[number >> 3] |= 1 << (number & 7)
        self.bitmap |= int.from_bytes(bits, "little")

    def impacts_of(self, numbers):
        highest = {}
        for base, postings in self.parts:
            for number, impact in postings.pairs():
                if impact > highest.get(base + number, 0):
                    highest[base + number] = impact
        return list(map(highest.get, numbers, repeat(0)))


class Reader:
    """Opened on the newest state of a folder. Cheap to open: nothing is read before it is asked for."""

    def __init__(self, folder):
        self.storage = FileStorage(str(folder))
        toc = TOC.read(self.storage, INDEX, schema=SCHEMA)
        self.generation = toc.generation
        self.leaves, self.size, self.deleted = [], 0, 0
        for segment in toc.segments:
            self.leaves.append((self.size, SegmentReader(self.storage, SCHEMA, segment)))
            for number in segment.deleted_docs():
                self.deleted |= 1 << (self.size + number)
            self.size += segment.doc_count_all()
        self.live = ((1 << self.size) - 1) & ~self.deleted

    @property
    def extents(self):
        """(first document's number, number of documents) of each segment."""
        return [(base, leaf.doc_count_all()) for base, leaf in self.leaves]

    def close(self):
        for _, leaf in self.leaves:
            leaf.close()

    def check(self):
        """Raise Damaged if a file was cut short since it was opened."""
        if not all(leaf._storage.a.is_intact() for _, leaf in self.leaves):
            raise Damaged("A segment has been cut short.")

    @property
    def count(self):
        return self.live.bit_count()

    def postings(self, field, term):
        """The Merged postings of a term, or None."""
        parts = [
            (base, leaf._terms.postings(info)) for base, leaf in self.leaves if (info := leaf._terms.find(field, term.encode())) is not None
        ]
        return Merged(parts) if parts else None

    def frequency(self, field, term):
        """Number of documents that have a term, deleted ones included. Reads no postings."""
        found = (leaf._terms.find(field, term.encode()) for _, leaf in self.leaves)
        return sum(info.doc_frequency() for info in found if info is not None)

    def beginning(self, start, whole):
        """The postings of all terms and words that begin with `start`, and of the term `whole`, as a Spread."""
        found = []
        for base, leaf in self.leaves:
            infos = [info for field in ("text", "spelling") for _, info in leaf._terms.beginning(field, start.encode())]
            infos += filter(None, [whole and leaf._terms.find("text", whole.encode())])
            found += [(base, leaf._terms.postings(info)) for info in infos]
        return Spread(found, self.size)

    def names(self, field, start):
        """The field's terms that begin with `start`, those of deleted documents included."""
        return {term.decode() for _, leaf in self.leaves for term in leaf._terms.names(field, start.encode())}

    @cached_property
    def words(self):
        """All words of letters alone, as they are spelt; those of deleted documents included."""
        spelt = self.names("spelling", "") | {term for term in self.names("text", "") if root(term) == term}
        return sorted(word for word in spelt if len(word) >= SHORTEST_WORD and word.isalpha())

    def values(self, field):
        """Bitmap of each value of a facet; as long-lived as the reader."""
        if field not in self._bitmaps:
            found = {}
            for base, leaf in self.leaves:
                for value, info in leaf._terms.beginning(field, b""):
                    found[value.decode()] = found.get(value.decode(), 0) | leaf._terms.postings(info).bitmap() << base
            self._bitmaps[field] = found
        return self._bitmaps[field]

    @cached_property
    def _bitmaps(self):
        return {}

    @cached_property
    def days(self):
        """Each document's day as an ordinal number."""
        days = array("i")
        for _, leaf in self.leaves:
            own = array("i")
            if leaf.has_column("day"):
                file, start, length = leaf._perdoc._get_column_file("day")
                own.frombytes(file.get(start, length))
                if sys.byteorder == "little":
                    own.byteswap()  # Whoosh writes the other way round
            days.extend(own[: leaf.doc_count_all()])
            days.extend([0] * (leaf.doc_count_all() - len(own)))
        return days

    def documents_of_kinds(self, kinds):
        """A bitmap of the documents of the kinds given by name."""
        values = self.values("kind")
        return reduce(or_, (values.get(kind, 0) for kind in kinds), 0)

    def stored(self, document):
        """The stored fields of a document."""
        base, leaf = next(part for part in reversed(self.leaves) if part[0] <= document)
        return leaf._perdoc.stored_fields(document - base)

    def documents_of(self, things):
        """A bitmap of the documents of the things given by id."""
        found = (self.postings("thing", str(thing)) for thing in things)
        bitmap = 0
        for merged in found:
            bitmap |= merged.bitmap if merged else 0
        return bitmap & self.live
