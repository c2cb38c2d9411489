"""The banner of a page of the past: which edition its text is, the ways to its neighbours, fields for another moment."""

import re

import pytest
from django.contrib.auth.models import Group, User

from publishing.ledger import erase, publish, withdraw
from publishing.roles import PUBLISHER
from tests.news.conftest import live_item
from tests.reading import parsed, text_of
from tests.record import DAY, HOUR, START, clock, live_page, new_page, new_term, republish

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
    return parsed(client.get(address)).xpath("//section[@class='band']")[0]


def test_banner_names_the_edition_of_the_text_and_its_neighbours(client, three):
    found = band(client, "/@2030-03-25/about/")
    assert "Text: edition of 20 March 2030; ← previous edition 10 March 2030; next edition 18 August 2030 →." in text_of(found)
    assert "Figures: of 20 March 2030" in text_of(found)
    previous, following = found.xpath(".//span/a/@href")
    assert re.fullmatch(r"/@2030-03-10T17:07:\d\d/about/", previous)
    assert "Text of about." in client.get(previous).content.decode()
    assert "Text after 151 days." in client.get(following).content.decode()


def test_first_and_last_edition_have_one_neighbour(client, three):
    first, last = band(client, "/@2030-03-11/about/"), band(client, "/@2030-08-20/about/")
    assert "Text: edition of 10 March 2030; next edition 20 March 2030 →." in text_of(first)
    assert "Text: edition of 18 August 2030; ← previous edition 20 March 2030." in text_of(last)


def test_text_older_than_90_days_is_marked_in_colour_and_words(client, three):
    for address, is_old in (("/@2030-06-18T10:00/about/", False), ("/@2030-06-19/about/", True), ("/@2030-08-20/about/", False)):
        found = band(client, address)
        assert bool(found.xpath(".//*[@class='notice warning']")) == is_old, address
        assert ("more than 90 days" in text_of(found)) == is_old


def test_what_is_scheduled_is_no_next_edition(client, clock, three):
    republish(three, clock.now + DAY, body="To come.")
    assert "next edition" not in text_of(band(client, "/@2030-08-20/about/"))
    clock.tick(DAY * 2)
    assert "next edition 17 December 2030 →" in text_of(band(client, "/@2030-08-20/about/"))


def test_what_was_erased_or_withdrawn_is_no_neighbour(client, clock, three):
    erase(three.editions.order_by("number")[1], "A court has ordered it.")
    withdraw(three, "Old.")
    clock.tick(DAY)
    assert "Text: edition of 10 March 2030; next edition 18 August 2030 →." in text_of(band(client, "/@2030-03-11/about/"))


def test_pages_without_a_text_of_their_own_name_none_and_no_figures_stand_in_terms(client, three):
    publish([new_term("Leakage")])
    live_item()
    for address in ("/@2030-12-16/about/history/", "/@2030-12-16/search/", "/@2030-12-16/nothing/"):
        assert "Text:" not in text_of(band(client, address)), address
    assert "Figures:" not in text_of(band(client, "/@2030-12-16/glossary/leakage/"))


def fields(found):
    return {name: found.xpath(f".//input[@name='{name}']")[0].attrib for name in ("date", "time")}


def test_date_field_has_the_first_day_of_the_record_and_today(client, clock, three):
    found = fields(band(client, "/@2030-03-25/about/"))
    assert (found["date"]["value"], found["date"]["min"], found["date"]["max"]) == ("2030-03-25", "2030-03-10", f"{clock.now:%Y-%m-%d}")
    assert found["time"]["value"] == ""
    tools = parsed(client.get("/about/")).xpath("//*[@class='tools']//input[@type='date']")[0]
    assert {"min", "max"}.isdisjoint(tools.attrib)  # the page is kept, and days go by


def test_publisher_who_reads_a_moment_to_come_may_choose_another(client, clock):
    ada = User.objects.create_user("ada", is_staff=True)
    ada.groups.add(Group.objects.get(name=PUBLISHER))
    client.force_login(ada)
    publish([new_page("about")], START + DAY)
    found = fields(band(client, f"/@{START + DAY * 2:%Y-%m-%d}/about/"))
    assert found["date"].get("max") is None


@pytest.mark.parametrize("asked", ["2030-03-25", "2030-03-25T17:07", "2030-03-25T17:07:30"])
def test_show_with_nothing_changed_stays_at_that_moment(client, three, asked):
    form = band(client, f"/@{asked}/about/").xpath(".//form")[0]
    given = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert client.get(form.get("action"), given)["Location"] == f"/@{asked}/about/"
    assert (form.xpath(".//input[@type='time']/@step") == ["1"]) == (len(asked) > 16)  # else the browser refuses seconds


def test_time_without_a_date_and_no_time_are_explained(client, clock):
    assert client.get("/at/", {"date": "2030-03-10", "time": "17:99"}).status_code == 404
    assert client.get("/at/", {"date": "", "time": "17:07"}).status_code == 404
    assert client.get("/at/", {"date": "2030-03-10", "time": "08:00"})["Location"] == "/@2030-03-10T08:00/"


def test_moment_that_has_not_come_offers_today(client, clock):
    live_page("about")
    clock.tick(HOUR)
    found = fields(band(client, "/@2031-01-01T10:00/about/"))
    assert (found["date"]["value"], found["time"]["value"]) == (f"{clock.now:%Y-%m-%d}", "")
