"""Where a person is logged in: what is said of it, and how it is ended."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import sessions
from accounts.models import AccountSession
from tests.accounts.logging_in import is_in, password_typed
from tests.desk_client import HOST, administrator, publisher

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0"


@pytest.fixture
def paul():
    return publisher()


def browser(user, agent=FIREFOX, address="203.0.113.77"):
    client = Client(headers=HOST | {"user-agent": agent}, REMOTE_ADDR=address)
    return password_typed(user, client)[0]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        (EDGE.partition(" Edg")[0], "Chrome on Windows"),
        ("curl/8.0", "an unknown browser"),
        ("", "an unknown browser"),
        ("<script>" * 500, "an unknown browser"),
    ],
)
def test_browser_is_told_in_words(agent, words):
    assert sessions.browser_in_words(agent) == words


@pytest.mark.parametrize(
    ("address", "network"), [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("nonsense", "")]
)
def test_network_is_shortened(rf, address, network):
    assert sessions.shortened_network(rf.get("/", REMOTE_ADDR=address)) == network


def test_page_tells_where_since_when_and_which_is_this(paul):
    client = browser(paul)
    browser(paul, SAFARI)
    text = client.get("/admin/account/").text
    assert "Firefox on Linux" in text
    assert "Safari on iPhone" in text
    assert "203.0.113.0/24" in text
    assert "203.0.113.77" not in text
    assert text.count("this one") == 2, "said once, and the button of the other"


def test_table_holds_neither_keys_nor_addresses(paul):
    client = browser(paul)
    row = AccountSession.objects.get()
    stored = " ".join(str(value) for value in vars(row).values())
    assert client.session.session_key not in stored
    assert "203.0.113.77" not in stored


def test_one_session_is_ended_from_another(paul):
    client, other, third = browser(paul), browser(paul, SAFARI), browser(paul, EDGE)
    name = sessions.digest(other.session.session_key)
    client.post("/admin/account/sessions/", {"session": name})
    assert [is_in(one) for one in (client, other, third)] == [True, False, True]
    assert "Safari" not in client.get("/admin/account/").text


def test_log_out_everywhere_else_leaves_this_one_alone(paul):
    ada = browser(administrator())
    client, other, half = browser(paul), browser(paul, SAFARI), browser(paul, EDGE)
    client.post("/admin/account/sessions/")
    assert [is_in(one) for one in (client, other, half, ada)] == [True, False, False, True]
    assert Session.objects.count() == 2


def test_nobody_ends_the_session_of_another_person(paul):
    client, ada = browser(paul), browser(administrator())
    for name in (sessions.digest(ada.session.session_key), "x", "0" * 64, "\0", "0" * 63 + "\0"):
        client.post("/admin/account/sessions/", {"session": name})
    assert is_in(ada)
    client.get("/admin/account/sessions/")
    assert is_in(ada)


def test_session_that_was_ended_does_not_come_back_by_a_request_on_its_way(paul):
    client, other = browser(paul), browser(paul, SAFARI)
    slow = other.session  # read before, saved after
    slow["something"] = 1
    sessions.end(paul, sessions.digest(slow.session_key))
    with pytest.raises(UpdateError):
        slow.save()
    assert not is_in(other)
    assert is_in(client)


def test_log_out_ends_the_note_too(paul):
    client = browser(paul)
    client.post("/admin/logout/")
    assert not AccountSession.objects.exists()


def test_sign_of_life_is_written_every_five_minutes_at_most(paul, monkeypatch):
    client = browser(paul)
    long_ago = timezone.now() - timedelta(hours=1)
    AccountSession.objects.update(seen=long_ago)
    client.get("/admin/")
    assert AccountSession.objects.get().seen == long_ago, "this process has just written it"
    sessions.written.put(sessions.digest(client.session.session_key), -1000.0)
    client.get("/admin/")
    assert AccountSession.objects.get().seen > long_ago
    seen = AccountSession.objects.get().seen
    sessions.written.put(sessions.digest(client.session.session_key), -1000.0)
    client.get("/admin/")
    assert AccountSession.objects.get().seen == seen, "another process has written it less than five minutes ago"


def test_session_of_an_earlier_release_is_noted_when_it_is_used(paul):
    client = browser(paul)
    AccountSession.objects.all().delete()
    sessions.written.put(sessions.digest(client.session.session_key), -1000.0)
    client.get("/admin/")
    assert AccountSession.objects.get().browser == "Firefox on Linux"


def test_notes_of_sessions_that_are_over_are_deleted(paul):
    client = browser(paul)
    browser(paul, SAFARI)
    Session.objects.exclude(session_key=client.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))
    assert sessions.forget_ended() == 1
    assert AccountSession.objects.get().browser == "Firefox on Linux"


def test_page_of_an_account_shows_nothing_of_others(paul):
    browser(administrator(), SAFARI)
    text = browser(paul).get("/admin/account/").text
    assert not re.search("Safari|ada", text)
