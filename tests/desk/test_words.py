"""The words of the desk's forms and lists: plain, one for each thing, and none that says nothing."""

import re

import pytest
from django.urls import reverse

from tests.desk_client import at, browser_of, publisher
from tests.record import live_page, new_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return browser_of(publisher())


def labels(client, address):
    return set(re.findall(r"<label[^>]*>([^<:]+)", client.get(address).text))


def test_a_body_is_who_issues_and_a_text_is_a_text(desk):
    """Case A11."""
    document = labels(desk, reverse("admin:documents_document_add"))
    assert document >= {"Issued by", "Text"}
    assert "Text" in labels(desk, at("add"))
    assert "Text" in labels(desk, reverse("admin:news_newsitem_add"))
    assert "Body" not in document | labels(desk, at("add")) | labels(desk, reverse("admin:news_newsitem_add"))


def test_the_present_utc_stands_beside_a_time_to_give(desk):
    assert re.search(r"It is now \d\d \w+ \d{4}, \d\d:\d\d UTC\.", desk.get(at("publish", new_page("about"))).text)


def test_list_tells_its_count_where_something_narrows_it(desk):
    live_page("about", title="About"), live_page("other", title="Other")
    assert "Show all" not in desk.get(at("changelist")).text
    assert not re.search(r"2 results|\(2 total", desk.get(at("changelist")).text)
    assert "2 total" in desk.get(at("changelist"), {"q": "about"}).text


def test_first_publication_shows_no_place_among_neighbours(desk):
    new_page("first", title="First", position=3)
    page = new_page("second", title="Second", position=7)
    text = desk.get(at("publish", page)).text
    assert "Second" in text
    assert "neighbours" not in text
    assert "osition" not in text


def test_preview_of_a_new_page_ends_the_location_line_at_itself(desk):
    about = live_page("about", live_page("", title="Home"), title="About CDM")
    values = {"title": "A new page", "slug": "", "parent": about.pk, "body": "Text.", "version": 0, "in_menu": "on"}
    text = desk.post(at("preview_new"), values).text
    assert re.findall(r'aria-current="page">([^<]+)<', text.partition("Your location:")[2])[0] == "A new page"


def test_what_a_browser_keeps_is_offered_to_nobody_else():
    """The name under which a browser keeps a text ends with the account, so that another account does not find it there."""
    page, people = new_page("about"), [publisher(), publisher("petra")]
    keys = [re.search(r'data-key="([^"]+)"', browser_of(one).get(at("change", page)).text)[1] for one in people]
    assert keys == [f"page:{page.pk}:{one.pk}" for one in people]
