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
from icalendar import Calendar, Event, vText

from publishing.addresses import THINGS
from publishing.dates import Precision, instant

# How long what is past stays, what was cancelled counted from its day, and after what time programs ask again.
PAST, CANCELLED, REFRESHED = timedelta(days=365), timedelta(days=7), timedelta(hours=12)
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
    return CONTROL.sub(" ", text.replace("\r\n", "\n"))


@lru_cache(maxsize=2000)
def event_lines(entry, _language):
    """The bytes of an entry's event; the library takes a quarter of a millisecond for each."""
    return event_of(entry).to_ical()


def event_of(entry):
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed.astimezone(UTC))
    event.add("last-modified", entry.changed.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("summary", clean_text(entry.heading))
    event.add("status", "CANCELLED" if entry.is_cancelled else "TENTATIVE" if entry.is_tentative else "CONFIRMED")
    if entry.has_times:
        event.add("dtstart", entry.start.astimezone(UTC))
        if entry.end:
            event.add("dtend", entry.end.astimezone(UTC))
    else:
        event.add("dtstart", entry.start)
        event.add("dtend", (entry.end or entry.start) + timedelta(days=1))
    description = "\n\n".join(filter(None, (entry.local_time, entry.description, entry.address)))
    for name, value in (("description", description), ("location", entry.place), ("url", entry.address)):
        if value:
            event.add(name, clean_text(value))
    return event


def calendar(name, entries):
    """The bytes of a calendar of the name with these entries."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for label in ("name", "x-wr-calname"):
        made.add(label, vText(clean_text(name)))
    made.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT12H")
    head, end = made.to_ical().split(b"END:VCALENDAR")
    return b"".join([head, *(event_lines(entry, get_language()) for entry in entries), b"END:VCALENDAR", end])


def calendar_answer(request, name, entries):
    """The calendar at the moment of the request; `?all=1`, which the view declares, gives the past too. The page cache gives its ETag."""
    found = kept(entries, request.moment.at, is_all=request.GET.get("all") == "1")
    return HttpResponse(calendar(name, found), content_type="text/calendar; charset=utf-8")
