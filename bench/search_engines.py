"""The two engines of bench.search behind the same three questions: build, open, answer."""

from django.conf import settings
from haystack.backends.whoosh_backend import WhooshEngine
from haystack.query import SearchQuerySet

from bench.search import FACETS, PAGE
from search.results import live_numbers


def checked(results, moment):
    """The results that the record shows: the site search's own check."""
    live = live_numbers(moment)
    return [result for result in results if result.number in live]


class Prepared:
    """An index class that has its documents ready, so that only the engine is measured."""

    def __init__(self, change=lambda document: document):
        self.change = change

    def full_prepare(self, document):
        return self.change(dict(document))


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Stock:
    """Haystack's own Whoosh backend as it comes, asked through SearchQuerySet."""

    name = "stock"

    def __init__(self, folder):
        self.folder, self.alias = folder, f"stock-{folder.name}"
        settings.HAYSTACK_CONNECTIONS[self.alias] = {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": str(folder)}
        self.backend = WhooshEngine(using=self.alias).get_backend()

    def build(self, prepared):
        # At once, which is the quickest for it: every commit merges what there is.
        self.backend.update(Prepared(for_stock), prepared)

    def size(self):
        return size_of(self.folder)

    def open(self):
        self.backend.index.refresh().searcher().close()

    def answer(self, kind, query, moment):
        found = SearchQuerySet(using=self.alias)
        found = found.filter(content__startswith=query[:-1]) if kind == "prefix" else found.auto_query(query)
        if kind == "four facets":
            for facet in FACETS:
                found = found.facet(facet)
        if kind == "highlighted page":
            found = found.highlight()
        results = found[:PAGE]
        if kind == "four facets":
            found.facet_counts()
        shown = [result.highlighted if kind == "highlighted page" else result.title for result in results]
        checked(results, moment)
        return len(shown) and found.count()


# The fields of an index class of Haystack; what our own engine takes beside them is left out.
OF_STOCK = "id django_ct django_id thing number title text words summary day precision".split() + list(FACETS)


def for_stock(document):
    """Document as an index class with a template would give it: one text with everything in it, and the copies that facets need."""
    document["text"] = "\n".join([document["title"], document["words"], document["summary"], document["text"]])
    return {name: document[name] for name in OF_STOCK} | {f"{facet}_exact": document[facet] for facet in FACETS}


class Ours:
    """Our backend as the site search uses it."""

    name = "ours"

    def __init__(self, folder):
        from search.backend import Engine

        self.folder, self.alias = folder, f"ours-{folder.name}"
        settings.HAYSTACK_CONNECTIONS[self.alias] = {"ENGINE": "search.backend.Engine", "PATH": str(folder)}
        self.backend = Engine(using=self.alias).get_backend()

    def build(self, prepared):
        with self.backend.changing(self.backend.generations.new_folder()) as changes:
            for document in prepared:
                changes.put(document, is_new=True)
        self.backend.switch(changes, None)

    def size(self):
        return size_of(self.folder)

    def open(self):
        self.backend.index.close()
        self.backend.index.reader()

    def answer(self, kind, query, moment):
        from search.highlight import Highlighter
        from search.queries import parse

        asked = parse(query)
        found = self.backend.search(asked, end_offset=PAGE, facets=FACETS if kind == "four facets" else ())
        if kind == "highlighted page":
            highlighter = Highlighter(asked)
            for result in found["results"]:
                highlighter.passage(result.title, result.summary, result.pieces)
        checked(found["results"], moment)
        return found["hits"]
