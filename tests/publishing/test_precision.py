"""Of a date that is known to its month or year, nothing says more: lists, files, feeds, archives, the search in every form."""

import re
from datetime import UTC, date, datetime

import feedparser
import pytest
from django.core.exceptions import ValidationError

from publishing.ledger import publish
from publishing.models import Edition
from search import indexer
from tests.documents.conftest import live_document
from tests.news.conftest import live_item, new_item
from tests.reading import parsed
from tests.record import START, clock, republish

__all__ = ["clock"]

pytestmark = pytest.mark.django_db

# START is in March 2030: the last day of that year and month has not come.
SAYS_TOO_MUCH = re.compile(r"31(st)? December|December 31|2030-12-31|2030-12\b|31 Mar|2030-03-31|20301231")
EVERYWHERE = [
    "/",
    "/news/",
    "/news/index.md",
    "/news/2030/",
    "/news/2030/index.md",
    "/news/?format=json",
    "/news/?format=csv",
    "/news/feed/atom/",
    "/news/feed/rss/",
    "/news/feed/json/",
    "/documents/",
    "/documents/index.md",
    "/documents/?format=json",
    "/documents/?format=csv",
    "/documents/rules/",
    "/documents/rules/index.md",
    "/sitemap.xml",
    "/search/?q=zebra",
    "/search/?q=zebra&sort=date",
    "/search/?q=zebra&format=json",
    "/search/?q=zebra&format=atom",
    "/search/index.md?q=zebra",
]


@pytest.fixture
def imprecise(clock):
    """An item of some day of the year, and a document of some day of the month."""
    item = live_item(title="Zebra seen", slug="seen", date=date(2030, 12, 31), precision="year")
    live_document(slug="rules", title="Rules for zebras", date=date(2030, 3, 31), precision="month")
    indexer.catch_up()
    return item


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("when", ["", "/@2030-03-10T17:08"])
def test_nothing_says_more_than_is_known(client, clock, imprecise, path, when):
    clock.set(datetime(2030, 3, 10, 18, 0, tzinfo=UTC))
    response = client.get(when + path)
    assert response.status_code == 200 or path == "/"
    text = response.getvalue().decode().replace("/news/2030/12/31/seen/", "")  # its address is made of the day under which it is kept
    assert not SAYS_TOO_MUCH.search(text)


def test_search_says_the_date_as_far_as_it_is_known(client, imprecise):
    answer = client.get("/search/?q=zebra&format=json").json()["results"]
    assert {(hit["date"], hit["date_precision"]) for hit in answer} == {("2030", "year"), ("2030-03", "month")}
    times = parsed(client.get("/search/?q=zebra")).xpath("//ol//time")
    assert {(time.get("datetime"), time.text) for time in times} == {("2030", "2030"), ("2030-03", "March 2030")}
    source = client.get("/search/index.md?q=zebra").content.decode()
    assert "2030: [Zebra" in source
    assert "March 2030: [" in source


@pytest.mark.parametrize("query", ["31 December 2030", "2030-12-31", "31/03/2030"])
def test_search_for_a_day_does_not_find_what_is_of_a_longer_time(client, imprecise, query):
    answer = client.get("/search/", {"q": query, "format": "json"}).json()
    assert answer["partial"] or not answer["count"]


def test_search_for_a_day_finds_what_is_of_it(client, clock):
    live_item(title="Zebra seen", date=date(2030, 3, 8))
    indexer.catch_up()
    answer = client.get("/search/?q=2030-03-08&format=json").json()
    assert (answer["count"], answer["partial"]) == (1, False)
    assert (answer["results"][0]["date"], answer["results"][0]["date_precision"]) == ("2030-03-08", "day")


@pytest.mark.parametrize("path", ["/news/feed/atom/", "/search/?q=zebra&format=atom"])
def test_feeds_tell_when_it_was_published_here(client, clock, imprecise, path):
    first = Edition.objects.get(thing=imprecise).live_from
    clock.tick()
    republish(imprecise, title="Zebra seen again")
    indexer.catch_up()
    feed = feedparser.parse(client.get(path).content)
    entry = next(entry for entry in feed.entries if entry.title == "Zebra seen again")
    second = Edition.objects.get(thing=imprecise, live_to=None).live_from
    told = [datetime(*stamp[:6], tzinfo=UTC) for stamp in (entry.published_parsed, entry.updated_parsed, feed.feed.updated_parsed)]
    assert told == [first.replace(microsecond=0), *[second.replace(microsecond=0)] * 2]
    assert max(told) <= clock.now


def test_feed_of_a_search_without_results_does_not_change_with_the_clock(client, clock, imprecise):
    before = client.get("/search/?q=okapi&format=atom").content
    clock.tick()
    assert client.get("/search/?q=okapi&format=atom").content == before


@pytest.mark.parametrize("path", ["/news/feed/atom/", "/news/topics/board/feed/rss/", "/search/?q=zebra&format=atom"])
def test_feed_is_last_modified_with_the_record(client, clock, path):
    """A topic that an item has lost leaves nothing in that topic's feed that would tell."""
    item = live_item(title="Zebra seen", topics=["board"])
    indexer.catch_up()
    clock.tick()
    republish(item, topics=["audio"])
    indexer.catch_up()
    changed = Edition.objects.get(thing=item, live_to=None).live_from
    assert client.get(path)["Last-Modified"] == f"{changed:%a, %d %b %Y %H:%M:%S} GMT"
    assert not client.get(f"/@{START:%Y-%m-%dT%H:%M}{path}").has_header("Last-Modified")


def test_refusal_of_what_is_too_early_says_no_more_than_is_known(clock):
    with pytest.raises(ValidationError, match=r"is dated 2031 and cannot"):
        publish([new_item(date=date(2031, 12, 31), precision="year")])
