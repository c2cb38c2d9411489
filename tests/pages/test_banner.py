"""The banner of a page of the past: which edition its text is, the ways to its neighbours, fields for another moment."""

import re

import pytest

from publishing.ledger import erase, publish, withdraw
from tests.news.conftest import live_item
from tests.reading import parsed, text_of
from tests.record import DAY, HOUR, clock, live_page, new_term, republish

__all__ = ["clock"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(clock):
    """A page with editions of 10 March, 20 March and 18 August 2030, read in December."""
    page = live_page("about", title="About")
    for wait in (10, 151):
        clock.tick(DAY * wait)
        republish(page, body=f"Text after {wait} days.")
    clock.tick(DAY * 120)
    return page


def band(client, address):
    return parsed(client.get(address)).xpath("//section[@class='band past']")[0]


def test_band_names_the_edition_of_the_text_and_leads_to_its_neighbours(client, three):
    found = band(client, "/@2030-03-25/about/")
    assert "The portal on 25 March 2030" in text_of(found)
    assert "Text of 20 March 2030" in text_of(found)
    assert "Figures of 20 March 2030, as in the text" in text_of(found)
    previous, following = found.xpath(".//ul[@class='walk']//a")
    assert (previous.text, following.text) == ("Previous edition, 10 March 2030", "Next edition, 18 August 2030")
    assert re.fullmatch(r"/@2030-03-10T17:07:\d\d/about/", previous.get("href"))
    assert "Text of about." in client.get(previous.get("href")).content.decode()
    assert "Text after 151 days." in client.get(following.get("href")).content.decode()


def test_first_and_last_edition_have_one_neighbour(client, three):
    first, last = band(client, "/@2030-03-11/about/"), band(client, "/@2030-08-20/about/")
    assert first.xpath(".//ul[@class='walk']//a/text()") == ["Next edition, 20 March 2030"]
    assert last.xpath(".//ul[@class='walk']//a/text()") == ["Previous edition, 20 March 2030"]


def test_line_of_time_has_the_editions_as_links_and_the_moment_on_it(client, three):
    found = band(client, "/@2030-08-20/about/")
    assert found.xpath(".//svg[@class='line']//a[@aria-current]/@aria-label") == ["Edition of 18 Aug 2030"]
    assert found.xpath(".//svg[@class='line']/g[@class='moment']/text/text()") == ["20 Aug 2030"]


def test_text_older_than_90_days_says_its_age(client, three):
    for address, age in (
        ("/@2030-06-18T10:00/about/", ""),
        ("/@2030-06-19/about/", "2 months, 4 weeks older"),
        ("/@2030-08-20/about/", ""),
    ):
        assert "".join(text_of(one) for one in band(client, address).xpath(".//dd/strong")).replace("\xa0", " ") == age, address


def test_text_of_the_day_that_is_read_says_so(client, three):
    assert "Text of this day" in text_of(band(client, "/@2030-03-20/about/"))


def test_what_is_scheduled_is_no_next_edition(client, clock, three):
    republish(three, clock.now + DAY, body="To come.")
    assert "Next edition" not in text_of(band(client, "/@2030-08-20/about/"))
    clock.tick(DAY * 2)
    assert "Next edition, 17 December 2030" in text_of(band(client, "/@2030-08-20/about/"))


def test_what_was_erased_or_withdrawn_is_no_neighbour(client, clock, three):
    erase(three.editions.order_by("number")[1], "A court has ordered it.")
    withdraw(three, "Old.")
    clock.tick(DAY)
    assert band(client, "/@2030-03-11/about/").xpath(".//ul[@class='walk']//a/text()") == ["Next edition, 18 August 2030"]


def test_pages_without_a_text_of_their_own_name_none_and_no_figures_stand_in_terms(client, three):
    publish([new_term("Leakage")])
    live_item()
    for address in ("/@2030-12-16/about/history/", "/@2030-12-16/search/", "/@2030-12-16/nothing/"):
        assert "Text" not in text_of(band(client, address)), address
    assert "Figures" not in text_of(band(client, "/@2030-12-16/glossary/leakage/"))


@pytest.mark.parametrize("asked", ["2030-03-25", "2030-03-25T17:07", "2030-03-25T17:07:30", "2030-03-25T17:07:30.000123"])
def test_show_with_nothing_changed_stays_at_that_moment(client, three, asked):
    form = band(client, f"/@{asked}/about/").xpath(".//form")[0]
    given = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert client.get(form.get("action"), given)["Location"] == f"/@{asked}/about/"


def test_field_takes_a_day_in_words_and_the_two_fields_of_earlier_forms(client, clock):
    for given in ({"date": "17:07 10 Mar 30"}, {"date": "2030-03-10", "time": "17:07"}):
        assert client.get("/at/", given | {"path": "/about/"})["Location"] == "/@2030-03-10T17:07/about/"


@pytest.mark.parametrize("given", [{"date": "10/03/2030"}, {"date": "2030-03-10", "time": "17:99"}, {"date": ""}, {"date": "<b>soon</b>"}])
def test_what_cannot_be_read_comes_back_with_what_is_wrong_and_where_one_was(client, clock, given):
    response = client.get("/at/", given | {"path": "/about/"})
    assert response.status_code == 404
    form = parsed(response).xpath("//main//form[@action='/at/']")[0]
    assert form.xpath("input[@name='path']/@value") == ["/about/"]
    field = form.xpath("input[@name='date']")[0]
    assert (field.get("value", ""), field.get("aria-invalid")) == (given["date"], "true")
    assert form.xpath("p/@id") == [field.get("aria-describedby")]


def test_moment_that_has_not_come_offers_today(client, clock):
    live_page("about")
    clock.tick(HOUR)
    found = band(client, "/@2031-01-01T10:00/about/")
    assert found.xpath(".//input[@name='date']/@value") == [f"{clock.now:%-d %B %Y}"]
