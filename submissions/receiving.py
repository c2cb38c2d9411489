"""Receiving: a good form becomes a submission, once for a ticket, with its mail in the same transaction."""

import re
from datetime import timedelta

from django.db import transaction

from publishing.models import Thing
from submissions import decisions, letters, likeness, tickets
from submissions.models import Consent, SenderAddress, Standing, StandingChange, Submission, SubmittedFile
from submissions.timing import Timeliness

CONFIRMED_WITHIN = timedelta(days=14)
MANY_LINKS = 10
MOST_MENDED = 3
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
HONEYPOT, LINKS = "honeypot", "links"


def found(ticket):
    """The submission that a ticket has become, or None."""
    return Submission.objects.filter(nonce=ticket.nonce).first()


def signals_of(honeypot, text):
    """Names of what makes a form suspect: it is read all the same, in a queue apart."""
    signs = {HONEYPOT: bool(honeypot), LINKS: len(LINK.findall(text)) > MANY_LINKS}
    return [name for name, is_so in signs.items() if is_so]


@transaction.atomic
def receive(call, ticket, data, timeliness, received, honeypot=""):
    """(submission, whether it is new) of a form's cleaned `data`. The lock on the call lets a ticket be used once."""
    Thing.objects.select_for_update().get(pk=call.thing_id)
    if former := found(ticket):
        return former, False
    confirm, manage = tickets.new_secret(), tickets.new_secret()
    text = data.get("text", "")
    names = ("topic", "sender", "name", "organisation", "country", "consent")
    submission = Submission.objects.create(
        call_id=call.thing_id,
        nonce=ticket.nonce,
        page_hash=tickets.digest(tickets.page_secrets(ticket.nonce)[0]),
        confirm_hash=tickets.digest(confirm),
        manage_hash=tickets.digest(manage),
        confirm_until=received + CONFIRMED_WITHIN,
        received=received,
        is_late=timeliness == Timeliness.LATE,
        text=text,
        consent_version=call.privacy_version,
        signals=signals_of(honeypot, text),
        digest=likeness.digest_of(text),
        sketch=likeness.sketch_of(text),
        **{name: data.get(name, "") for name in names},
    )
    SenderAddress.objects.create(submission=submission, email=data["email"])
    goes_public = submission.consent == Consent.NAMED
    SubmittedFile.objects.filter(nonce=ticket.nonce, submission=None).update(submission=submission, goes_public=goes_public)
    StandingChange.objects.create(submission=submission, at=received, after=submission.standing)
    letters.ask_to_confirm(submission, call.title, confirm, manage, received)
    return submission, True


@transaction.atomic
def ask_again(submission, title, at, email=None):
    """Send the confirmation anew, to another address if one is given; the links of before end. Returns whether a mail goes out: where
    none does, nothing changes.

    Raises AlreadyDecided for what was confirmed, withdrawn or mended often enough meanwhile: what was read before the lock may be old.
    """
    Thing.objects.select_for_update().get(pk=submission.call_id)
    submission = decisions.locked(submission.pk, Standing.UNCONFIRMED)
    if email and submission.mended >= MOST_MENDED:
        raise decisions.AlreadyDecided(submission)
    confirm, manage = tickets.new_secret(), tickets.new_secret()
    letters.drop_confirmations(submission)
    submission.confirm_hash, submission.manage_hash = tickets.digest(confirm), tickets.digest(manage)
    if email:
        submission.mended += 1
        submission.address.email = email
        submission.address.save()
    submission.save()
    is_sent = letters.ask_to_confirm(submission, title, confirm, manage, at)
    transaction.set_rollback(not is_sent)  # else the links that somebody has would be dead, and none to follow
    return is_sent
