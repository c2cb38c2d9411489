"""Search request, as it stands in an address: words, choices, order, page."""

import re
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlencode

from django.http import Http404

from markup.characters import FORBIDDEN
from publishing import holdings
from publishing.listing import page_number
from search import queries
from search.facet_labels import FACETS, found_kinds, kind_called
from search.spellings import spellings

PAGE = 20
MOST_PAGES = 100
PARAMETERS = ("q", *(facet.name for facet in FACETS), "sort", "as", "page", "format", "go")
AS_TYPED = "typed"
BY_DATE = "date"
# What is looked at of a text before it is cut to the length of a query.
FURTHEST = 1000
YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class SearchRequest:
    """A search: stripped, bounded, and false if nothing was asked. `chosen` maps a facet to its one chosen value."""

    query: queries.Query
    chosen: dict = field(default_factory=dict)
    by_date: bool = False
    page: int = 1
    is_as_typed: bool = False

    @classmethod
    def from_query(cls, parameters, moment):
        """Request from the parameters of an address. Raises Http404 for a page number that is none, or beyond MOST_PAGES."""
        page = page_number(parameters)
        if page > MOST_PAGES:
            raise Http404
        query = parsed(printable(parameters.get("q", "")[:FURTHEST]), moment)
        chosen = {facet.name: value for facet in FACETS if (value := " ".join(printable(parameters.get(facet.name, "")[:80]).split()))}
        return cls(query, chosen, parameters.get("sort") == BY_DATE, page, parameters.get("as") == AS_TYPED)

    def __bool__(self):
        return bool(self.query)

    @property
    def text(self):
        return self.query.text

    @property
    def start(self):
        return (self.page - 1) * PAGE

    def address(self, **more):
        """The search as the query of an address, on its first page unless `more` says otherwise."""
        pairs = [("q", self.text), *self.chosen.items()]
        pairs += [("sort", BY_DATE)] if self.by_date else []
        pairs += [("as", AS_TYPED)] if self.is_as_typed else []
        return "?" + urlencode([*pairs, *more.items()])

    def choosing(self, name, value):
        """The same search with another choice in a facet, or none."""
        chosen = {facet: kept for facet, kept in self.chosen.items() if facet != name}
        return replace(self, chosen=chosen | ({name: value} if value else {}), page=1)

    def changed(self, name, value):
        """The query of the address on which the value is chosen if it is not, and the other way round."""
        return self.choosing(name, None if self.chosen.get(name) == value else value).address()

    def sorted(self, by_date):
        return replace(self, by_date=by_date, page=1)

    def asking(self, text, moment):
        """The same search for other words."""
        return replace(self, query=parsed(text, moment))

    def unfiltered(self, moment):
        """The same search without the prefixes in its text."""
        return replace(self.asking(self.query.plain, moment), page=1)

    def as_typed(self):
        """The same search with no word put right."""
        return replace(self, is_as_typed=True, page=1)


def parsed(text, moment):
    """The Query of a text at a moment, with the equal spellings and the values of prefixes that there are then."""
    return queries.parse(text, spellings(moment), partial(is_value, moment=moment))


def is_value(prefix, text, moment):
    """Whether a prefix knows a value of this name, so that it may stand behind a blank and be of several words."""
    if holding := holdings.prefixes().get(prefix):
        return holding.has_value(prefix, text, moment)
    if prefix == "kind":
        return kind_called(text) in {kind.name for kind in found_kinds()}
    return prefix == "year" and bool(YEAR.fullmatch(text))


def printable(text):
    """The text with blanks for the characters that no page or feed can carry."""
    return FORBIDDEN.sub(" ", text)
