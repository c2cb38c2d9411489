"""Facets of a list: how many rows have each value, beside all other choices. Pure: rows in, counts out.

The rows that have a value are one bitmap, a plain integer whose bit n stands for the n-th row: a choice is `&`, a count `bit_count`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import compress
from operator import and_, or_
from urllib.parse import urlencode

from markup.characters import FORBIDDEN

MOST_CHOSEN = 30
LONGEST_VALUE = 40


@dataclass(frozen=True)
class Facet:
    """Facet of a list. `value(row)` gives a row's value, a list of values, or nothing; `labels` names values, in their order.

    `key(value)` sorts values, if not the order of their labels.
    """

    name: str
    label: str
    value: Callable = None
    labels: dict = field(default_factory=dict)
    key: Callable | None = None

    def label_of(self, value):
        return self.labels.get(value, value)

    def ordered(self, values):
        places = {value: place for place, value in enumerate(self.labels)}
        return sorted(values, key=self.key or (lambda value: (places.get(value, len(places)), value)))

    def values_of(self, row):
        found = self.value(row)
        return found if isinstance(found, list | tuple) else [found] if found else []


def latest_first(year):
    """Sort key of years from the latest on; what is no year comes last."""
    return -int(year) if year.isascii() and year.isdecimal() else 1


class FacetIndex:
    """Rows prepared for choosing among them. `bitmaps`, where they were made before: for each facet, bitmaps by value in their order."""

    def __init__(self, rows, facets, bitmaps=None):
        self.rows, self.facets = rows, facets
        self.everything = (1 << len(rows)) - 1
        self.bitmaps = {facet.name: self._bitmaps(facet) for facet in facets} if bitmaps is None else bitmaps

    def _bitmaps(self, facet):
        places = {}
        for place, row in enumerate(self.rows):
            for value in facet.values_of(row):
                places.setdefault(value, []).append(place)
        return {value: bitmap(places[value], len(self.rows)) for value in facet.ordered(places)}

    def where(self, test):
        """The bitmap of the rows at whose places `test(place)` is true."""
        return bitmap(filter(test, range(len(self.rows))), len(self.rows))

    def matches(self, chosen, within=None, besides=None, together=()):
        """The bitmap of the rows that have one of the values chosen in each facet but `besides`, and are `within` another bitmap.

        Of the facets named in `together` they have all the values chosen.
        """
        found = self.everything if within is None else within
        for name, values in chosen.items():
            if values and name != besides:
                found &= self._having(name, values, and_ if name in together else or_)
        return found

    def _having(self, name, values, join):
        return reduce(join, [self.bitmaps[name].get(value, 0) for value in values])

    def counts(self, chosen, within=None, together=(), names=None):
        """(value, how many rows choosing it would show) by facet, in the order of the values: those with rows, and those chosen.

        Of all facets, or of those named.

        In a facet of `together` each further value narrows what is shown, so there its own choice counts.
        """
        matching = self.matches(chosen, within, together=together)
        asked = [facet for facet in self.facets if names is None or facet.name in names]
        return {facet.name: self._counts(facet, chosen, matching, within, together) for facet in asked}

    def _counts(self, facet, chosen, matching, within, together):
        own = chosen.get(facet.name, ())
        is_beside = own and facet.name not in together
        beside = self.matches(chosen, within, facet.name, together) if is_beside else matching
        found = [(value, (bits & beside).bit_count()) for value, bits in self.bitmaps[facet.name].items()]
        if own:
            counts = dict(found)
            found = [(value, counts.get(value, 0)) for value in facet.ordered({*counts, *own})]
        return [(value, count) for value, count in found if count or value in own]

    def rows_of(self, matching, order=None):
        """The rows of a bitmap, in their own order or in that of `order`, which lists all places."""
        has = flags(matching, len(self.rows))
        if order is None:
            return list(compress(self.rows, has))
        return [self.rows[place] for place in compress(order, map(has.__getitem__, order))]


def bitmap(places, size):
    """The integer with these bits of `size` set."""
    found = bytearray(size // 8 + 1)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


def flags(matching, size):
    """A byte for each of `size` places: 1 where the bitmap has the place, else 0."""
    return f"{matching:0{size}b}"[::-1][:size].encode().translate(ONES) if size else b""


ONES = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True)
class Selection:
    """Selection of a visitor, as it stands in an address. `chosen` maps each facet to the values of which one must hold."""

    chosen: dict

    @classmethod
    def from_query(cls, query, facets):
        """Selection from the parameters of an address; what is too long is cut."""
        return cls({facet.name: values_in(query, facet.name) for facet in facets})

    def __bool__(self):
        return any(self.chosen.values())

    def pairs(self):
        """(name, value) pairs that a form which narrows the list further must send again."""
        return [(name, value) for name, values in self.chosen.items() for value in values]

    def query(self, **more):
        """The selection as the query of an address; `more` are further parameters."""
        return "?" + urlencode(self.pairs() + list(more.items()))

    def without(self, name, value):
        return replace(self, chosen=self.chosen | {name: tuple(v for v in self.chosen[name] if v != value)})

    def with_(self, name, value):
        return replace(self, chosen=self.chosen | {name: (*self.chosen[name], value)})

    def changed(self, name, value):
        """The query of the address on which the value is chosen if it is not, and the other way round."""
        return (self.without if value in self.chosen[name] else self.with_)(name, value).query()

    def chips(self, facets):
        """Chips: each value chosen, with the address without it."""
        labels = {facet.name: facet.label_of for facet in facets}
        return [{"label": labels[name](value), "address": self.without(name, value).query()} for name, value in self.pairs()]


def values_in(query, name, most=MOST_CHOSEN, longest=LONGEST_VALUE):
    """The values of a parameter without what cannot be shown, each once; so many of them, and of each so many letters."""
    texts = (FORBIDDEN.sub("", text).strip()[:longest] for text in query.getlist(name)[:most])
    return tuple(dict.fromkeys(filter(None, texts)))


def offered(facets, counts, chosen, address, most=None):
    """Facets for `_facets.html`, with their labels and choices. A facet with a single value, which changes nothing, is left out.

    `address(name, value)` leads to the list with that choice changed. Of a facet with more than `most` values the most frequent and those
    chosen are offered; `more` tells how many are not.
    """
    found = []
    for facet in facets:
        counted, own = counts.get(facet.name, []), chosen.get(facet.name, ())
        frequent = {value for value, _count in sorted(counted, key=lambda item: (-item[1], item[0]))[:most]}
        choices = [
            {
                "value": value,
                "label": facet.label_of(value),
                "count": count,
                "is_chosen": value in own,
                "address": address(facet.name, value),
            }
            for value, count in counted
            if value in frequent or value in own
        ]
        if len(choices) > 1 or own:
            found.append({"name": facet.name, "label": facet.label, "choices": choices, "more": len(counted) - len(choices)})
    return found
