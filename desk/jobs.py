"""Due work of the desk: what lay in the bin for its time goes, people are told what others did."""

from datetime import timedelta

from desk import deletion, notice_mails, notices, record_notices
from due.jobs import job


@job("empty_bin", every=timedelta(hours=1))
def empty_bin():
    deletion.purge()


@job("make_notices")
def make_notices():
    count = record_notices.read_on()
    return f"{count} notices" if count else ""


@job("mail_notices")
def mail_notices():
    count = notice_mails.compose()
    return f"{count} mails" if count else ""


@job("forget_old_notices", every=timedelta(days=1))
def forget_old_notices():
    count = notices.forget_old()
    return f"{count} forgotten" if count else ""
