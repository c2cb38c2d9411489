"""A choice among the documents as it stands in an address: filters, words, order."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from documents.models import Body, DocumentClass, Language

# The filters as they are named in addresses, with the attribute of a document that each looks at.
FILTERS = {"class": "document_class", "body": "issued_by", "year": "year", "language": "language"}
LEGENDS = {"class": _("Class"), "body": _("Issued by"), "year": _("Year"), "language": _("Language")}
LABELS = {"class": dict(DocumentClass.choices), "body": dict(Body.choices), "language": dict(Language.choices)}
ORDERS = {"newest": _("Newest first"), "oldest": _("Oldest first"), "title": _("Title"), "symbol": _("Symbol")}
USUAL = "newest"
WORDS_LIMIT, TERMS_LIMIT, VALUES_LIMIT = 128, 16, 30
# A decision as the Parties write it: number, body, session.
DECISION = re.compile(r"(?P<number>\d+|-)/(?P<body>[A-Z]+)\.(?P<session>\d+)\Z")


def folded(text):
    """A text as it is compared: without case and diacritics."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@dataclass(frozen=True)
class Selection:
    """What a visitor chose. `chosen` maps each filter to the values of which one must hold."""

    chosen: dict
    words: str = ""
    order: str = USUAL

    @classmethod
    def of(cls, query):
        """From the parameters of an address; what is too long is cut, an unknown order is the usual one."""
        chosen = {name: tuple(dict.fromkeys(v.strip()[:40] for v in query.getlist(name)[:VALUES_LIMIT] if v.strip())) for name in FILTERS}
        words = " ".join(query.get("words", "").replace("\0", " ")[:WORDS_LIMIT].split()[:TERMS_LIMIT])
        return cls(chosen, words, query.get("sort") if query.get("sort") in ORDERS else USUAL)

    def __bool__(self):
        return bool(self.words or any(self.chosen.values()))

    def query(self, **more):
        """The selection as the query of an address; `more` are further parameters."""
        pairs = self.pairs()
        pairs += [("words", self.words)] if self.words else []
        pairs += [("sort", self.order)] if self.order != USUAL else []
        return "?" + urlencode(pairs + list(more.items()))

    def without(self, name, value):
        return replace(self, chosen=self.chosen | {name: tuple(v for v in self.chosen[name] if v != value)})

    def with_(self, name, value):
        return replace(self, chosen=self.chosen | {name: (*self.chosen[name], value)})

    def pairs(self):
        """What a form that adds words must send again."""
        return [(name, value) for name, values in self.chosen.items() for value in values]

    def chips(self):
        """What is chosen, each with the address that no longer holds it."""
        for name, value in self.pairs():
            yield {"label": label(name, value), "address": self.without(name, value).query()}
        if self.words:
            yield {"label": f"“{self.words}”", "address": replace(self, words="").query()}

    def documents(self, index):
        """The documents chosen, in their order."""
        kept = self._kept(index)
        return [document for document in index.ordered(self.order) if kept is None or document.thing in kept]

    def facets(self, index):
        """For each filter its values with the number of documents that choosing it would show, beside all other filters.

        A filter with a single value, which would change nothing, is left out.
        """
        kept = self._kept(index)
        beside = {name: self._kept(index, besides=name) if self.chosen[name] else kept for name in FILTERS}
        found = [{"label": LEGENDS[name], "choices": list(self._choices(index, name, beside[name]))} for name in FILTERS]
        return [facet for facet in found if len(facet["choices"]) > 1 or any(choice["is_chosen"] for choice in facet["choices"])]

    def _choices(self, index, name, kept):
        postings = index.postings[name]
        for value in sorted(postings.keys() | set(self.chosen[name]), key=lambda value: index.place(name, value)):
            things = postings.get(value, frozenset())
            count = len(things) if kept is None else len(things & kept)
            is_chosen = value in self.chosen[name]
            if count or is_chosen:
                other = self.without(name, value) if is_chosen else self.with_(name, value)
                yield {"label": label(name, value), "count": count, "is_chosen": is_chosen, "address": other.query()}

    def _kept(self, index, besides=None):
        """Ids of the documents that pass every filter but `besides`, or None for all."""
        sets = [index.having(name, values) for name, values in self.chosen.items() if values and name != besides]
        sets += [index.with_words(self.words)] if self.words else []
        return frozenset.intersection(*sets) if sets else None


def label(name, value):
    return LABELS.get(name, {}).get(value, value)


class Index:
    """The documents of one library prepared for choosing among them."""

    def __init__(self, documents):
        self.documents = documents
        self.texts = [(document.thing, folded(" ".join(words_of(document)))) for document in documents]
        self.postings = {name: self._postings(attribute) for name, attribute in FILTERS.items()}
        self._orders = {}
        self._last_words = ("", frozenset())

    def _postings(self, attribute):
        found = {}
        for document in self.documents:
            if value := getattr(document, attribute):
                found.setdefault(value, set()).add(document.thing)
        return {value: frozenset(things) for value, things in found.items()}

    def having(self, name, values):
        return frozenset().union(*(self.postings[name].get(value, ()) for value in values))

    def with_words(self, words):
        """Ids of the documents that hold every word, or its beginning or middle."""
        kept_words, kept = self._last_words
        if kept_words != words:
            terms = folded(words).split()
            kept = frozenset(thing for thing, text in self.texts if all(term in text for term in terms))
            self._last_words = (words, kept)
        return kept

    def ordered(self, order):
        if order not in self._orders:
            self._orders[order] = ORDER_FUNCTIONS[order](self.documents)
        return self._orders[order]

    def place(self, name, value):
        """Where a value stands among those of its filter: as the choices are listed, years from the latest on."""
        if name == "year":
            return 0, -int(value) if value.isascii() and value.isdecimal() else 1
        known = list(LABELS[name])
        return (0, known.index(value)) if value in known else (1, 0)


def words_of(document):
    return document.symbol, document.title, document.summary, document.meeting, *document.subjects


def by_title(documents):
    return sorted(documents, key=lambda document: (folded(document.title), document.symbol, document.slug))


def by_symbol(documents):
    return sorted(by_title(documents), key=lambda document: (not document.symbol, natural(document.symbol)))


def by_date(documents, latest_first):
    """Those of one day by their symbols, those without a date last."""
    ordered = by_symbol(documents)
    dated = sorted((document for document in ordered if document.date), key=lambda document: document.date, reverse=latest_first)
    return dated + [document for document in ordered if not document.date]


ORDER_FUNCTIONS = {
    "newest": partial(by_date, latest_first=True),
    "oldest": partial(by_date, latest_first=False),
    "title": by_title,
    "symbol": by_symbol,
}


def natural(symbol):
    """A key by which `EB 9` comes before `EB 50`, and decisions stand by session, then number."""
    if match := DECISION.match(symbol):
        symbol = f"{match['body']} {match['session']} {match['number']}"
    return [
        (0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part.casefold())
        for part in re.split(r"(\d+)", symbol)
        if part
    ]
