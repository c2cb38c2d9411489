"""Terms of office: who held which role of a body, from when and until when."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from bodies.models.shared import address_field, bound, known_to, put_bounds
from bodies.roles import Role
from publishing.content import Content, Draft
from publishing.models import Edition, Thing
from publishing.occasions import folded


class StartKind(models.TextChoices):
    KNOWN = "known", "It began then"
    SEEN = "seen", "Seen in office then; it began earlier"


class EndKind(models.TextChoices):
    DATE = "date", "On a date"
    MEETING = "meeting", "At a meeting"
    OPEN = "open", "Still in office"
    UNKNOWN = "unknown", "Sources are silent"


class Basis(models.TextChoices):
    ELECTED = "elected", "Elected"
    APPOINTED = "appointed", "Appointed"
    NAMED = "named", "Named in a source"


class OfficeContent(Content):
    KIND = "office"
    ERASABLE = ("person", "on_behalf_of", "end_words", "end_reason", "source_title", "source_url")
    APPARATUS = ("person_key",)

    person = models.CharField(max_length=120, help_text="The name as printed.")
    person_key = models.SlugField(
        "key of the person",
        max_length=80,
        blank=True,
        help_text="The same for all terms of one person, however the name is spelt; empty where it is always spelt alike.",
    )
    of_body = models.ForeignKey(Thing, models.PROTECT, related_name="+", limit_choices_to={"kind": "body"}, verbose_name="body")
    role = models.CharField(max_length=19, choices=Role)
    post = models.CharField(max_length=60, blank=True, help_text="The constituency, such as “Annex I”, if there is one.")
    on_behalf_of = models.CharField("on behalf of", max_length=100, blank=True, help_text="The Party, as it was called at the time.")
    start = bound("from", "Empty if a meeting tells, or no source does.")
    start_precision = known_to("what is known of the beginning")
    start_meeting = models.ForeignKey(
        Thing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "meeting"},
        verbose_name="from meeting",
    )
    start_kind = models.CharField("what the beginning means", max_length=5, choices=StartKind, default=StartKind.KNOWN)
    end_kind = models.CharField("how it ended", max_length=7, choices=EndKind, default=EndKind.UNKNOWN)
    end = bound("to", "The day on which the successor takes over; of a meeting that is not listed here, its year at least.")
    end_precision = known_to("what is known of the end")
    end_meeting = models.ForeignKey(
        Thing,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "meeting"},
        verbose_name="until meeting",
    )
    end_words = models.CharField("end in words", max_length=120, blank=True, help_text="Such as “until the first meeting of 2013”.")
    end_reason = models.CharField("why it ended", max_length=200, blank=True)
    left_vacant = models.BooleanField("the seat stood empty afterwards", default=False)
    basis = models.CharField(max_length=9, choices=Basis, default=Basis.ELECTED)
    source_title = models.CharField("source", max_length=300, blank=True, help_text="Where it is told, and of what date.")
    source_url = address_field("address of the source")

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def title(self):
        return f"{self.person}, {self.get_role_display()}"

    @property
    def whose(self):
        """What tells one person from others."""
        return self.person_key or folded(self.person)

    @property
    def order(self):
        return list(Role.values).index(self.role), self.post, -(self.start or date.min).toordinal(), self.thing_id

    def clean(self):
        super().clean()
        self.person_key = self.person_key.lower()
        put_bounds(self, "start", "end")
        if not self.start and not self.start_meeting_id:
            raise ValidationError({"start": _("Give a date or a meeting at which it began, or at which the person was seen in office.")})
        if self.end_kind == EndKind.DATE and not self.end:
            raise ValidationError({"end": _("Give the date, or say that sources are silent.")})
        if self.end_kind == EndKind.MEETING and not (self.end_meeting_id or self.end_words):
            raise ValidationError({"end_meeting": _("Choose the meeting, or tell it in words.")})
        if self.end_kind in {EndKind.OPEN, EndKind.UNKNOWN} and (self.end or self.end_meeting_id):
            raise ValidationError({"end_kind": _("A date or meeting is given, so choose one of those.")})
        if self.left_vacant and self.end_kind in {EndKind.OPEN, EndKind.UNKNOWN}:
            raise ValidationError({"left_vacant": _("A seat can stand empty only after an end that is known.")})


class Office(OfficeContent, Draft):
    class Meta:
        verbose_name = "term of office"
        verbose_name_plural = "terms of office"


class OfficeEdition(Edition, OfficeContent):
    class Meta:
        indexes = [models.Index(fields=["of_body"], name="office_edition_body")]
