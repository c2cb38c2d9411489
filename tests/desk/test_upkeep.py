"""Upkeep: administrators read what is not done and what was not sent, and try again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from due import running
from due.models import JobRun
from mail import outbox
from mail.models import Addressee, MailState, WaitingMail
from tests.desk_client import administrator, browser_of, publisher, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return browser_of(administrator())


@pytest.fixture
def done(own_jobs):
    running.run_all()


@pytest.fixture
def own_jobs(monkeypatch):
    monkeypatch.setattr("due.running.registered", {})


def refused(to="anna@example.org"):
    outbox.send(to, "A <subject>", "Body", to)
    WaitingMail.objects.filter(key=to).update(state=MailState.REFUSED, tries=1, error="The mail server refused it: 550 <no>")
    return WaitingMail.objects.get(key=to)


def test_desk_tells_administrators_that_nothing_is_done(ada):
    assert "What falls due has never been done" in ada.get("/admin/").content.decode()
    assert "falls due" not in browser_of(publisher()).get("/admin/").content.decode()


def test_desk_tells_administrators_that_due_work_is_overdue_or_failed(ada, done, monkeypatch):
    assert "All is well" in ada.get("/admin/").content.decode()
    JobRun.objects.update(started=timezone.now() - timedelta(minutes=11))
    assert "ought to be each minute" in ada.get("/admin/").content.decode()
    monkeypatch.setattr("due.running.registered", {"send_mails": None})
    JobRun.objects.create(name="send_mails", failed=timezone.now(), failure="KeyError (sending.py, line 3)")
    assert "“Send mails” failed" in ada.get("/admin/").content.decode()
    assert "KeyError (sending.py, line 3)" in ada.get("/admin/upkeep/").content.decode()


def test_desk_says_that_nobody_is_written_to(ada, done, settings):
    settings.EMAIL_BACKEND = outbox.CONSOLE
    assert "nobody is written to" in ada.get("/admin/").content.decode()


def test_refused_mail_is_listed_and_tried_again(ada):
    mail = refused()
    text = ada.get("/admin/upkeep/").content.decode()
    assert "A &lt;subject&gt;" in text
    assert "550 &lt;no&gt;" in text
    assert "1 mail could not be sent" in ada.get("/admin/").content.decode()
    answer = ada.post("/admin/upkeep/", {"mail": mail.pk}, follow=True)
    assert said(answer) == ["1 mail is tried again within a minute."]
    mail.refresh_from_db()
    assert mail.state == MailState.WAITING
    assert mail.next_try <= timezone.now()


def test_paused_address_is_listed_and_resumed(ada):
    Addressee.objects.create(to="gone@example.org", refusals=5, paused=timezone.now())
    outbox.send("gone@example.org", "Subject", "Body", "1")
    WaitingMail.objects.update(state=MailState.PAUSED)
    text = ada.get("/admin/upkeep/").content.decode()
    assert "gone@example.org" in text
    assert "1 address is not written to" in ada.get("/admin/").content.decode()
    addressee = Addressee.objects.get()
    for expected in ("The address is written to again, beginning with what was held back.", "There was nothing to try again."):
        assert expected in said(ada.post("/admin/upkeep/", {"address": addressee.pk}, follow=True))
    assert WaitingMail.objects.get().state == MailState.WAITING


def test_what_was_sent_is_not_tried_again(ada):
    mail = refused()
    WaitingMail.objects.update(state=MailState.SENT)
    ada.post("/admin/upkeep/", {"mail": [mail.pk, 10**18 - 1, "x"]})
    assert WaitingMail.objects.get().state == MailState.SENT
