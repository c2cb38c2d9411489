"""Areas: papers of a body, a Party or an entity, for their members alone.

Plain tables. Nothing of an area is a thing of the record, so no list, search, feed, export or moment of the public site knows of it. Who
may see or do what is asked of `areas.rights.may` on every request.
"""

from secrets import token_hex
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files.private import PrivateFile

LONGEST_SESSION = 720  # minutes


def new_key():
    return token_hex(8)


def ten_minutes():
    """The number of the ten minutes that it is now, counted from 1970."""
    return int(timezone.now().timestamp()) // 600


class AreaState(models.TextChoices):
    OPEN = "open", _("Open")
    READ_ONLY = "read only", _("Read only")
    CLOSED = "closed", _("Closed: stewards alone read it and take a copy")
    DELETED = "deleted", _("Deleted")


class AreaMails(models.TextChoices):
    NONE = "none", _("None")
    BARE = "bare", _("At once, at most one an hour")
    DAILY = "daily", _("Once a day, at 07:00 UTC")


class AreaRole(models.TextChoices):
    READER = "reader", _("Reader: reads")
    CONTRIBUTOR = "contributor", _("Contributor: also uploads and comments")
    STEWARD = "steward", _("Steward: also manages members, notices and the area")


class Area(models.Model):
    """A place behind the log-in. `delete_on` is the first day on which nothing of it is there any more."""

    # Chance alone, since addresses stand in logs and in the histories of browsers.
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    name = models.CharField(_("name"), max_length=120)
    whose = models.CharField(_("for"), max_length=200, help_text=_("The body, Party or entity whose members it is for."))
    purpose = models.TextField(_("purpose"), max_length=2_000, blank=True)
    is_listed = models.BooleanField(
        _("listed in public"), default=False, help_text=_("Name, for whom and purpose stand on a page that everybody can read.")
    )
    how_to_ask = models.CharField(
        _("how to ask for access"), max_length=300, blank=True, help_text=_("Shown where the area is listed; a post, no person.")
    )
    asks_second_factor = models.BooleanField(_("asks for a second factor"), default=True)
    session_minutes = models.PositiveSmallIntegerField(
        _("length of a session, in minutes"), default=240, validators=[MinValueValidator(10), MaxValueValidator(LONGEST_SESSION)]
    )
    members_see_each_other = models.BooleanField(_("members see each other"), default=False)
    old_versions_stay = models.BooleanField(
        _("old versions of files stay readable"), default=True, help_text=_("Otherwise stewards alone read them.")
    )
    mails = models.CharField(_("mails about what is new"), max_length=10, choices=AreaMails, default=AreaMails.NONE)
    state = models.CharField(_("state"), max_length=10, choices=AreaState, default=AreaState.OPEN)
    delete_on = models.DateField(_("delete on"), null=True, blank=True, help_text=_("For a closed area: its last day was the one before."))

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def clean(self):
        if self.delete_on and self.state != AreaState.CLOSED:
            raise ValidationError({"delete_on": _("Only a closed area is deleted: close it first, so that stewards can take a copy.")})


class AreaMembership(models.Model):
    """That an account may enter an area, in a role, from one day to before another. It is ended, never deleted while the area is there."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="memberships")
    account = models.ForeignKey(User, models.CASCADE, related_name="area_memberships")
    role = models.CharField(_("role"), max_length=12, choices=AreaRole, default=AreaRole.READER)
    represents = models.CharField(_("represents"), max_length=120, blank=True)
    begins = models.DateField(_("from"), default=timezone.localdate)
    ends = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day without access."))
    invited_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["account__last_name", "account__username", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["area", "account"], condition=models.Q(ended_at=None), name="areas_one_membership_at_a_time")
        ]

    def __str__(self):
        return f"{self.account} as {self.role}"

    def is_current(self, day):
        return self.ended_at is None and self.begins <= day and (self.ends is None or day < self.ends)


class AreaInvitation(models.Model):
    """A secret address by which one person becomes a member. Used by a form alone, once; only its digest is kept."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=12, choices=AreaRole, default=AreaRole.READER)
    represents = models.CharField(_("represents"), max_length=120, blank=True)
    email = models.EmailField(_("mail address"), max_length=254)
    ends = models.DateField(_("member until"), null=True, blank=True, help_text=_("The first day without access; empty for no end."))
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=150)
    made = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Account with another address that asks to use it."
    )

    class Meta:
        ordering = ["-made", "-pk"]

    def __str__(self):
        return f"{self.role} invited on {self.made:%Y-%m-%d}"


class AreaNotice(models.Model):
    """Something told to the members; with a due date it stands among the dates of the area."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="notices")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    due = models.DateTimeField(_("due"), null=True, blank=True)
    due_zone = models.CharField(_("zone"), max_length=40, default="UTC")
    by = models.CharField(max_length=150)
    at = models.DateTimeField(default=timezone.now)
    removed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.title

    @property
    def due_there(self):
        """The due instant as a clock in its zone shows it, without the zone, as a template would turn it into UTC."""
        return self.due and self.due.astimezone(ZoneInfo(self.due_zone)).replace(tzinfo=None)


class AreaFile(models.Model):
    """A paper, whose versions hold the bytes."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="files")
    title = models.CharField(_("title"), max_length=200)
    folder = models.CharField(_("folder"), max_length=80, blank=True)
    at = models.DateTimeField(default=timezone.now)
    removed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["folder", "title", "pk"]

    def __str__(self):
        return self.title


class AreaVersion(PrivateFile):
    """One version of a paper; with `comments_until` it is a draft for comment until that instant."""

    file = models.ForeignKey(AreaFile, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    note = models.CharField(_("note"), max_length=300, blank=True)
    comments_until = models.DateTimeField(_("comments until"), null=True, blank=True)
    by = models.CharField(max_length=150)
    account = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", help_text="Whose it is, whatever the name is by now.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="areas_version_number")]

    def __str__(self):
        return f"{self.file}, version {self.number}"


class AreaComment(models.Model):
    """A remark on one version of a paper, at a paragraph or page."""

    version = models.ForeignKey(AreaVersion, models.CASCADE, related_name="comments")
    account = models.ForeignKey(User, models.CASCADE, related_name="+")
    place = models.CharField(_("paragraph or page"), max_length=60, blank=True)
    text = models.TextField(_("comment"), max_length=10_000)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.account} at {self.place}"


class AreaCommentText(models.Model):
    """What a comment said before it was changed."""

    comment = models.ForeignKey(AreaComment, models.CASCADE, related_name="former")
    place = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["until", "pk"]

    def __str__(self):
        return f"until {self.until:%Y-%m-%d %H:%M}"


class ReadingAct(models.TextChoices):
    PAGE = "page", _("page")
    FILE = "file", _("file")
    PRINT = "print", _("print")
    ZIPPED = "zip", _("file of a ZIP")


class AreaReading(models.Model):
    """That somebody read something: `what` names it as `notice 3` or `version 17`. Rows are only added, and go after twelve months."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="readings")
    account = models.ForeignKey(User, models.CASCADE, related_name="+")
    what = models.CharField(max_length=40)
    act = models.CharField(max_length=8, choices=ReadingAct)
    at = models.DateTimeField(default=timezone.now)
    slot = models.PositiveIntegerField(default=ten_minutes, help_text="Which ten minutes: the same act counts once in them.")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["area", "account", "what", "act", "slot"], name="areas_reading_once")]

    def __str__(self):
        return f"{self.account}: {self.act} {self.what}"


class AreaEvent(models.Model):
    """What happened to an area and its members; no content. It outlives the area."""

    class Happening(models.TextChoices):
        OPENED = "opened", _("Area opened")
        SETTINGS = "settings", _("Settings changed")
        INVITED = "invited", _("Invitation sent")
        REVOKED = "revoked", _("Invitation revoked")
        ASKED = "asked", _("Another account asked to use an invitation")
        JOINED = "joined", _("Member joined")
        ROLE = "role", _("Membership changed")
        ENDED = "ended", _("Membership ended")
        UPLOADED = "uploaded", _("File uploaded")
        REMOVED = "removed", _("File or notice removed")
        NOTICED = "noticed", _("Notice published")
        EXPORTED = "exported", _("Copy taken")
        DELETED = "deleted", _("Area deleted with all it held")

    area = models.ForeignKey(Area, models.CASCADE, related_name="events")
    what = models.CharField(max_length=10, choices=Happening)
    by = models.CharField(max_length=150)
    whom = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.what} by {self.by}"
