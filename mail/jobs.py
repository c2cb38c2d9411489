"""Due work of mail: what waits is sent, what has expired or was sent long ago is forgotten."""

from datetime import timedelta

from due.jobs import job
from mail import held, sending


@job("forget_expired_mails")
def forget_expired():
    count = held.forget_expired()
    return f"{count} expired" if count else ""


@job("forget_old_mails", every=timedelta(days=1))
def forget_old():
    count = held.forget_old()
    return f"{count} forgotten" if count else ""


@job("send_mails", lease=timedelta(minutes=5))
def send():
    return sending.send_waiting()
