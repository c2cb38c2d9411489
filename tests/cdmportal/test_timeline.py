"""The line of time: what it tells of each year, at any moment, and to whom."""

import re

import lxml.html
import pytest

from cdmportal import timeline
from publishing.moment import Moment
from tests.shipped import shipped

__all__ = ["shipped"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return lxml.html.document_fromstring(answer.content.decode())


def years(document):
    return {int(one.xpath("string(h2)")): one for one in document.xpath("//section[@class='year']")}


def test_years_come_in_order_with_decisions_news_and_cers(client):
    found = years(page(client, "/timeline/"))
    assert list(found) == sorted(found)
    assert {2001, 2005, 2012, 2023} <= set(found)
    told = " ".join(found[2012].text_content().split())
    assert "339 million CERs" in told
    assert "17/CP.7" in found[2001].text_content()
    assert all(len(one.xpath(".//li")) <= 3 for one in found.values())


def test_year_has_all_of_its_events_and_leads_to_its_neighbours(client):
    whole = years(page(client, "/timeline/?year=2005"))
    assert list(whole) == [2005]
    few = years(page(client, "/timeline/"))[2005]
    told = re.search(r"All (\d+) of 2005", few.text_content())
    assert len(whole[2005].xpath(".//li")) == int(told[1]) > 3
    beside = page(client, "/timeline/?year=2012").xpath("//nav[@class='neighbours']//a/@href")
    assert beside == ["?year=2011", "?year=2013"]


def test_links_of_the_line_lead_somewhere(client):
    for address in ("/timeline/", "/@2010-03-10/timeline/"):
        for link in set(page(client, address).xpath("//section[@class='year']//li/a/@href")):
            assert client.get(link).status_code == 200, link


def test_past_ends_with_its_day(client):
    found = years(page(client, "/@2010-03-10/timeline/"))
    assert max(found) == 2010
    assert "(in part)" in found[2010].text_content()
    dates = [time for one in found.values() for time in one.xpath(".//time/@datetime")]
    assert max(dates) <= "2010-03-10"


def test_before_everything_it_says_so(client):
    assert "Nothing is known of these years" in client.get("/@1990-01-01/timeline/").content.decode()


@pytest.mark.parametrize("year", ["", "1800", "2012x", "２０１２", "9" * 400, "\0", "-1"])
def test_other_years_are_not_found(client, year):
    assert client.get("/timeline/", {"year": year}).status_code == 404
    assert client.get("/timeline/index.md", {"year": year}).status_code == 404


def test_markdown_says_the_same(client):
    text = client.get("/timeline/index.md?year=2012").content.decode()
    assert text.startswith("# Line of time")
    assert "CERs issued: 339,393,698" in text
    listed = years(page(client, "/timeline/?year=2012"))[2012].xpath(".//li/a")
    assert all(one.text_content() in text.replace("\\", "") for one in listed)


@pytest.mark.parametrize(("address", "last"), [("/", 2026), ("/@2010-03-10/", 2010)])
def test_home_has_all_decisions_and_news_up_to_the_day_in_one_row(client, address, last):
    (strip,) = page(client, address).xpath("//figure[@class='strip']")
    decisions, news, first, until = map(int, re.findall(r"\d+", strip.xpath("string(h2)")))
    assert (first, until) == (2001, last)
    assert len(strip.xpath(".//circle")) <= decisions
    assert len(re.findall("M", strip.xpath("string(.//path/@d)"))) <= news
    assert decisions + news == sum(len(year.events) for year in timeline.years(Moment(address.strip("/@") or None)))
    assert strip.xpath("figcaption/a/@href") == [f"{address}timeline/"]
