"""A kind that has no view or template of its own: the list, its facets and files, its things and feeds."""

import csv
import json
import re
from datetime import date
from io import StringIO
from operator import attrgetter

import feedparser
import pytest
from django.urls import include, path

from cdmportal import urls as portal
from news.kinds import NewsItemKind
from news.models import NewsItem, NewsItemEdition
from publishing import kinds
from publishing.facets import Facet, latest_first
from publishing.ledger import publish, withdraw
from publishing.list_views import MOST_VALUES, listed
from publishing.listing import ListedKind, live_list
from tests.reading import parsed, text_of
from tests.record import republish

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
handler404, handler500 = portal.handler404, portal.handler500


class PlainKind(NewsItemKind):
    """News items as the kind would be if it said no more than a simple one."""

    facets = (
        Facet("source", "Source", attrgetter("source_title")),
        Facet("year", "Year", lambda row: str(row.date.year), key=latest_first),
    )
    rows = live_list(NewsItemEdition, facets=facets)
    columns = ("date", "title")
    description = "All of them."
    template = ListedKind.template
    record = ListedKind.record


@pytest.fixture(autouse=True)
def plain_kind(monkeypatch, clock):
    monkeypatch.setitem(kinds._registry, "newsitem", PlainKind())


def patterns():
    former, kinds._registry["newsitem"] = kinds._registry["newsitem"], PlainKind()
    found = listed("newsitem")
    kinds._registry["newsitem"] = former
    return found


urlpatterns = [path("", include((patterns(), "plain"))), *portal.urlpatterns]


def live_item(number, **fields):
    values = {"date": date(2029, 1, 1 + number % 28), "slug": f"item-{number}", "title": f"Item {number}", "summary": f"Summary {number}."}
    item = NewsItem.objects.create(**values | fields)
    publish([item])
    return item


def titles(client, address):
    return parsed(client.get(address)).xpath("//ul[@class='item-list']//h2/a/text()")


def counts(client, address):
    rows = parsed(client.get(address)).xpath("//nav[@class='facets']//a")
    return {text_of(row.find("span")): int(row.findtext("span[@class='count']")) for row in rows}


def test_list_is_narrowed_by_its_facets(client):
    for number, source in enumerate(["Board", "Board", "Secretariat"]):
        live_item(number, source_title=source, date=date(2028 + number % 2, 1, 1))
    assert len(titles(client, "/news/")) == 3
    assert titles(client, "/news/?source=Board&year=2028") == ["Item 0"]
    assert counts(client, "/news/?source=Board") == {"Board": 2, "Secretariat": 1, "2029": 1, "2028": 1}
    page = parsed(client.get("/news/?source=Board"))
    assert page.xpath("//ul[@class='chips']//a/@href") == ["?", "."]
    assert all(link.get("rel") == "nofollow" for link in page.xpath("//nav[@class='facets']//a"))
    assert "Nothing in this list matches" in client.get("/news/?source=nobody").content.decode()


def test_rare_values_are_offered_when_asked_for(client):
    for number in range(MOST_VALUES + 2):
        live_item(number, source_title=f"Source {number:02}")
    assert len(counts(client, "/news/")) == MOST_VALUES
    [more] = parsed(client.get("/news/")).xpath("//aside/p/a/@href")
    assert len(counts(client, f"/news/{more}")) == MOST_VALUES + 2


def test_files_hold_what_was_chosen(client):
    for number, source in enumerate(["Board", "Secretariat"]):
        live_item(number, source_title=source)
    rows = list(csv.reader(StringIO(b"".join(client.get("/news/?source=Board&format=csv")).decode("utf-8-sig"))))
    assert [row[:2] for row in rows] == [["date", "title"], ["2029-01-01", "Item 0"]]
    data = json.loads(client.get("/news/?source=Board&format=json").content)
    assert data["items"] == [{"date": "2029-01-01", "title": "Item 0", "address": rows[1][2]}]
    assert client.get("/news/?format=pdf").status_code == 404
    links = parsed(client.get("/news/?source=Board")).xpath("//p[@class='meta']/a/@href")
    assert links == ["?source=Board&format=csv", "?source=Board&format=json"]


def test_thing_has_its_page_and_its_neighbours(client, clock):
    first, second = (live_item(number) for number in range(2))
    clock.tick()
    republish(first, summary="Put right.")
    page = client.get(first.path)
    assert "Put right." in page.content.decode()
    assert "Corrected on" in page.content.decode()
    assert parsed(page).xpath("//nav[@class='neighbours']//a/@href") == [second.path]
    republish(second, slug="moved")
    assert client.get("/news/2029/01/02/item-1/")["Location"] == "/news/2029/01/02/moved/"
    withdraw(second, "Wrong.")
    assert client.get("/news/2029/01/02/moved/").status_code == 410


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_feeds_hold_the_things(client, form):
    live_item(1)
    response = client.get(f"/news/feed/{form}/")
    assert response.status_code == 200
    assert "Item 1" in response.content.decode()
    if form != "json":
        assert feedparser.parse(response.content).feed.title == "CDM portal: News items"


def test_list_is_there_as_markdown(client):
    live_item(1)
    assert re.search(r"- 2 January 2029: \[Item 1\]\(\S+\) Summary 1\.", client.get("/news/index.md").content.decode())
