"""Mails to senders. None holds a word that a sender typed: whoever types another's address must not write to them through us."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.throttling import pseudonym
from mail import outbox
from mail.models import WaitingMail
from submissions.models import ConfirmationMail

HOUR, DAY, LASTING = timedelta(hours=1), timedelta(days=1), timedelta(days=14)
MOST_A_DAY = 3


def key_of(submission):
    """The beginning of the keys of all mails about a submission."""
    return f"submission {submission.pk} "


def address_of(name, secret):
    return settings.SITE_ADDRESS + reverse(f"submissions:{name}", args=[secret])


def slot(email, at):
    """When one more confirmation may go to an address, at most one an hour and three a day; None if not within a day."""
    named = pseudonym(f"submission address {email.casefold()}")
    taken = sorted(ConfirmationMail.objects.filter(address=named, at__gt=at - DAY).values_list("at", flat=True))
    if len(taken) >= MOST_A_DAY:
        return None
    free = max(at, taken[-1] + HOUR) if taken else at
    ConfirmationMail.objects.create(address=named, at=free)
    return free


def ask_to_confirm(submission, title, confirm, manage, at):
    """Send the two links; `title` is the call's. Returns whether a mail goes out. Ask under a lock on the call."""
    email = submission.address.email
    free = slot(email, at)
    if free is None:
        return False
    body = _(
        "Somebody, probably you, sent a submission to the call “%(call)s” on the CDM portal, with this address.\n\n"
        "Please confirm it until %(until)s UTC, else it is deleted unread:\n%(confirm)s\n\n"
        "By this address you can see what became of it, or withdraw it, later too:\n%(manage)s\n\n"
        "If it was not you, do nothing, or withdraw it."
    )
    facts = {"call": title, "until": f"{submission.confirm_until:%d %B %Y, %H:%M}"}
    facts |= {"confirm": address_of("confirm", confirm), "manage": address_of("withdraw", manage)}
    send(submission, f"confirm {submission.mended} {at:%Y%m%d%H%M%S%f}", _("Please confirm your submission"), body % facts, free)
    return True


def tell_refusal(submission, title):
    body = _(
        "Your submission %(receipt)s to the call “%(call)s” is not published. The reason, in the words of those who read it:\n\n%(reason)s"
    )
    facts = {"receipt": submission.receipt, "call": title, "reason": submission.reason}
    send(submission, "refused", _("Your submission to the CDM portal"), body % facts)


def tell_publication(submission, title, path):
    body = _("Your submission %(receipt)s to the call “%(call)s” has been published:\n%(address)s")
    facts = {"receipt": submission.receipt, "call": title, "address": settings.SITE_ADDRESS + path}
    send(submission, "published", _("Your submission has been published"), body % facts)


def send(submission, what, subject, body, not_before=None):
    expires = timezone.now() + LASTING
    key = key_of(submission) + what
    outbox.send(submission.address.email, subject, body, key, expires=expires, secret=True, private=True, not_before=not_before)


def drop_confirmations(submission):
    """Links that end are not sent any more."""
    outbox.drop(WaitingMail.objects.filter(key__startswith=f"{key_of(submission)}confirm ").values("key"))
