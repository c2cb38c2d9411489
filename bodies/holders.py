"""Who held an office on a day, by terms of which a bound may be known to the month or year only, or not at all. Nothing is guessed.

A term's beginning lies between two days, and so does its end; only a day after the latest beginning and before the earliest end is a day
in office. Terms are half open: on the day of a change the successor holds the office.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from bodies.models import EndKind, StartKind
from publishing import dates
from publishing.dates import Precision

DAY = timedelta(days=1)
YES, NO, PERHAPS = "yes", "no", "perhaps"


@dataclass(frozen=True)
class Span:
    """Days between which a term began, and between which it ended; both are days of the change itself."""

    began_from: date
    began_by: date
    ended_from: date
    ended_by: date

    def holds(self, day):
        if self.began_by <= day < self.ended_from:
            return YES
        return NO if day < self.began_from or day >= self.ended_by else PERHAPS

    @property
    def is_exact(self):
        return self.began_from == self.began_by and self.ended_from == self.ended_by


def span_of(term, meetings):
    """The Span of a term; `meetings` gives the meeting of an id, or nothing for one that is not listed."""
    first, last = term.start, term.start and dates.last_day(term.start, term.start_precision)
    met = meetings.get(term.start_meeting_id)
    if met and met.start and (first is None or met.start_precision == Precision.DAY):
        first, last = met.start, dates.last_day(met.start, met.start_precision)
    first, last = first or date.min, last or date.max
    if term.start_kind == StartKind.SEEN:
        return Span(date.min, first, *(ending(term, meetings) or (last + DAY, date.max)))
    if term.start_precision == Precision.YEAR and first.year == last.year and term.end_kind == EndKind.UNKNOWN:
        return Span(first, first, last + DAY, date.max)  # “Chair in 2011” holds throughout that year, and says no more
    return Span(first, last, *(ending(term, meetings) or (last + DAY, date.max)))


def ending(term, meetings):
    """(earliest, latest) day of the end, or None where it is unknown. A term until a meeting ends on that meeting's first day."""
    if term.end_kind == EndKind.OPEN:
        return date.max, date.max
    met = meetings.get(term.end_meeting_id) if term.end_kind == EndKind.MEETING else None
    if met and met.start:
        day, precision = met.start, met.start_precision
    elif term.end and term.end_kind in {EndKind.DATE, EndKind.MEETING}:
        day, precision = term.end, term.end_precision
    else:
        return None
    if precision == Precision.DAY:
        return day, day
    latest = dates.last_day(day, precision) + DAY
    # Of a meeting that is not listed only its year may be known; whether it was held then is not.
    return dates.first_day(day, precision), date.max if term.end_kind == EndKind.MEETING and not met else latest


@dataclass(frozen=True)
class Holders:
    """Answer for one role of a body on a day: `people` are the terms; without any, the seat is `vacant` or its holder not known.

    `perhaps` are the terms that may have been running.
    """

    people: list = field(default_factory=list)
    perhaps: list = field(default_factory=list)
    is_vacant: bool = False

    @property
    def words(self):
        """What is said where nobody is named."""
        return "" if self.people else _("vacant") if self.is_vacant else _("not known")


def holders(body, role, day, terms, meetings, post=""):
    """The Holders of a role in a body on a day. Vacant is a seat of which the last term ended on a known day and left it so."""
    own = [term for term in terms if (term.role, term.post) == (role, post)]
    spans = {term.thing_id: span_of(term, meetings) for term in own}
    standing = {term.thing_id: spans[term.thing_id].holds(day) for term in own}
    people = [term for term in own if standing[term.thing_id] == YES]
    perhaps = [term for term in own if standing[term.thing_id] == PERHAPS]
    ended = [term for term in own if standing[term.thing_id] == NO and spans[term.thing_id].ended_by <= day]
    latest = max(ended, key=lambda term: spans[term.thing_id].ended_by, default=None)
    has_seat = any((seat.role, seat.post) == (role, post) for seat in body.parsed_seats)
    is_over = bool(body.dissolved) and body.dissolved_precision == Precision.DAY and body.dissolved <= day
    is_vacant = not people and not perhaps and has_seat and latest is not None and latest.left_vacant and not is_over
    return Holders(people, perhaps, is_vacant)


def overlap(one, other, meetings):
    """Whether two terms of one seat, both known to the day, overlap."""
    first, second = span_of(one, meetings), span_of(other, meetings)
    known = first.is_exact and second.is_exact and StartKind.SEEN not in {one.start_kind, other.start_kind}
    return known and first.began_by < second.ended_by and second.began_by < first.ended_by


def may_overlap(one, other, meetings):
    """Whether two terms of one seat overlap for certain on some day, however their bounds are known."""
    first, second = span_of(one, meetings), span_of(other, meetings)
    return max(first.began_by, second.began_by) < min(first.ended_from, second.ended_from)


def shown_start(term, meetings):
    """How a term began, in words: “since 27 February 2012”, “in 2011”, “seen on 31 May 2013”."""
    met = meetings.get(term.start_meeting_id)
    day = dates.shown(term.start, term.start_precision) if term.start else (met.shown_date if met else _("a day that is not known"))
    if term.start_kind == StartKind.SEEN:
        return _("named on %s") % day if term.start_precision == Precision.DAY else _("named in %s") % day
    if term.start_precision == Precision.YEAR and term.end_kind == EndKind.UNKNOWN:
        return _("in %s") % day
    return _("from %s") % day


def shown_end(term, meetings):
    """How a term ended, in words; nothing where only its year is known."""
    met = meetings.get(term.end_meeting_id) if term.end_kind == EndKind.MEETING else None
    if term.end_kind == EndKind.OPEN:
        return _("still in office")
    if met:
        return _("until %(meeting)s, %(day)s") % {"meeting": met.label, "day": met.shown_date} if met.start else _("until %s") % met.label
    if term.end_words:
        return term.end_words
    if term.end_kind == EndKind.DATE:
        return _("until %s") % dates.shown(term.end, term.end_precision)
    return "" if term.start_precision == Precision.YEAR else _("end not known")
