"""Mails of notices: what they say, to whom, how often; never a word of a draft."""

import email
import email.policy
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail as django_mail
from django.utils import timezone

from desk import deletion, notice_mails, notices, record_notices
from desk.models import DeskNotice, HowOften, NoticeGroup, NoticeSettings
from mail import outbox, sending
from mail.models import WaitingMail
from pages.models import Page
from publishing import draft_versions, ledger
from publishing.models import SectionGrant
from tests.desk_client import author, browser_of, publisher, said
from tests.publishing.test_crashes import in_child, was_killed
from tests.record import new_page

pytestmark = pytest.mark.django_db
PLANTED = "Zwischenraumwort"


@pytest.fixture
def anna(db):
    """An author of /about/ who is written to at once."""
    about = new_page("about")
    ledger.publish([about])
    user = author("anna", about)
    reach(user)
    record_notices.read_on()
    return user


def reach(user, how=HowOften.AT_ONCE, zone="Europe/Berlin"):
    user.email = f"{user.get_username()}@example.org"
    user.save()
    NoticeSettings.objects.update_or_create(user=user, defaults={"zone": zone, "how": dict.fromkeys(NoticeGroup.values, how)})


def written(user, slug="ccs", **fields):
    page = new_page(slug, Page.objects.get(slug="about"), **fields)
    draft_versions.begin(page, user=user)
    return page


def moved(user, page, ref="1"):
    notices.tell("moved", [user], "page", page.pk, ref, "paul")


def sent():
    """The messages that a minute's due work sends, as their readers' programs show them."""
    before = len(django_mail.outbox)
    record_notices.read_on()
    notice_mails.compose()
    sending.send_waiting()
    return [email.message_from_bytes(one.message().as_bytes(), policy=email.policy.default) for one in django_mail.outbox[before:]]


def test_mail_names_what_happened_and_who_did_it(anna):
    page = written(anna, title="It's <b> & “storage”")
    ledger.publish([page], author="paul")
    (message,) = sent()
    said = "“It's <b> & “storage””"
    assert message["To"] == "anna@example.org"
    assert message["Subject"].strip() == f"{said} was published by paul"
    text = message.get_content()
    assert f"- {said} was published by paul (" in text
    assert text.count("http") == 1
    assert "http://127.0.0.1:8000/admin/notices/" in text
    assert "Europe/Berlin" in text
    assert message["List-Id"].endswith("<notices.127.0.0.1>")
    assert sent() == []


def test_times_are_those_of_the_persons_zone(anna):
    moved(anna, written(anna))
    DeskNotice.objects.update(made="2026-07-01T22:30:00Z")
    assert "2 July 2026, 00:30" in sent()[0].get_content()


def test_what_happens_within_a_minute_is_one_mail(anna):
    page = written(anna)
    for number in range(3):
        moved(anna, page, str(number))
    (message,) = sent()
    assert message["Subject"] == "3 notices from the CDM portal"
    assert message.get_content().count("- “Ccs” was moved") == 3


def test_long_list_is_cut_and_counted(anna):
    page = written(anna)
    for number in range(105):
        moved(anna, page, str(number))
    assert "And 5 more." in sent()[0].get_content()


def test_no_word_of_a_draft_is_in_a_mail(anna, caplog):
    """Of a thing that is public its public title is told, though the draft has another; of one that never was, its title alone."""
    page = written(anna, title="Public title")
    ledger.publish([page], author="anna")
    for name in ("title", "menu_title", "summary", "body"):
        setattr(page, name, f"{PLANTED} {name}")
    assert page.save_if_unchanged(page.version, user=anna)
    moved(anna, page)
    deletion.delete(publisher(), written(anna, "gone", title="Deleted title", body=PLANTED, summary=PLANTED))
    (message,) = sent()
    text = message.as_string() + message.get_content() + str(list(WaitingMail.objects.values()))
    assert "“Public title” was moved" in message.get_content()
    assert "“Deleted title” was deleted by paul" in message.get_content()
    assert PLANTED not in text + caplog.text


def test_titles_are_left_out_where_the_operator_wants_none(anna, settings):
    settings.MAIL_TITLES = False
    moved(anna, written(anna, title="A title"))
    (message,) = sent()
    assert message["Subject"] == "Page was moved in the draft by paul"
    assert "A title" not in message.as_string()


def test_title_with_line_ends_makes_no_header(anna):
    moved(anna, written(anna, title="One\r\nBcc: all@example.org\u2028two"))
    (message,) = sent()
    assert message["Bcc"] is None
    assert message["Subject"].strip() == "“One Bcc: all@example.org two” was moved in the draft by paul"
    assert "Bcc:" not in [line[:4] for line in message.get_content().splitlines()]


def test_rights_are_those_of_the_moment_of_sending(anna):
    moved(anna, written(anna, title="A title"))
    notice_mails.compose()
    SectionGrant.objects.all().delete()
    (message,) = sent()
    assert message["Subject"] == "Something that is gone or that you may no longer read was moved in the draft by paul"
    assert "A title" not in message.as_string()


@pytest.mark.parametrize("change", ["left", "without a role", "read it"])
def test_mail_that_waits_is_not_sent_where_there_is_nobody_to_tell(anna, change):
    moved(anna, written(anna))
    notice_mails.compose()
    if change == "left":
        User.objects.update(is_active=False)
    elif change == "without a role":
        anna.groups.clear()
    else:
        notices.mark_read(anna)
    assert sent() == []
    assert WaitingMail.objects.get().state == "dropped"


def test_mail_that_waits_goes_to_the_new_address(anna):
    moved(anna, written(anna))
    notice_mails.compose()
    User.objects.update(email="new@example.org")
    assert sent() == []
    assert [message["To"] for message in sent()] == ["new@example.org"]


def test_who_has_chosen_never_or_has_no_address_is_not_written_to(anna):
    page = written(anna)
    reach(anna, HowOften.NEVER)
    moved(anna, page)
    assert sent() == []
    reach(anna)
    User.objects.update(email="")
    moved(anna, page, "2")
    assert sent() == []
    reach(anna)
    assert sent() == [], "of what was not told then nothing is told later"


def test_without_a_mail_server_no_notice_is_made_into_a_mail(anna, settings):
    settings.EMAIL_BACKEND, before = outbox.CONSOLE, settings.EMAIL_BACKEND
    moved(anna, written(anna))
    notice_mails.compose()
    assert not WaitingMail.objects.exists()
    text = browser_of(anna).get("/admin/notices/preferences/").content.decode()
    assert "nobody is written to" in text
    settings.EMAIL_BACKEND = before
    assert sent() == []


def test_person_chooses_how_often_by_group_and_where(anna):
    client = browser_of(anna)
    chosen = {"published": "weekly", "changed": "never", "due": "daily", "zone": "Pacific/Chatham"}
    assert said(client.post("/admin/notices/preferences/", chosen, follow=True)) == ["Your choice is kept."]
    kept = NoticeSettings.objects.get(user=anna)
    assert (kept.how, kept.zone) == ({"published": "weekly", "changed": "never", "due": "daily"}, "Pacific/Chatham")
    text = client.get("/admin/notices/preferences/").content.decode()
    assert text.count("checked") == 3
    assert '<option value="Pacific/Chatham" selected>' in text
    answer = client.post("/admin/notices/preferences/", chosen | {"zone": "Mars/Olympus", "changed": "hourly"})
    assert answer.status_code == 200
    assert answer.content.decode().count("errorlist") == 2


def test_nothing_old_is_told_to_who_turns_mails_on(anna):
    reach(anna, HowOften.NEVER)
    moved(anna, written(anna))
    browser_of(anna).post("/admin/notices/preferences/", {"published": "at_once", "changed": "at_once", "due": "at_once", "zone": "UTC"})
    assert sent() == []


def test_who_has_chosen_nothing_is_told_at_once_of_losses_and_daily_of_publications(anna):
    NoticeSettings.objects.all().delete()
    page = written(anna)
    ledger.publish([page], author="paul")
    record_notices.read_on()
    moved(anna, page)
    (message,) = sent()
    assert message["Subject"] == "“Ccs” was moved in the draft by paul"


def test_old_notices_are_forgotten(anna):
    page = written(anna)
    for number in range(3):
        moved(anna, page, str(number))
    first, second, third = DeskNotice.objects.order_by("pk")
    now = timezone.now()
    DeskNotice.objects.filter(pk=first.pk).update(read=now - timedelta(days=91))
    DeskNotice.objects.filter(pk=second.pk).update(made=now - timedelta(days=366))
    assert notices.forget_old() == 2
    assert DeskNotice.objects.get() == third


@pytest.mark.django_db(transaction=True)
def test_due_work_killed_before_each_statement_tells_each_event_in_one_mail():
    about = new_page("about")
    ledger.publish([about])
    anna = author("anna", about)
    reach(anna)
    page = written(anna)
    for step in range(40):
        moved(anna, page, str(step))
        killed = was_killed(in_child(notice_mails.compose, step))
        notice_mails.compose()
        keys = set(DeskNotice.objects.values_list("mail", flat=True))
        assert keys == set(WaitingMail.objects.values_list("key", flat=True))
        assert len(keys) == step + 1
        if not killed:
            break
    assert step > 5
