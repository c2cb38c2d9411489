"""The outbox takes a mail once, within the transaction of what it tells of, and lets nothing into a header."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from mail import held, outbox
from mail.models import WaitingMail

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_mail_waits_once_for_a_key():
    assert outbox.send("anna@example.org", "Hello", "Text", "greeting 1")
    assert not outbox.send("anna@example.org", "Hello again", "Text", "greeting 1")
    assert WaitingMail.objects.get().subject == "Hello"


def test_mail_goes_with_the_transaction_that_wrote_it():
    with transaction.atomic():
        outbox.send("anna@example.org", "Hello", "Text", "greeting 1")
        transaction.set_rollback(True)
    assert not WaitingMail.objects.exists()


def test_subject_is_one_line_whatever_is_in_it():
    outbox.send("anna@example.org", "One\r\nBcc: all@example.org\x0b\u2028two\x00\u202e", "Text", "1")
    assert WaitingMail.objects.get().subject == "One Bcc: all@example.org two"


@pytest.mark.parametrize("to", ["", "anna", "anna@example.org\nBcc: x@example.org", "a@example.org, b@example.org", "A <a@example.org>"])
def test_what_is_no_address_is_refused(to):
    with pytest.raises(ValidationError):
        outbox.send(to, "Hello", "Text", "1")


def test_secret_that_expires_is_forgotten():
    outbox.send("anna@example.org", "Invitation", "token", "1", secret=True, expires=timezone.now() - HOUR)
    outbox.send("anna@example.org", "Invitation", "other", "2", secret=True, expires=timezone.now() + HOUR)
    assert held.forget_expired() == 1
    assert list(WaitingMail.objects.order_by("pk").values_list("body", "state")) == [("", "dropped"), ("other", "waiting")]


def test_secret_that_never_expires_is_refused():
    with pytest.raises(ValueError, match="forgotten"):
        outbox.send("anna@example.org", "Invitation", "token", "1", secret=True)


def test_without_a_server_nobody_is_written_to(settings):
    assert outbox.writes_to_people()
    settings.EMAIL_BACKEND = outbox.CONSOLE
    assert not outbox.writes_to_people()
