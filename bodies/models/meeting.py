"""Meetings of bodies: their days, sittings and status, and what the clock makes of them."""

import math
import re
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from bodies.models.body import CDMBody
from bodies.models.shared import address_field, bound, known_to, put_bounds, refuse_reserved, refuse_what_is_no_body
from bodies.rows import PointsField, parse_point
from bodies.sittings import Sat, SittingsField, check_zone, instant, parse_sitting, parsed, zone_named
from publishing import dates
from publishing.content import Content, Draft
from publishing.dates import Precision
from publishing.fields import ThingListField, body_field
from publishing.models import Edition, Thing
from publishing.occasions import folded


class NumberBasis(models.TextChoices):
    STATED = "stated", "A source states it"
    INFERRED = "inferred", "Inferred from its neighbours"
    NONE = "none", "It has none"


class Mode(models.TextChoices):
    IN_PERSON = "in-person", "In person"
    ONLINE = "online", "Online"
    HYBRID = "hybrid", "In person and online"
    CORRESPONDENCE = "correspondence", "By correspondence"
    UNKNOWN = "unknown", "Not told"


class Status(models.TextChoices):
    """What was last told of a meeting. Whether it was held is told by the clock, and never stored."""

    TENTATIVE = "tentative", "Tentative"
    CONFIRMED = "confirmed", "Confirmed"
    POSTPONED = "postponed", "Postponed"
    MOVED = "moved", "Moved"
    CANCELLED = "cancelled", "Cancelled"


CALLED_OFF = {Status.POSTPONED, Status.MOVED, Status.CANCELLED}


class MeetingContent(Sat, Content):
    KIND = "meeting"
    ERASABLE = (
        "title",
        "designation",
        "sittings",
        "place",
        "country",
        "venue",
        "status_reason",
        "announced_for",
        "points",
        "webcast_url",
        "summary",
        "source_title",
        "source_url",
        "body",
    )
    UNIQUE = ("of_body", "slug")
    # The edition of its body, set by the list of meetings.
    host = None

    of_body = models.ForeignKey(Thing, models.PROTECT, related_name="+", limit_choices_to={"kind": "body"}, verbose_name="body")
    joint_with = ThingListField(help_text="Bodies that met with it: one address a line, such as /panels/ssc-wg/.")
    designation = models.CharField("number", max_length=40, blank=True, help_text="As written: 53, “67 (ext.)”, “first of 2022”, final.")
    number_basis = models.CharField("how the number is known", max_length=8, choices=NumberBasis, default=NumberBasis.STATED)
    ordinal = models.FloatField(
        "place among the numbered", null=True, blank=True, help_text="Such as 53, or 67.1 for one between 67 and 68. Empty: by its date."
    )
    title = models.CharField(
        "name", max_length=120, blank=True, help_text="Such as “EB 53”. Left empty, it is made of the body's pattern and the number."
    )
    slug = models.SlugField(
        "address", max_length=60, help_text="Last part of the address, made of the number and never of the date: 53, 67-ext, 2022-first."
    )
    start = bound("from", "First day, in the zone of the meeting; empty if no source tells.")
    start_precision = known_to("what is known of the first day")
    end = bound("to", "Last day; empty for a meeting of one day, or if no source tells.")
    end_precision = known_to("what is known of the last day")
    sittings = SittingsField(
        help_text=(
            "One a line, where they stand apart or their times are known: “2009-10-14 to 2009-10-16; open” or "
            "“2026-03-30 22:00 for 3:00; closed; Bonn”, in the time zone below."
        )
    )
    zone = models.CharField(
        "time zone", max_length=40, default="Europe/Berlin", validators=[check_zone], help_text="Such as Europe/Berlin."
    )
    mode = models.CharField(max_length=14, choices=Mode, default=Mode.IN_PERSON)
    place = models.CharField(max_length=120, blank=True, help_text="As it was written at the time.")
    country = models.CharField(max_length=80, blank=True)
    venue = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.CONFIRMED)
    status_reason = models.CharField("why", max_length=300, blank=True, help_text="Readers see it beside the status.")
    moved_to = models.ForeignKey(
        Thing, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"kind": "meeting"}, verbose_name="moved to"
    )
    instead_of = models.ForeignKey(
        Thing, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"kind": "meeting"}, verbose_name="held instead of"
    )
    announced_for = models.CharField(max_length=120, blank=True, help_text="Dates that were announced first, in words: “24–27 March 2020”.")
    points = PointsField(
        "decided",
        help_text="One a line: “6 | What was decided, in Markdown. | Where it stands, paragraph 28”. The number is its address.",
    )
    webcast_url = address_field("webcast")
    summary = models.TextField(max_length=400, blank=True, help_text="One or two sentences for lists and search results.")
    source_title = models.CharField("source", max_length=300, blank=True, help_text="Where it is told, and of what date.")
    source_url = address_field("address of the source")
    body = body_field(help_text="Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def label(self):
        return self.title or self.designation

    @property
    def home(self):
        """The address of its body's section."""
        host = self.host or CDMBody.objects.filter(pk=self.of_body_id).only("slug").first()
        return host.home if host else "/panels/"

    @property
    def path(self):
        return f"{self.home}meetings/{self.slug}/"

    @property
    def folded_names(self):
        """What words may call it by: its title, and its number in the pattern of its body."""
        numbered = self.host.name_of_meeting(self.designation) if self.host else ""
        return {folded(name) for name in (self.title, numbered)} - {""}

    @property
    def present(self):
        """Ids of its body and of those that met with it."""
        return [self.of_body_id, *self.joint_with]

    @property
    def first_day(self):
        return self.start

    @property
    def last_day(self):
        """Last day on which it may have sat, or None."""
        if self.end:
            return self.end
        return dates.last_day(self.start, self.start_precision) if self.start else None

    @property
    def order(self):
        """The newest first; those without a date last, by their numbers."""
        return self.start is None, -(self.start or date.min).toordinal(), -(self.ordinal or 0), -self.thing_id

    @property
    def date(self):
        return self.last_day

    @property
    def precision(self):
        return self.end_precision if self.end else self.start_precision

    @property
    def is_exact(self):
        """Whether its days are known, so that it can stand in a calendar."""
        return bool(self.start) and self.start_precision == Precision.DAY and (not self.end or self.end_precision == Precision.DAY)

    @property
    def shown_date(self):
        """Its days as people read them: `22–26 March 2010`, `from April to 4 April 2014`, `May 2012`, or nothing."""
        if not self.start:
            return _("until %(day)s") % {"day": dates.shown(self.end, self.end_precision)} if self.end else ""
        first = dates.shown(self.start, self.start_precision)
        if not self.end or (self.is_exact and self.start == self.end):
            return first
        last = dates.shown(self.end, self.end_precision)
        if not self.is_exact:
            return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return f"{self.start.day}–{last}"
        same_year = self.start.year == self.end.year
        return f"{first.rpartition(' ')[0] if same_year else first} – {last}"

    @property
    def machine_date(self):
        return dates.machine(self.start, self.start_precision) if self.start else ""

    @property
    def year(self):
        return self.start.year if self.start else self.end.year if self.end else None

    @property
    def begins(self):
        """The instant of its first sitting, if one is told of its first day, else that day's midnight in its zone; None without a day."""
        starts = [sitting.start(self.clock) for sitting in self.parsed_sittings]
        if starts and any(sitting.first == self.start for sitting in self.parsed_sittings):
            return min(starts)
        return instant(self.start, time.min, self.clock) if self.start else None

    @property
    def ends(self):
        """The instant from which it is over: the last sitting's end, if one is told of its last day, else the midnight after it.

        Its last day is the last on which it may have sat; None without a day.
        """
        ends = [sitting.end(self.clock) for sitting in self.parsed_sittings]
        if ends and self.is_exact and any(sitting.last == self.last_day for sitting in self.parsed_sittings):
            return max(ends)
        return instant(self.last_day + timedelta(days=1), time.min, self.clock) if self.last_day else None

    def is_held(self, at):
        return self.status not in CALLED_OFF and self.ends is not None and self.ends <= at

    def is_under_way(self, at):
        return self.status not in CALLED_OFF and self.is_exact and self.begins <= at < self.ends

    def is_to_come(self, at):
        return self.status not in CALLED_OFF and self.ends is not None and at < self.ends

    def turning(self):
        """(name, instant) of its beginning and end, where they change what is said of it. Terms of office that a meeting bounds turn on its
        first day in UTC, or at the latest after its month or year."""
        if self.is_exact and self.status not in CALLED_OFF:
            yield "begins", self.begins
        if self.ends and self.status not in CALLED_OFF:
            yield "ends", self.ends
        if self.start:
            first, last = self.start, dates.last_day(self.start, self.start_precision)
            yield "first day", dates.instant(first)
            if last != first:
                yield "first day at the latest", dates.instant(last)
                yield "after it", dates.instant(last + timedelta(days=1))

    def state_at(self, at):
        """What is to be said of it at an instant: its status, and what the clock makes of it."""
        if self.status in CALLED_OFF:
            return self.get_status_display()
        if self.ends is None:
            return ""
        if self.is_held(at):
            return _("Held")
        if self.is_under_way(at):
            return _("Under way")
        return self.get_status_display()

    @property
    def notice(self):
        """What readers of a list must know of its status, with the reason; nothing of one that is confirmed."""
        if self.status == Status.CONFIRMED:
            return ""
        named = self.get_status_display()
        return _("%(status)s: %(reason)s") % {"status": named, "reason": self.status_reason} if self.status_reason else named

    @property
    def in_short(self):
        """Its status, days and place before its summary, for lists and feeds in which nothing else tells them."""
        days = ", ".join(filter(None, (self.shown_date, self.where)))
        return " ".join(filter(None, (self.notice and f"{self.notice.rstrip('.')}.", days and f"{days}.", self.summary)))

    @property
    def parsed_points(self):
        return parsed(self.points, parse_point)

    @property
    def where(self):
        """Place and country, or that it met online."""
        named = ", ".join(filter(None, (self.place, self.country)))
        return named or (self.get_mode_display() if self.mode == Mode.ONLINE else "")

    def clean(self):
        super().clean()
        self.slug = self.slug.lower()
        refuse_reserved(self.slug)
        put_bounds(self, "start", "end")
        if self.ordinal is not None and not (math.isfinite(self.ordinal) and 0 < self.ordinal < 100_000):
            raise ValidationError({"ordinal": _("Write a number above 0, such as 53 or 67.1.")})
        if (self.number_basis == NumberBasis.NONE) == bool(re.search(r"\d", self.designation) and self.ordinal is not None):
            raise ValidationError({"number_basis": _("A meeting with a place among the numbered has a number, stated or inferred.")})
        if self.status in CALLED_OFF and not self.status_reason:
            raise ValidationError({"status_reason": _("Say why: readers see it.")})
        self.check_relations()
        self.check_sittings()
        if not self.title and self.of_body_id and (host := CDMBody.objects.filter(pk=self.of_body_id).first()):
            self.title = host.name_of_meeting(self.designation) or _("Meeting of the %s") % host.name
        if not self.title:
            self.title = self.designation

    def check_relations(self):
        refuse_what_is_no_body(self, "joint_with")
        if self.of_body_id in self.joint_with or len(set(self.joint_with)) < len(self.joint_with):
            raise ValidationError({"joint_with": _("Name each other body once, and not the body itself.")})
        for name in ("moved_to", "instead_of"):
            if self.pk_of_thing() and getattr(self, f"{name}_id") == self.pk_of_thing():
                raise ValidationError({name: _("A meeting cannot stand in place of itself.")})

    def pk_of_thing(self):
        return getattr(self, "thing_id", None)

    def check_sittings(self):
        """Each sitting lies within the meeting, and its wall time exists in the zone."""
        try:
            zone, sittings = zone_named(self.zone), [parse_sitting(line) for line in self.sittings]
        except ValidationError:
            return  # the field itself says what is wrong
        try:
            for sitting in sittings:
                sitting.check(zone)
                if (self.start and sitting.first < self.start) or (self.last_day and sitting.last > self.last_day):
                    raise ValidationError(_("The sitting of %s lies outside the days of the meeting.") % sitting.first)
        except ValidationError as error:
            raise ValidationError({"sittings": error.messages}) from error


class BodyMeeting(MeetingContent, Draft):
    class Meta:
        verbose_name = "meeting"


class MeetingEdition(Edition, MeetingContent):
    class Meta:
        indexes = [models.Index(fields=["of_body", "slug"], name="meeting_edition_address")]
