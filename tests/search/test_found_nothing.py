"""Searches that found nothing, counted for editors."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from search import found_nothing
from search.found_nothing import MOST_A_DAY, MOST_WAITING, store, words_of
from search.models import SearchWithoutResult
from tests.desk_client import author, browser_of, publisher
from tests.record import live_page

pytestmark = pytest.mark.django_db
STARTED = found_nothing.Tally.started  # as it is outside of tests
PAGE = "/admin/search/spelling/found-nothing/"


@pytest.fixture
def tally(monkeypatch):
    fresh = found_nothing.Tally()
    monkeypatch.setattr(found_nothing, "tally", fresh)
    return fresh


def kept():
    return dict(SearchWithoutResult.objects.values_list("words", "count"))


def test_words_that_found_nothing_are_listed_a_step_from_a_new_spelling(client, tally):
    live_page("about", title="About CDM")
    for words in ("Zwischenraum  Wort", "zwischenraum wort", "fjord & co", "about"):
        client.get("/search/", {"q": words} | ({"format": "json"} if words == "zwischenraum wort" else {}))
    assert kept() == {}
    tally.write()
    assert kept() == {"zwischenraum wort": 2, "fjord & co": 1}
    desk = browser_of(publisher())
    text = desk.get(PAGE).text
    assert text.index("zwischenraum wort") < text.index("fjord &amp; co")
    assert PAGE in desk.get(reverse("admin:search_spelling_changelist")).text
    form = desk.get(reverse("admin:search_spelling_add") + "?equals=fjord%20%26%20co").context["adminform"].form
    assert form["equals"].value() == "fjord & co"
    assert "?equals=fjord%20%26%20co" in text
    assert browser_of(author("anna", live_page("other"))).get(PAGE).status_code == 403


def test_only_plain_searches_of_the_present_count(client, tally):
    live_page("about", title="About CDM")
    for address in ("/search/?q=", "/search/", "/search/?q=zwischenraum&kind=news", "/@2010-03-10/search/?q=zwischenraum"):
        client.get(address)
    client.head("/search/?q=zwischenraum")
    assert not tally.counts


@pytest.mark.parametrize(
    "text", ["anna@example.org", "call 030 123 45 67", "+49 (30) 1234567", "https://a.example/?me", "www.a.example", "\0 \u200b"]
)
def test_nothing_of_a_person_is_kept(text):
    assert words_of(text) == ""
    assert words_of(f"who is {text} there") in {"", "who is there"}


def test_words_are_one_whatever_their_form():
    assert words_of(" Cafe\u0301\n ÉTÉ ") == words_of("café été") == "café été"
    assert len(words_of("wort " * 100)) <= found_nothing.LONGEST
    assert words_of("AM0001 2012") == "am0001 2012"


def test_memory_and_database_are_bounded(tally):
    for number in range(MOST_WAITING + 50):
        tally.add(f"wort {number}")
    tally.add("wort 1")
    assert len(tally.counts) == MOST_WAITING
    today, old = timezone.now().date(), timezone.now().date() - timedelta(weeks=found_nothing.WEEKS, days=1)
    SearchWithoutResult.objects.create(day=old, words="old", count=1)
    tally.write()
    store(Counter({(today, f"more {number:04}"): 1 for number in range(MOST_A_DAY)}))
    store(Counter({(today, "wort 1"): 3, (today, "late"): 1}))
    assert SearchWithoutResult.objects.count() == MOST_A_DAY
    assert kept()["wort 1"] == 5
    assert not kept().keys() & {"old", "late"}


def test_database_that_takes_nothing_costs_no_search_and_no_count(client, tally, monkeypatch):
    def locked(counts):
        raise DatabaseError("database is locked")

    with monkeypatch.context() as away:
        away.setattr(found_nothing, "store", locked)
        assert client.get("/search/?q=zwischenraum").status_code == 200
        tally.write()
    tally.add("zwischenraum")
    tally.write()
    assert kept() == {"zwischenraum": 2}


@pytest.mark.django_db(transaction=True)
def test_thread_writes_and_lets_go_of_the_database(tally, monkeypatch):
    monkeypatch.setattr(found_nothing, "PAUSE", 0.01)
    monkeypatch.setattr(tally, "started", lambda: STARTED(tally))
    tally.add("zwischenraum")
    for thread in [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]:
        thread.join(10)
    assert kept() == {"zwischenraum": 1}
