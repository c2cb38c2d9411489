"""The search engine behind Haystack's interface: the one module through which the portal finds, and the indexer writes."""

from contextlib import contextmanager
from datetime import date

from haystack import connections
from haystack.backends import BaseEngine, BaseSearchBackend, BaseSearchQuery, log_query
from haystack.constants import DEFAULT_ALIAS
from haystack.models import SearchResult

from search import queries
from search.engine.codec import Damaged
from search.engine.evaluation import Evaluation
from search.engine.generations import Head
from search.engine.index import Index, Missing
from search.engine.spelling import corrected
from search.engine.writing import writing

# How much a word counts by where it stands.
WEIGHTS = {"title": 8, "names": 3, "words": 3, "date": 2, "summary": 3, "text": 1}
# By how much more or less the words of a kind count: sections explain, news items report.
STANDING = {"page": 1.7, "newsitem": 0.8}

KEPT = ("thing", "number", "title", "summary", "pieces", "named", "called", "precision", "kind", "section", "year", "class")

__all__ = ["Damaged", "Engine", "Missing", "default", "zones_of"]


def zones_of(prepared):
    """The (text, weight) pairs of a prepared document."""
    standing = STANDING.get(prepared["kind"], 1)
    unindexed = prepared.get("unindexed", ())
    return [(prepared[name], standing * weight) for name, weight in WEIGHTS.items() if prepared.get(name) and name not in unindexed]


def default():
    """The backend of this thread."""
    return connections[DEFAULT_ALIAS].get_backend()


class Backend(BaseSearchBackend):
    _indexes = {}

    def __init__(self, connection_alias, **options):
        super().__init__(connection_alias, **options)
        path = str(options["PATH"])
        self.index = self._indexes.setdefault(path, Index(path))

    # Finding

    @log_query
    def search(
        self,
        query_string,
        *,
        start_offset=0,
        end_offset=20,
        sort_by=None,
        facets=(),
        narrow_queries=(),
        without=(),
        later=(),
        gone=(),
        spelling_query=None,
        result_class=SearchResult,
        **options,
    ):
        """What a query in our own language finds (`search.queries`); a Query that was parsed before is taken as well.

        `narrow_queries` are strings such as `kind:page`; each facet counts what choosing another of its values instead would find.
        `without` are ids of things left out. Documents of the kinds `later` come after all others, and only those with all the words;
        of the kinds `gone` there are none. Raises Damaged if the index cannot be read.
        """
        query = query_string if isinstance(query_string, queries.Query) else queries.parse(query_string)
        narrowed = dict(narrow.split(":", 1) for narrow in narrow_queries)
        try:
            found = self.index.search(query, start_offset, end_offset, bool(sort_by), facets, narrowed, without, later, gone)
            suggestion = (
                corrected(Evaluation(self.index.reader(), query), found.allowed, found.later) if spelling_query is not None else None
            )
        except Damaged:
            raise
        except Exception as error:
            raise Damaged(f"{type(error).__name__}: {error}") from error
        return {
            "results": [self._result(result_class, stored, score) for stored, score in found.documents],
            "hits": found.count,
            "facets": {"fields": found.facets, "dates": {}, "queries": {}},
            "spelling_suggestion": suggestion,
            "is_partial": found.is_partial,
        }

    @staticmethod
    def _result(result_class, stored, score):
        day = stored.pop("day", None)
        model = stored.pop("model")
        return result_class(*model.split("."), stored["number"], score, day=date.fromordinal(day) if day else None, **stored)

    # Writing: the indexer's part

    @property
    def generations(self):
        return self.index.generations

    @contextmanager
    def changing(self, folder):
        """A session that adds documents to, and removes things from, the index in `folder`; see `Session`."""
        with writing(folder) as session:
            yield Changes(session)

    def update(self, index, iterable, commit=True):
        """Haystack's way to add editions. The portal itself leaves this to the indexer."""
        head = self.generations.head()
        folder = self.generations.folder(head) if head else self.generations.new_folder()
        with self.changing(folder) as changes:
            for edition in iterable:
                changes.put(index.full_prepare(edition))
        self.switch(changes, head)

    def remove(self, obj_or_string, commit=True):
        thing = getattr(obj_or_string, "thing_id", obj_or_string)
        if head := self.generations.head():
            with self.changing(self.generations.folder(head)) as changes:
                changes.remove([thing])
            self.switch(changes, head)

    def clear(self, models=None, commit=True):
        with self.changing(self.generations.new_folder()) as changes:
            pass
        self.switch(changes, None)

    def switch(self, changes, head, **covered):
        """Let readers see what was committed. `covered` are the fields of Head that say how far the index reaches."""
        known = {name: getattr(head, name) for name in UNKNOWN} if head else UNKNOWN
        session = changes.session
        self.generations.switch(Head(session.folder.name, session.generation, session.count, **known | covered))


UNKNOWN = {"last": 0, "recorded": "", "changed": "", "until": "0001-01-01T00:00:00+00:00", "failed": ()}


class Changes:
    """Changes of a writing session, in terms of prepared documents and things."""

    def __init__(self, session):
        self.session = session

    def put(self, prepared, is_new=False):
        """Add a document, in place of the one that its thing may have."""
        if not is_new:
            self.session.remove([prepared["thing"]])
        kept = {name: prepared[name] for name in KEPT}
        day = prepared["day"].toordinal() if prepared["day"] else 0
        self.session.add(zones_of(prepared), day=day, model=prepared["django_ct"], **kept)

    def remove(self, things):
        self.session.remove(things)


class Engine(BaseEngine):
    backend = Backend
    query = BaseSearchQuery  # the portal hands its own queries to the backend
