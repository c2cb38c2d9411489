"""Mails that were not sent: what administrators see of them, and may do."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mail.models import Addressee, MailState, WaitingMail

KEPT = timedelta(days=90)
OVER = (MailState.SENT, MailState.DROPPED)


def unsent():
    """Mails that were refused, are held back, or have been tried in vain, the latest first."""
    waiting = WaitingMail.objects.filter(tries__gt=0).exclude(state__in=OVER)
    return (waiting | WaitingMail.objects.filter(state__in=[MailState.REFUSED, MailState.PAUSED])).select_related("person").order_by("-pk")


def paused():
    return Addressee.objects.exclude(paused=None).order_by("to")


def try_again(numbers):
    """Let mails be tried at the next run; returns how many."""
    again = WaitingMail.objects.filter(pk__in=numbers, state__in=[MailState.REFUSED, MailState.WAITING])
    return again.update(state=MailState.WAITING, next_try=timezone.now(), unclear=0)


@transaction.atomic
def resume(number):
    """Write to a paused address again, beginning with what was held back; returns whether it was paused."""
    addressee = Addressee.objects.filter(pk=number).exclude(paused=None).first()
    if addressee is None:
        return False
    WaitingMail.objects.filter(to=addressee.to, state=MailState.PAUSED).update(state=MailState.WAITING, next_try=timezone.now())
    addressee.delete()
    return True


def forget_expired():
    """Blank what has expired before it could be sent; returns how many."""
    waiting = WaitingMail.objects.exclude(state__in=OVER)
    return waiting.filter(expires__lte=timezone.now()).update(state=MailState.DROPPED, subject="", body="")


def forget_old():
    """Delete what was made long ago and is over, or was refused and nobody cared; returns how many."""
    old = WaitingMail.objects.filter(made__lte=timezone.now() - KEPT).exclude(state=MailState.WAITING)
    return old.delete()[0]
