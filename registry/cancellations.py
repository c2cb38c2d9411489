"""Cancellations in the CDM registry up to a day: by year, Party, type of activity, platform and type of unit.

Of a release all cancelled blocks are added up once, in cumulative lists as those of issuances are; a page at any day asks no database then.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from markup.lru import LRU, one
from publishing import snapshots
from registry.charts import year_chart
from registry.cumulative import EVERYTHING, Cumulative
from registry.models import CancelledBlockRow
from registry.parties import party
from registry.records import NOT_GIVEN
from registry.statistics import share_of

PLATFORM = {
    "yes": gettext_lazy("Through the platform for voluntary cancellation"),
    "no": gettext_lazy("By other transactions"),
}
# Of each breakdown the heading and the name of what its rows are.
BREAKDOWNS = {
    "year": (gettext_lazy("Units cancelled by year"), gettext_lazy("Year")),
    "host": (gettext_lazy("Units cancelled by host Party"), gettext_lazy("Host Party")),
    "type": (gettext_lazy("Units cancelled by type of activity"), gettext_lazy("Type")),
    "platform": (gettext_lazy("Units cancelled by way"), gettext_lazy("Way")),
    "unit": (gettext_lazy("Units cancelled by type of unit"), gettext_lazy("Unit")),
}
held = LRU(2, one)  # of the release shown now and the one before it
snapshots.instances.append(held)


@dataclass(frozen=True)
class CancelledGroup:
    """Group of cancelled units: those of a year, a Party and so on. `share` in per mille of all; `running` total at its end, of years."""

    value: str
    label: str
    units: int
    blocks: int
    share: int
    running: int | None = None
    is_part: bool = False

    @property
    def percent(self):
        return f"{self.share // 10}.{self.share % 10}"


@dataclass(frozen=True)
class CancelledBreakdown:
    """Breakdown of all units cancelled by a day; years in their order, other groups by their units."""

    name: str
    groups: list
    total: int

    @property
    def heading(self):
        return BREAKDOWNS[self.name][0]

    @property
    def column(self):
        return BREAKDOWNS[self.name][1]

    @property
    def is_by_time(self):
        return self.name == "year"

    @property
    def finding(self):
        """The sentence that the numbers bear out."""
        if not self.groups:
            return ""
        top = max(self.groups, key=lambda group: group.units)
        if self.is_by_time:
            return _("Most units were cancelled in %(year)s: %(units)s") % {"year": top.label, "units": f"{top.units:,}"}
        told = {"name": top.label, "percent": top.percent}
        return _("%(name)s: %(percent)s %% of all units cancelled") % told


class Cancellations:
    """Cancelled units of a release, by the breakdowns."""

    def __init__(self, registry):
        table = registry.table
        types = {place: value for value, bits in table.index.bitmaps["type"].items() for place in table.index.rows_of(bits)}
        rows = registry.rows(CancelledBlockRow).order_by().annotate(day=Cast("completed", DateField()))
        names = ("day", "party", "reference", "is_voluntary", "unit_type")
        counted = rows.values_list(*names).annotate(units=Sum("units"), blocks=Count("pk"))
        found = sorted(counted, key=lambda row: row[0])
        keys = {
            "total": lambda _row: EVERYTHING,
            "host": lambda row: row[1],
            "type": lambda row: types.get(table.place(row[2]), NOT_GIVEN),
            "platform": lambda row: "yes" if row[3] else "no",
            "unit": lambda row: row[4],
        }
        self.dimensions = {name: Cumulative.of((key(row), as_issued(row)) for row in found) for name, key in keys.items()}
        self.blocks = {name: Cumulative.of((key(row), (*as_issued(row)[:1], row[6], 0, 0)) for row in found) for name, key in keys.items()}
        self.first = found[0][0] if found else None

    def totals(self, day, name="total", group=EVERYTHING):
        """(units, blocks, activities, Parties) of a group by a day (ordinal)."""
        found = self.dimensions[name].at(day, group)
        return found.cers, self.blocks[name].at(day, group).cers, found.activities, found.parties

    def breakdown(self, name, day):
        total = self.totals(day)[0]
        if name == "year":
            return CancelledBreakdown(name, self.years(day, total), total)
        groups = [
            CancelledGroup(value, label_of(name, value), totals.cers, self.blocks[name].at(day, value).cers, share_of(totals.cers, total))
            for value, totals in self.dimensions[name].all_at(day).items()
        ]
        return CancelledBreakdown(name, sorted(groups, key=lambda group: (-group.units, group.label)), total)

    def years(self, day, total):
        if self.first is None or self.first.toordinal() > day:
            return []
        groups, before = [], (0, 0)
        for year in range(self.first.year, date.fromordinal(day).year + 1):
            end = date(year, 12, 31).toordinal()
            units, blocks = self.totals(min(end, day))[:2]
            own = units - before[0], blocks - before[1]
            groups.append(CancelledGroup(str(year), str(year), *own, share_of(own[0], total), running=units, is_part=end > day))
            before = units, blocks
        return groups

    def chart(self, day):
        """The chart of units cancelled by year, or None before the first ones."""
        years = self.breakdown("year", day)
        by_year = {int(group.value): group.units for group in years.groups}
        return year_chart(by_year, date.fromordinal(day), title=years.finding)


def as_issued(row):
    """What the cumulative lists take of a row: day, units, activity, Party."""
    return row[0].toordinal(), row[5], row[2] or 0, row[1]


def label_of(name, value):
    if value == NOT_GIVEN:
        return _("Not given")
    if name == "host":
        return party(value).name
    return str(PLATFORM[value]) if name == "platform" else value


def cancellations_of(registry):
    """The Cancellations of a Registry with a release."""
    return held.get_or_make((registry.release.number, registry.release.entry), lambda: Cancellations(registry))
