"""Registry blocks of a release at a moment: those of an activity, and those that hold serial numbers; parts of a Registry (moments.py)."""

from datetime import UTC, date, datetime, time
from operator import attrgetter

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Greatest, Least

from markup.lru import LRU, one
from publishing import snapshots
from registry.models import CancelledBlockRow, IssuedBlockRow, ReleaseEdition
from registry.sample import sample

reports_end = LRU(4, one)  # by the number of a release
snapshots.instances.append(reports_end)


class UnitRows:
    """Part of a Registry that tells of blocks of units, issued and cancelled."""

    def blocks(self, row):
        """IssuedBlockRows of an activity."""
        return list(self.rows(IssuedBlockRow).filter(reference=row.reference).order_by("completed", "pk"))

    def cancellations(self, row):
        """CancelledBlockRows of an activity."""
        return list(self.rows(CancelledBlockRow).filter(reference=row.reference).order_by("completed", "pk"))

    def units(self, row):
        """(completed, type of unit, period, Party, first, last, units, whether cancelled, whether through the platform for voluntary
        cancellation) of an activity's blocks up to the day, issued and cancelled, the newest first; in one query."""
        columns = ("completed", "unit_type", "period", "party", "first", "last", "units")
        issued, cancelled = (
            self.rows(model).filter(reference=row.reference, completed__lte=self.until).order_by().values_list(*columns, *more)
            for model, more in ((IssuedBlockRow, (Value(False), Value(False))), (CancelledBlockRow, (Value(True), F("is_voluntary"))))
        )
        return list(issued.union(cancelled, all=True).order_by("-completed", "-first"))

    @property
    def until(self):
        """Last instant (UTC) of the day of the moment."""
        return datetime.combine(date.fromordinal(self.day), time.max, UTC)

    @property
    def blocks_end(self):
        """Last day (a date) of which the reports of the CDM registry tell, at most that of the moment; None where there are none."""
        told = reports_end.get_or_make(self.release.number, lambda: end_of_reports(self.release)) if self.release else None
        return min(told, date.fromordinal(self.day)) if told else None

    def within(self, model, party, first, last):
        """Rows of a model of blocks that hold numbers of a Party from first to last, by the day of the moment."""
        return self.rows(model).filter(party=party, first__lte=last, last__gte=first, completed__lte=self.until).order_by("first")

    def issued_within(self, party, first, last):
        """IssuedBlockRows that hold numbers of a Party from first to last, in order."""
        return self.within(IssuedBlockRow, party, first, last)

    def cancelled_within(self, party, first, last):
        """CancelledBlockRows of them, in order."""
        return self.within(CancelledBlockRow, party, first, last)

    def units_within(self, party, first, last):
        """(blocks issued, units of the range in them, blocks cancelled, units of the range in them) by the day."""
        units = Sum(Least("last", Value(last)) - Greatest("first", Value(first)) + 1)
        counted = (
            self.within(model, party, first, last).order_by().aggregate(blocks=Count("pk"), units=units)
            for model in (IssuedBlockRow, CancelledBlockRow)
        )
        return tuple(number or 0 for found in counted for number in (found["blocks"], found["units"]))


def end_of_reports(release):
    """The last day of which the reports of a release tell, or of those that it kept from one before it; None where there are none."""
    editions = ReleaseEdition.objects.filter(thing__lte=release.thing_id).order_by("-thing", "-number").values_list("files", flat=True)
    days = (max((file["until"] for file in files if "until" in file), default="") for files in editions)
    last = next(filter(None, days), "")
    return date.fromisoformat(last) if last else None


class SampleUnitRows(UnitRows):
    """The same of the sample, which has blocks of six activities and no cancellations."""

    def blocks(self, row):
        return [block for block in sample().blocks if block.reference == row.reference]

    def units(self, row):
        own = [block for block in self.blocks(row) if block.completed <= self.until]
        own.sort(key=attrgetter("completed", "first"))
        return [
            (block.completed, block.unit_type, block.period, block.party, block.first, block.last, block.units, False, False)
            for block in own[::-1]
        ]

    def issued_within(self, party, first, last):
        own = (block for block in sample().blocks if block.party == party and block.first <= last and block.last >= first)
        return sorted((block for block in own if block.completed <= self.until), key=lambda block: block.first)
