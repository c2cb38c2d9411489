"""Statistics of issuances at a day: by year, month, host Party and so on, each a breakdown with its finding in words.

Sums are those of the table's cumulative lists, so a whole page adds next to nothing up. Until a release is imported only totals, years and
nothing else are told: they come from the table of running totals, and no total comes from the sample.
"""

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.charts import year_chart
from registry.cumulative import Totals
from registry.days import long_day
from registry.facets import FACETS, PERIODS
from registry.parties import party
from registry.records import NOT_GIVEN
from registry.sample import running_totals

FACET = {facet.name: facet for facet in FACETS}
# Of each breakdown the heading and the name of what its rows are.
BREAKDOWNS = {
    "year": (gettext_lazy("CERs by year"), gettext_lazy("Year")),
    "month": (gettext_lazy("CERs by month"), gettext_lazy("Month")),
    "host": (gettext_lazy("CERs by host Party"), gettext_lazy("Host Party")),
    "subregion": (gettext_lazy("CERs by subregion"), gettext_lazy("Subregion")),
    "un_group": (gettext_lazy("CERs by UN regional group"), gettext_lazy("UN regional group")),
    "ldc": (gettext_lazy("CERs of least developed countries"), gettext_lazy("Least developed country")),
    "sids": (gettext_lazy("CERs of small island developing States"), gettext_lazy("Small island developing State")),
    "type": (gettext_lazy("CERs by type"), gettext_lazy("Type")),
    "scope": (gettext_lazy("CERs by sectoral scope"), gettext_lazy("Sectoral scope")),
    "scale": (gettext_lazy("CERs by scale"), gettext_lazy("Scale")),
    "method": (gettext_lazy("CERs by methodology"), gettext_lazy("Methodology")),
    "verifier": (gettext_lazy("CERs by verifier"), gettext_lazy("Verified by")),
    "period": (gettext_lazy("CERs by commitment period"), gettext_lazy("Commitment period")),
    "kind": (gettext_lazy("CERs of project activities and of programmes"), gettext_lazy("Kind")),
}
BY_TIME = ("year", "month")
OVERLAPPING = ("method",)  # an issuance counts in each methodology of its activity
FEW = 4  # of so many groups at most the finding tells that they have more than half together


@dataclass(frozen=True)
class IssuanceGroup:
    """Group of issuances: those of a year, of a host Party and so on. `share` in per mille of all CERs; `running` total at its end."""

    value: str
    label: str
    cers: int
    issuances: int
    activities: int | None = None
    parties: int | None = None
    share: int = 0
    running: int | None = None
    is_part: bool = False

    @property
    def percent(self):
        return f"{self.share // 10}.{self.share % 10}"


@dataclass(frozen=True)
class Breakdown:
    """Breakdown of all CERs issued by a day. Groups by time are in its order, others by their CERs."""

    name: str
    groups: list[IssuanceGroup]
    total: int

    @property
    def heading(self):
        return BREAKDOWNS[self.name][0]

    @property
    def column(self):
        return BREAKDOWNS[self.name][1]

    @property
    def is_by_time(self):
        return self.name in BY_TIME

    @property
    def has_parties(self):
        """Whether the number of host Parties of a group tells anything."""
        return not self.is_by_time and self.name != "host"

    @property
    def overlaps(self):
        return self.name in OVERLAPPING

    def first(self, count):
        """The first groups, and one of all others: what a summary shows."""
        shown, others = self.groups[:count], self.groups[count:]
        if len(others) < 2 or self.overlaps:
            return [*shown, *([] if self.overlaps else others)]
        cers = sum(group.cers for group in others)
        label = _("All %(count)s others") % {"count": len(others)}
        return [*shown, IssuanceGroup("", label, cers, sum(group.issuances for group in others), share=share_of(cers, self.total))]

    @property
    def finding(self):
        """The sentence that the numbers bear out."""
        if not self.groups:
            return ""
        if self.is_by_time:
            top = max(self.groups, key=lambda group: group.cers)
            return _("Most CERs came in %(when)s: %(cers)s") % {"when": top.label, "cers": f"{top.cers:,}"}
        top = self.groups[0]
        if self.overlaps or len(self.groups) == 1:
            return _("%(name)s leads with %(percent)s %% of all CERs") % {"name": top.label, "percent": top.percent}
        together = 0
        for place, group in enumerate(self.groups[:FEW], 1):
            together += group.cers
            if 2 * together > self.total:
                return told_of_half([one.label for one in self.groups[:place]], share_of(together, self.total))
        return _("%(name)s leads with %(percent)s %% of all CERs") % {"name": top.label, "percent": top.percent}


def told_of_half(names, share):
    percent = f"{share // 10}.{share % 10}"
    if len(names) == 1:
        return _("More than half of all CERs: %(name)s, %(percent)s %%") % {"name": names[0], "percent": percent}
    listed = _("%(names)s and %(last)s") % {"names": ", ".join(map(str, names[:-1])), "last": names[-1]}
    return _("More than half of all CERs: %(names)s, together %(percent)s %%") % {"names": listed, "percent": percent}


def share_of(cers, total):
    """Share of a total in per mille, rounded half up."""
    return (2000 * cers + total) // (2 * total) if total else 0


def source_of(registry):
    if registry.is_sample:
        return _("Source: running totals that this portal worked out of the UNFCCC release of 3 November 2023.")
    return _("Source: UNFCCC release of %(day)s.") % {"day": long_day(registry.release.as_of)}


def breakdown(registry, name):
    """The Breakdown of a name of BREAKDOWNS at the registry's moment, or None where there is none: of the sample only years are told."""
    if name == "year":
        return of_years(registry)
    if registry.is_sample:
        return None
    if name == "month":
        return of_months(registry)
    (totals, day), total_of = registry.totals(), registry.table.dimensions[name].all_at
    groups = [
        IssuanceGroup(value, label_of(name, value), one.cers, one.issuances, one.activities, one.parties, share_of(one.cers, totals.cers))
        for value, one in total_of(day).items()
    ]
    return Breakdown(name, sorted(groups, key=lambda group: (-group.cers, str(group.label))), totals.cers)


def label_of(name, value):
    if value == NOT_GIVEN:
        return _("Not given")
    if name == "host":
        return party(value).name
    if name == "period":
        return str(PERIODS.get(value, value))
    label = FACET[name].label_of(value) if name in FACET else value
    return f"{value} {label}" if name == "scope" and value.isdecimal() else str(label)


def of_years(registry):
    if not (days := issued_days(registry)):
        return Breakdown("year", [], 0)
    first, end = days
    spans = [(str(year), str(year), date(year, 12, 31)) for year in range(first.year, end.year + 1)]
    return by_time(registry, "year", spans, end)


def of_months(registry):
    if not (days := issued_days(registry)):
        return Breakdown("month", [], 0)
    first, end = days
    count = 12 * (end.year - first.year) + end.month - first.month + 1
    starts = [date(first.year + month // 12, month % 12 + 1, 1) for month in range(first.month - 1, first.month - 1 + count)]
    spans = [(f"{start:%Y-%m}", date_format(start, "F Y"), start.replace(day=monthrange(start.year, start.month)[1])) for start in starts]
    return by_time(registry, "month", spans, end)


def issued_days(registry):
    """(the day of the first CERs, the day up to which the totals go), or None before the first."""
    totals, day = registry.totals()
    return (first_day(registry), date.fromordinal(day)) if totals.issuances else None


def by_time(registry, name, spans, end):
    """Breakdown by (value, label, last day) of spans that follow one another; the last one may end before its last day."""
    groups, before, total = [], Totals(), registry.totals()[0].cers
    for value, label, last in spans:
        upto = registry.totals_by(min(last, end).toordinal())
        cers, issuances = upto.cers - before.cers, upto.issuances - before.issuances
        groups.append(IssuanceGroup(value, label, cers, issuances, share=share_of(cers, total), running=upto.cers, is_part=end < last))
        before = upto
    return Breakdown(name, groups, total)


def chart_of_years(registry):
    """The chart of CERs by year, or None before the first ones."""
    years = of_years(registry)
    if not years.groups:
        return None
    by_year = {int(group.value): group.cers for group in years.groups}
    half = None if registry.is_sample else registry.table.dimensions["total"].reached(years.total // 2)
    title = _("Half of all CERs were issued by %(day)s") % {"day": long_day(date.fromordinal(half))} if half else years.finding
    return year_chart(by_year, date.fromordinal(registry.totals()[1]), title=title)


def statuses(registry):
    """(value, label, how many) of the activities by status, as of the release: no other day's status is known."""
    bitmaps = registry.table.index.bitmaps["status"]
    return [(value, FACET["status"].label_of(value), count) for value, bits in bitmaps.items() if (count := bits.bit_count())]


def first_day(registry):
    """The day of the first CERs."""
    days = running_totals()[0] if registry.is_sample else registry.table.days
    return date.fromordinal(days[0]) if len(days) else None


@cache
def published():
    """(day, how many, source) of the registered project activities as others have published it: our own table, registered.csv."""
    with Path(__file__).with_name("registered.csv").open(encoding="utf-8", newline="") as file:
        return [(date.fromisoformat(row["day"]), int(row["count"]), row["source"]) for row in csv.DictReader(file)]


def published_near(day):
    """The last published number by a day, and the first after it; neither need be there."""
    before = [found for found in published() if found[0] <= day]
    return before[-1:] + [found for found in published() if found[0] > day][:1]
