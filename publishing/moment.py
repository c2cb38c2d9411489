"""Moments: the instant at which a request reads the record, and the version of the record there."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import DateTimeField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Greatest, Least

from publishing import clock
from publishing.models import Edition, Record, Turn

ASKED = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{6})?)?))?\Z", re.ASCII)

# An entry bears the time at which it was begun and is seen once it is committed. Until a moment is this long past, an entry that bears
# it may still come, so what is said of it is not final (docs/adr/0008-closed-moments.md).
SETTLING = timedelta(seconds=5)


class Version(NamedTuple):
    """State of the public site: (last number recorded, latest `live_from` not after the moment, what that entry drew).

    The latest instant at which something turned by the clock alone counts like a `live_from` (publishing/turns.py). What was drawn tells
    two entries of one number apart, where the database was replaced by a copy that lacked the first.
    """

    last: int
    changed: datetime | None
    entry: UUID | None = None

    def comes_after(self, other):
        """Whether both the record and the moment have only gone on since the other version."""
        return bool(other.changed and self.changed and other.last <= self.last and other.changed <= self.changed)


def parse(text):
    """The last instant of the day, minute, second or microsecond that `text` names, in UTC. Raises ValueError.

    >>> parse("2010-03-10T17:07")
    datetime.datetime(2010, 3, 10, 17, 7, 59, 999999, tzinfo=datetime.timezone.utc)
    """
    match = ASKED.match(text)
    if not match:
        raise ValueError(f"{text!r} is not a date like 2010-03-10 or 2010-03-10T17:07")
    day, clock = date.fromisoformat(match[1]), match[2]
    if clock is None:
        return datetime.combine(day, time.max, UTC)
    start = datetime.combine(day, time.fromisoformat(clock), UTC)
    if "." in clock:
        return start
    return start.replace(second=start.second if clock.count(":") == 2 else 59, microsecond=999_999)


@dataclass(frozen=True)
class Reading:
    """Result of one query of the record: the clock then, the time of the last entry, the moment shown and the version there."""

    clock: datetime
    recorded: datetime
    at: datetime
    version: Version


class Moment:
    """Instant at which a request reads the record. Its one query is made when first needed, unless the caller has a reading of now.

    `asked` is the text after `/@`, or None for now. Visitors who ask for a moment see none that is not closed; `sees_future` is asked
    only when it matters. Whoever answers from what is still to be replaced sets `is_provisional`: then no answer is final.
    """

    is_provisional = False

    def __init__(self, asked=None, sees_future=lambda: False, reading=None):
        self.asked = asked
        self._asked_at = parse(asked) if asked else None
        self._sees_future = sees_future
        if reading:
            self.reading = reading

    @property
    def is_now(self):
        return self.asked is None

    @property
    def now(self):
        """Readers' now: the clock, or the time of the last entry if the clock has stepped back behind it."""
        return max(self.reading.clock, self.reading.recorded)

    @property
    def closed(self):
        """The latest moment of which nothing new can be recorded: that of the last entry, or SETTLING ago if that is later."""
        return closed(self.reading)

    @property
    def at(self):
        return self.reading.at

    @property
    def version(self):
        return self.reading.version

    @property
    def stamp(self):
        """The time in the stamp of a page: in the past the moment asked for; now, that of the record's last change."""
        return self.version.changed if self.is_now else self.at

    @property
    def is_future(self):
        return self.at > self.now

    @property
    def is_open(self):
        """Whether what is shown is not final: later the same moment may have another answer."""
        return self.is_provisional or self._asked_at is None or self._asked_at > self.closed

    def watching(self, make):
        """What `make()` gives, and whether it rests on what is still to be replaced; for those who keep it."""
        before, self.is_provisional = self.is_provisional, False
        made = make()
        rests, self.is_provisional = self.is_provisional, before or self.is_provisional
        return made, rests

    @property
    def is_cut_short(self):
        """Whether the moment asked for has not come, so that the visitor sees now instead; a second later that is another answer."""
        return self._asked_at is not None and self.at < self._asked_at

    @cached_property
    def reading(self):
        if self._asked_at is None:
            return read_record("now")
        reading = read_record("asked, if closed", self._asked_at)
        return read_record("asked", self._asked_at) if self._asked_at > closed(reading) and self._sees_future() else reading


def closed(reading):
    return max(reading.clock - SETTLING, reading.recorded)


# The moment at which something last came into force.
LATEST_CHANGE = Subquery(
    Edition.objects.filter(Q(live_to__isnull=True) | Q(live_to__gt=F("live_from")), live_from__lte=OuterRef("moment"))
    .order_by("-live_from")
    .values("live_from")[:1]
)

# The instant at which something last turned by the clock alone.
LATEST_TURN = Subquery(Turn.objects.filter(instant__lte=OuterRef("moment")).order_by("-instant").values("instant")[:1])


def read_record(shown, asked=None):
    """A Reading in one query. `shown` tells which moment is shown: now, the one asked for, or that one if it is closed."""
    clock_now = clock.now()
    moments = {
        "now": Greatest("at", Value(clock_now)),
        "asked": Value(asked, DateTimeField()),
        "asked, if closed": Least(Value(asked, DateTimeField()), Greatest("at", Value(clock_now - SETTLING))),
    }
    rows = Record.objects.annotate(moment=moments[shown], changed=LATEST_CHANGE, turned=LATEST_TURN)
    recorded, at, last, entry, *changes = rows.values_list("at", "moment", "last", "entry", "changed", "turned").get()
    changed = max(filter(None, changes), default=None)
    return Reading(clock_now, recorded, at, Version(last, changed, entry))


def fixed(at):
    """A Moment at exactly the instant `at`, for code without a request."""
    moment = Moment()
    moment._asked_at, moment._sees_future = at, lambda: True
    return moment


def as_of(moment):
    """The moment as a reader of then had it, with its own clock and last entry, for answers that must not depend on what came later."""
    same = Moment()
    same.asked = moment.asked
    same.reading = Reading(moment.at, moment.at, moment.at, moment.version)
    return same


def is_recorded(version):
    """Whether the record has the version's last entry, which may be lost with the database that had it."""
    return version.last == 0 or Edition.objects.filter(number=version.last, entry=version.entry).exists()


def record_version(at):
    """The Version of the record at exactly the instant `at`."""
    return fixed(at).version


def next_change(at):
    """The earliest moment after `at` at which something scheduled comes into force or turns by the clock alone, or None."""
    coming = Edition.objects.pending(at).values_list("live_from", flat=True).first()
    turning = Turn.objects.filter(instant__gt=at).order_by("instant").values_list("instant", flat=True).first()
    return min(filter(None, (coming, turning)), default=None)
