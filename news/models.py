"""News items, the numbered issues of the digest, and audio recordings."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _

from files.fields import StoredFileField
from files.inspectors import audio
from files.inspectors.refusal import Refused
from news.topics import Topic, TopicListField, check_topics
from publishing import dates
from publishing.content import DatedContent, Draft
from publishing.dates import Precision
from publishing.fields import ThingListField, body_field
from publishing.models import Edition
from publishing.occasions import meeting_field

SOUND = {"mp3", "ogg"}
# Steps that the portal itself answers below /audio/.
RESERVED_SLUGS = {"history", "timemap", "preview", "feed"}


class Topical:
    """Mixin of content classes with topics, for lists and feeds."""

    @property
    def known_topics(self):
        return [Topic(name) for name in self.topics if name in Topic.values]

    @property
    def categories(self):
        return [topic.label for topic in self.known_topics]


class NewsItemContent(Topical, DatedContent):
    KIND = "newsitem"
    ERASABLE = ("title", "summary", "source_title", "source_url", "body")
    UNIQUE = ("slug", "date")
    APPARATUS = ("slug", "topics", "related", "of_meeting")

    date = models.DateField(help_text="Day of the event, or of its announcement. Part of the address.")
    precision = models.CharField(
        "what is known of the date",
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text="Where only the month or the year is known, the item is kept under its last day and shows no more than is known.",
    )
    title = models.CharField(max_length=200)
    slug = models.SlugField(
        "address", max_length=80, help_text="Last part of the address, after the date: small letters, digits and hyphens."
    )
    summary = models.TextField(max_length=400, help_text="One or two sentences for lists, feeds and search results.")
    topics = TopicListField(help_text="Each topic has a list and feeds of its own.")
    of_meeting = meeting_field()
    related = ThingListField(help_text="What belongs to this item: one address a line, such as /about/ccs/.")
    source_title = models.CharField("source", max_length=300, blank=True, help_text="Who reported it, and in what.")
    source_url = models.CharField(
        "address of the source",
        max_length=500,
        blank=True,
        validators=[URLValidator(["http", "https"])],
        help_text="Starts with https:// or http://.",
    )
    body = body_field(help_text="Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def path(self):
        return f"/news/{self.date.isoformat().replace('-', '/')}/{self.slug}/"

    def clean(self):
        super().clean()
        check_topics(self.topics)
        self.slug = self.slug.lower()
        if self.date and self.precision in Precision.values:
            self.date = dates.last_day(self.date, self.precision)


class NewsItem(NewsItemContent, Draft):
    class Meta:
        verbose_name = "news item"


class NewsItemEdition(Edition, NewsItemContent):
    class Meta:
        indexes = [models.Index(fields=["slug", "date"], name="newsitem_edition_address")]


class NewsletterContent(DatedContent):
    KIND = "newsletter"
    ERASABLE = ("title", "summary", "body")
    UNIQUE = ("issue_number",)

    # `issue` and `number` are taken: a kind of thing, and the number of the edition.
    issue_number = models.PositiveIntegerField("number", help_text="Number of the issue, which is its address too.")
    date = models.DateField(help_text="Day of the issue.")
    title = models.CharField(max_length=200)
    summary = models.TextField(max_length=400, help_text="One or two sentences for lists, feeds and search results.")
    items = ThingListField(
        verbose_name="news items",
        help_text="The items that the issue gathers: one address a line, such as /news/2010/03/08/agenda-eb-53/, in their order.",
    )
    body = body_field(verbose_name="lead", help_text="Stands above the items. Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def path(self):
        return f"/newsletters/{self.issue_number}/"

    @property
    def order(self):
        return -self.issue_number, -self.thing_id

    def clean(self):
        super().clean()
        if self.issue_number == 0:
            raise ValidationError({"issue_number": _("Issues are numbered from 1.")})


class Newsletter(NewsletterContent, Draft):
    class Meta:
        verbose_name = "newsletter"


class NewsletterEdition(Edition, NewsletterContent):
    class Meta:
        indexes = [models.Index(fields=["issue_number"], name="newsletter_edition_issue")]


class RecordingContent(Topical, DatedContent):
    KIND = "recording"
    ERASABLE = ("title", "summary", "speaker", "file", "body")
    UNIQUE = ("slug",)
    APPARATUS = ("slug", "topics")

    date = models.DateField(help_text="Day on which it was published here.")
    title = models.CharField(max_length=200)
    slug = models.SlugField("address", max_length=80, help_text="Last part of the address: small letters, digits and hyphens.")
    summary = models.TextField(max_length=400, help_text="One or two sentences for lists, the podcast feed and search results.")
    topics = TopicListField(help_text="The list can be narrowed by topic.")
    speaker = models.CharField(max_length=120, help_text="Who is heard, or that it is a speech synthesiser.")
    file = StoredFileField(blank=False, help_text="MP3 or Ogg.")
    seconds = models.PositiveIntegerField("length in seconds", default=0, editable=False)
    body = body_field(verbose_name="transcript", help_text="Every word that is heard. Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def path(self):
        return f"/audio/{self.slug}/"

    @property
    def file_path(self):
        return f"{self.path}{self.file.name}" if self.file else ""  # a draft may still be without its file

    @property
    def length(self):
        """Length as players show it: `1:02` or `1:00:05`."""
        hours, minutes, seconds = str(timedelta(seconds=self.seconds)).split(":")
        return f"{hours}:{minutes}:{seconds}" if hours != "0" else f"{int(minutes)}:{seconds}"

    @property
    def machine_length(self):
        """For <time datetime>."""
        return f"PT{self.seconds}S"

    def clean(self):
        super().clean()
        check_topics(self.topics)
        self.slug = self.slug.lower()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("The portal itself uses “%(slug)s”. Please choose another address.") % {"slug": self.slug}})
        if self.file:
            self.seconds = length_of(self.file)


class Recording(RecordingContent, Draft):
    class Meta:
        verbose_name = "recording"


class RecordingEdition(Edition, RecordingContent):
    class Meta:
        indexes = [models.Index(fields=["slug"], name="recording_edition_slug")]


def length_of(stored):
    """Length of a stored sound file in seconds. Raises ValidationError for any other file."""
    if stored.extension not in SOUND:
        raise ValidationError({"file": _("A recording is an MP3 or Ogg file.")})
    try:
        with stored.open() as file:
            return max(1, round(audio.seconds(file, stored.size, stored.extension)))
    except Refused as error:
        raise ValidationError({"file": _("This file cannot be played: %(error)s") % {"error": error}}) from error
    except FileNotFoundError as error:
        raise ValidationError({"file": _("The store has lost this file. Please upload it again.")}) from error
