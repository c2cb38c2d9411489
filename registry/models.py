"""Releases of the registry's data, which are things of the record, and their rows, which are in force from one release to another."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.content import Content, Draft
from publishing.models import Edition, IntervalRow
from registry.addresses import activity_path, official_address


class ReleaseContent(Content):
    """What is told of a release: what it was made from, what was accepted, what was not and why.

    A release that puts another right has the same `as_of` and the next `revision_number`.
    """

    KIND = "release"
    UNIQUE = ("as_of", "revision_number")

    as_of = models.DateField(_("data as of"), help_text="The last day that the data tell of.")
    revision_number = models.PositiveIntegerField(_("revision"), default=1)
    files = models.JSONField(default=list, blank=True, help_text="Of each file: name, SHA-256, what it holds, rows.")
    activities = models.PositiveIntegerField(default=0)
    issuances = models.PositiveIntegerField(default=0)
    blocks = models.PositiveIntegerField(_("registry blocks"), default=0)
    cancellations = models.PositiveIntegerField(default=0)
    methodologies = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(_("warnings"), default=0)
    report = models.JSONField(default=list, blank=True, help_text="Rejects and warnings: file, line, reason.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def title(self):
        day = f"{self.as_of.day} {self.as_of:%B %Y}" if isinstance(self.as_of, date) else ""
        revision = f", revision {self.revision_number}" if self.revision_number > 1 else ""
        return f"Registry data as of {day}{revision}"

    @property
    def path(self):
        revision = f".{self.revision_number}" if self.revision_number > 1 else ""
        return f"/releases/{self.as_of.isoformat()}{revision}/"

    @property
    def order(self):
        """The newest first, and a revision before what it puts right."""
        return -self.as_of.toordinal(), -self.revision_number


class Release(ReleaseContent, Draft):
    class Meta:
        verbose_name = _("registry release")
        verbose_name_plural = _("registry releases")


class ReleaseEdition(Edition, ReleaseContent):
    class Meta:
        indexes = [models.Index(fields=["as_of"], name="release_edition_as_of")]


class ActivityRow(IntervalRow):
    """Project activity or programme of activities. Its key is the UNFCCC's unique identifier.

    Texts with several values join them by "; ", as the file does. `raw` has the file's own text, by its column, where ours differs;
    `sheet` what the UNFCCC's full sheet of 65 columns says, where there is one.
    """

    reference = models.PositiveIntegerField(null=True, db_index=True, help_text="Number as the file has it.")
    matched_reference = models.PositiveIntegerField(null=True, db_index=True, help_text="Number from elsewhere, matched by title.")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=3)
    status = models.CharField(max_length=20)
    host = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2 code of the first host Party.")
    host_name = models.CharField(max_length=60, blank=True)
    hosts = models.CharField(max_length=200, blank=True, help_text="Codes of all host Parties that the release names.")
    subregions = models.CharField(max_length=255, blank=True)
    scopes = models.CharField(max_length=60, blank=True, help_text="Numbers of sectoral scopes; empty where there are several, not given.")
    project_type = models.CharField(max_length=40, blank=True)
    methodologies = models.CharField(max_length=200, blank=True)
    scale = models.CharField(max_length=5, blank=True)
    validator = models.CharField(max_length=100, blank=True)
    validation_start = models.DateField(null=True)
    crediting_start = models.DateField(null=True)
    crediting_end = models.DateField(null=True)
    registered = models.DateField(null=True, help_text="Where a source has it: the full sheet, or the list of transitioned activities.")
    reductions = models.BigIntegerField(null=True, help_text="Expected, tonnes of CO2 equivalent a year; from the map file of 2018.")
    stated_cers = models.BigIntegerField(null=True, help_text="Total of CERs as the file states it; the issuances decide.")
    capacity = models.FloatField(null=True, help_text="Megawatts.")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    is_plausible = models.BooleanField(default=True, help_text="Whether the point lies where the host Party does.")
    locations = models.PositiveIntegerField(null=True)
    reference_source = models.CharField(max_length=60, blank=True)
    badges = models.PositiveSmallIntegerField(default=0, help_text="registry.records.Badge")
    raw = models.JSONField(default=dict)
    sheet = models.JSONField(default=dict)

    def __str__(self):
        return self.title

    @property
    def official_address(self):
        return official_address(self.key)

    @property
    def path(self):
        return activity_path(self)


class IssuanceRow(IntervalRow):
    """Issuance of CERs to an activity. Process ids are not unique: 646 of them occur twice."""

    kind = models.CharField(max_length=3)
    reference = models.PositiveIntegerField(db_index=True)
    process = models.CharField(max_length=60, blank=True)
    date = models.DateField()
    cers = models.BigIntegerField()
    host = models.CharField(max_length=2, help_text="Host Party of the issuance; 54 issuances have another than their activity.")
    verifier = models.CharField(max_length=40, blank=True)
    project_type = models.CharField(max_length=40, blank=True)
    subtype = models.CharField(max_length=60, blank=True)
    period = models.PositiveSmallIntegerField(help_text="Commitment period of the Kyoto Protocol.")
    monitoring_start = models.DateField(null=True)
    monitoring_end = models.DateField(null=True)
    report_number = models.PositiveIntegerField(null=True)

    def __str__(self):
        return f"{self.cers} CERs on {self.date}"


class UnitBlock(IntervalRow):
    """Block of units in the CDM registry. A Party and a number identify a unit: blocks of one Party never overlap.

    `completed` is when the registry's system recorded the transaction; those before 9 November 2007, when it began, bear that day.
    """

    completed = models.DateTimeField()
    unit_type = models.CharField(max_length=20)
    period = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=2)
    reference = models.PositiveIntegerField(null=True, db_index=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    units = models.BigIntegerField()

    class Meta(IntervalRow.Meta):
        abstract = True

    def __str__(self):
        return f"{self.party}-{self.first}-{self.last}"


class IssuedBlockRow(UnitBlock):
    """Block of units as it was issued into the CDM registry."""

    class Meta(UnitBlock.Meta):
        indexes = [models.Index(fields=["party", "first"], name="issuedblock_party_first")]


class CancelledBlockRow(UnitBlock):
    """Block of units cancelled in the CDM registry; it lies within one issued block."""

    is_voluntary = models.BooleanField(help_text="Whether through the platform for voluntary cancellation.")

    class Meta(UnitBlock.Meta):
        indexes = [models.Index(fields=["party", "first"], name="cancelledblock_party_first")]


class MethodologyRow(IntervalRow):
    """Methodology; its key is its code as the file has it, with the last dot of `AMS-I.D.`"""

    family = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=400, blank=True)
    latest_version = models.CharField(max_length=20, blank=True)
    title_source = models.CharField(max_length=200, blank=True)
    is_official = models.BooleanField(default=True, help_text="Whether the title may be shown as the official one.")

    def __str__(self):
        return self.key


class PackedTable(models.Model):
    """Table of a release as bytes (registry/packing.py), made at its import so that a process loads it at once; it can be made anew."""

    release = models.PositiveBigIntegerField(primary_key=True)
    form = models.CharField(max_length=64, help_text="Form of the bytes; those of another form are made anew.")
    data = models.BinaryField()

    def __str__(self):
        return f"table of release {self.release}"


class RunState(models.TextChoices):
    """State of an import at the desk."""

    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, waits to be published")
    PUBLISHING = "publishing", _("being published")
    PUBLISHED = "published", _("published")
    UNCHANGED = "unchanged", _("nothing changed")
    REFUSED = "refused", _("refused")
    BROKEN = "broken", _("broke off")
    DISCARDED = "discarded", _("discarded")


class ImportRun(models.Model):
    """Import by upload at the desk: first checked, which writes nothing, then published or discarded. It is no thing of the record."""

    UNDER_WAY = (RunState.CHECKING, RunState.PUBLISHING)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("begun by"))
    begun = models.DateTimeField(_("begun"), auto_now_add=True)
    touched = models.DateTimeField(_("last sign"), auto_now=True)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.CHECKING)
    folder = models.CharField(max_length=32, help_text="Name of the folder of the files, below VAR_DIR/imports.")
    as_of = models.DateField(
        _("data as of"), null=True, blank=True, help_text=_("Only if no file says it: the last day that the data tell of.")
    )
    note = models.TextField(_("note for readers"), blank=True, help_text=_("Such as what this release puts right."))
    lines = models.JSONField(default=list, help_text="What was told of the progress.")
    told = models.JSONField(default=dict, help_text="What the check found: see import_runs.summary.")
    problem = models.TextField(blank=True, help_text="Why it was refused or broke off.")

    class Meta:
        ordering = ["-begun"]
        verbose_name = _("import of registry data")
        verbose_name_plural = _("imports of registry data")

    def __str__(self):
        return f"{self._meta.verbose_name} {self.begun:%Y-%m-%d %H:%M}"

    @property
    def is_under_way(self):
        return self.state in self.UNDER_WAY
