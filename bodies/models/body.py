"""Bodies of the CDM, with what founded them and the seats that they have."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from bodies.models.shared import address_field, bound, known_to, put_bounds, refuse_reserved, refuse_what_is_no_body
from bodies.rows import SeatsField, parse_seat
from bodies.sittings import check_zone, parsed
from publishing import dates
from publishing.content import Content, Draft
from publishing.fields import ThingListField, body_field
from publishing.models import Edition, Thing

# The body that has a section of its own; all others are found below /panels/.
BOARD = "executive-board"
NUMBER_IN_LABEL = "{number}"


class BodyClass(models.TextChoices):
    CONFERENCE = "conference", "Conference"
    BOARD = "board", "Board"
    PANEL = "panel", "Panel"
    WORKING_GROUP = "working-group", "Working group"
    TEAM = "team", "Team"
    FORUM = "forum", "Forum"
    SECRETARIAT = "secretariat", "Secretariat"


class BodyContent(Content):
    KIND = "body"
    ERASABLE = ("name", "short", "aliases", "summary", "founded_by", "dissolved_by", "seats", "source_title", "source_url", "body")
    UNIQUE = ("slug",)
    APPARATUS = ("slug", "position")

    slug = models.SlugField("address", max_length=80, help_text="Last part of the address below /panels/. Old addresses lead here.")
    name = models.CharField(max_length=150)
    short = models.CharField("short name", max_length=20, blank=True, help_text="Such as EB or A/R WG. No two bodies share one.")
    aliases = models.JSONField("other names", default=list, blank=True, help_text="One a line; no two bodies share one.")
    body_class = models.CharField("class", max_length=13, choices=BodyClass)
    parent = models.ForeignKey(
        Thing, models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"kind": "body"}, verbose_name="set up by"
    )
    position = models.PositiveSmallIntegerField(default=10, help_text="Place among the bodies beside it: the lowest comes first.")
    follows = ThingListField(help_text="Bodies whose work it took over: one address a line, such as /panels/ssc-wg/.")
    founded = bound("founded", "Empty if no source tells.")
    founded_precision = known_to("what is known of the founding")
    founded_by = models.CharField("founded by", max_length=300, blank=True, help_text="The decision, with its paragraph.")
    dissolved = bound("dissolved", "Empty while it exists, or if no source tells.")
    dissolved_precision = known_to("what is known of the end")
    dissolved_by = models.CharField("dissolved by", max_length=300, blank=True, help_text="The decision, with its paragraph.")
    seats = SeatsField(help_text="One a line: how many, the role, and the post if there is one, such as “2 member, Annex I” or “1 chair”.")
    meeting_label = models.CharField(
        "how its meetings are called", max_length=60, blank=True, help_text="Such as “EB {number}”. Empty for a body without meetings."
    )
    zone = models.CharField(
        "time zone of its meetings", max_length=40, default="Europe/Berlin", validators=[check_zone], help_text="Such as Europe/Berlin."
    )
    summary = models.TextField(max_length=400, help_text="One or two sentences for lists and search results.")
    source_title = models.CharField("source", max_length=300, blank=True, help_text="Where it is told, and of what date.")
    source_url = address_field("address of the source")
    body = body_field(verbose_name="mandate", help_text="What it does and by what rules. Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def title(self):
        return self.name

    @property
    def label(self):
        return f"{self.name} ({self.short})" if self.short else self.name

    @property
    def order(self):
        return self.position, self.name.casefold(), self.thing_id

    @property
    def path(self):
        return f"/panels/{self.slug}/"

    @property
    def home(self):
        """The address below which its meetings stand; the Board's own section for the Board."""
        return f"/{BOARD}/" if self.slug == BOARD else self.path

    @property
    def names(self):
        return [name for name in (self.short, self.name, *self.aliases) if name]

    @property
    def shown_founding(self):
        return dates.shown(self.founded, self.founded_precision) if self.founded else ""

    @property
    def shown_end(self):
        return dates.shown(self.dissolved, self.dissolved_precision) if self.dissolved else ""

    @property
    def parsed_seats(self):
        return parsed(self.seats, parse_seat)

    def name_of_meeting(self, number):
        """A meeting's name from its number: `EB 53`, or the number alone where the body has no pattern."""
        return self.meeting_label.replace(NUMBER_IN_LABEL, number) if self.meeting_label and number else number

    def clean(self):
        super().clean()
        self.slug = self.slug.lower()
        refuse_reserved(self.slug)
        refuse_what_is_no_body(self, "follows")
        if self.meeting_label and self.meeting_label.count(NUMBER_IN_LABEL) != 1:
            raise ValidationError({"meeting_label": _("Write {number} where the number stands, as in “EB {number}”.")})
        put_bounds(self, "founded", "dissolved")


class CDMBody(BodyContent, Draft):
    class Meta:
        verbose_name = "body"
        verbose_name_plural = "bodies"


class BodyEdition(Edition, BodyContent):
    class Meta:
        indexes = [models.Index(fields=["slug"], name="body_edition_slug")]
