"""Due work of accounts: what is over is deleted."""

from datetime import timedelta

from django.utils import timezone

from accounts import sessions
from accounts.models import AskedReset, Ticket
from due.jobs import job


@job("forget_ended_sessions", every=timedelta(hours=1))
def forget_ended_sessions():
    count = sessions.forget_ended()
    return f"{count} deleted" if count else ""


@job("forget_old_tickets", every=timedelta(hours=1))
def forget_old_tickets():
    """Links for new passwords go a day after they expired, invitations after a month, since it is still told that there was one."""
    now = timezone.now()
    AskedReset.objects.filter(at__lt=now - timedelta(hours=1)).delete()
    lasting = {Ticket.RESET: timedelta(days=1), Ticket.INVITATION: timedelta(days=30)}
    counts = [Ticket.objects.filter(purpose=name, expires__lt=now - days).delete()[0] for name, days in lasting.items()]
    return f"{sum(counts)} deleted" if sum(counts) else ""
