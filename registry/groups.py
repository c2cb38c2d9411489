"""Groups of activities and issuances that have pages (Parties, methodologies, entities): what they have at a day, for pages and lists."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.charts import year_chart
from registry.columns import NO_PLACE
from registry.days import long_day
from registry.lines import LineMaker
from registry.records import ActivityKind
from registry.release_page import ReleasePage
from registry.table import flags

MOST_LINES = 10
MOST_TYPES = 7
REGISTERED = "Registered"


@dataclass(frozen=True)
class Cell:
    """Row of a list of groups: its name with its address, a line below, and its numbers by the names of the columns."""

    label: str
    path: str
    detail: str
    numbers: dict
    more: dict = field(default_factory=dict)  # for programmes


@dataclass(frozen=True)
class Level:
    """Row of a breakdown: how many, and how long its bar is, in per cent of the longest."""

    label: str
    count: int
    width: str


@dataclass
class Issuances:
    """Issuances of a group by a day, by their places in the table."""

    table: object
    places: list

    @cached_property
    def cers(self):
        return sum(self.table.cers[issuance] for issuance in self.places)

    @cached_property
    def by_activity(self):
        """CERs by the place of the activity."""
        found, places, cers = {}, self.table.places, self.table.cers
        for issuance in self.places:
            place = places[issuance]
            found[place] = found.get(place, 0) + cers[issuance]
        found.pop(NO_PLACE, None)
        return found

    @cached_property
    def by_year(self):
        """CERs by year; issuances are in the order of their days."""
        found, days, cers = {}, self.table.days, self.table.cers
        year = end = 0
        for issuance in self.places:
            if days[issuance] > end:
                year = date.fromordinal(days[issuance]).year
                end = date(year, 12, 31).toordinal()
                found[year] = 0
            found[year] += cers[issuance]
        return found

    @property
    def hosts(self):
        return {self.table.issuance_hosts[issuance] for issuance in self.places}

    @property
    def first(self):
        return date.fromordinal(self.table.days[self.places[0]]) if self.places else None

    @cached_property
    def half(self):
        """The day on which half of the CERs had come."""
        totals = accumulate(self.table.cers[issuance] for issuance in self.places)
        found = (issuance for issuance, total in zip(self.places, totals, strict=True) if 2 * total >= self.cers)
        return next((date.fromordinal(self.table.days[issuance]) for issuance in found), None)


def issuances_where(table, day, column, values):
    """The Issuances by a day whose value in a column of the table is one of `values`."""
    known = bisect_right(table.days, day)
    return Issuances(table, [issuance for issuance, value in enumerate(getattr(table, column)[:known]) if value in values])


def issuances_of_members(table, day, members):
    """The Issuances by a day of the activities of a bitmap."""
    known, is_in = bisect_right(table.days, day), flags(members, table.size) + b"\0"
    return Issuances(table, [issuance for issuance, place in enumerate(table.places[:known]) if is_in[place]])


def codes_of(table, name, values):
    """The numbers that stand for names in a column of issuances (`Table.names`)."""
    return {code for code, value in enumerate(table.names[name]) if value in values}


@dataclass
class GroupPage(ReleasePage):
    """Page of one group. `members` is the bitmap of its activities, listed or not; `own` its Issuances."""

    registry: object
    over: str
    title: str
    path: str
    members: int
    own: Issuances
    query: str
    facts: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    links: list = field(default_factory=list)
    more: list = field(default_factory=list)
    subtitle: str = ""
    list_path: str = ""
    list_label: str = ""

    @property
    def table(self):
        return self.registry.table

    @cached_property
    def listed(self):
        """The bitmap of its activities listed by the day."""
        return self.members & self.table.listed_by(self.registry.day)

    @cached_property
    def registered(self):
        """The bitmap of those that the release calls registered."""
        return self.listed & self.table.index.bitmaps["status"].get(REGISTERED, 0)

    @property
    def programmes(self):
        return (self.registered & self.table.index.bitmaps["kind"].get(ActivityKind.PROGRAMME, 0)).bit_count()

    @cached_property
    def figures(self):
        """(number, what it counts) pairs; none in the sample, on which no total rests."""
        if self.registry.is_sample:
            return []
        found = [(self.own.cers, self.words_of_cers), (len(self.own.by_activity), self.words_of_issuances)]
        if self.is_of_the_end:
            words = _("activities registered (programmes: %(count)s)") % {"count": self.programmes}
            return [*found, (self.registered.bit_count(), words), *self.more]
        return [*found, (self.listed.bit_count(), _("activities listed: validation begun, or CERs issued")), *self.more]

    @property
    def words_of_cers(self):
        return _("CERs issued")

    @property
    def words_of_issuances(self):
        words = ngettext(
            "activity with CERs (issuances: %(count)s)", "activities with CERs (issuances: %(count)s)", len(self.own.by_activity)
        )
        return words % {"count": f"{len(self.own.places):,}"}

    @cached_property
    def chart(self):
        if self.registry.is_sample or not self.own.places:
            return None
        return year_chart(self.own.by_year, self.until, long_day(self.own.half) if self.own.half else None)

    @cached_property
    def levels(self):
        """Its activities by type: registered ones from the end of the data on, before it all that were listed."""
        counted = self.registered if self.is_of_the_end else self.listed
        found = [(value, (bits & counted).bit_count()) for value, bits in self.table.index.bitmaps["type"].items()]
        found = sorted(((value, count) for value, count in found if count), key=lambda one: (-one[1], one[0]))
        rest = sum(count for _value, count in found[MOST_TYPES:])
        shown = [(_("Type not given") if value == "not-given" else value, count) for value, count in found[:MOST_TYPES]]
        shown += [(_("All other types"), rest)] if rest else []
        most = max((count for _value, count in shown), default=1)
        return [Level(label, count, f"{100 * count // most}%") for label, count in shown]

    @cached_property
    def lines(self):
        """The activities with most CERs of the group's own issuances, as (ActivityLine, CERs); in the sample those in it."""
        if self.registry.is_sample:
            places = self.table.places_of(self.listed)[: 3 * MOST_LINES]
            return [(line, None) for line in LineMaker(self.registry).lines(places)]
        most = sorted(self.own.by_activity.items(), key=lambda one: (-one[1], one[0]))[:MOST_LINES]
        return list(zip(LineMaker(self.registry).lines([place for place, _cers in most]), [cers for _place, cers in most], strict=True))

    @property
    def summary(self):
        if self.registry.is_sample:
            return ""
        words = _("%(title)s: %(cers)s CERs issued to %(count)s activities by %(day)s.")
        return words % {"title": self.title, "cers": f"{self.own.cers:,}", "count": len(self.own.by_activity), "day": long_day(self.until)}

    @property
    def cited(self):
        words = _("%(title)s (%(over)s). Figures to %(day)s, %(source)s.")
        return words % {"title": self.title, "over": self.over, "day": long_day(self.until), "source": self.source}

    def as_data(self):
        """The page for programs."""
        return {
            "title": self.title,
            "as_of": self.day,
            "figures_to": self.until,
            "is_sample": self.registry.is_sample,
            "release": self.registry.release and self.registry.release.title,
            "facts": {fact.name: [str(text) for text, _address in fact.values] for fact in self.facts},
            "figures": [{"value": value, "what": str(words)} for value, words in self.figures],
            "cers_by_year": {} if self.registry.is_sample else dict(sorted(self.own.by_year.items())),
            "activities": [{"address": line.path, "title": line.title, "cers": cers} for line, cers in self.lines],
        }


class PartyPage(GroupPage):
    """Page of a host Party."""

    rank: tuple = ()

    @property
    def words_of_cers(self):
        place, count = self.rank or (0, 0)
        return _("CERs issued, rank %(place)s of %(count)s Parties") % {"place": place, "count": count} if place else _("CERs issued")


class EntityPage(GroupPage):
    """Page of an operational entity: its activities are those that it validated, its issuances those that it verified; and the
    AccreditationChanges by the day, the newest first."""

    accreditation: tuple = ()

    @cached_property
    def figures(self):
        if self.registry.is_sample:
            return []
        listed = self.listed.bit_count()
        found = [(self.own.cers, _("CERs verified")), (len(self.own.places), _("issuances verified"))]
        words = _("activities validated") if self.is_of_the_end else _("activities in validation with it, or past it")
        found.append((listed, words))
        if self.is_of_the_end:
            found.append((self.registered.bit_count(), _("of these registered")))
        return found

    def as_data(self):
        return super().as_data() | {"accreditation": [change.as_data() for change in self.accreditation]}
