"""Due work of accounts: notes of sessions that are over are deleted."""

from datetime import timedelta

from accounts import sessions
from due.jobs import job


@job("forget_ended_sessions", every=timedelta(hours=1))
def forget_ended_sessions():
    count = sessions.forget_ended()
    return f"{count} deleted" if count else ""
