"""Due work of the desk: what lay in the bin for its time goes."""

from datetime import timedelta

from desk import deletion
from due.jobs import job


@job("empty_bin", every=timedelta(hours=1))
def empty_bin():
    deletion.purge()
