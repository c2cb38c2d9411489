"""Writing sessions: documents added to and removed from the index in one folder, committed together."""

from contextlib import contextmanager

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engine.codec import Codec
from search.engine.postings import Growing
from search.engine.reader import INDEX, SCHEMA, Reader, numbers_in

# Segments up to this many documents are merged when there are more of them than MOST_SMALL.
SMALL, MOST_SMALL = 2000, 6


class Writer(SegmentWriter):
    """Whoosh's writer, but gathering postings by term as they come: nothing has to be sorted but the terms."""

    def __init__(self, index):
        super().__init__(index, codec=Codec())
        self.grown = {}

    def add_document(self, **fields):
        number, grown = self.docnum, self.grown
        self.perdocwriter.start_doc(number)
        for name in sorted(fields):
            value, field = fields[name], self.schema[name]
            for term, impact, positions in field.index(value) if field.indexed else ():
                key = name, term
                growing = grown.get(key)
                if growing is None:
                    growing = grown[key] = Growing()
                growing.add(number, impact, positions)
            self.perdocwriter.add_field(name, field, value if field.stored else None, 0)
            if field.column_type:
                self.perdocwriter.add_column_value(name, field.column_type, field.to_column_value(value))
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1

    def add_postings_to_pool(self, reader, startdoc, docmap):
        """Take over the postings of a segment that is merged; `docmap` leaves out what was deleted."""
        for key, info in reader._terms.every():
            growing = self.grown.setdefault(key, Growing())
            for number, impact, positions in reader._terms.postings(info).entries():
                new = startdoc + number if docmap is None else docmap.get(number)
                if new is not None:
                    growing.add(new, impact, positions)

    def _flush_segment(self):
        self.perdocwriter.close()
        self.fieldwriter.write({key: growing for key, growing in self.grown.items() if growing.ids})
        self.fieldwriter.close()


class Session:
    """Session of writing to one folder between two commits."""

    def __init__(self, folder):
        self.folder = folder
        storage = FileStorage(str(folder))
        if TOC._latest_generation(storage, INDEX) < 0:
            TOC.create(storage, SCHEMA, INDEX)
        self.writer = Writer(FileIndex(storage, SCHEMA, INDEX))
        self.reader = Reader(folder)
        self.generation = self.writer.generation
        self.count = self.reader.count

    def remove(self, things):
        """Remove the documents of the things given by id."""
        numbers = numbers_in(self.reader.documents_of(things))
        for number in numbers:
            self.writer.delete_document(number)
        self.count -= len(numbers)

    def add(self, zones, **fields):
        """Add a document. `zones` are the (text, weight) pairs in which it is found."""
        self.writer.add_document(text=zones, spelling=zones, **fields)
        self.count += 1


@contextmanager
def writing(folder):
    """A Session on the index in `folder`, which is made if there is none. Committed at the end, forgotten after an error."""
    session = Session(folder)
    try:
        yield session
    except BaseException:
        session.writer.cancel()
        raise
    finally:
        session.reader.close()
    session.writer.commit(mergetype=merged)


def merged(writer, segments):
    """Merge policy: small segments into one when there are many of them; segments without a document go."""
    kept = [segment for segment in segments if segment.doc_count()]
    small = [segment for segment in kept if segment.doc_count_all() <= SMALL]
    if len(small) <= MOST_SMALL:
        return kept
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in kept if segment not in small]
