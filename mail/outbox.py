"""Outbox: what other rooms call to have a mail sent. It is sent within a minute after the transaction's commit (mail/sending.py).

A text that is worth a secret, such as the address of an invitation, is blanked once it is sent, and forgotten when it expires. A text that
depends on rights is not written before it is sent: give the name of a writer and what the mail is about.
"""

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from mail.models import Addressee, MailState, WaitingMail

CONSOLE = "django.core.mail.backends.console.EmailBackend"
writers = {}


def writer(name):
    """Register a function that gives (subject, body) for a WaitingMail of this writer just before it is sent, or None to drop it.

    Headers for lists are added to what it writes. It may be asked again for a mail that was not accepted.
    """

    def register(function):
        writers[name] = function
        return function

    return register


def writes_to_people():
    """Whether mails reach anybody: without a mail server they are only printed."""
    return settings.EMAIL_BACKEND != CONSOLE


def send(to, subject, body, key, person=None, expires=None, secret=False, private=False, not_before=None):
    """Have a mail sent, once for a `key`; returns whether it is new. What `expires` before it could be sent is never sent.

    `key` names the event, as `invitation 17`: the Message-ID is made of it. A `secret` is kept until it is sent or expires, so it needs
    `expires`. The address of a `private` one is shown to nobody at the desk. Raises ValidationError for what is no address.
    """
    if secret and expires is None:
        raise ValueError("A secret needs a time at which it is forgotten.")
    texts = {"subject": one_line(subject), "body": body}
    return add(to, key, person, not_before, expires=expires, is_secret=secret, is_private=private, **texts)


def send_written(to, writer, about, key, person=None, not_before=None):
    """Have a mail sent whose text the writer writes only then, from `about`; once for a `key`, as `send` does."""
    return add(to, key, person, not_before, writer=writer, about=about)


def add(to, key, person, not_before, **fields):
    validate_email(to)
    values = {"to": to, "person": person, "next_try": not_before or timezone.now(), **fields}
    with transaction.atomic():
        return WaitingMail.objects.get_or_create(key=key, defaults=values)[1]


def drop(keys):
    """Let mails with these keys, a list or a query, not be sent any more, as far as they were not."""
    waiting = WaitingMail.objects.filter(key__in=keys, state__in=[MailState.WAITING, MailState.PAUSED, MailState.REFUSED])
    waiting.update(state=MailState.DROPPED, subject="", body="", about={})


def forget(prefix):
    """Delete all mails whose keys begin with `prefix`, sent or not, and what is noted of their addresses alone; returns how many."""
    mails = WaitingMail.objects.filter(key__startswith=prefix)
    addresses = set(mails.values_list("to", flat=True))
    count = mails.delete()[0]
    still = set(WaitingMail.objects.filter(to__in=addresses).values_list("to", flat=True))
    Addressee.objects.filter(to__in=addresses - still, is_private=True).delete()
    return count


def one_line(text):
    """Text without line ends or other controls, for a header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:400]
