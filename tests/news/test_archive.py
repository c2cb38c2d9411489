"""The archive as visitors browse it: by year, month, day and topic, page by page."""

import csv
import io
import json
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from news.archive import archive
from news.models import NewsItemEdition
from news.topics import Topic
from publishing import kinds
from publishing.ledger import publish, withdraw
from publishing.moment import Moment, fixed
from tests.news.conftest import live_item, new_item
from tests.record import live_page, republish

pytestmark = pytest.mark.django_db


def page_at(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return html.fromstring(response.content)


@pytest.mark.parametrize("path", ["/news/2010/", "/news/2010/03/", "/news/2010/03/11/", "/news/topics/audio/"])
def test_list_has_its_text_as_markdown(client, path):
    live_item(title="New [batch]", date=date(2010, 3, 11), topics=["audio"], summary="Ten *files*.")
    response = client.get(path + "index.md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    title, _, row, _ = response.content.decode().split("\n")
    assert title.startswith("# News: ")
    assert row.startswith(r"- 11 March 2010: [New \[batch\]](")
    assert row.endswith(r") Ten \*files\*.")
    assert client.get("/news/2011/index.md").status_code == 404


def test_topics_have_their_text_as_markdown(client):
    assert f"- [Audio]({settings.SITE_ADDRESS}/news/topics/audio/)" in client.get("/news/topics/index.md").content.decode()


def titles(client, path):
    return page_at(client, path).xpath("//main//ul[@class='item-list']/li//h3/a/text()")


def test_archive_lists_live_items_latest_first(client, clock):
    live_item(title="Older", date=date(2030, 1, 1))
    live_item(title="Newer", date=date(2030, 3, 1))
    new_item(title="Draft")
    publish([new_item(title="Scheduled")], clock.now.replace(year=2031))
    withdraw(live_item(title="Withdrawn"), "Wrong.")
    assert titles(client, "/news/") == ["Newer", "Older"]


def test_empty_archive_says_so(client):
    assert "No news item had been published" in page_at(client, "/news/").text_content()


def test_section_text_is_folded_below_the_first_page_of_the_list_alone(client, clock):
    live_page("news", title="CDM News Archive", body="Words of the section.")
    publish([new_item() for _ in range(26)])
    text = page_at(client, "/news/").find(".//main").text_content()
    assert text.index("26 items, the latest first") < text.index("Words of the section.")
    assert "Words of the section." in page_at(client, "/news/").findtext(".//main//details[@class='fold']/p")
    assert "Words of the section." in client.get("/news/index.md").content.decode()
    assert "Words of the section." not in page_at(client, "/news/?page=2").text_content()


def test_archives_of_year_month_and_day(client, clock):
    live_item(title="January", date=date(2030, 1, 31))
    live_item(title="March", date=date(2030, 3, 8))
    live_item(title="Last year", date=date(2029, 3, 8))
    assert titles(client, "/news/2030/") == ["March", "January"]
    assert titles(client, "/news/2030/03/") == ["March"]
    assert titles(client, "/news/2030/03/08/") == ["March"]
    assert titles(client, "/news/2029/") == ["Last year"]


def test_archives_list_nothing_under_a_time_that_is_not_known(client, clock):
    live_item(title="Of the day", date=date(2029, 12, 31))
    live_item(title="Of the month", date=date(2029, 12, 31), precision="month")
    live_item(title="Of the year", date=date(2029, 12, 31), precision="year")
    live_item(title="Of the year before", slug="before", date=date(2028, 12, 31), precision="year")
    assert titles(client, "/news/2029/") == ["Of the year", "Of the month", "Of the day"]
    assert titles(client, "/news/2029/12/") == ["Of the month", "Of the day"]
    assert titles(client, "/news/2029/12/31/") == ["Of the day"]
    for path in ("/news/2028/12/", "/news/2028/12/31/"):
        assert client.get(path).headers["Location"] == "/news/2028/"
        assert client.get(f"{path}index.md").headers["Location"] == "/news/2028/index.md"
        assert not kinds.is_served(path, Moment())
    assert client.get("/news/2028/11/").status_code == 404
    assert client.get("/news/2028/12/31/before/").status_code == 200


@pytest.mark.parametrize("path", ["/news/2028/", "/news/2030/02/", "/news/2030/13/", "/news/2030/02/31/", "/news/0000/", "/news/9999/"])
def test_archive_without_items_is_404(client, clock, path):
    live_item()
    assert client.get(path).status_code == 404


def test_counts_beside_the_list(client, clock):
    for day, topics in ((date(2030, 1, 31), ["board"]), (date(2030, 3, 8), ["board", "audio"]), (date(2029, 3, 8), [])):
        live_item(date=day, topics=topics)
    page = page_at(client, "/news/2030/03/")
    facets = ["".join(link.text_content().split()) for link in page.xpath("//nav[@class='facets']//a")]
    assert facets == ["20302", "March1", "January1", "20291", "ExecutiveBoard2", "Audio1"]
    assert page.xpath("//nav[@class='facets']//a[@aria-current='page']/span[1]/text()") == ["March"]


def test_topics(client, clock):
    live_item(title="Of the Board", topics=["board"])
    live_item(title="Of audio", topics=["audio"])
    assert titles(client, "/news/topics/board/") == ["Of the Board"]
    assert "No item has this topic" in page_at(client, "/news/topics/statistics/").text_content()
    assert client.get("/news/topics/weather/").status_code == 404
    rows = page_at(client, "/news/topics/").xpath("//tbody/tr")
    assert len(rows) == len(Topic.values)
    assert [cell.text_content() for cell in rows[1]][:2] == ["Executive Board", "1"]


def test_pages_of_the_archive_hold_each_item_once(client, clock):
    items = [new_item(title=f"Item {number:02}") for number in range(60)]
    publish(items)
    seen = [title for number in (1, 2, 3) for title in titles(client, f"/news/?page={number}")]
    assert sorted(seen) == sorted(item.title for item in items)
    assert page_at(client, "/news/?page=2").xpath("//nav[@class='pagination']//a/@href") == ["?page=1", "?page=3"]


@pytest.mark.parametrize("page", ["0", "4", "-1", "999999999", "NaN", "٢", "²", "1.0", " 1", "1%00", "last", "9" * 5000])
@pytest.mark.parametrize("path", ["/news/", "/news/2030/", "/news/feed/atom/"])
def test_impossible_page_is_404(client, clock, path, page):
    live_item()
    assert client.get(f"{path}?page={page}").status_code == 404


def test_list_as_a_file_holds_the_whole_list(client, clock):
    publish([new_item(title=f"Item {number:02}", topics=["board"]) for number in range(30)])
    live_item(title="=1+1", date=date(2029, 12, 31), precision="year", topics=["audio", "board"])
    data = json.loads(client.get("/news/?format=json").content)
    assert data["count"] == len(data["items"]) == 31
    assert data["items"][-1]["date"] == "2029"
    assert data["items"][-1]["topics"] == ["Audio", "Executive Board"]
    assert data["items"][0]["address"].startswith(f"{settings.SITE_ADDRESS}/news/2030/03/08/")
    rows = list(csv.reader(io.StringIO(b"".join(client.get("/news/2029/?format=csv").streaming_content).decode("utf-8-sig"))))
    assert rows[1] == ["2029", "year", "'=1+1", data["items"][-1]["summary"], "Audio; Executive Board", data["items"][-1]["address"]]
    assert client.get("/news/?format=xml").status_code == 404


LISTS = ["/news/", "/news/2030/", "/news/2030/03/", "/news/topics/", "/news/topics/board/", "/news/feed/atom/", "/@2031-01-01/news/"]


def test_lists_cost_as_many_queries_for_many_items_as_for_few(client, clock):
    live_page("news", title="CDM News Archive", body="Words.")
    live_item(topics=["board"])
    costs = [queries_of(client)]
    publish([new_item(topics=["board"]) for _ in range(200)])
    costs.append(queries_of(client))
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= 3


def queries_of(client):
    """How many each list and feed costs with everything held."""
    found = {}
    for path in LISTS:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        found[path] = len(captured)
    return found


def test_archive_of_a_past_moment(client, clock):
    item = live_item(title="First title")
    then = clock.now
    clock.tick()
    republish(item, title="Second title")
    live_item(title="Later")
    assert titles(client, f"/@{then:%Y-%m-%dT%H:%M:%S}/news/") == ["First title"]
    links = page_at(client, f"/@{then:%Y-%m-%dT%H:%M:%S}/news/").xpath("//main//ul[@class='item-list']//a/@href")
    assert all(link.startswith("/@") for link in links)


def test_neighbours_are_those_of_the_archive(clock):
    first, second, third = (live_item(date=date(2030, 1, day)) for day in (1, 2, 3))
    found = archive(fixed(clock()))
    assert [row and row.thing_id for row in found.neighbours(found.by_thing[second.pk])] == [third.pk, first.pk]
    assert found.neighbours(found.by_thing[third.pk])[0] is None
    assert found.neighbours(found.by_thing[first.pk])[1] is None


def test_items_of_one_day_keep_their_order(clock):
    items = [live_item(date=date(2030, 1, 1)) for _ in range(5)]
    assert [entry.thing_id for entry in archive(fixed(clock())).live] == [item.pk for item in reversed(items)]


def test_archive_is_read_only(client, db):
    for path in ("/news/", "/news/topics/", "/newsletters/", "/audio/"):
        assert client.post(path).status_code == 405


def test_archive_holds_the_rule_of_live_editions(clock):
    """The archive's own reading of the record agrees with the record's rule, through every kind of change."""
    items = [live_item() for _ in range(4)]
    moments = [clock()]
    withdraw(items[0], "Wrong.")
    publish([items[1]], clock.now.replace(year=2031))
    republish(items[2], title="Changed")
    moments += [clock(), clock.now.replace(year=2032)]
    for at in moments:
        assert {entry.number for entry in archive(fixed(at)).live} == set(NewsItemEdition.objects.live(at).values_list("number", flat=True))


def test_archive_is_read_once_for_each_state_of_the_record(clock, django_assert_num_queries):
    live_item()
    archive(Moment())
    with django_assert_num_queries(1):  # the moment itself
        archive(Moment())
