"""Shipped sample: 110 activities as facts with their source, shown until a release is imported. It is no release, and no total rests on it.

Chosen by a rule: the first activity with CERs of each host Party, the twenty with the most CERs, those that pages name. Of six (`WHOLE`) it
has all issuances and registry blocks; of the others the first and the latest issuance and, for what lies between, the sum of each year.
Totals until the first import come from a small table of running totals of our own computation.
"""

import csv
from bisect import bisect_right
from datetime import date, datetime
from functools import cache, cached_property

from django.conf import settings

from registry.cumulative import Totals
from registry.facets import FACETS
from registry.models import ActivityRow, IssuanceRow, IssuedBlockRow
from registry.table import Table
from registry.tables import activity_record, issuance_record

FOLDER = settings.BASE_DIR / "fixtures" / "registry"
AS_OF = date(2023, 11, 3)
WHOLE = {8, 9, 28, 306, 584, 2535}  # reference numbers


class Sample:
    """Rows of the sample, not saved and with numbers of their own from 1 on, and their table."""

    def __init__(self):
        self.activities, self.issuances = [], []
        self.blocks = [IssuedBlockRow(key=f"{row['party']}-{row['first']}", **values(IssuedBlockRow, row)) for row in rows("blocks")]
        listed = {}
        for row in rows("issuances"):
            listed.setdefault(int(row["reference"]), []).append(IssuanceRow(**values(IssuanceRow, row)))
        for number, row in enumerate(rows("activities"), 1):
            activity = ActivityRow(pk=number, key=row["key"], **values(ActivityRow, row))
            activity.source, activity.chosen_as = row["source"], row["chosen_as"]
            self.activities.append(activity)
            own = listed[activity.reference]
            self.issuances += sorted([*own, *sums_between(row["cers_by_year"], own)], key=lambda issuance: issuance.date)
        for number, issuance in enumerate(self.issuances, 1):
            issuance.pk = number

    @cached_property
    def table(self):
        activities = [activity_record(row) for row in self.activities]
        return Table.of(AS_OF.toordinal(), activities, [issuance_record(row) for row in self.issuances], FACETS)


@cache
def sample():
    """The sample, read once a process."""
    return Sample()


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def values(model, row):
    """Values of the fields that both the model and a row of a file have; an empty cell is null where there may be one."""
    found = {}
    for field in model._meta.local_concrete_fields:
        text = row.get(field.name)
        if text is None or field.name == "key":
            continue
        if text in ("yes", "no"):
            found[field.name] = text == "yes"
        elif text or field.get_internal_type() == "CharField":
            found[field.name] = field.to_python(text) if field.name != "completed" else datetime.fromisoformat(text)
    return found


def sums_between(by_year, own):
    """An issuance for what each year has beside those listed, dated at its end; `is_sum_of` tells of how many issuances.

    `by_year` is like `2006 3724420 5; 2007 6894066 7`: year, CERs, number of issuances.
    """
    for part in filter(None, by_year.split("; ")):
        year, cers, count = map(int, part.split())
        there = [issuance for issuance in own if issuance.date.year == year]
        left, more = cers - sum(issuance.cers for issuance in there), count - len(there)
        if more:
            first, latest = own[0], own[-1]
            frame = {"kind": first.kind, "reference": first.reference, "host": first.host, "project_type": first.project_type}
            total = IssuanceRow(date=min(date(year, 12, 31), latest.date), cers=left, period=first.period, **frame)
            total.is_sum_of = more
            yield total


@cache
def running_totals():
    """(days as ordinals, Totals) of the table of running totals: each year's end and the days that pages name, at most forty."""
    days, totals = [], []
    for row in rows("totals"):
        days.append(date.fromisoformat(row["day"]).toordinal())
        totals.append(Totals(*(int(row[name]) for name in ("cers", "issuances", "activities", "parties")), days[-1]))
    return days, totals


def totals_by(day):
    """(Totals, their own day as an ordinal) of the last row of the table at or before a day; (zeros, the day) before the first."""
    days, totals = running_totals()
    place = bisect_right(days, day) - 1
    return (totals[place], days[place]) if place >= 0 else (Totals(), day)
