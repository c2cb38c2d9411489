"""Models of mail: what waits to be sent, and addresses that servers have refused."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    """State of a mail."""

    WAITING = "waiting", _("waits")
    CLAIMED = "claimed", _("is being sent")  # surely not sent yet
    SENDING = "sending", _("is being handed over")  # sent or not, nobody knows
    SENT = "sent", _("sent")
    REFUSED = "refused", _("refused")
    PAUSED = "paused", _("held back")
    DROPPED = "dropped", _("not sent any more")


class WaitingMail(models.Model):
    """Mail to one address, written in the transaction of what it tells of. What is sent keeps its key alone, so that nothing is sent twice.

    Its text stands in `subject` and `body`, or is written by the writer of this name, from `about`, when it is sent (mail/outbox.py).
    """

    key = models.CharField(max_length=200, unique=True)
    to = models.CharField(max_length=320)
    person = models.ForeignKey("auth.User", models.CASCADE, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    writer = models.CharField(max_length=32, blank=True)
    about = models.JSONField(default=dict)
    is_secret = models.BooleanField(default=False)
    is_private = models.BooleanField(default=False, help_text="Nobody of the desk is shown its address.")
    made = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    next_try = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    unclear = models.PositiveIntegerField(default=0, help_text="How often the sender was killed while it handed the mail over.")
    error = models.CharField(max_length=300, blank=True)
    sent = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try"], name="mail_state_next_try")]

    def __str__(self):
        return self.key

    @property
    def shown_to(self):
        return shown(self)


class Addressee(models.Model):
    """Address that servers refused; from the fifth refusal in a row on, nothing is sent there until somebody resumes it."""

    to = models.CharField(max_length=320, unique=True)
    refusals = models.PositiveIntegerField(default=0)
    paused = models.DateTimeField(null=True, blank=True)
    is_private = models.BooleanField(default=False)

    def __str__(self):
        return f"address {self.pk}"

    @property
    def shown_to(self):
        return shown(self)


def shown(row):
    """The address as the desk sees it."""
    return _("an address that is not shown (%d)") % row.pk if row.is_private else row.to
