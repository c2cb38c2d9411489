"""Due work of the house: sessions that are over go, and failed log-ins of yesterday; cards follow the data."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.utils import timezone

from cdmportal.cards.shelf import draw_missing
from cdmportal.sessions import SessionStore
from due.jobs import job


@job("clear_sessions", every=timedelta(days=1))
def clear_sessions():
    SessionStore.clear_expired()


@job("forget_failed_logins", every=timedelta(hours=1))
def forget_failed_logins():
    """The names that were tried and the pseudonyms of networks are of no use once the tries are forgiven."""
    count, _rows = AccessAttempt.objects.filter(attempt_time__lte=timezone.now() - timedelta(days=1)).delete()
    return f"{count} forgotten" if count else ""


@job("draw_cards", every=timedelta(hours=1))
def draw_cards():
    count = draw_missing()
    return f"{count} drawn" if count else ""
