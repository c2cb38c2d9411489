"""Tickets: the signed hidden field of a form. It is time trap, key against double posts, and proof of when the form was opened.

A ticket names its call, a nonce and the instant of its issue, signed as one JSON text, so that no part can be shifted into another. One
that the desk gives to a person who comes late names the end of its time, too: in an address it is a personal link, good for one submission.
"""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

# Parameter of the address that the desk gives to one person who comes late.
PERSONAL = "late"
YOUNGEST = timedelta(seconds=4)
OLDEST = timedelta(hours=48)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def signer():
    return Signer(salt="submissions.tickets")


@dataclass(frozen=True)
class FormTicket:
    call: int
    nonce: str
    issued: datetime
    until: datetime | None = None

    def __str__(self):
        times = [self.issued, *([self.until] if self.until else [])]
        return signer().sign_object([self.call, self.nonce, *((at - EPOCH) // MILLISECOND for at in times)])

    def is_young(self, at):
        return at - self.issued < YOUNGEST

    def is_old(self, at):
        return at - self.issued > OLDEST

    def renewed(self, at):
        """The same ticket, as issued now: what was kept under its nonce stays."""
        return replace(self, issued=at)


def issue(call, at, until=None):
    return FormTicket(call, secrets.token_hex(16), at, until)


def read(text, call, at):
    """The FormTicket of a text, or None for what is none of ours, of another call or of a time to come."""
    try:
        of_call, nonce, *times = signer().unsign_object(text)
    except (BadSignature, ValueError):
        return None
    ticket = FormTicket(of_call, nonce, *(EPOCH + one * MILLISECOND for one in times))
    return ticket if of_call == call and ticket.issued <= at else None


def digest(secret):
    return sha256(secret.encode()).hexdigest()


def new_secret():
    return secrets.token_urlsafe(32)


def page_secrets(nonce):
    """Secrets of the receipt's page of a nonce, by the key of today first: a second post of one ticket leads to the page of the first."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac("submissions.receipts", nonce, secret=key, algorithm="sha256").hexdigest() for key in keys]


def page_secret_of(submission):
    """The secret of a submission's page, as far as our keys tell it, or None."""
    return next((secret for secret in page_secrets(submission.nonce) if hmac.compare_digest(digest(secret), submission.page_hash)), None)
