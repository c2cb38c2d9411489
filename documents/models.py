"""Documents of the reference library and their versions, which are things of their own."""

from datetime import date
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from documents.pictures.models import Picture, PictureEdition
from documents.subjects import SubjectListField
from files.fields import StoredFileField
from files.formats import FORMATS
from files.store import in_our_units
from publishing import dates
from publishing.content import Content, DatedContent, Draft
from publishing.dates import Precision
from publishing.fields import body_field
from publishing.models import Edition, Thing
from publishing.occasions import meeting_field

__all__ = ["Picture", "PictureEdition"]

# Parts of addresses below /documents/ that the portal itself answers.
RESERVED_SLUGS = {"history", "timemap", "preview"}
NUMBER = r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}"


class DocumentClass(models.TextChoices):
    DECISION = "decision", "Decision"
    STANDARD = "standard", "Standard"
    PROCEDURE = "procedure", "Procedure"
    GUIDANCE = "guidance", "Guidance"
    CLARIFICATION = "clarification", "Clarification"
    TOOL = "tool", "Tool"
    FORM = "form", "Form"
    REPORT = "report", "Report"
    OTHER = "other", "Other"


class Body(models.TextChoices):
    """Bodies that issue documents of the CDM."""

    COP = "cop", "Parties to the Convention (COP)"
    CMP = "cmp", "Parties to the Kyoto Protocol (CMP)"
    EB = "eb", "CDM Executive Board"
    MP = "mp", "Methodologies Panel"
    AP = "ap", "Accreditation Panel"
    ARWG = "ar-wg", "Afforestation and Reforestation Working Group"
    SSCWG = "ssc-wg", "Small-Scale Working Group"
    RIT = "rit", "Registration and Issuance Team"
    SBSTA = "sbsta", "Subsidiary Body for Scientific and Technological Advice (SBSTA)"
    CMA = "cma", "Parties to the Paris Agreement (CMA)"
    SB = "sb", "Article 6.4 Supervisory Body"
    SECRETARIAT = "secretariat", "UNFCCC secretariat"
    PORTAL = "portal", "This portal"


# How lists name those whose names are long.
SHORT_BODIES = {
    "cop": "COP",
    "cmp": "CMP",
    "cma": "CMA",
    "eb": "EB",
    "ar-wg": "A/R WG",
    "ssc-wg": "SSC WG",
    "sbsta": "SBSTA",
    "rit": "RIT",
    "mp": "MP",
    "ap": "AP",
}


class Language(models.TextChoices):
    """The languages of the United Nations."""

    AR = "ar", "Arabic"
    ZH = "zh", "Chinese"
    EN = "en", "English"
    FR = "fr", "French"
    RU = "ru", "Russian"
    ES = "es", "Spanish"


class PaperRole(models.TextChoices):
    """What a document is to its meeting, in the order in which the meeting's page lists them."""

    AGENDA = "agenda", "Agenda"
    ANNOTATIONS = "annotations", "Annotations to the agenda"
    REPORT = "report", "Report"
    ANNEX = "annex", "Annex"
    NOTE = "note", "Note"


class DocumentContent(DatedContent):
    KIND = "document"
    ERASABLE = ("symbol", "title", "summary", "body")
    UNIQUE = ("slug",)
    # The live versions, set by the library.
    versions = ()

    slug = models.SlugField(
        "address",
        max_length=80,
        help_text="Last part of the address below /documents/: small letters, digits and hyphens. Old addresses lead here.",
    )
    symbol = models.CharField(max_length=60, blank=True, help_text="As its issuer writes it, such as “3/CMP.1” or “EB 50 Annex 11”.")
    title = models.CharField(max_length=300)
    document_class = models.CharField("class", max_length=13, choices=DocumentClass)
    issued_by = models.CharField(max_length=11, choices=Body, help_text="The body, such as the Executive Board.")
    of_meeting = meeting_field()
    role = models.CharField("what it is to the meeting", max_length=11, choices=PaperRole, blank=True)
    meeting = models.CharField(
        "meeting in words", max_length=60, blank=True, help_text="As its issuer writes it, such as “CMP 1, Montreal” or “EB 50”."
    )
    annex = models.CharField(max_length=20, blank=True)
    paragraph = models.CharField(max_length=40, blank=True)
    date = models.DateField(null=True, blank=True, help_text="When it was adopted or issued; empty if no source tells.")
    precision = models.CharField(
        "what is known of the date",
        max_length=5,
        choices=Precision,
        default=Precision.DAY,
        help_text="No more than this is shown of the date.",
    )
    language = models.CharField(max_length=2, choices=Language, default=Language.EN)
    subjects = SubjectListField(help_text="One a line.")
    summary = models.TextField(max_length=400, blank=True, help_text="One or two sentences for lists and search results.")
    body = body_field(help_text="What the document says, restated, with sources. Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def label(self):
        return f"{self.symbol}: {self.title}" if self.symbol else self.title

    @property
    def short_label(self):
        return self.symbol or self.title

    @property
    def path(self):
        return f"/documents/{self.slug}/"

    @property
    def order(self):
        return self.label.casefold(), self.thing_id

    @property
    def short_body(self):
        """Abbreviation of the body that issued the document, or nothing where there is none."""
        return SHORT_BODIES.get(self.issued_by, "")

    @property
    def paper_role(self):
        """Its role for the meeting; what has the number of an annex is one."""
        return self.role or (PaperRole.ANNEX if self.annex else "")

    @property
    def paper_words(self):
        """Its role in words, with the number of an annex."""
        named = str(PaperRole(self.paper_role).label) if self.paper_role else ""
        return " ".join(filter(None, (named, self.annex)))

    @property
    def year(self):
        return str(self.date.year) if self.date else ""

    def current(self, day):
        """The newest version that already holds on `day`, or None. Not cached: it changes with the day, not with the record alone."""
        return max((version for version in self.versions if version.holds(day)), key=lambda version: version.order, default=None)

    def clean(self):
        super().clean()
        self.slug = self.slug.lower()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("The portal itself uses “%(slug)s”. Please choose another address.") % {"slug": self.slug}})
        if self.date and self.precision in Precision.values:
            self.date = dates.last_day(self.date, self.precision)


class Document(DocumentContent, Draft):
    class Meta:
        verbose_name = "document"


class DocumentEdition(Edition, DocumentContent):
    class Meta:
        indexes = [models.Index(fields=["slug"], name="document_edition_slug")]


class DocumentVersionContent(Content):
    KIND = "documentversion"
    ERASABLE = ("file", "outside_address", "outside_size")
    UNIQUE = ("of_document", "version_number")
    # The edition of its document, set by the library.
    document = None

    of_document = models.ForeignKey(Thing, models.PROTECT, related_name="+", limit_choices_to={"kind": "document"}, verbose_name="document")
    version_number = models.CharField(
        "version",
        max_length=20,
        validators=[RegexValidator(rf"^{NUMBER}\Z", "Write digits with dots, such as 2 or 05.1.")],
        help_text="Digits with dots, such as 2 or 05.1. Part of the address of its file.",
    )
    valid_from = models.DateField(
        null=True,
        blank=True,
        help_text="From this day (UTC) it is the current version unless another is newer. Empty: once published.",
    )
    valid_to = models.DateField("valid to", null=True, blank=True, help_text="Last day on which it held, if it was replaced or ended.")
    file = StoredFileField(help_text="At most 50 MB: PDF, Office, OpenDocument, CSV, plain text, MP3, Ogg, PNG, JPEG or WebP.")
    outside_address = models.CharField(
        max_length=500,
        blank=True,
        validators=[URLValidator(["http", "https"])],
        help_text="For a version that lies elsewhere: its official address. Starts with https:// or http://.",
    )
    is_page_about = models.BooleanField(
        "leads to a page about it",
        default=False,
        help_text="The outside address is a page that lists or describes the document, not the document itself.",
    )
    outside_size = models.CharField(
        "recorded size", max_length=20, blank=True, help_text="Of a version that lies elsewhere, as recorded: “66 kB”."
    )

    class Meta:
        abstract = True

    @property
    def title(self):
        return f"Version {self.version_number}"

    def __str__(self):
        return self.title

    @property
    def label(self):
        return f"{self.document.label}, version {self.version_number}"

    @property
    def order(self):
        return self.valid_from or date.min, [int(part) for part in self.version_number.split(".")]

    @property
    def size(self):
        return self.file.size_label if self.file else in_our_units(self.outside_size)

    @property
    def path(self):
        return f"{self.document.path}{self.version_number}/"

    @property
    def address(self):
        """The permanent address of the file, or the version's own address if it lies elsewhere."""
        return f"{self.path}{self.file.name}" if self.file else self.path

    @property
    def language(self):
        return self.document.language

    @property
    def address_as_link(self):
        """The address with its file name escaped for an `href`."""
        return escape_uri_path(self.address)

    @property
    def outside_host(self):
        return urlsplit(self.outside_address).hostname or ""

    @property
    def type_label(self):
        return FORMATS[self.file.extension].label

    def holds(self, day):
        return self.valid_from is None or self.valid_from <= day

    def clean(self):
        super().clean()
        if bool(self.file) == bool(self.outside_address):
            raise ValidationError({"file": _("Give either a file or an outside address.")})
        if self.outside_size and self.file:
            raise ValidationError({"outside_size": _("The size of a file of our own is computed. Please leave this empty.")})
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("This day lies before the day from which the version holds.")})


class DocumentVersion(DocumentVersionContent, Draft):
    class Meta:
        verbose_name = "document version"


class DocumentVersionEdition(Edition, DocumentVersionContent):
    class Meta:
        indexes = [
            models.Index(fields=["of_document"], name="documentversion_edition_doc"),
            models.Index(fields=["valid_from"], name="documentversion_edition_valid"),
        ]
