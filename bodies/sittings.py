"""Sittings of a meeting: one a line, a day or days, or a wall time with a length, in the zone of the meeting.

    2009-10-14 to 2009-10-16; open
    2026-03-30 22:00 for 3:00; closed; Bonn; https://example.org/webcast

A wall time that a change of the clock skips is refused; of one that it repeats, `first` or `second` tells which: `02:30 second for 1:00`.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.dates import shown

PARTS = {"open": gettext_lazy("open"), "closed": gettext_lazy("closed"), "joint": gettext_lazy("joint")}
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
WHEN = re.compile(
    rf"(?P<first>{DAY})(?: to (?P<last>{DAY})|"
    r" (?P<time>[0-9]{2}:[0-9]{2})(?: (?P<which>first|second))?(?: for (?P<hours>[0-9]{1,2}):(?P<minutes>[0-5][0-9]))?)?\Z",
    re.ASCII,
)
MOST_SITTINGS = 60
MOST_DAYS = 62
LONGEST_PLACE = 120


def zone_named(name):
    """The zone of an IANA name. Raises ValidationError for what is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValidationError(_("There is no time zone “%s”. Write one such as Europe/Berlin or UTC.") % str(name)[:60]) from error


def check_zone(name):
    zone_named(name)


def instant(day, wall, zone, fold=0):
    """The instant, UTC, of a wall time in a zone."""
    return datetime.combine(day, wall, zone).replace(fold=fold).astimezone(UTC)


@dataclass(frozen=True)
class Sitting:
    """One sitting: whole days from `first` to `last`, or from the wall time `at` on `first` for `length`, where that is known.

    `fold` is 1 for the second of two like wall times.
    """

    first: date
    last: date
    at: time | None = None
    length: timedelta | None = None
    fold: int = 0
    tells_which: bool = False
    part: str = ""
    place: str = ""
    webcast: str = ""

    @property
    def part_label(self):
        return PARTS.get(self.part, "")

    def start(self, zone):
        """The instant at which it begins: midnight of its first day in the zone, where no time is known."""
        return instant(self.first, self.at or time.min, zone, self.fold)

    def end(self, zone):
        """The instant from which it is over: its end, or midnight after its last day, where no length is known."""
        if self.at and self.length:
            return self.start(zone) + self.length
        return instant(self.last + timedelta(days=1), time.min, zone)

    def check(self, zone):
        """Raise ValidationError for a wall time that does not exist in the zone, or exists twice without being told which."""
        if self.at is None:
            return
        shown = {"time": f"{self.first} {self.at:%H:%M}", "zone": zone.key}
        back = self.start(zone).astimezone(zone)
        if (back.date(), back.time()) != (self.first, self.at):
            raise ValidationError(_("There is no %(time)s in %(zone)s: the clock is put forward over it.") % shown)
        is_double = instant(self.first, self.at, zone) != instant(self.first, self.at, zone, 1)
        if is_double and not self.tells_which:
            said = _("%(time)s comes twice in %(zone)s. Write “first” or “second” after it.")
            raise ValidationError(said % shown)
        if self.tells_which and not is_double:
            raise ValidationError(_("%(time)s comes once in %(zone)s. Leave “first” or “second” out.") % shown)


def parse_sitting(line):
    """The Sitting of a line. Raises ValidationError, which quotes the line."""
    when, *others = (piece.strip() for piece in line.split(";"))
    match = WHEN.match(when)
    try:
        if not match:
            raise ValueError
        first = date.fromisoformat(match["first"])
        last = date.fromisoformat(match["last"] or match["first"])
        wall = match["time"] and time.fromisoformat(match["time"])
        length = match["hours"] and timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
        if not timedelta() <= last - first <= timedelta(days=MOST_DAYS) or length == timedelta() or not 1900 <= first.year < 2200:
            raise ValueError
    except ValueError as error:
        said = _("Write a sitting as “2026-03-30 to 2026-04-01; open” or “2026-03-30 22:00 for 3:00; closed; Bonn”, not “%s”.")
        raise ValidationError(said % line[:80]) from error
    found = {"part": "", "place": "", "webcast": ""}
    for piece in filter(None, others):
        name = "part" if piece in PARTS else "webcast" if re.match("https?://", piece) else "place"
        if found[name] or len(piece) > (500 if name == "webcast" else LONGEST_PLACE):
            raise ValidationError(_("A sitting has one part, one place and one webcast at most: “%s”.") % line[:80])
        found[name] = piece
    if found["webcast"]:
        URLValidator(["http", "https"])(found["webcast"])
    which = match["which"]
    return Sitting(first, last, wall or None, length or None, int(which == "second"), bool(which), **found)


def check_sittings(lines):
    """Raise ValidationError unless the value is a list of lines that each tell a sitting, in their order."""
    if not isinstance(lines, list) or len(lines) > MOST_SITTINGS or not all(isinstance(line, str) for line in lines):
        raise ValidationError(_("Give at most %d sittings, one a line.") % MOST_SITTINGS)
    found = [parse_sitting(line) for line in lines]
    starts = [(sitting.first, sitting.at or time.min, sitting.fold) for sitting in found]
    if starts != sorted(starts):
        raise ValidationError(_("Write the sittings in their order, the earliest first."))


class SittingsField(models.JSONField):
    """Sittings of a meeting, one a line."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": list, "blank": True, "validators": [check_sittings]} | options)


class Sat:
    """Mixin of what has `sittings` and a `zone`."""

    @property
    def clock(self):
        """Its zone; UTC in the preview of a form that names none."""
        try:
            return zone_named(self.zone)
        except ValidationError:
            return ZoneInfo("UTC")

    @property
    def parsed_sittings(self):
        return parsed(self.sittings, parse_sitting)


def parsed(lines, parse):
    """What the lines tell; one that tells nothing, in the preview of a form, is left out."""
    found = []
    for line in lines or ():
        with suppress(ValidationError):
            found.append(parse(line))
    return found


def told(sitting, zone):
    """A sitting in words: its days, its time in the zone, and the same in UTC; no times where none are known."""
    first = shown(sitting.first)
    if sitting.at is None:
        return (
            (first if sitting.first == sitting.last else _("%(first)s to %(last)s") % {"first": first, "last": shown(sitting.last)}),
            "",
            "",
        )
    start, end = sitting.start(zone), sitting.end(zone) if sitting.length else None
    spans = []
    for place in (zone, UTC):
        began, ended = start.astimezone(place), end and end.astimezone(place)
        spans.append(f"{began:%H:%M}–{ended:%H:%M}" if ended else f"{began:%H:%M}")
    return first, f"{spans[0]} {zone.key}", f"{spans[1]} UTC"
