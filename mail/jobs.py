"""Due work of mail: what waits is sent, what has expired is forgotten."""

from due.jobs import job
from mail import outbox


@job("forget_expired_mails")
def forget_expired():
    return outbox.forget_expired()
