"""Invitations and links for new passwords: opened by anything, used by their form alone, once, by whom they are for."""

import re
import threading
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import jobs, tickets
from accounts.models import AccountEvent, AskedReset, Ticket
from mail import outbox
from mail.models import WaitingMail
from publishing.roles import ADMINISTRATOR, AUTHOR, PUBLISHER, role
from tests.accounts.logging_in import ENROL, App, is_in, password_typed, with_phone
from tests.desk_client import HOST, administrator, author, browser_of, publisher
from tests.processor import least

pytestmark = pytest.mark.django_db
NEW = "an entirely different phrase"
FIELDS = {"email": "nora@example.org", "username": "nora", "first_name": "Nora", "last_name": "N.", "role": PUBLISHER}
PASSWORDS = {"new_password1": NEW, "new_password2": NEW}
LINK = re.compile(r"http://127\.0\.0\.1:8000(/admin/(?:invitation|reset)/[\w-]{43}/)")


@pytest.fixture
def mails(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def ada():
    return browser_of(administrator())


def stranger():
    return Client(headers=HOST)


def link_in(text):
    return LINK.search(text)[1]


def invited(ada, **changes):
    """The link that an invitation's mail bears."""
    answer = ada.post("/admin/auth/user/invite/", FIELDS | changes)
    assert answer.status_code == 302, answer.text
    return link_in(WaitingMail.objects.latest("pk").body)


def asked(email, client=None):
    return (client or stranger()).post("/admin/reset/", {"email": email})


def reset(email):
    asked(email)
    return link_in(WaitingMail.objects.latest("pk").body)


@pytest.fixture
def paul():
    user = publisher()
    User.objects.filter(pk=user.pk).update(email="paul@example.org")
    return user


def test_invitation_leads_to_a_whole_log_in_with_a_second_factor(ada, mails, settings):
    settings.SECOND_FACTOR = {PUBLISHER}
    link, client = invited(ada), stranger()
    shown = client.get(link)
    for words in ("ada", PUBLISHER, "nora", 'value="Nora"'):
        assert words in shown.text
    ready = client.post(link, PASSWORDS | {"first_name": "Nora", "last_name": "Nilsson"})
    assert 'href="/admin/login/"' in ready.text
    user = User.objects.get(username="nora")
    assert (user.last_name, user.email, role(user)) == ("Nilsson", "nora@example.org", PUBLISHER)
    assert client.post("/admin/login/", {"username": "nora", "password": NEW})["Location"] == ENROL
    client.post(ENROL, {"code": App.told_by(client.get(ENROL)).code()})
    assert is_in(client)


@pytest.mark.parametrize("demanded", [True, False])
def test_second_factor_is_announced_where_it_is_demanded(ada, mails, paul, settings, demanded):
    settings.SECOND_FACTOR = {PUBLISHER} if demanded else set()
    link = invited(ada)
    assert ("Have your phone at hand" in WaitingMail.objects.latest("pk").body) is demanded
    assert ("you set up your phone, once" in stranger().post(link, PASSWORDS).text) is demanded
    with_phone(paul)
    assert "code from your phone is asked" in stranger().post(reset("paul@example.org"), PASSWORDS).text


def test_invited_account_cannot_be_entered_before(ada, mails):
    invited(ada)
    user = User.objects.get(username="nora")
    assert (user.is_active, user.has_usable_password(), role(user)) == (False, False, None)


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_changes_nothing_however_often(ada, mails, paul, method):
    links = [invited(ada), reset("paul@example.org")]
    for link in links:
        with CaptureQueriesContext(connection) as queries:
            for _ in range(5):
                assert getattr(stranger(), method)(link).status_code == 200
        assert not [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
        assert "Log in as" in stranger().post(link, PASSWORDS).text


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(ada, mails, method):
    assert getattr(stranger(), method)(invited(ada)).status_code == 405


def test_link_works_once(ada, mails, paul):
    for link in (invited(ada), reset("paul@example.org")):
        stranger().post(link, PASSWORDS)
        for answer in (stranger().get(link), stranger().post(link, PASSWORDS)):
            assert answer.status_code == 404
            assert "does not work any more" in answer.text


def test_link_dies_by_age(ada, mails, paul):
    links = {invited(ada): timedelta(hours=72), reset("paul@example.org"): timedelta(hours=1)}
    for link, lasting in links.items():
        Ticket.objects.update(expires=timezone.now() + timedelta(minutes=1))
        assert stranger().get(link).status_code == 200
        assert abs(tickets.LASTING[Ticket.INVITATION if "invitation" in link else Ticket.RESET] - lasting) < timedelta(1e-9)
        Ticket.objects.update(expires=timezone.now())
        assert stranger().post(link, PASSWORDS).status_code == 404


def test_newer_link_ends_the_older_one(ada, mails, paul):
    first, second = reset("paul@example.org"), reset("paul@example.org")
    assert stranger().get(first).status_code == 404
    assert stranger().get(second).status_code == 200
    first = invited(ada)
    ada.post(f"/admin/auth/user/{User.objects.get(username='nora').pk}/link/", {"do": "new"})
    second = link_in(WaitingMail.objects.latest("pk").body)
    assert (stranger().get(first).status_code, stranger().get(second).status_code) == (404, 200)


def test_administrator_revokes_an_invitation(ada, mails):
    link = invited(ada)
    address = f"/admin/auth/user/{User.objects.get(username='nora').pk}/link/"
    assert "Invited by ada" in ada.get(address).text
    ada.post(address, {"do": "revoke"})
    assert stranger().post(link, PASSWORDS).status_code == 404
    assert "no invitation that works" in ada.get(address).text


def test_mail_of_a_link_that_was_revoked_or_made_anew_is_not_sent_any_more(ada, mails):
    invited(ada)
    address = f"/admin/auth/user/{User.objects.get(username='nora').pk}/link/"
    ada.post(address, {"do": "new"})
    assert list(WaitingMail.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "waiting"]
    ada.post(address, {"do": "revoke"})
    assert set(WaitingMail.objects.values_list("state", "body")) == {("dropped", "")}


def test_password_set_by_a_link_of_an_administrator_is_told_with_that_name(ada, mails, paul):
    ada.post(f"/admin/auth/user/{paul.pk}/link/", {"do": "new"})
    stranger().post(link_in(WaitingMail.objects.latest("pk").body), PASSWORDS)
    assert "A new password was set. Reason: a link that ada gave" in WaitingMail.objects.latest("pk").body


def test_tampering_with_the_form_raises_nothing(ada, mails):
    link = invited(ada, role=AUTHOR)
    extra = {"role": ADMINISTRATOR, "email": "evil@example.org", "username": "evil", "is_superuser": "on", "is_staff": "on", "groups": "3"}
    stranger().post(link, PASSWORDS | extra)
    user = User.objects.get(username="nora")
    assert (role(user), user.email, user.is_superuser) == (AUTHOR, "nora@example.org", False)


@pytest.mark.parametrize("change", ["role", "email", "password"])
def test_link_is_void_once_the_account_is_another(ada, mails, change):
    link = invited(ada)
    user = User.objects.get(username="nora")
    if change == "role":
        user.groups.clear()
    elif change == "email":
        User.objects.update(email="other@example.org")
    else:
        user.set_password("given by hand, long enough")
        user.save()
    assert stranger().get(link).status_code == 404


def test_link_of_one_purpose_opens_nothing_of_the_other(ada, mails, paul):
    assert stranger().get(invited(ada).replace("invitation", "reset")).status_code == 404
    assert stranger().get(reset("paul@example.org").replace("reset", "invitation")).status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5000, "%00", "é", "..", "A" * 42 + "%0A"])
def test_made_up_tokens_open_nothing(token):
    for purpose in ("invitation", "reset"):
        assert stranger().get(f"/admin/{purpose}/{token}/").status_code in {404, 400}


def test_invitation_to_an_address_of_another_account_in_any_case_is_refused(ada, mails, paul):
    answer = ada.post("/admin/auth/user/invite/", FIELDS | {"email": "PAUL@example.org"})
    assert "Another account has this address" in answer.text
    assert "Email address" in answer.text
    assert not User.objects.filter(username="nora").exists()


@pytest.mark.parametrize("field", ["email", "username", "role"])
def test_invitation_without_what_it_needs_names_the_field_and_keeps_the_others(ada, mails, field):
    answer = ada.post("/admin/auth/user/invite/", FIELDS | {field: ""})
    assert answer.status_code == 200
    assert f'href="#id_{field}' in answer.text
    assert 'value="Nora"' in answer.text


def test_password_that_is_too_weak_names_the_field_and_keeps_the_names(ada, mails):
    link = invited(ada)
    answer = stranger().post(link, {"new_password1": "short", "new_password2": "short", "first_name": "Norea", "last_name": "N."})
    assert 'href="#id_new_password2"' in answer.text
    assert 'value="Norea"' in answer.text
    assert "short" not in re.sub(r"too short", "", answer.text)
    assert stranger().get(link).status_code == 200


def test_nobody_but_administrators_invites(paul, mails):
    for client in (stranger(), browser_of(author("anna")), browser_of(paul)):
        assert client.post("/admin/auth/user/invite/", FIELDS).status_code == 403
        assert client.post(f"/admin/auth/user/{paul.pk}/link/").status_code == 403
    assert not WaitingMail.objects.exists()


def test_without_mail_the_administrator_is_shown_the_address_once(ada, paul, settings):
    settings.EMAIL_BACKEND = outbox.CONSOLE
    shown = ada.post("/admin/auth/user/invite/", FIELDS)
    assert "no-store" in shown["Cache-Control"]
    link = link_in(shown.text)
    user = User.objects.get(username="nora")
    for address in (f"/admin/auth/user/{user.pk}/link/", f"/admin/auth/user/{user.pk}/change/"):
        assert not LINK.search(ada.get(address).text)
    assert stranger().get(link).status_code == 200
    assert LINK.search(ada.post(f"/admin/auth/user/{paul.pk}/link/").text)[1].startswith("/admin/reset/")
    assert not WaitingMail.objects.exists()


def test_without_mail_a_forgotten_password_leads_to_somebody(settings):
    settings.EMAIL_BACKEND = outbox.CONSOLE
    settings.DESK_CONTACT = "the web team"
    assert "the web team" in stranger().get("/admin/reset/").text
    assert 'name="email"' not in stranger().get("/admin/reset/").text
    asked("paul@example.org")
    assert not Ticket.objects.exists()
    shown = stranger().get("/admin/login/").text
    assert "ask the web team" in shown
    assert 'href="/admin/reset/"' in shown


def test_reset_ends_all_sessions_keeps_the_second_factor_and_is_told(mails, paul, settings):
    settings.SECOND_FACTOR = {PUBLISHER}
    app, _codes = with_phone(paul)
    within, half = browser_of(paul), password_typed(paul)[0]
    stranger().post(reset("paul@example.org"), PASSWORDS)
    assert not is_in(within)
    assert half.post("/admin/login/code/", {"code": app.code()})["Location"] == "/admin/login/"
    client = stranger()
    assert client.post("/admin/login/", {"username": "paul", "password": NEW})["Location"] == "/admin/login/code/"
    client.post("/admin/login/code/", {"code": app.code()})
    assert is_in(client)
    assert AccountEvent.objects.get().what == "password"
    assert "A new password was set" in WaitingMail.objects.latest("pk").body


def test_reset_is_not_for_accounts_that_are_off_or_have_no_password(mails, paul):
    User.objects.filter(pk=paul.pk).update(is_active=False)
    asked("paul@example.org")
    User.objects.filter(pk=paul.pk).update(is_active=True, password="!none")
    asked("paul@example.org")
    assert not WaitingMail.objects.exists()


def test_link_dies_when_the_account_is_switched_off(mails, paul):
    link = reset("paul@example.org")
    User.objects.filter(pk=paul.pk).update(is_active=False)
    assert stranger().post(link, PASSWORDS).status_code == 404


def test_known_and_unknown_addresses_get_the_same_answer_and_cost_the_same_work(mails, paul):
    answers, work = [], []
    for email in ("paul@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(asked(email))
        work.append([query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]])
    known, unknown = (re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.text) for answer in answers)
    assert known == unknown
    assert work[0] == work[1]
    assert WaitingMail.objects.count() == Ticket.objects.count() == 1


def test_known_and_unknown_addresses_take_the_same_time_and_no_hash(mails, paul, monkeypatch):
    monkeypatch.setattr(MD5PasswordHasher, "encode", None)
    monkeypatch.setattr(tickets, "OF_ONE_NETWORK", 1000)
    monkeypatch.setattr(tickets, "OF_ONE_ADDRESS", 1000)
    times = dict.fromkeys(["paul@example.org", "nobody@example.org"], 9.0)
    for _ in range(30):
        for email in times:
            times[email] = min(times[email], least(lambda email=email: asked(email), tries=1)[0])
        if max(times.values()) / min(times.values()) < 1.2:
            break
    assert max(times.values()) / min(times.values()) < 1.35, times


def test_one_address_gets_three_mails_an_hour_and_one_network_asks_ten_times(mails, paul):
    statuses = [asked("paul@example.org").status_code for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert WaitingMail.objects.count() == 3
    assert asked("paul@example.org", Client(headers=HOST, REMOTE_ADDR="203.0.113.9")).status_code == 200
    assert WaitingMail.objects.count() == 3
    AskedReset.objects.update(at=timezone.now() - timedelta(hours=1, minutes=1))
    asked("paul@example.org")
    assert WaitingMail.objects.count() == 4


def test_nobody_keeps_a_member_from_a_new_password_by_asking_again_and_again(mails, paul):
    """What is refused does not count."""
    for number in range(6):
        asked("paul@example.org", Client(headers=HOST, REMOTE_ADDR=f"203.0.113.{number}"))
    AskedReset.objects.filter(pk__in=AskedReset.objects.order_by("pk")[:3].values("pk")).update(at=timezone.now() - timedelta(minutes=61))
    asked("paul@example.org")
    assert WaitingMail.objects.count() == 4


def test_neither_token_nor_address_is_kept_as_it_is(mails, paul):
    token = reset("paul@example.org").split("/")[-2]
    kept = [str(vars(row)) for row in [*Ticket.objects.all(), *AskedReset.objects.all()]]
    assert not [row for row in kept if token in row or "127.0.0.1" in row]
    assert "paul@" not in str(vars(AskedReset.objects.get()))


def test_pages_of_a_link_are_kept_indexed_and_named_by_nobody(ada, mails, paul):
    for link in (invited(ada), reset("paul@example.org")):
        for answer in (stranger().get(link), stranger().post(link, {}), stranger().post(link, PASSWORDS), stranger().get(link)):
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "no-store" in answer["Cache-Control"]
            assert "noindex" in answer["X-Robots-Tag"]
            assert link.split("/")[-2] not in answer.text


def test_form_of_a_link_is_taken_from_a_browser_that_names_no_origin(ada, mails):
    client = Client(headers=HOST | {"origin": "null"}, enforce_csrf_checks=True)
    assert "Log in as" in client.post(invited(ada), PASSWORDS).text


def test_old_tickets_are_deleted(ada, mails, paul):
    invited(ada), reset("paul@example.org")
    assert jobs.forget_old_tickets() == ""
    Ticket.objects.update(expires=timezone.now() - timedelta(days=2))
    AskedReset.objects.update(at=timezone.now() - timedelta(days=2))
    assert jobs.forget_old_tickets() == "1 deleted"
    assert Ticket.objects.get().purpose == Ticket.INVITATION
    assert not AskedReset.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_link_used_twice_at_once_sets_one_password(mails, settings):
    user = publisher()
    _ticket, token = tickets.issue(tickets.RESET, user)
    start, answers = threading.Barrier(2), []

    def use(password):
        start.wait(10)
        form = {"new_password1": password, "new_password2": password}
        answers.append((stranger().post(f"/admin/reset/{token}/", form).status_code, password))
        connections.close_all()

    threads = [threading.Thread(target=use, args=[f"{word} long enough phrase"]) for word in ("first", "other")]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert sorted(status for status, _password in answers) == [200, 404]
    winner = next(password for status, password in answers if status == 200)
    assert User.objects.get(pk=user.pk).check_password(winner)
