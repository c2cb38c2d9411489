"""Calendars to subscribe to (RFC 5545, RFC 7986), from entries that an app gives: the same bytes for the same record and moment.

Times are in UTC, without definitions of zones, which calendar programs read each in their own way; the local time stands in words in the
description. Nothing in a file tells when it was asked for.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import uuid5
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, vText

from publishing.addresses import THINGS
from publishing.dates import Precision, instant

# How long what is past stays, what was cancelled counted from its day, and after what time programs ask again.
PAST, CANCELLED, REFRESHED = timedelta(days=365), timedelta(days=7), timedelta(hours=12)
LONGEST = 74
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
PRODUCT = "-//CDM portal//Calendars//EN"


def permanent_uid(reference, part=1):
    """The UID of a thing's entry, by its reference; a thing of several entries numbers their parts from 1. It tells no date and no host."""
    return uuid5(THINGS, reference if part == 1 else f"{reference}#{part}").urn


@dataclass(frozen=True)
class CalendarEntry:
    """Event. `start` and `end` are days, the last one included, or instants; an instant may have no end.

    `sequence` counts the earlier editions that changed its dates, place or status; `changed` is when its edition came into force. `zone` is
    that of the local time in its description. What is known to a month or year only is in no calendar.
    """

    uid: str
    title: str
    start: date | datetime
    end: date | datetime | None
    changed: datetime
    sequence: int = 0
    address: str = ""
    place: str = ""
    description: str = ""
    zone: ZoneInfo | None = None
    precision: str = Precision.DAY
    is_tentative: bool = False
    is_cancelled: bool = False

    @property
    def has_times(self):
        return isinstance(self.start, datetime)

    @property
    def over(self):
        """The instant at which it is over."""
        last = self.end or self.start
        return last if self.has_times else instant(last + timedelta(days=1))

    @property
    def leaves(self):
        """The instant at which it leaves the subscription."""
        return self.over + (CANCELLED if self.is_cancelled else PAST)

    @property
    def local_time(self):
        """The times in words, in the zone of the entry."""
        if not self.has_times or self.zone is None:
            return ""
        ends = [each.astimezone(self.zone) for each in (self.start, self.end) if each]
        return _("{times} ({zone})").format(times=" – ".join(f"{end:%d %B %Y %H:%M}" for end in ends), zone=self.zone.key)

    @property
    def heading(self):
        return _("Cancelled: {title}").format(title=self.title) if self.is_cancelled else self.title


def kept(entries, at, is_all=False):
    """The entries that the calendar has at `at`, in their order; the past goes after a year, unless all are asked for."""
    found = [entry for entry in entries if entry.precision == Precision.DAY and (at < entry.leaves or (is_all and not entry.is_cancelled))]
    return sorted(found, key=lambda entry: (instant(entry.start), entry.uid))


def clean_text(text):
    """Text without the control characters that no calendar may hold; lines end in a newline."""
    return text if text.isprintable() else CONTROL.sub(" ", text.replace("\r\n", "\n"))


@lru_cache(maxsize=2000)
def event_lines(entry, _language):
    """The bytes of an entry's event: those of the library, which takes ten times as long (`event_of` in the tests)."""
    end = entry.end if entry.has_times else (entry.end or entry.start) + timedelta(days=1)
    description = "\n\n".join(filter(None, (entry.local_time, entry.description, entry.address)))
    changed = moment_value(entry.changed)
    values = (
        ("SUMMARY:", escaped(entry.heading)),
        ("DTSTART", moment_value(entry.start)),
        ("DTEND", moment_value(end) if end else ""),
        ("DTSTAMP", changed),
        ("UID:", escaped(entry.uid)),
        ("SEQUENCE:", str(entry.sequence)),
        ("DESCRIPTION:", escaped(description)),
        ("LAST-MODIFIED", changed),
        ("LOCATION:", escaped(entry.place)),
        ("STATUS:", "CANCELLED" if entry.is_cancelled else "TENTATIVE" if entry.is_tentative else "CONFIRMED"),
        ("URL:", clean_text(entry.address)),
    )
    lines = (folded(name + value) for name, value in values if value or name == "SUMMARY:")
    return b"\r\n".join((b"BEGIN:VEVENT", *lines, b"END:VEVENT", b""))


def moment_value(at):
    """The end of a line that tells a day or an instant."""
    return f":{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" if isinstance(at, datetime) else f";VALUE=DATE:{at:%Y%m%d}"


def escaped(text):
    """TEXT of RFC 5545 (3.3.11)."""
    text = clean_text(text).replace("\\N", "\n").replace("\\", "\\\\")
    return text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line):
    """The bytes of a line in pieces of less than 75 octets; no piece ends within a letter or an escape."""
    left, pieces = line.encode(), []
    while len(left) > LONGEST:
        cut = LONGEST
        while left[cut] & 0xC0 == 0x80:
            cut -= 1
        cut -= left[cut - 1] in b"\\^"
        pieces.append(left[:cut])
        left = left[cut:]
    return b"\r\n ".join((*pieces, left))


def calendar(name, entries):
    """The bytes of a calendar of the name with these entries."""
    made, language = Calendar(), get_language()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for label in ("name", "x-wr-calname"):
        made.add(label, vText(clean_text(name)))
    made.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT12H")
    head, end = made.to_ical().split(b"END:VCALENDAR")
    return b"".join([head, *(event_lines(entry, language) for entry in entries), b"END:VCALENDAR", end])


def calendar_answer(request, name, entries):
    """The calendar at the moment of the request; `?all=1`, which the view declares, gives the past too. The page cache gives its ETag."""
    found = kept(entries, request.moment.at, is_all=request.GET.get("all") == "1")
    return HttpResponse(calendar(name, found), content_type="text/calendar; charset=utf-8")
