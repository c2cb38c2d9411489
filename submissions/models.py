"""Private tables of submissions: what people send to a call, before and beside what is published of it.

Nothing here is part of the record, of its dump, of an export or of the search. An address stands in a table of its own. What is over is
deleted by `submissions/retention.py`.
"""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files.private import PrivateFile
from publishing.models import Thing

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 10
HASH_LENGTH = 64


def new_receipt():
    """Ten characters of Crockford's base 32, which has no letters that are taken for digits."""
    return "".join(secrets.choice(CROCKFORD) for _place in range(RECEIPT_LENGTH))


class Sender(models.TextChoices):
    """As whom somebody submits."""

    INDIVIDUAL = "individual", _("For myself")
    ORGANISATION = "organisation", _("For an organisation")


class Consent(models.TextChoices):
    """What may be published."""

    NAMED = "named", _("Publish it with my name")
    NAMELESS = "nameless", _("Publish it without my name")
    UNPUBLISHED = "unpublished", _("Do not publish it; it is read all the same")


class Standing(models.TextChoices):
    """State of a submission. Each change is a row of StandingChange."""

    UNCONFIRMED = "unconfirmed", _("waits for the confirmation of the address")
    RECEIVED = "received", _("received, to be read")
    REVIEW = "review", _("is being read")
    PUBLISHED = "published", _("published")
    ACCEPTED = "accepted", _("read, not for publication")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SPAM = "spam", _("set aside as spam")
    EXPIRED = "expired", _("deleted, as its time was over")


WAITING = (Standing.RECEIVED, Standing.REVIEW)


class Submission(models.Model):
    """What somebody sent. `receipt` is private; a public number is given when it is published (calls.PublishedSubmission).

    `page_hash`, `confirm_hash` and `manage_hash` are SHA-256 of the secrets in addresses. `letter` is shared by submissions that say nearly
    the same, `digest` by those that say the same; `sketch` holds what that is measured by (submissions/likeness.py).
    """

    receipt = models.CharField(max_length=RECEIPT_LENGTH, unique=True, default=new_receipt)
    call = models.ForeignKey(Thing, models.PROTECT, related_name="+")
    topic = models.CharField(max_length=40, blank=True)
    nonce = models.CharField(max_length=32, unique=True)
    page_hash = models.CharField(max_length=HASH_LENGTH, unique=True)
    confirm_hash = models.CharField(max_length=HASH_LENGTH, blank=True, db_index=True)
    manage_hash = models.CharField(max_length=HASH_LENGTH, blank=True, db_index=True)
    confirm_until = models.DateTimeField()
    received = models.DateTimeField()
    is_late = models.BooleanField(default=False)
    sender = models.CharField(max_length=12, choices=Sender)
    name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    text = models.TextField(blank=True)
    consent = models.CharField(max_length=11, choices=Consent)
    consent_version = models.CharField(max_length=20)
    standing = models.CharField(max_length=11, choices=Standing, default=Standing.UNCONFIRMED)
    reason = models.TextField(blank=True, help_text="Why it was refused; told to the sender.")
    redactions = models.JSONField(default=list, help_text="Passages that are not published.")
    redaction_reason = models.CharField(max_length=300, blank=True)
    is_anonymised = models.BooleanField(default=False)
    signals = models.JSONField(default=list, help_text="Names of what made it suspect.")
    digest = models.CharField(max_length=HASH_LENGTH, blank=True)
    sketch = models.JSONField(default=list)
    letter = models.PositiveBigIntegerField(null=True)
    mended = models.PositiveSmallIntegerField(default=0, help_text="How often the address was mended.")
    public_number = models.PositiveIntegerField(null=True)
    published = models.ForeignKey(Thing, models.SET_NULL, null=True, related_name="+")
    person_deleted = models.DateTimeField(null=True)
    is_wiped = models.BooleanField(default=False, help_text="Free pages of the database, too, hold nothing of the person any more.")

    class Meta:
        indexes = [models.Index(fields=["call", "standing", "received"], name="submission_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "public_number"], condition=models.Q(public_number__isnull=False), name="submission_number_once_a_call"
            )
        ]

    def __str__(self):
        return f"submission {self.receipt}"

    @property
    def is_suspect(self):
        return bool(self.signals)


class SenderAddress(models.Model):
    """The address of who sent a submission: here and nowhere else, and in mails until they are sent."""

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="address")
    email = models.CharField(max_length=254)

    def __str__(self):
        return f"address of {self.submission}"


class SubmittedFile(PrivateFile):
    """File of a ticket, and of the submission that it became."""

    nonce = models.CharField(max_length=32, db_index=True)
    submission = models.ForeignKey(Submission, models.CASCADE, null=True, related_name="files")
    made = models.DateTimeField(default=timezone.now)
    goes_public = models.BooleanField(default=False, help_text="A rewritten copy is published, if it is a PDF.")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"file {self.place}"


class StandingChange(models.Model):
    """Change of a submission's state: by whom, a person of the desk or, where `by` is empty, its sender or the clock."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("auth.User", models.SET_NULL, null=True, related_name="+")
    before = models.CharField(max_length=11, choices=Standing, blank=True)
    after = models.CharField(max_length=11, choices=Standing)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.submission}: {self.before} to {self.after}"


class AddressLook(models.Model):
    """Somebody of the desk has looked at the address of a submission. Rows are only added."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="looks")
    by = models.ForeignKey("auth.User", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"look at the {self.submission}"


class SubmissionOpening(models.Model):
    """Somebody of the desk has opened a submission; publishing many names what nobody opened."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="openings")
    by = models.ForeignKey("auth.User", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"opening of the {self.submission}"


class FormPost(models.Model):
    """A form that came from a network, whose pseudonym is another one every day. Deleted after a day."""

    network = models.CharField(max_length=39, db_index=True)
    at = models.DateTimeField(default=timezone.now)
    was_accepted = models.BooleanField(default=False)

    def __str__(self):
        return f"form at {self.at:%Y-%m-%d %H:%M}"


class ConfirmationMail(models.Model):
    """A mail that asks a pseudonymous address to confirm, and when it may go. Deleted a day after."""

    address = models.CharField(max_length=39, db_index=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"confirmation at {self.at:%Y-%m-%d %H:%M}"


class PlainQuestion(models.Model):
    """Question that the form asks where many come from one network. The newest is asked; without one, that of submissions/throttle.py."""

    question = models.CharField(
        _("question"),
        max_length=200,
        help_text=_("One that every reader of the site can answer; it says what sort of answer it wants."),
    )
    answers = models.TextField(
        _("right answers"), max_length=1000, help_text=_("One a line. Capitals, spaces and a full stop at the end do not matter.")
    )

    class Meta:
        verbose_name = _("question of the form for submissions")
        verbose_name_plural = _("questions of the form for submissions")

    def __str__(self):
        return self.question
