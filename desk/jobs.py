"""Due work of the desk: what lay in the bin for its time goes, people are told what others did and what is to be reviewed,
texts are examined for the reports."""

from datetime import timedelta

from desk import deletion, examinations, notice_mails, notices, record_notices, review_dates
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


@job("tell_reviews", every=timedelta(hours=1))
def tell_reviews():
    count = review_dates.tell_due()
    return f"{count} reviews" if count else ""


@job("examine_texts", every=timedelta(hours=1))
def examine_texts():
    count = examinations.examine_all()
    return "" if count is None else f"{count} texts"
