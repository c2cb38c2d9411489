"""Due work of the house."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from cdmportal import jobs

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_go():
    for name, hours in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=timezone.now() + timedelta(hours=hours))
    jobs.clear_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["open"]


def test_failed_log_ins_of_yesterday_are_forgotten():
    for name, hours in (("old", 25), ("new", 23)):
        attempt = AccessAttempt.objects.create(username=name, failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=timezone.now() - timedelta(hours=hours))
    assert jobs.forget_failed_logins() == "1 forgotten"
    assert AccessAttempt.objects.get().username == "new"
