"""Calls for public inputs, and what was submitted to them and published."""

from datetime import UTC, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.questions import QuestionsField
from calls.states import last_close, state_of
from calls.topics import TopicsField, parse_topic
from files.fields import StoredFileField
from publishing import dates
from publishing.content import Content, Draft
from publishing.fields import ThingListField, body_field
from publishing.models import Edition, Thing
from publishing.occasions import meeting_field

HOME = "/public-inputs/"
# Steps of addresses below the list that the portal itself answers.
RESERVED_SLUGS = {"history", "timemap", "preview", "feed", "submissions", "submit", "confirm", "withdraw", "receipt"}
MOST_FILES = 5


class Audience(models.TextChoices):
    PUBLIC = "public", gettext_lazy("Everybody")
    DNAS = "dnas", gettext_lazy("Designated national authorities")
    DOES = "does", gettext_lazy("Designated operational entities")
    PARTIES = "parties", gettext_lazy("Parties")


class Accepts(models.TextChoices):
    TEXT = "text", gettext_lazy("Text only")
    FILE = "file", gettext_lazy("Files only")
    BOTH = "both", gettext_lazy("Text, files or both")


class NameRule(models.TextChoices):
    SHOWN = "shown", gettext_lazy("Always shown")
    WITHHELD = "may-be-withheld", gettext_lazy("May be withheld")


class PublicationRule(models.TextChoices):
    AS_THEY_COME = "as-they-come", gettext_lazy("As they come, once read")
    AFTER_CLOSING = "after-closing", gettext_lazy("After closing")


class LateRule(models.TextChoices):
    REFUSE = "refuse", gettext_lazy("Refused")
    MARK = "mark", gettext_lazy("Accepted and marked, until a moment")
    LINK = "link", gettext_lazy("Only by a personal link from the desk")


class CallContent(Content):
    KIND = "call"
    ERASABLE = (
        "title",
        "summary",
        "body",
        "questions",
        "topics",
        "closes_as_stated",
        "cancelled_reason",
        "outside_address",
        "other_ways",
        "outcome",
        "submissions_seen",
        "source_title",
        "source_url",
    )
    UNIQUE = ("slug",)
    # What the page tells in places of its own.
    APPARATUS = (
        "slug",
        "opens",
        "closes",
        "closes_as_stated",
        "topics",
        "late",
        "late_until",
        "is_cancelled",
        "cancelled_reason",
        "outcome",
        "outcome_papers",
        "outcome_due",
    )
    # The state and the edition of the body, set by the list.
    state = None
    host = None

    title = models.CharField(max_length=200)
    slug = models.SlugField("address", max_length=80, help_text="Last part of the address below /public-inputs/. Old addresses lead here.")
    asked_by = models.ForeignKey(Thing, models.PROTECT, related_name="+", limit_choices_to={"kind": "body"}, verbose_name="asked by")
    of_meeting = meeting_field()
    summary = models.TextField(max_length=400, blank=True, help_text="One or two sentences for lists and search results.")
    body = body_field(verbose_name="what is asked", help_text="Markdown.")
    questions = QuestionsField(help_text="One a line, if answers are to follow them; they are numbered.")
    drafts = ThingListField(help_text="Documents that it is about: one address a line, such as /documents/eb-53-annex-1/.")
    audience = models.CharField("who is asked", max_length=7, choices=Audience, default=Audience.PUBLIC)
    opens = models.DateTimeField(null=True, blank=True, help_text="UTC. Empty: as soon as it is public.")
    closes = models.DateTimeField(null=True, blank=True, help_text="UTC. First instant of being closed: 17 October 00:00 for 24:00.")
    closes_as_stated = models.CharField(
        "closing time in words", max_length=80, blank=True, help_text="As it is announced: “16 October 2012 (24:00 GMT)”."
    )
    opens_day = models.DateField("first day", null=True, blank=True, help_text="Of a call long over of which no time is known.")
    closes_day = models.DateField("last day", null=True, blank=True, help_text="Of a call long over of which no time is known.")
    topics = TopicsField(
        help_text="One a line, if they may be answered apart: “annex-12 | Draft annex 12 | 2026-07-10 24:00 | /documents/annex-12/”."
        " Deadline (UTC) and address may be left out."
    )
    is_cancelled = models.BooleanField("cancelled", default=False)
    cancelled_reason = models.CharField("why it is cancelled", max_length=300, blank=True, help_text="Readers see it.")
    has_form = models.BooleanField("by the form here", default=False, help_text="Only what everybody is asked has the form.")
    outside_address = models.CharField(
        "by a form elsewhere", max_length=500, blank=True, validators=[URLValidator(["http", "https"])], help_text="Starts with https://."
    )
    other_ways = models.CharField(
        "other ways", max_length=400, blank=True, help_text="Mail or post of the secretariat, and another format on request."
    )
    accepts = models.CharField(max_length=4, choices=Accepts, default=Accepts.BOTH)
    languages = models.CharField(max_length=120, blank=True, help_text="In which answers are read, if not in any.")
    names = models.CharField("names of those who answer", max_length=15, choices=NameRule, default=NameRule.WITHHELD)
    publish = models.CharField("submissions are published", max_length=13, choices=PublicationRule, default=PublicationRule.AS_THEY_COME)
    late = models.CharField("late submissions", max_length=6, choices=LateRule, default=LateRule.REFUSE)
    late_until = models.DateTimeField(null=True, blank=True, help_text="UTC. Until when late ones are accepted and marked.")
    outcome = models.TextField(max_length=4000, blank=True, help_text="What came of it. Markdown.")
    outcome_papers = ThingListField(
        verbose_name="documents of the outcome", help_text="One address a line, such as /documents/eb-55-annex-2/."
    )
    outcome_due = models.DateField(null=True, blank=True, help_text="Until when the outcome is promised.")
    submissions_seen = models.CharField(
        "submissions elsewhere", max_length=40, blank=True, help_text="How many the page of the time lists: “5”, “at least 18”."
    )
    privacy_version = models.CharField("version of the privacy text", max_length=20, default="1")
    retention_months = models.PositiveSmallIntegerField(
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text="So long after the last closing addresses are deleted.",
    )
    source_title = models.CharField("source", max_length=300, blank=True, help_text="Where it is told, and of what date.")
    source_url = models.CharField(
        "address of the source", max_length=500, blank=True, validators=[URLValidator(["http", "https"])], help_text="Starts with https://."
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def path(self):
        return f"{HOME}{self.slug}/"

    @property
    def parsed_topics(self):
        """Its CallTopics; a line that tells none, in the preview of a form, is left out."""
        found = []
        for line in self.topics or ():
            try:
                found.append(parse_topic(line))
            except ValidationError:
                continue
        return found

    @property
    def is_of_days(self):
        """Whether no more than days are known of it, so that the clock tells nothing of it."""
        return self.closes is None

    @property
    def first_day(self):
        return self.opens.astimezone(UTC).date() if self.opens else self.opens_day

    @property
    def last_day(self):
        """The last day on which anything of it was open, as announced: that of an instant at midnight is the day before."""
        closes = last_close(self)
        return (closes - timedelta(microseconds=1)).astimezone(UTC).date() if closes else self.closes_day

    @property
    def date(self):
        return self.last_day

    @property
    def shown_date(self):
        """Its days as people read them: `18 July 2011 – 15 August 2011`, or `until 21 September 2004`."""
        last = dates.shown(self.last_day) if self.last_day else ""
        if not self.first_day:
            return _("until %(day)s") % {"day": last} if last else ""
        return f"{dates.shown(self.first_day)} – {last}"

    @property
    def machine_date(self):
        return self.last_day.isoformat() if self.last_day else ""

    @property
    def shown_closing(self):
        """When it closes, in the words in which it is announced, else in UTC; its last day where no more is known."""
        if self.closes_as_stated:
            return self.closes_as_stated
        return shown_instant(self.closes) if self.closes else dates.shown(self.closes_day) if self.closes_day else ""

    @property
    def shown_opening(self):
        return shown_instant(self.opens) if self.opens else dates.shown(self.opens_day) if self.opens_day else ""

    @property
    def shown_late_until(self):
        return _("until %(moment)s") % {"moment": shown_instant(self.late_until)} if self.late_until else ""

    @property
    def shown_last_closing(self):
        """When the last of it closes: as announced, or that of the topic which closes after all others."""
        closes = last_close(self)
        return shown_instant(closes) if closes and closes != self.closes else self.shown_closing

    @property
    def categories(self):
        """For feeds: its state, where the list knows it."""
        return [str(self.state.label)] if self.state else []

    @property
    def year(self):
        return str(self.last_day.year) if self.last_day else ""

    @property
    def order(self):
        """Those that close last come first."""
        return -self.last_day.toordinal() if self.last_day else 0, self.title.casefold(), self.thing_id

    def state_at(self, at):
        return state_of(self, at)

    def clean(self):
        super().clean()
        self.slug = self.slug.lower()
        errors = dict(self.contradictions())
        if errors:
            raise ValidationError(errors)

    def contradictions(self):
        """(field, sentence) of what cannot be so."""
        if self.slug in RESERVED_SLUGS:
            yield "slug", _("The portal itself uses “%(slug)s”. Please choose another address.") % {"slug": self.slug}
        yield from self.wrong_times()
        if self.is_cancelled and not self.cancelled_reason:
            yield "cancelled_reason", _("Readers are told why a call is cancelled.")
        if self.has_form and self.audience != Audience.PUBLIC:
            yield "has_form", _("The form is open to everybody, and so only for calls in which everybody is asked.")
        if self.has_form and self.is_of_days:
            yield "has_form", _("A call with the form needs the instant at which it closes.")

    def wrong_times(self):
        if bool(self.closes) == bool(self.closes_day):
            yield "closes", _("Give the instant at which it closes, or, of a call long over, its last day.")
        elif self.closes_day and (self.opens or self.topics or self.late_until):
            yield "closes", _("A call of which only days are known has neither instants nor topics.")
        if self.closes and self.opens_day:
            yield "opens_day", _("A call that closes at an instant opens at one.")
        if self.closes_day and self.opens_day and self.closes_day < self.opens_day:
            yield "closes_day", _("The end lies before the beginning.")
        if self.closes and self.opens:
            if self.closes <= self.opens:
                yield "closes", _("The end lies before the beginning.")
            if early := next((topic for topic in self.parsed_topics if topic.closes and topic.closes <= self.opens), None):
                yield "topics", _("“%s” would close before the call opens.") % early.title
        if (self.late == LateRule.MARK) != bool(self.late_until):
            yield "late_until", _("Give the moment until which late submissions are accepted where they are, and only there.")
        elif self.late_until and self.closes and self.late_until <= last_close(self):
            yield "late_until", _("Late submissions come after everything is closed.")


def shown_instant(at):
    """An instant in words, with its zone: `16 October 2012, 18:00 UTC`; midnight is the end of the day before: `24:00 UTC`."""
    at = at.astimezone(UTC)
    if at.time() == time.min:
        return f"{dates.shown((at - timedelta(days=1)).date())}, 24:00 UTC"
    return f"{dates.shown(at.date())}, {at:%H:%M} UTC"


class Call(CallContent, Draft):
    class Meta:
        verbose_name = "call for inputs"
        verbose_name_plural = "calls for inputs"


class CallEdition(Edition, CallContent):
    class Meta:
        indexes = [models.Index(fields=["slug"], name="call_edition_slug")]


class PublishedSubmissionContent(Content):
    """Copy of a submission that everybody may read. It holds no address of a person, and nothing that needs hiding later."""

    KIND = "submission"
    ERASABLE = ("name", "organisation", "country", "body", "redaction_reason", *(f"file_{place}" for place in range(1, MOST_FILES + 1)))
    UNIQUE = ("of_call", "submission_number")
    # The edition of its call, set by the list.
    call = None

    of_call = models.ForeignKey(Thing, models.PROTECT, related_name="+", limit_choices_to={"kind": "call"}, verbose_name="call")
    submission_number = models.PositiveIntegerField(
        "number", validators=[MinValueValidator(1)], help_text="Of those published to the call, without gaps. Part of the address."
    )
    submitted = models.DateTimeField(help_text="UTC.")
    submitted_as_stated = models.CharField(
        "submitted, in words", max_length=60, blank=True, help_text="With another zone, as it was printed: “24 Oct 2012 10:59 GMT+2”."
    )
    name = models.CharField("name as shown", max_length=200, blank=True)
    is_withheld = models.BooleanField("name withheld", default=False)
    organisation = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=80, blank=True)
    language = models.CharField(
        max_length=3, blank=True, validators=[RegexValidator(r"^[a-z]{2,3}\Z")], help_text="Code such as en, fr or zh."
    )
    topic = models.CharField(max_length=40, blank=True, help_text="The name at the beginning of the topic's line in the call.")
    body = body_field(help_text="Markdown. What was taken out is marked […].")
    redaction_reason = models.CharField("why words were taken out", max_length=300, blank=True)
    file_1 = StoredFileField(help_text="A cleaned copy under a neutral name.")
    file_2 = StoredFileField()
    file_3 = StoredFileField()
    file_4 = StoredFileField()
    file_5 = StoredFileField()
    is_late = models.BooleanField("late", default=False)
    like_count = models.PositiveIntegerField("others like it", default=0, help_text="How many further submissions say the same.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def title(self):
        return _("Submission %(number)s: %(name)s") % {"number": self.submission_number, "name": self.shown_name}

    @property
    def shown_name(self):
        """Who submitted it: the name, `Name withheld`, or the organisation alone."""
        name = _("Name withheld") if self.is_withheld else self.name
        return name or self.organisation or _("No name")

    @property
    def shown_submitted(self):
        return self.submitted_as_stated or f"{self.submitted.astimezone(UTC):%d %b %Y %H:%M} UTC"

    @property
    def details(self):
        """What the table says below the name: organisation, country, topic, and how many are like it."""
        like = ngettext("and %(count)d like it", "and %(count)d like it", self.like_count) % {"count": self.like_count}
        organisation = self.organisation if self.shown_name != self.organisation else ""
        return " · ".join(filter(None, (organisation, self.country, self.topic_title, like if self.like_count else "")))

    @property
    def topic_title(self):
        """The title of its topic in the call, else the name by which the call knew it."""
        topics = self.call.parsed_topics if self.call else ()
        return next((topic.title for topic in topics if topic.key == self.topic), self.topic)

    @property
    def files(self):
        found = (getattr(self, f"file_{place}") for place in range(1, MOST_FILES + 1))
        return [file for file in found if file]

    @property
    def path(self):
        return f"{self.call.path if self.call else HOME}submissions/{self.submission_number}/"

    @property
    def order(self):
        return self.of_call_id, self.submission_number, self.thing_id

    @property
    def date(self):
        return self.submitted.astimezone(UTC).date()

    @property
    def shown_date(self):
        return dates.shown(self.date)

    @property
    def machine_date(self):
        return self.date.isoformat()

    def clean(self):
        super().clean()
        if self.is_withheld and self.name:
            raise ValidationError({"name": _("A name that is withheld is not written here either.")})
        if not self.is_withheld and not self.name and not self.organisation:
            raise ValidationError({"name": _("Give a name or an organisation, or say that the name is withheld.")})
        names = [file.name for file in self.files]
        if len(set(names)) < len(names):
            raise ValidationError({"file_1": _("Each file needs a name of its own.")})
        if not self.body and not self.files:
            raise ValidationError({"body": _("A submission has a text, a file or both.")})


class PublishedSubmission(PublishedSubmissionContent, Draft):
    class Meta:
        verbose_name = "published submission"


class PublishedSubmissionEdition(Edition, PublishedSubmissionContent):
    class Meta:
        indexes = [models.Index(fields=["of_call", "submission_number"], name="submission_edition_number")]
