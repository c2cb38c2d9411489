"""Models of the desk: notices to its people and how each wants to be told; days of review, and what was found in texts."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeGroup(models.TextChoices):
    """Group of events for which people choose how they are told."""

    PUBLISHED = "published", _("What you wrote becomes public")
    CHANGED = "changed", _("What you work on is moved, withdrawn or deleted")
    DUE = "due", _("What you work on is due for review")


class NoticeEvent(models.TextChoices):
    """What another did with a thing of one's own, in words that a title precedes."""

    PUBLISHED = "published", _("was published")
    CAME = "came", _("was published as scheduled")
    WITHDRAWN = "withdrawn", _("was withdrawn")
    MOVED = "moved", _("was moved in the draft")
    DELETED = "deleted", _("was deleted")
    DUE = "due", _("is due for review")
    OUTCOME_DUE = "outcome_due", _("promised an outcome by a day that has come")

    @property
    def group(self):
        if self in {NoticeEvent.PUBLISHED, NoticeEvent.CAME}:
            return NoticeGroup.PUBLISHED
        return NoticeGroup.DUE if self in {NoticeEvent.DUE, NoticeEvent.OUTCOME_DUE} else NoticeGroup.CHANGED


class HowOften(models.TextChoices):
    """How soon a person is written to."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, at 07:00")
    WEEKLY = "weekly", _("On Mondays at 07:00")
    NEVER = "never", _("Never")


# What people get who have chosen nothing.
UNCHOSEN = {NoticeGroup.PUBLISHED: HowOften.DAILY, NoticeGroup.CHANGED: HowOften.AT_ONCE, NoticeGroup.DUE: HowOften.DAILY}


class DeskNotice(models.Model):
    """Notice to one person of one event. It names the thing by number alone: titles are looked up when it is read.

    `ref` names the event, so that no event is told twice. `mail` is the key of the mail that tells it, empty before, "-" for none.
    """

    NO_MAIL = "-"

    user = models.ForeignKey("auth.User", models.CASCADE, related_name="desk_notices")
    event = models.CharField(max_length=16, choices=NoticeEvent)
    kind = models.CharField(max_length=32)
    thing = models.PositiveBigIntegerField()
    ref = models.CharField(max_length=64)
    by = models.CharField(max_length=150, blank=True)
    made = models.DateTimeField(default=timezone.now)
    read = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event", "ref"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["user", "read", "-id"], name="notice_user_read"),
            models.Index(fields=["mail", "user"], name="notice_mail_user"),
        ]

    def __str__(self):
        return f"{self.event} {self.ref}"


class NoticeSettings(models.Model):
    """How a person wants to be told: a HowOften by NoticeGroup, and the zone whose 07:00 counts."""

    user = models.OneToOneField("auth.User", models.CASCADE, related_name="notice_settings")
    zone = models.CharField(max_length=64, default="UTC")
    how = models.JSONField(default=dict)

    def __str__(self):
        return f"notices to person {self.user_id}"


class DigestDay(models.Model):
    """Digest that a person got, by the date in their zone: one a day, however long the day."""

    user = models.ForeignKey("auth.User", models.CASCADE, related_name="+")
    date = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "date"], name="digest_once_a_day")]

    def __str__(self):
        return f"digest of {self.date} to person {self.user_id}"


class NoticeCursor(models.Model):
    """How far the record has been read for notices: its one row."""

    number = models.PositiveBigIntegerField(help_text="The last edition that was read.")
    at = models.DateTimeField(help_text="The moment up to which what was scheduled has come.")

    def __str__(self):
        return f"read up to edition {self.number}"


class ReviewDate(models.Model):
    """Day by which somebody looks a thing over again. It is the desk's, no part of a draft or of the record.

    It outlives a draft in the bin, as versions do. `told` is when people were told that the day had come.
    """

    thing = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=32)
    day = models.DateField(db_index=True)
    set_by = models.ForeignKey("auth.User", models.SET_NULL, null=True, blank=True, related_name="+")
    told = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.kind} {self.thing} by {self.day}"


class Examination(models.Model):
    """Count of what was found in the text that an edition in force has: figures alone, since words are read when a report is shown."""

    edition = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=32)
    thing = models.PositiveBigIntegerField()
    passed_dates = models.PositiveIntegerField(default=0, db_index=True)
    broken_links = models.PositiveIntegerField(default=0, db_index=True)
    text_notes = models.PositiveIntegerField(default=0, db_index=True)
    is_orphan = models.BooleanField(default=False, db_index=True, help_text="Nothing public leads to it.")

    class Meta:
        indexes = [models.Index(fields=["kind", "thing"], name="examination_kind_thing")]

    def __str__(self):
        return f"text of edition {self.edition}"


class LastExamination(models.Model):
    """Extent of the last examination of all texts: its one row."""

    number = models.PositiveBigIntegerField(help_text="The last edition of the record that was there.")
    day = models.DateField()
    ended = models.DateTimeField()

    def __str__(self):
        return f"texts as of edition {self.number} on {self.day}"
