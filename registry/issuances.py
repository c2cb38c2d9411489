"""Issuances prepared for choosing among them: facets, filters, sums. Pure but for the words of labels.

Places are those of the table's columns of issuances, which are in order of days, so that "issued by T" is one mask. Host Party, type and
verifier are the issuance's own; number, title, methodology and sectoral scope those of its activity.
"""

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import compress

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from markup.lru import LRU, one
from publishing import snapshots
from publishing.facets import Facet, FacetIndex, bitmap, flags, latest_first
from registry.columns import NO_PLACE
from registry.days import shown_day
from registry.facets import FACETS as OF_ACTIVITIES
from registry.facets import KINDS, PERIODS, UNKNOWN, YES_NO, by_name, by_text
from registry.filters import REFERENCE, day
from registry.parties import parties, party
from registry.records import NOT_GIVEN
from registry.table import Criteria

FACETS = (
    Facet("host", gettext_lazy("Host Party"), labels={code: one.name for code, one in parties().items()} | UNKNOWN, key=by_name),
    Facet("type", gettext_lazy("Type"), labels=UNKNOWN, key=by_text),
    Facet("year", gettext_lazy("Year"), key=latest_first),
    Facet("verifier", gettext_lazy("Verified by"), labels=UNKNOWN, key=by_text),
    Facet("kind", gettext_lazy("Kind"), labels=KINDS | UNKNOWN),
    Facet("period", gettext_lazy("Commitment period"), labels=PERIODS),
    Facet("ldc", gettext_lazy("Least developed country"), labels=YES_NO),
)


class WordFilter(Facet):
    """Filter that is no facet: its chip says what its value means."""

    TOLD = {
        "q": lambda value: f"“{value}”",
        "ref": lambda value: _("Number %(number)s") % {"number": value},
        "issued_from": lambda value: _("From %(day)s") % {"day": told_day(value, 0)},
        "issued_to": lambda value: _("To %(day)s") % {"day": told_day(value, 1)},
    }

    def label_of(self, value):
        return self.TOLD[self.name](value)


def told_day(value, place):
    found = day(value, place)
    return shown_day(found) if found else value


OF_ACTIVITY = tuple(facet for facet in OF_ACTIVITIES if facet.name in ("method", "scope"))
# In the order in which they stand in an address.
FILTERS = (
    *(WordFilter(name, "") for name in ("q", "ref")),
    *FACETS,
    *OF_ACTIVITY,
    *(WordFilter(name, "") for name in ("issued_from", "issued_to")),
)
held = LRU(2, one)  # of the release shown now and the one before it
snapshots.instances.append(held)


def index_of(registry):
    """The IssuanceIndex of a Registry's table."""
    return held.get_or_make(registry.table, lambda: IssuanceIndex(registry))


class IssuanceIndex:
    """Issuances of a table. Of the sample those alone that are one, not the sum of several."""

    def __init__(self, registry):
        self.table = table = registry.table
        self.size = len(table.days)
        self.singles = bitmap((place for place in range(self.size) if registry.is_single(table.issuance_numbers[place])), self.size)
        self.index = FacetIndex(range(self.size), FACETS, {facet.name: self._bitmaps(facet) for facet in FACETS})

    def _bitmaps(self, facet):
        places = {}
        for place, value in enumerate(self._values(facet.name)):
            places.setdefault(value, []).append(place)
        return {value: bitmap(places[value], self.size) for value in facet.ordered(places)}

    def _values(self, name):
        """The value of each issuance in turn."""
        table = self.table
        if name == "year":
            return (str(date.fromordinal(day).year) for day in table.days)
        if name == "period":
            return map(str, table.periods)
        if name == "kind":
            return (NOT_GIVEN if place == NO_PLACE else table.kind(place) for place in table.places)
        if name == "ldc":
            is_ldc = ["yes" if party(code).is_ldc else "no" for code in table.names["host"]]
            return map(is_ldc.__getitem__, table.issuance_hosts)
        codes = {"host": table.issuance_hosts, "type": table.issuance_types, "verifier": table.verifiers}[name]
        names = [value or NOT_GIVEN for value in table.names[name]]
        return map(names.__getitem__, codes)

    # Choosing

    def within(self, chosen, until):
        """The bitmap of the issuances by a day (ordinal) that meet all that is chosen beside the facets."""
        found = self.singles & self._from_to(0, until)
        for value in chosen.get("issued_from", ())[:1]:
            found &= self._from_to(day(value, 0) or until + 1, until)
        for value in chosen.get("issued_to", ())[:1]:
            found &= self._from_to(0, day(value, 1) or 0)
        return found & self._of_activities(chosen)

    def _from_to(self, first, last):
        start, end = bisect_left(self.table.days, first), bisect_right(self.table.days, last)
        return (1 << end) - (1 << start) if end > start else 0

    def _of_activities(self, chosen):
        """The bitmap of the issuances of the activities with these numbers, words, methodologies and scopes."""
        refs = tuple(int(value) if REFERENCE.match(value) else -1 for value in chosen.get("ref", ()))
        criteria = Criteria(
            {name: chosen[name] for name in ("method", "scope") if chosen.get(name)}, words=" ".join(chosen.get("q", ())), refs=refs
        )
        if criteria == Criteria():
            return self.index.everything
        is_in = flags(self.table.matching(criteria, self.table.as_of), self.table.size) + b"\0"  # the last is for NO_PLACE
        return bitmap(compress(range(self.size), map(is_in.__getitem__, self.table.places)), self.size)

    def matching(self, chosen, until):
        """The bitmap of the issuances by a day that meet all that is chosen."""
        return self.index.matches(of_facets(chosen), self.within(chosen, until))

    def counts(self, chosen, until):
        return self.index.counts(of_facets(chosen), self.within(chosen, until))

    def newest(self, matching):
        """The places of a bitmap, the latest first."""
        return self.index.rows_of(matching)[::-1]

    def totals(self, matching):
        """(CERs, issuances, activities, host Parties) of a bitmap."""
        has = flags(matching, self.size)
        activities, hosts = set(compress(self.table.places, has)) - {NO_PLACE}, set(compress(self.table.issuance_hosts, has))
        return sum(compress(self.table.cers, has)), matching.bit_count(), len(activities), len(hosts)

    def has(self, name, value):
        """Whether anything in the release can match a value."""
        if name in self.index.bitmaps:
            return value in self.index.bitmaps[name]
        if name in self.table.index.bitmaps:
            return value in self.table.index.bitmaps[name]
        if name == "ref":
            return bool(REFERENCE.match(value)) and self.table.place(int(value)) is not None
        return name == "q" or day(value, 0) is not None


def of_facets(chosen):
    return {facet.name: chosen.get(facet.name, ()) for facet in FACETS}
