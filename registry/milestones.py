"""Milestones of issuance, each with its exact day: round sums of CERs, first CERs of host Parties and types, numbers of activities.

Worked out of the table of the release. Of the sample only what is exact there: the first CERs of all, the billions, which the table of
running totals has on their days, and the first CERs of each host Party, by which activities were chosen. No total rests on the sample.
"""

from dataclasses import dataclass, field
from datetime import date

from registry.columns import NO_PLACE
from registry.curve import BILLION
from registry.records import NOT_GIVEN, ActivityKind
from registry.sample import running_totals

STEP = 100_000_000  # CERs
ACTIVITIES, ISSUANCES, PARTIES = (100, 500, 1000, 2000, 3000), (1000, 5000, 10_000), (10, 25, 50, 75)
FIRST, CERS, ACTIVITY, ISSUANCE, PARTY, TYPE, PROGRAMME, PERIOD, NTH_PARTY = SORTS = (
    "first",
    "cers",
    "activities",
    "issuances",
    "party",
    "type",
    "programme",
    "period",
    "parties",
)


@dataclass(frozen=True)
class IssuanceMilestone:
    """What came about on a day (a date): the `value` that was reached, a number or a code. `issued` are (place, CERs) of the issuances that
    make it up, where it is some; `totals` the Totals at the end of the day, None where they are not known."""

    sort: str
    value: object
    day: date
    issued: list = field(default_factory=list)
    totals: object = None

    @property
    def name(self):
        return f"{self.sort}-{self.value}" if self.value else self.sort


def milestones(registry):
    """All IssuanceMilestones by the day of a Registry, in the order of their days."""
    found = of_sample(registry) if registry.is_sample else of_release(registry)
    return sorted(found, key=lambda one: (one.day, SORTS.index(one.sort), str(one.value)))


def of_release(registry):
    table, until = registry.table, min(registry.day, registry.table.as_of)
    known = [issuance for issuance, day in enumerate(table.days) if day <= until]
    yield from counted(table, known)
    yield from firsts(registry, known, lambda _issuance: [(FIRST, "")])
    yield from firsts(registry, known, lambda issuance: [(PARTY, table.issuance_host(issuance)), (TYPE, table.issuance_type(issuance))])
    yield from firsts(registry, known, lambda issuance: [(PROGRAMME, "")] if is_of_programme(table, issuance) else [])
    yield from firsts(registry, known, lambda issuance: [(PERIOD, 2)] if table.periods[issuance] == 2 else [])


def counted(table, known):
    """Milestones of sums and numbers: the day on which each was reached."""
    cers, activities, hosts = 0, set(), set()
    for number, issuance in enumerate(known, 1):
        before = cers, len(activities), number - 1, len(hosts)
        cers += table.cers[issuance]
        activities |= {table.places[issuance]} - {NO_PLACE}
        hosts |= {table.issuance_host(issuance)} - {NOT_GIVEN, ""}
        now = cers, len(activities), number, len(hosts)
        marks = range(before[0] // STEP * STEP + STEP, cers + 1, STEP), ACTIVITIES, ISSUANCES, PARTIES
        for sort, was, reached, values in zip((CERS, ACTIVITY, ISSUANCE, NTH_PARTY), before, now, marks, strict=True):
            for value in values:
                if was < value <= reached:
                    day = table.days[issuance]
                    yield IssuanceMilestone(sort, value, date.fromordinal(day), totals=table.totals(day))


def firsts(registry, known, claims):
    """Milestones of what came for the first time: of each (sort, value) that an issuance claims, with all of its first day."""
    table, found = registry.table, {}
    for issuance in known:
        for claim in claims(issuance):
            day, issued = found.setdefault(claim, (table.days[issuance], []))
            if day == table.days[issuance]:
                issued.append((table.places[issuance], table.cers[issuance]))
    for (sort, value), (day, issued) in found.items():
        is_named = value not in (NOT_GIVEN, "") or sort in (FIRST, PROGRAMME)
        if is_named and all(place != NO_PLACE for place, _cers in issued):
            yield IssuanceMilestone(sort, value, date.fromordinal(day), issued, None if registry.is_sample else table.totals(day))


def is_of_programme(table, issuance):
    place = table.places[issuance]
    return place != NO_PLACE and table.kind(place) == ActivityKind.PROGRAMME


def of_sample(registry):
    table = registry.table
    until = min(registry.day, table.as_of)
    known = [issuance for issuance, day in enumerate(table.days) if day <= until and registry.is_single(table.issuance_numbers[issuance])]
    yield from firsts(registry, known, lambda issuance: [(PARTY, table.issuance_host(issuance))])
    reached = 0
    for number, (day, totals) in enumerate(zip(*running_totals(), strict=True)):
        if day > until:
            break
        if not number:
            yield IssuanceMilestone(FIRST, "", date.fromordinal(day), totals=totals)
        if totals.cers // BILLION > reached:
            reached = totals.cers // BILLION
            yield IssuanceMilestone(CERS, reached * BILLION, date.fromordinal(day), totals=totals)
