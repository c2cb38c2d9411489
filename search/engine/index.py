"""The index as the backend uses it for reading, with one reader for each thread."""

import threading
import time
from dataclasses import dataclass, field

from whoosh.index import EmptyIndexError

from search.analysis import value_key
from search.engine.codec import Damaged
from search.engine.evaluation import Evaluation
from search.engine.fields import FACETS
from search.engine.generations import Generations
from search.engine.reader import Reader

TRIES = 5


class Missing(Damaged):
    """There is no index of this version."""


@dataclass
class Found:
    """A page of what a query finds. `is_partial` when nothing has all the words, so that documents with some of them are
    given; `allowed` is the bitmap of the documents that there are at all for this search, `later` of those that come after them."""

    count: int = 0
    documents: list = field(default_factory=list)
    facets: dict = field(default_factory=dict)
    is_partial: bool = False
    allowed: int = 0
    later: int = 0


class Index:
    """All generations at one path. Each thread holds one reader of the generation that it last saw."""

    def __init__(self, path):
        self.generations = Generations(path)
        self._local = threading.local()

    # Reading

    def reader(self):
        """This thread's Reader of the newest state. Raises Damaged."""
        head = self._head()
        if getattr(self._local, "key", None) != (head.folder, head.generation):
            self.close()
            self._local.reader, head = self._open(head)
            self._local.key = head.folder, head.generation
        self._local.reader.check()
        return self._local.reader

    def _head(self):
        head = self.generations.head()
        if head is None:
            raise Missing("There is no index, or one of another version.")
        return head

    def _open(self, head):
        """A Reader, and the Head that it shows: the one given, or the newest if that has gone in the meantime."""
        for _ in range(TRIES):
            try:
                return Reader(self.generations.folder(head)), head
            except (FileNotFoundError, EmptyIndexError) as error:
                # A merge may have replaced a segment between its listing and its opening, or the generation may have been removed.
                problem = error
                time.sleep(0.02)
                head = self._head()
            except Exception as error:
                raise Damaged(f"{type(error).__name__}: {error}") from error
        raise Damaged(str(problem)) from problem

    def close(self):
        """Let go of this thread's reader."""
        if reader := getattr(self._local, "reader", None):
            self._local.reader = self._local.key = None
            reader.close()

    def search(self, query, start=0, stop=20, by_date=False, facets=(), filters=None, without=(), later=(), gone=()):
        """Found for a Query. `filters` maps facets to one chosen value each; the count of another value of the same facet is what
        choosing that instead would find. Documents of the things `without` and of the kinds `gone` do not exist for this search. Those of
        the kinds `later` count for no rarity of a word, and are found after all others, by all the words alone. Raises Damaged."""
        reader = self.reader()
        live = reader.live & ~reader.documents_of(without) & ~reader.documents_of_kinds(gone)
        after = live & reader.documents_of_kinds(later)
        evaluation, allowed = Evaluation(reader, query, set_apart=reader.documents_of_kinds({*later, *gone})), live & ~after
        found_after = evaluation.all_wanted() & after if after else 0
        found, is_partial = self._matching(evaluation, query, allowed)
        is_partial = is_partial and not found_after
        main, found = found, found | found_after
        narrowed = {name: self._chosen(reader, name, value) for name, value in (filters or {}).items()}
        result = found
        for bitmap in narrowed.values():
            result &= bitmap
        ordered = (evaluation.newest(result, stop) if by_date else evaluation.best(result, stop, result & ~main))[start:]
        return Found(
            result.bit_count(),
            [(reader.stored(number), score) for number, score in ordered],
            {name: self._counts(reader, name, found, narrowed) for name in facets},
            is_partial,
            allowed,
            after,
        )

    @staticmethod
    def _matching(evaluation, query, allowed):
        enough = query.enough
        found = (evaluation.all_wanted() if enough == query.size else evaluation.enough_wanted(enough)) & allowed
        if found:
            return found, False
        found = evaluation.loosened().enough_wanted(1) & allowed
        return found, bool(found)

    @staticmethod
    def _chosen(reader, name, value):
        """The bitmap of a facet's value, in whatever case and number it is written."""
        bitmap, key = 0, value_key(value)
        for own, documents in reader.values(name).items() if name in FACETS else ():
            bitmap |= documents if value_key(own) == key else 0
        return bitmap

    @staticmethod
    def _counts(reader, name, found, narrowed):
        """(value, count) of each value of a facet among what the other filters leave, most frequent first."""
        for other, bitmap in narrowed.items():
            if other != name:
                found &= bitmap
        counts = ((value, (bitmap & found).bit_count()) for value, bitmap in reader.values(name).items())
        return sorted(((value, count) for value, count in counts if count), key=lambda item: (-item[1], item[0]))
