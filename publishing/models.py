"""Models of the record: things, their editions, their drafts' versions and what editors have under way."""

import uuid
from secrets import token_bytes

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Min, Q, Value, When
from django.utils import timezone

from files.fields import StoredFileField


class Action(models.TextChoices):
    """Action of an edition on its thing from its `live_from` on."""

    PUBLISH = "publish", "Published"
    WITHDRAW = "withdraw", "Withdrawn"
    ERASE = "erase", "Erased"
    CANCEL = "cancel", "Schedule cancelled"


def new_key():
    return uuid.uuid4().hex


def new_entry():
    """16 random bytes that tell one entry of the record from every other, in every copy of the database."""
    return uuid.UUID(bytes=token_bytes(16))


class Thing(models.Model):
    """Public thing of any kind. Each kind's draft model inherits from it; `version` guards concurrent edits of the draft."""

    kind = models.CharField(max_length=32, editable=False)
    key = models.CharField(
        max_length=200,
        default=new_key,
        editable=False,
        validators=[RegexValidator(r"^[a-z0-9]+([-/.][a-z0-9]+)*$")],
        help_text="Stable name in dumps of the content; never shown to visitors.",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="thing_key_unique_in_kind")]

    def __str__(self):
        return self.reference

    @property
    def reference(self):
        """The thing's name in dumps and front matter: `page/about/ccs`."""
        return f"{self.kind}/{self.key}"


def erased_numbers():
    return Edition.objects.filter(erases__isnull=False).values("erases")


class EditionQuerySet(models.QuerySet):
    def _of_kind(self, fields=None):
        """Filter by the fields, else by the kind: the child table's rows are all of it, and saying so lets the parent's index be used.

        Told both, SQLite would read the whole kind instead of the few rows that the fields name.
        """
        if fields:
            return self.filter(**fields)
        return self if self.model is Edition else self.filter(kind=self.model.KIND)

    def numbers_with(self, *conditions, **content):
        """Numbers of editions by their content alone, from the child table's own indexes."""
        return list(self.order_by().filter(*conditions, **content).values_list("pk", flat=True))

    def in_force(self, at, **fields):
        """Editions of every action whose interval holds the moment `at`: at most one a thing. `fields` narrow them."""
        return self._of_kind(fields).filter(Q(live_to__isnull=True) | Q(live_to__gt=at), live_from__lte=at)

    def in_force_from_on(self, since, **fields):
        """Editions of every action that are in force at the moment `since` or at a later one."""
        return self.ever_in_force(**fields).filter(Q(live_to__isnull=True) | Q(live_to__gt=since))

    def live(self, at, **fields):
        """Filter: what the public sees at the moment `at`. Twin of `Edition.is_live`."""
        return self.in_force(at, **fields).filter(action=Action.PUBLISH).exclude(number__in=erased_numbers())

    def live_from_on(self, since, **fields):
        """Filter: what the public sees at the moment `since` or at a later one."""
        return self.in_force_from_on(since, **fields).filter(action=Action.PUBLISH).exclude(number__in=erased_numbers())

    def rows_in_force(self, at, columns, **fields):
        return self.in_force(at, **fields).rows(columns)

    def rows(self, fields):
        """Rows of `fields`, in no order; what was erased has ERASE as its `action`.

        Asked for an order, or with a join to erasures where there are none, SQLite would read the whole record.
        """
        standing = Case(When(number__in=erased_numbers(), then=Value(Action.ERASE)), default="action", output_field=models.CharField())
        columns = ["standing" if name == "action" else name for name in fields]
        return self.annotate(standing=standing).order_by().values_list(*columns)

    def listed(self, at, **fields):
        """The editions in force without their bodies, in no order; `is_gone` tells what was withdrawn or erased. `fields` narrow them.

        Order them in Python, for the reason that `rows_in_force` gives.
        """
        erased, public = When(number__in=erased_numbers(), then=True), When(action=Action.PUBLISH, then=False)
        gone = Case(erased, public, default=True, output_field=models.BooleanField())
        return self.in_force(at, **fields).annotate(is_gone=gone).defer(*self.model.bodies()).order_by()

    def pending(self, at):
        """Editions of every action that come into force after `at`, in their order."""
        return (
            self._of_kind()
            .filter(Q(live_to__isnull=True) | Q(live_to__gt=F("live_from")), live_from__gt=at)
            .order_by("live_from", "number")
        )

    def ever_in_force(self, **fields):
        """Exclude what was cancelled before its moment came, and the marks that erasures leave."""
        return self._of_kind(fields).filter(Q(live_to__isnull=True) | Q(live_to__gt=F("live_from")))

    def first_published(self, at):
        """First moment, up to `at`, at which each of the things was to be read, as a dict by thing."""
        published = self.ever_in_force().filter(action=Action.PUBLISH, live_from__lte=at)
        return dict(published.order_by().values_list("thing").annotate(Min("live_from")))


class Edition(models.Model):
    """Immutable entry of the record; each kind's edition model inherits from it and adds the content.

    The database refuses every change but one: an open or future `live_to` may be shortened (publishing/immutability.py).
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    thing = models.ForeignKey(Thing, models.PROTECT, related_name="editions")
    kind = models.CharField(max_length=32)
    live_from = models.DateTimeField(db_index=True)
    live_to = models.DateTimeField(null=True, blank=True)
    recorded = models.DateTimeField()
    imported = models.BooleanField(default=False)
    action = models.CharField(max_length=8, choices=Action, default=Action.PUBLISH)
    reason = models.TextField(blank=True)
    successor = models.ForeignKey(Thing, models.PROTECT, null=True, blank=True, related_name="+")
    erases = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="erased_by")
    author = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)
    minor = models.BooleanField(default=False)
    entry = models.UUIDField(null=True, editable=False, help_text="Drawn with the entry that this edition belongs to.")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["kind", "live_from", "live_to"], name="edition_kind_interval"),
            models.Index(fields=["thing", "number"], name="edition_thing_number"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(live_from__gte=F("recorded")) | Q(imported=True), name="edition_past_is_closed"),
            models.CheckConstraint(condition=Q(live_to__isnull=True) | Q(live_to__gte=F("live_from")), name="edition_interval_forward"),
            models.CheckConstraint(condition=Q(action__in=Action.values), name="edition_action_known"),
            models.UniqueConstraint(fields=["thing"], condition=Q(live_to__isnull=True), name="edition_one_open_a_thing"),
        ]

    def __str__(self):
        return f"edition {self.number}"

    def is_in_force(self, at):
        return self.live_from <= at and (self.live_to is None or at < self.live_to)

    def is_erased(self):
        return Edition.objects.filter(erases=self.number).exists()

    def is_live(self, at):
        """Twin of `EditionQuerySet.live`."""
        return self.action == Action.PUBLISH and self.is_in_force(at) and not self.is_erased()

    def is_pending(self, at):
        return self.live_from > at and not self.is_dropped()

    def is_dropped(self):
        """True for an edition that was never in force: cancelled, or the mark that an erasure left."""
        return self.live_to is not None and self.live_to == self.live_from


class Record(models.Model):
    """The record's one row, and the lock under which numbers and times are taken.

    `entry` is drawn with each entry. Where a database is replaced by a copy that lacks the last entries, numbers recur; these bytes do not.
    """

    last = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()
    entry = models.UUIDField(null=True, editable=False)

    def __str__(self):
        return f"record up to number {self.last}"


class Turn(models.Model):
    """Instant at which an edition changes answers by the clock alone: no part of the record, and found again from it (publishing/turns.py).

    `field` names, once for an edition, what comes or goes then: `valid_from`, `closes`, `sitting 1 ends`.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="turns", db_index=False)
    field = models.CharField(max_length=64)
    instant = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "field"], name="turn_field_once_an_edition")]

    def __str__(self):
        return f"{self.field} of edition {self.edition_id} at {self.instant:%Y-%m-%d %H:%M:%S} UTC"


class IntervalRowQuerySet(models.QuerySet):
    def of_release(self, release):
        """The rows that are in force in a release, given by the id of its thing: those begun by it and not closed by it."""
        return self.filter(Q(to_release__isnull=True) | Q(to_release__gt=release), from_release__lte=release)


class IntervalRow(models.Model):
    """Base of rows that come in releases, in force from one release on until another closes them.

    A release is a thing of kind `release`; its id tells its place among them. Rows are written before it has an edition, and then nobody
    sees them and they may be deleted. From its entry in the record on the database refuses every change but one: a later release may
    close a row, in its own entry (publishing/immutability.py).
    """

    key = models.CharField(max_length=160)
    from_release = models.PositiveBigIntegerField()
    to_release = models.PositiveBigIntegerField(null=True, editable=False)

    objects = IntervalRowQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["key", "from_release"], name="%(class)s_key_once_a_release")]


class WorkingCopy(models.Model):
    """Text that one person has typed into one form and not saved yet; written by autosave, never public, never the shared draft.

    `slot` is the name that the form got when it was opened: two windows on one page have two copies. A copy outlives the draft that it
    was typed on, and what was discarded can be brought back for a while.
    """

    kind = models.CharField(max_length=32)
    thing = models.ForeignKey(Thing, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="working_copies")
    user = models.ForeignKey("auth.User", models.CASCADE, related_name="working_copies")
    slot = models.CharField(max_length=64, blank=True)
    base_version = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    opened = models.DateTimeField(default=timezone.now)
    saved = models.DateTimeField(auto_now=True)
    discarded = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "thing", "slot"], condition=Q(thing__isnull=False), name="working_copy_one_a_form_of_a_thing"
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "slot"], condition=Q(thing__isnull=True), name="working_copy_one_a_form_of_a_new_thing"
            ),
        ]

    def __str__(self):
        return f"working copy of {self.user} for {self.kind} {self.thing_id or 'to come'}"


class How(models.TextChoices):
    """Origin of a version of a draft."""

    SAVE = "save", "Saved"
    RESTORE = "restore", "Restored from an edition"
    TAKE_BACK = "take_back", "Taken back from a version"
    RETURN = "return", "Brought back after a deletion"
    ERASE = "erase", "Text erased"
    FOUND = "found", "As it stood before"
    RELEASE = "release", "Came with a release of the portal"
    RELATION = "relation", "Relation added by a release of the portal"


class DraftVersion(models.Model):
    """State of a draft that somebody saved; `Thing.version` is its number. It outlives the draft (publishing/draft_versions.py).

    `body` holds the content, or what differs from the version before. `file` repeats the content's file, so that the store keeps it.
    """

    thing = models.ForeignKey(Thing, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="draft_versions")
    number = models.PositiveIntegerField()
    made = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey("auth.User", models.SET_NULL, null=True, blank=True, related_name="+")
    author = models.CharField(max_length=150, blank=True)
    how = models.CharField(max_length=9, choices=How, default=How.SAVE)
    origin = models.PositiveBigIntegerField(null=True, blank=True, help_text="Number of the edition or version that was taken.")
    changed = models.JSONField(default=list, help_text="Names of the fields that differ from the version before.")
    slot = models.CharField(max_length=64, blank=True, help_text="The form that saved it.")
    is_whole = models.BooleanField(default=True)
    digest = models.CharField(max_length=32)
    body = models.BinaryField()
    file = StoredFileField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing", "number"], name="draft_version_number_unique")]

    def __str__(self):
        return f"version {self.number} of draft {self.thing_id}"


class DeletedDraft(models.Model):
    """Deleted draft that never had an edition: what is needed to bring it back, beside its versions."""

    thing = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    title = models.TextField()
    parent = models.PositiveBigIntegerField(null=True, blank=True, help_text="The page that it was below, if it was a page.")
    granted = models.JSONField(default=list, help_text="Ids of the authors to whom it was given as a section.")
    deleted = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey("auth.User", models.SET_NULL, null=True, blank=True, related_name="+")
    author = models.CharField(max_length=150, blank=True)

    def __str__(self):
        return self.title


class ShareLink(models.Model):
    """Link by which someone without an account reads one draft until it expires or is revoked."""

    thing = models.ForeignKey(Thing, models.CASCADE, related_name="share_links")
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey("auth.User", models.CASCADE, related_name="+")

    def __str__(self):
        return f"share link for {self.thing} until {self.expires:%Y-%m-%d %H:%M} UTC"


class SectionGrant(models.Model):
    """Grant of one section of the tree, or of one whole kind, in which an author writes drafts."""

    user = models.ForeignKey("auth.User", models.CASCADE, related_name="section_grants")
    kind = models.CharField(
        max_length=32, blank=True, help_text="A whole kind, such as “newsitem”; leave empty to give a section of the tree."
    )
    section = models.ForeignKey(
        Thing,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The page at the head of the section; everything below it is included.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="", section__isnull=False) | (~Q(kind="") & Q(section__isnull=True)),
                name="grant_kind_or_section",
                violation_error_message="Give either a section or a kind, not both.",
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.kind or self.section}"
