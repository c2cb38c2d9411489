"""Table of one release: what lists, facets, statistics and the state of an activity at any day are answered from. Pure: no Django.

Rows are activities, numbered by the day on which they were listed, so that "listed by T" is one mask; days are ordinals
(`date.toordinal()`), CERs whole numbers. A bitmap is a plain integer whose bit n stands for the n-th activity (publishing/facets.py).
Texts stay in the database: `numbers[place]` is the number of the row there.

A view asks `registry.moments.registry_at(request.moment)` for the table that is shown at its moment.
"""

import math
import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import compress, count
from operator import and_, itemgetter, or_

from markup.lru import LRU, one
from publishing.facets import FacetIndex, bitmap, flags
from registry import columns as making
from registry.columns import NO_DAY, NO_PLACE
from registry.cumulative import EVERYTHING, Cumulative
from registry.parties import party
from registry.records import ActivityKind, Badge
from registry.words import MOST_WORDS, WordIndex, words_of

NUMBER = re.compile(r"\d{1,9}\Z", re.ASCII)
SHORTEST_CODE = 3  # letters from which on a word may be the beginning of a methodology's code
WAS_REGISTERED = {"Registered", "De-registered"}  # statuses that only a registered activity can have
REGISTERED, CREDITING, VALIDATION, NOT_LISTED = "registered", "crediting", "validation", "not-listed"  # stages of a ActivityState


@dataclass(frozen=True)
class Criteria:
    """Choice of activities beside the facets. `ranges` are inclusive and either end may be None; days are ordinals.

    Names of ranges: `validation`, `crediting` (start), `issued` (an issuance on one of these days), `reductions`, `cers` (by the day
    asked), `mw`. What is not known is in no range.
    """

    chosen: dict = field(default_factory=dict)  # values by facet, of which one must hold
    together: frozenset = frozenset()  # facets of which all values chosen must hold
    words: str = ""
    refs: tuple[int, ...] = ()
    verifiers: tuple[str, ...] = ()  # entities of which one verified an issuance by the day asked
    ranges: dict = field(default_factory=dict)
    is_issued: bool | None = None
    is_numbered: bool | None = None


@dataclass(frozen=True)
class ActivityState:
    """What is known of an activity at a day: see `Table.state`. `since` is the day (ordinal) of what it says, or None; `is_published`
    whether a publication tells it and not the release."""

    stage: str
    since: int | None = None
    badges: int = 0
    is_published: bool = False


class Table:
    """Activities and issuances of one release. `as_of` is the last day (ordinal) of its data. Make one with `Table.of`."""

    def __init__(self, as_of, columns, names, facets, bitmaps, words, dimensions):
        self.as_of, self.columns, self.names, self.words, self.dimensions = as_of, columns, names, words, dimensions
        for name, values in columns.items():
            setattr(self, name, values)
        self.size = len(self.numbers)
        self.index = FacetIndex(range(self.size), facets, bitmaps)
        self._cers, self._issued, self._orders = LRU(4, one), LRU(8, one), LRU(8, one)

    @classmethod
    def of(cls, as_of, activities, issuances, facets):
        """Made of ActivityRecords and IssuanceRecords, in any order. Issuances of no activity count in totals alone."""
        first = making.first_days(issuances)
        listed = [making.listing_day(row, first.get((row.kind, row.ref)), as_of) for row in activities]
        order = sorted(range(len(activities)), key=lambda place: (listed[place], activities[place].ref or math.inf, activities[place].key))
        rows = [activities[place] for place in order]
        issuances = sorted(issuances, key=lambda row: (row.day, row.kind, row.ref, row.number))
        place_of = {(row.kind, row.ref): place for place, row in enumerate(rows) if row.ref}
        names = making.names_in(rows, issuances)
        columns = making.activity_columns(rows, [listed[place] for place in order], names)
        columns |= making.issuance_columns(issuances, place_of, names, len(rows))
        making.add_issued_days(columns)
        counted, places = making.counted(issuances), columns["places"]
        rows_of = {name: making.grouped(issuances, counted, rows, places, find) for name, find in making.DIMENSIONS.items()}
        dimensions = {name: Cumulative.of(found) for name, found in rows_of.items()}
        bitmaps = FacetIndex(rows, facets).bitmaps
        return cls(as_of, columns, names, facets, bitmaps, WordIndex.of([row.title for row in rows]), dimensions)

    # Places

    @cached_property
    def _by_ref(self):
        return {ref: place for place, ref in enumerate(self.refs) if ref}

    @cached_property
    def _by_number(self):
        return {number: place for place, number in enumerate(self.numbers)}

    def place(self, ref):
        """The place of the activity with this reference number, or None."""
        return self._by_ref.get(ref)

    def place_of_number(self, number):
        """The place of the activity whose row has this number in the database, or None."""
        return self._by_number.get(number)

    def kind(self, place):
        return self.names["kind"][self.kinds[place]]

    def status(self, place):
        """Status as of the release: the data tell of no other day."""
        return self.names["status"][self.statuses[place]]

    # Bitmaps

    def listed_by(self, day):
        """The bitmap of the activities listed by a day: validation begun, or CERs issued. From the end of the data on, of all."""
        return (1 << bisect_right(self.listed, day)) - 1 if day < self.as_of else self.index.everything

    def issued_by(self, day):
        """The bitmap of the activities that had CERs issued by a day."""
        days, places = self._first_issues
        known = bisect_right(days, day)
        return self._issued.get_or_make(known, lambda: bitmap(places[:known], self.size))

    @cached_property
    def _first_issues(self):
        return by_value(self.first_issued, NO_DAY)

    @cached_property
    def _ranged(self):
        """Sorted values and places of the columns in which ranges are asked for."""
        return {
            "validation": by_value(self.validation, NO_DAY),
            "crediting": by_value(self.crediting_start, NO_DAY),
            "reductions": by_value(self.reductions),
            "mw": by_value(self.megawatts),
        }

    def within(self, criteria, day):
        """The bitmap of the activities listed by a day that meet all criteria but the facets."""
        found = self.listed_by(day)
        if criteria.words:
            found &= self.having(criteria.words)
        if criteria.refs:
            found &= bitmap((self._by_ref[ref] for ref in criteria.refs if ref in self._by_ref), self.size)
        if criteria.verifiers:
            found &= self.verified_by(criteria.verifiers, day)
        if criteria.is_numbered is not None:
            found &= self.numbered if criteria.is_numbered else ~self.numbered
        if criteria.is_issued is not None:
            issued = self.issued_by(day)
            found &= issued if criteria.is_issued else ~issued
        for name, (low, high) in criteria.ranges.items():
            found &= self._in_range(name, low, high, day)
        return found

    def having(self, text):
        """The bitmap of the activities that have every word of a text: in the title, as their number, in the name of a host Party, or as
        the beginning of a methodology's code, with or without its marks."""
        terms = list(dict.fromkeys(text.split()))[:MOST_WORDS]
        return reduce(and_, (self.words.having(term) | self._named(term) for term in terms), self.index.everything)

    def _named(self, term):
        place, code = self.place(int(term)) if NUMBER.match(term) else None, squeezed(term)
        own = 0 if place is None else 1 << place
        hosts = [bits for words, bits in self._host_words if all(any(one.startswith(word) for one in words) for word in words_of(term))]
        methods = [bits for known, bits in self._codes if len(code) >= SHORTEST_CODE and known.startswith(code)]
        return reduce(or_, [*(hosts if words_of(term) else []), *methods], own)

    @cached_property
    def _host_words(self):
        return [(words_of(party(code).name), bits) for code, bits in self.index.bitmaps["host"].items()]

    @cached_property
    def _codes(self):
        return [(squeezed(code), bits) for code, bits in self.index.bitmaps["method"].items()]

    def verified_by(self, names, day):
        """The bitmap of the activities with an issuance by a day that one of the entities verified."""
        known, codes = bisect_right(self.days, day), {code for code, name in enumerate(self.names["verifier"]) if name in names}
        pairs = zip(self.verifiers[:known], self.places[:known], strict=True)
        return bitmap({place for code, place in pairs if code in codes and place != NO_PLACE}, self.size)

    @cached_property
    def numbered(self):
        """The bitmap of the activities that have a reference number."""
        return bitmap(compress(count(), self.refs), self.size)

    def _in_range(self, name, low, high, day):
        if name == "issued":
            first = 0 if low is None else bisect_left(self.days, low)
            last = bisect_right(self.days, day if high is None else min(high, day))
            return bitmap({place for place in self.places[first:last] if place != NO_PLACE}, self.size)
        if name == "cers":
            cers = self.cers_by(day)
            low, high = 0 if low is None else low, math.inf if high is None else high
            return bitmap((place for place, value in enumerate(cers) if low <= value <= high), self.size)
        values, places = self._ranged[name]
        first = 0 if low is None else bisect_left(values, low)
        last = len(values) if high is None else bisect_right(values, high)
        return bitmap(places[first:last], self.size)

    def matching(self, criteria, day):
        """The bitmap of the activities listed by a day that meet all criteria."""
        return self.index.matches(criteria.chosen, self.within(criteria, day), together=criteria.together)

    def counts(self, criteria, day, names=None):
        """(value, how many activities choosing it would show) by facet, each without its own choice; of all facets or of those named."""
        return self.index.counts(criteria.chosen, self.within(criteria, day), criteria.together, names)

    # Rows of a list

    def places_of(self, matching, sort="listed", day=None, reverse=False):
        """The places of a bitmap in one of the orders of `SORTS`; `cers` and `issued` are as of `day`."""
        order = self._order(sort, self.as_of if day is None else day, reverse)
        if matching == self.index.everything:
            return list(order)
        return list(compress(order, map(flags(matching, self.size).__getitem__, order)))

    def _order(self, sort, day, reverse):
        if sort == "listed":
            return range(self.size - 1, -1, -1) if reverse else range(self.size)
        return self._orders.get_or_make((sort, day if sort in ("cers", "issued") else 0, reverse), lambda: self._sorted(sort, day, reverse))

    def _sorted(self, sort, day, reverse):
        if sort == "title":
            return self.title_order[::-1] if reverse else self.title_order
        values = self.cers_by(day) if sort == "cers" else self.latest_by(day) if sort == "issued" else getattr(self, SORTS[sort])
        is_known = [bool(value) and not math.isnan(value) for value in values]
        known = sorted(compress(count(), is_known), key=values.__getitem__, reverse=reverse)
        return array("I", [*known, *(place for place, has in enumerate(is_known) if not has)])

    # Issuances

    def cers_by(self, day):
        """CERs issued to each activity by a day, by place."""
        known = bisect_right(self.days, day)
        return self._cers.get_or_make(known, lambda: self._added_up(known))

    def _added_up(self, known):
        found = array("q", bytes(8 * (self.size + 1)))  # the last is for issuances of no activity
        for place, cers in zip(self.places[:known], self.cers[:known], strict=True):
            found[place] += cers
        found.pop()
        return found

    def latest_by(self, day):
        """The day of each activity's latest issuance by a day, by place."""
        found = array("i", bytes(4 * (self.size + 1)))
        for place, issued in zip(self.places, self.days[: bisect_right(self.days, day)], strict=False):
            found[place] = issued  # days ascend
        found.pop()
        return found

    def cers_of(self, matching, day):
        """CERs issued by a day to the activities of a bitmap together."""
        return sum(compress(self.cers_by(day), flags(matching, self.size)))

    def issuances_of(self, place, day=None):
        """The places of an activity's issuances in the columns of issuances, in order of days; up to `day` if one is given."""
        own = self.of_activities[self.issuance_starts[place] : self.issuance_starts[place + 1]]
        return list(own) if day is None else [issuance for issuance in own if self.days[issuance] <= day]

    def issued_to(self, place, day):
        """(CERs, number of issuances, first day, latest day) of an activity by a day; zeros where there are none."""
        own = self.issuances_of(place, day)
        if not own:
            return 0, 0, NO_DAY, NO_DAY
        return sum(self.cers[issuance] for issuance in own), len(own), self.days[own[0]], self.days[own[-1]]

    # Statistics

    def totals(self, day, dimension="total", name=EVERYTHING):
        """Totals by a day of all issuances, or of one group of a dimension (`DIMENSIONS`). Host Parties are the issuances' own."""
        return self.dimensions[dimension].at(day, name)

    def totals_of(self, matching, day):
        """(CERs, issuances, activities, host Parties) by a day of the activities of a bitmap: a plain loop."""
        is_in = flags(matching, self.size) + b"\0"
        known = bisect_right(self.days, day)
        chosen = [is_in[place] for place in self.places[:known]]
        cers = sum(compress(self.cers, chosen))
        activities, hosts = set(compress(self.places, chosen)), set(compress(self.issuance_hosts, chosen))
        return cers, sum(chosen), len(activities), len(hosts)

    def issuance_host(self, issuance):
        return self.names["host"][self.issuance_hosts[issuance]]

    def issuance_type(self, issuance):
        return self.names["type"][self.issuance_types[issuance]]

    def verifier(self, issuance):
        return self.names["verifier"][self.verifiers[issuance]]

    # The state of an activity

    def state(self, place, day, published=0):
        """ActivityState at a day, by the rule of the release's data, which have registration dates for few activities alone.

        `published` is a day of registration that a publication tells, which holds where the release has none.

        A first issuance by the day: registered. A date of registration in a source: registered from it on. A programme whose crediting
        period has begun: registered, derived. A project activity whose crediting period has begun: that, and no date of registration
        in the data (in 346 it begins before validation). Validation begun; else not yet listed. Crediting periods count only of what
        the release calls registered or de-registered: of others they are plans.
        """
        issued, registered, start = self.first_issued[place], self.registered[place] or published, self.crediting_start[place]
        if registered and registered <= day:
            return ActivityState(REGISTERED, registered, is_published=not self.registered[place])
        if issued and issued <= day:
            return ActivityState(REGISTERED)
        if start and start <= day and not registered and self.status(place) in WAS_REGISTERED:
            if self.kind(place) == ActivityKind.PROGRAMME:
                return ActivityState(REGISTERED, start, Badge.DERIVED)
            return ActivityState(CREDITING, start)
        if self.listed[place] <= day or day >= self.as_of:
            return ActivityState(VALIDATION, self.validation[place] or None)
        return ActivityState(NOT_LISTED)

    def registered_between(self, day):
        """(at least, at most) how many project activities were registered by a day: those with CERs issued by it, and those listed by it
        that the release calls registered or de-registered. No exact number is known."""
        projects, ever = self.index.bitmaps["kind"].get(ActivityKind.PROJECT, 0), 0
        for status in WAS_REGISTERED:
            ever |= self.index.bitmaps["status"].get(status, 0)
        issued = self.issued_by(day) & projects
        return issued.bit_count(), (self.listed_by(day) & ever & projects | issued).bit_count()

    def crediting_begun(self, day):
        """How many project activities that the release calls registered or de-registered had a crediting period begun by a day."""
        projects, ever = self.index.bitmaps["kind"].get(ActivityKind.PROJECT, 0), 0
        for status in WAS_REGISTERED:
            ever |= self.index.bitmaps["status"].get(status, 0)
        return (self._in_range("crediting", None, day, day) & ever & projects).bit_count()


SORTS = {
    "listed": "listed",
    "title": "title_order",
    "ref": "refs",
    "crediting": "crediting_start",
    "cers": "cers",
    "issued": "issued",
    "reductions": "reductions",
    "mw": "megawatts",
}


def squeezed(text):
    """A code without its marks: `AMS-I.D.` and `ams i.d` are one."""
    return "".join(words_of(text))


def by_value(column, unknown=None):
    """(sorted values, their places) of a column, without those that are not known."""
    pairs = sorted((value, place) for place, value in enumerate(column) if not (value == unknown or math.isnan(value)))
    return array(column.typecode, map(itemgetter(0), pairs)), array("I", map(itemgetter(1), pairs))
