"""Due work of the desk: what lay in the bin for its time goes, people are told what others did."""

from datetime import timedelta

from desk import deletion, record_notices
from due.jobs import job


@job("empty_bin", every=timedelta(hours=1))
def empty_bin():
    deletion.purge()


@job("make_notices")
def make_notices():
    count = record_notices.read_on()
    return f"{count} notices" if count else ""
