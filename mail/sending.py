"""Sender of what waits in the outbox: claims mails, hands them to the server one by one, and notes what became of each.

A mail is claimed, marked as being handed over, handed over, and marked as sent. Whoever is killed leaves claims that lapse: what was
surely not handed over is sent as if nothing had been; what may have been is sent once more under the same Message-ID, and no third time.
"""

import logging
import smtplib
import time
from collections import Counter
from datetime import timedelta

from django.core import mail as django_mail
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mail import messages
from mail.models import Addressee, MailState, WaitingMail
from mail.outbox import one_line, writers

log = logging.getLogger("portal.mail")

BATCH = 50
LEASE = timedelta(minutes=5)
SECONDS = 40  # of one run; the rest is the next one's
LONGEST_PAUSE = timedelta(minutes=30)
GIVEN_UP = timedelta(days=3)  # after the mail was made, where the server always says "later"
MOST_REFUSALS = 5


class ServerTrouble(Exception):
    """Failure of the server, not of one mail: nothing more is tried now."""


def send_waiting():
    """Send what waits, for SECONDS at most; returns what was done, in words."""
    release_lapsed()
    counts = Counter()
    server = django_mail.get_connection()
    end = time.monotonic() + SECONDS
    try:
        while time.monotonic() < end and (batch := claim()):
            send_batch(server, batch, counts)
    except ServerTrouble as trouble:
        counts[_("stopped: %s") % trouble] += 1
    finally:
        close(server)
    return ", ".join(f"{count} {what}" for what, count in counts.items())


def close(server):
    try:
        server.close()
    except (smtplib.SMTPException, OSError):
        log.info("The mail server was gone before its connection was closed")


def release_lapsed():
    """Free what a killed sender has left. A lease that ends too late to be one was taken before the clock was set back."""
    now = timezone.now()
    lapsed = WaitingMail.objects.filter(Q(next_try__lte=now) | Q(next_try__gt=now + 2 * LEASE))
    lapsed.filter(state=MailState.CLAIMED).update(state=MailState.WAITING, next_try=now)
    unclear = lapsed.filter(state=MailState.SENDING)
    said = _("It may have been sent: the program was ended twice while it handed this mail over.")
    unclear.filter(unclear__gte=1).update(state=MailState.REFUSED, error=said)
    unclear.update(state=MailState.WAITING, unclear=F("unclear") + 1, next_try=now)


@transaction.atomic
def claim():
    """Mails that are due, as this sender's own until their `next_try`."""
    paused = Addressee.objects.exclude(paused=None).values("to")
    WaitingMail.objects.filter(state=MailState.WAITING, to__in=paused).update(state=MailState.PAUSED)
    now = timezone.now()
    due = WaitingMail.objects.filter(state=MailState.WAITING, next_try__lte=now).order_by("next_try", "pk")
    batch = list(due.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)[:BATCH])
    WaitingMail.objects.filter(pk__in=[mail.pk for mail in batch]).update(state=MailState.CLAIMED, next_try=now + LEASE)
    for mail in batch:
        mail.next_try = now + LEASE
    return batch


def send_batch(server, batch, counts):
    for position, mail in enumerate(batch):
        try:
            counts[send(server, mail)] += 1
        except ServerTrouble as trouble:
            for waiting in batch[position:]:
                postpone(waiting, str(trouble))
            raise


def send(server, mail):
    """Hand one mail over; returns what became of it, in words. Raises ServerTrouble."""
    try:
        text = text_of(mail)
        message = text and messages.message_of(mail, *text, server)
    except Exception as error:  # whatever a mail meets, the others are sent
        log.exception("A mail could not be written")
        return put_off(mail, _("It could not be written: %s") % type(error).__name__)
    if message is None:
        settle(mail, MailState.DROPPED)
        return _("dropped")
    opened(server)
    lease = timezone.now() + LEASE
    if not own(mail).update(state=MailState.SENDING, next_try=lease):
        return _("left to another")
    mail.next_try = lease
    try:
        message.send()
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        return failed(mail, error)
    except Exception as error:  # of a backend that is not Django's
        log.exception("A mail could not be handed over")
        return put_off(mail, type(error).__name__)
    settle(mail, MailState.SENT, sent=timezone.now())
    Addressee.objects.filter(to=mail.to).delete()
    return _("sent")


def opened(server):
    """Connect, unless that is done, before any mail is marked as being handed over."""
    try:
        server.open()
    except smtplib.SMTPAuthenticationError as error:
        raise ServerTrouble(_("The mail server refuses the log-in.")) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerTrouble(_("The mail server does not answer as it should.")) from error


def text_of(mail):
    """(subject, body), or None for what is not to be sent any more."""
    if mail.expires and mail.expires <= timezone.now():
        return None
    if not mail.writer:
        return mail.subject, mail.body
    text = writers[mail.writer](mail)
    return text and (one_line(text[0]), text[1])


def own(mail):
    """The mail's row as long as it is this sender's."""
    return WaitingMail.objects.filter(pk=mail.pk, state__in=[MailState.CLAIMED, MailState.SENDING], next_try=mail.next_try)


def settle(mail, state, **fields):
    """Note that nothing more is to be done, and forget the text."""
    own(mail).update(state=state, subject="", body="", about={}, error="", **fields)


def postpone(mail, reason):
    """Let a mail wait, longer each time."""
    pause = min(timedelta(minutes=2 ** min(mail.tries, 10)), LONGEST_PAUSE)
    own(mail).update(state=MailState.WAITING, tries=F("tries") + 1, next_try=timezone.now() + pause, error=reason[:300])


def failed(mail, error):
    """Note that a mail was not taken; returns what became of it. Raises ServerTrouble where the server is at fault."""
    refusal = refusal_of(mail, error)
    if refusal is None:
        raise ServerTrouble(_("The mail server does not answer as it should.")) from error
    code, said = refusal
    if mail.is_private:
        said = ""  # servers repeat the address in what they say
    if code < 500:
        return put_off(mail, _("The mail server takes it later: %s") % said)
    refuse(mail, _("The mail server refused it: %s") % f"{code} {said}")
    return _("refused")


def put_off(mail, reason):
    """Try a mail later, but not for ever; returns what became of it."""
    if timezone.now() - mail.made > GIVEN_UP:
        refuse(mail, reason)
        return _("refused")
    postpone(mail, reason)
    return _("put off")


def refusal_of(mail, error):
    """(code, words) of the server about one mail, or None."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = error.recipients.get(mail.to) or next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPDataError):
        code, said = error.smtp_code, error.smtp_error
    elif isinstance(error, UnicodeError):
        return 553, _("The address has letters that cannot be written to.")
    else:
        return None
    said = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return None if code == 421 else (code, one_line(said)[:200])


@transaction.atomic
def refuse(mail, said):
    """Note a refusal for good; after MOST_REFUSALS in a row nothing is sent to the address until somebody resumes it."""
    own(mail).update(state=MailState.REFUSED, tries=F("tries") + 1, error=said[:300])
    Addressee.objects.get_or_create(to=mail.to, defaults={"is_private": mail.is_private})
    Addressee.objects.filter(to=mail.to).update(refusals=F("refusals") + 1)
    Addressee.objects.filter(to=mail.to, refusals__gte=MOST_REFUSALS, paused=None).update(paused=timezone.now())
