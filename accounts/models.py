"""Devices by which people prove who they are beside the password, their sessions, and what happened to their accounts."""

import hmac
import re
from hashlib import sha256
from secrets import choice

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin
from django_otp.plugins.otp_totp.models import TOTPDevice

# Without the letters and digits that are taken for each other.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODES = 10
# After so many wrong codes one has to wait 1,024 seconds, and never longer: slow enough for guessing, and the owner gets in again.
MOST_FAILURES = 11


class BoundedWait:
    """Mixin for devices that slow down guessing: each wrong code doubles the wait before the next try, up to a bound."""

    def throttle_increment(self, commit=True):
        self.throttling_failure_count = min(self.throttling_failure_count, MOST_FAILURES - 1)
        super().throttle_increment(commit)

    def seconds_to_wait(self):
        allowed, why = self.verify_is_allowed()
        return 0 if allowed else max(1, round((why["locked_until"] - timezone.now()).total_seconds()))


class Phone(BoundedWait, TOTPDevice):
    """An app that shows a new code every 30 seconds."""

    class Meta:
        proxy = True


class RecoveryCodes(BoundedWait, ThrottlingMixin, Device):
    """The codes that let a person in once each without the phone, kept as digests."""

    digests = models.JSONField(default=list)
    made = models.DateTimeField(default=timezone.now)

    @staticmethod
    def drawn():
        return ["-".join("".join(choice(LETTERS) for _letter in range(4)) for _group in range(4)) for _code in range(CODES)]

    def get_throttle_factor(self):
        return 1

    def digest(self, code):
        plain = re.sub(r"[^a-z0-9]", "", code.casefold())
        return sha256(f"{self.user_id}:{plain}".encode()).hexdigest()

    def verify_token(self, token):
        """Whether it is one of the codes; then it is used up."""
        if not self.verify_is_allowed()[0]:
            return False
        given = self.digest(token)
        left = [kept for kept in self.digests if not hmac.compare_digest(kept, given)]
        if len(left) == len(self.digests):
            self.throttle_increment()
            return False
        self.digests = left
        self.throttle_reset()
        return True


class AccountSession(models.Model):
    """A session of a person, under a digest of its key: where since when."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="account_sessions")
    began = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=80, blank=True)
    network = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-seen"]

    def __str__(self):
        return f"{self.user}, {self.browser}"


class AccountEvent(models.Model):
    """Something that happened to an account, of which its owner is told."""

    class What(models.TextChoices):
        ENROLLED = "enrolled", _("A second factor was set up.")
        RENEWED = "renewed", _("New recovery codes were made; the old ones are void.")
        REMOVED = "removed", _("The second factor was taken away by yourself.")
        RECOVERED = "recovered", _("A recovery code was used to log in.")
        RESET = "reset", _("The second factor was taken away by another person.")
        ENDED = "ended", _("All sessions were ended by another person; there was no second factor.")
        PASSWORD = "password", _("A new password was set.")
        JOINED = "joined", _("The invitation was accepted.")
        OFF = "off", _("The account was switched off.")
        HEIR = "heir", _("You take over what another person left open: see the first page of the desk and “Your texts”.")
        ROLE = "role", _("The role of the account was changed.")
        ADDRESS = "address", _("The mail address of the account was changed.")
        GUESSED = "guessed", _("Somebody who knew the password typed several wrong codes.")

    user = models.ForeignKey(User, models.CASCADE, related_name="account_events")
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=12, help_text="One of What.")
    by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    told = models.DateTimeField(null=True, blank=True, help_text="When the owner was told at the desk.")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.user}: {self.what}"


class Ticket(models.Model):
    """A secret address that one account can be entered by once: an invitation, or a new password. Bound to what the account was then."""

    INVITATION, RESET = "invitation", "reset"

    purpose = models.CharField(max_length=10)
    user = models.ForeignKey(User, models.CASCADE, related_name="tickets")
    digest = models.CharField(max_length=64, unique=True)
    email = models.CharField(max_length=254, blank=True)
    role = models.CharField(max_length=20, blank=True)
    password = models.CharField(max_length=64, help_text="A digest of what was kept of the password.")
    made_by = models.CharField(max_length=150, blank=True)
    made = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.purpose} for {self.user_id}"


class AskedReset(models.Model):
    """That somebody asked for a link to set a new password; address and network as pseudonyms, for an hour."""

    address = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["at"], name="accounts_asked_at")]

    def __str__(self):
        return f"asked at {self.at}"
