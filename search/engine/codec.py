"""Whoosh's codec with our postings, and segments that are read from the memory map without a copy."""

import mmap
import os
import pickle
from pathlib import Path

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment, W3TermInfo, W3TermsReader
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.system import pack_ushort

from search.engine.postings import Postings


class Damaged(Exception):
    """The index cannot be read; answers come from the database until it has been made anew."""


class Cursor:
    """A read position in a piece of the map; what Whoosh expects of a file."""

    def __init__(self, view):
        self.view, self.at = view, 0

    def read(self, size=-1):
        end = len(self.view) if size is None or size < 0 else self.at + size
        found = bytes(self.view[self.at : end])
        self.at += len(found)
        return found

    def readline(self):
        end = bytes(self.view[self.at :]).find(b"\n")
        return self.read(end + 1 if end >= 0 else -1)

    def seek(self, where, whence=0):
        self.at = where + (self.at if whence == 1 else len(self.view) if whence == 2 else 0)

    def tell(self):
        return self.at


class MappedFile(BufferFile):
    """A file within a segment. Whoosh's own class copies it whole when it is opened."""

    def __init__(self, view, name=None):
        self._buf, self._name, self.file = view, name, Cursor(view)
        self.onclose, self.is_real, self.is_closed = None, False, False

    @property
    def view(self):
        return self._buf


class MappedSegment(CompoundStorage):
    """The files of one segment within its one mapped file."""

    def __init__(self, path):
        self.is_closed, self._file, self._locks = False, None, {}
        self.descriptor = os.open(path, os.O_RDONLY)
        try:
            self._source = mmap.mmap(self.descriptor, 0, access=mmap.ACCESS_READ)
            self.view = memoryview(self._source)
            head = StructFile(Cursor(self.view))
            head.seek(head.read_long())
            self._dir, self._options = head.read_pickle(), head.read_pickle()
        except (ValueError, OSError, EOFError, pickle.UnpicklingError) as error:
            os.close(self.descriptor)
            raise Damaged(f"{Path(path).name}: {error}") from error

    def is_intact(self):
        """Whether the file still has its length. Reading the map of a file that was cut short would end the process."""
        return os.fstat(self.descriptor).st_size == len(self._source)

    def open_file(self, name, *args, **options):
        offset, length = self.range(name)
        return MappedFile(self.view[offset : offset + length], name)

    def close(self):
        """The map itself goes with the last view of it."""
        if not self.is_closed:
            self.is_closed = True
            os.close(self.descriptor)


class Segment(W3Segment):
    def open_compound_file(self, storage):
        return MappedSegment(Path(storage.folder) / self.make_filename(self.COMPOUND_EXT))


class TermsReader(W3TermsReader):
    def postings(self, info):
        """The Postings of a term from its W3TermInfo."""
        offset, (length,) = info.extent()  # Whoosh leaves the length as it was unpacked
        return Postings(self._postfile.view[offset : offset + length], info.doc_frequency(), info.max_id())

    def find(self, field, term):
        """The W3TermInfo of a term, or None. `term` is bytes."""
        value = self._tindex.get(self._keycoder(field, term))
        return value and W3TermInfo.from_bytes(value)

    def names(self, field, start):
        """The terms alone of the field that begin with `start`."""
        wanted = self._keycoder(field, start)
        for key in self._tindex.keys_from(wanted):
            if not key.startswith(wanted):
                return
            yield key[len(wanted) - len(start) :]

    def every(self):
        """((field, term), W3TermInfo) of all terms."""
        for key, value in self._tindex.items():
            yield self._keydecoder(key), W3TermInfo.from_bytes(value)

    def beginning(self, field, start):
        """(term, W3TermInfo) of each term of the field that begins with `start`, in order."""
        wanted = self._keycoder(field, start)
        for key, value in self._tindex.items_from(wanted):
            if not key.startswith(wanted):
                return
            yield self._keydecoder(key)[1], W3TermInfo.from_bytes(value)


class FieldWriter(W3FieldWriter):
    def write(self, grown):
        """Write the terms of all fields, given as a dict of (field, term) to Growing postings."""
        for field, term in sorted(grown):
            number = self._fieldmap.setdefault(field, len(self._fieldmap))
            self._tindex.add(pack_ushort(number) + term, self._information(grown[field, term]).to_bytes())

    def _information(self, growing):
        start = self._postfile.tell()
        self._postfile.write(growing.packed())
        info = W3TermInfo()
        info._df, info._weight, info._maxweight = len(growing.ids), 0.0, 0.0
        info._minid, info._maxid, info._minlength, info._maxlength = growing.ids[0], growing.ids[-1], 0, 0
        info.set_extent(start, self._postfile.tell() - start)
        return info


class Codec(W3Codec):
    length_stats = False

    def field_writer(self, storage, segment):
        return FieldWriter(self, storage, segment)

    def terms_reader(self, storage, segment):
        name = segment.make_filename(self.TERMS_EXT)
        return TermsReader(self, storage.open_file(name), storage.file_length(name), segment.open_file(storage, self.POSTS_EXT))

    def new_segment(self, storage, indexname):
        return Segment(self, indexname)
