"""Selection among the documents as it stands in an address: filters, words, order."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from documents.models import Body, DocumentClass, Language
from markup.characters import FORBIDDEN
from publishing.facets import Facet, Selection, latest_first, offered, values_in

FACETS = (
    Facet("class", _("Class"), attrgetter("document_class"), dict(DocumentClass.choices)),
    Facet("body", _("Issued by"), attrgetter("issued_by"), dict(Body.choices)),
    Facet("year", _("Year"), attrgetter("year"), key=latest_first),
    Facet("language", _("Language"), attrgetter("language"), dict(Language.choices)),
)
ORDERS = {"newest": _("Newest first"), "oldest": _("Oldest first"), "title": _("Title"), "symbol": _("Symbol")}
USUAL = "newest"
WORDS_LIMIT, TERMS_LIMIT = 128, 16
# A decision as the Parties write it: number, body, session.
DECISION = re.compile(r"(?P<number>\d+|-)/(?P<body>[A-Z]+)\.(?P<session>\d+)\Z")


def folded(text):
    """Text for comparison: without case and diacritics."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@dataclass(frozen=True)
class DocumentSelection(Selection):
    """Selection with the words looked for and the order."""

    words: str = ""
    order: str = USUAL

    @classmethod
    def from_query(cls, query):
        """Selection from the parameters of an address; what is too long is cut, an unknown order is the usual one."""
        words = " ".join(FORBIDDEN.sub(" ", query.get("words", ""))[:WORDS_LIMIT].split()[:TERMS_LIMIT])
        chosen = {facet.name: values_in(query, facet.name) for facet in FACETS}
        return cls(chosen, words, query.get("sort") if query.get("sort") in ORDERS else USUAL)

    def __bool__(self):
        return bool(self.words or any(self.chosen.values()))

    def query(self, **more):
        words = {"words": self.words} if self.words else {}
        return super().query(**words | ({"sort": self.order} if self.order != USUAL else {}) | more)

    def chips(self):
        words = [{"label": f"“{self.words}”", "address": replace(self, words="").query()}] if self.words else []
        return super().chips(FACETS) + words

    def documents(self, library):
        """The documents chosen, in their order."""
        return library.index.rows_of(library.index.matches(self.chosen, self._within(library)), library.places(self.order))

    def facets(self, library):
        """Facets for `_facets.html`: for each value the number of documents that choosing it would show, beside all other filters."""
        counts = library.index.counts(self.chosen, self._within(library))
        return offered(FACETS, counts, self.chosen, self.changed)

    def _within(self, library):
        return library.with_words(self.words) if self.words else None


def by_title(documents):
    return sorted(documents, key=lambda document: (folded(document.title), document.symbol, document.slug))


def by_symbol(documents):
    return sorted(by_title(documents), key=lambda document: (not document.symbol, natural(document.symbol)))


def by_date(documents, latest_first):
    """Order by date: documents of one day by their symbols, those without a date last."""
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
    """Sort key by which `EB 9` comes before `EB 50`, and decisions stand by session, then number."""
    if match := DECISION.match(symbol):
        symbol = f"{match['body']} {match['session']} {match['number']}"
    return [
        (0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part.casefold())
        for part in re.split(r"(\d+)", symbol)
        if part
    ]
