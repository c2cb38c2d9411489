"""Meetings and bodies in the search and the Quickfinder, by their numbers and names however they are written."""

from datetime import date

import pytest

from search.models import Group, Issue
from tests.bodies.conftest import live, live_body, live_meeting
from tests.record import live_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def met(clock):
    live_page("", title="Home")
    section = live_page("executive-board", title="Executive Board")
    live(Issue.objects.create(label="Board meetings", heading=Group.values[0], target=section, synonyms=["EB #"]))
    board = live_body(short="EB")
    panel = live_body("mp", name="Methodologies Panel", short="MP", body_class="panel", meeting_label="MP {number}", parent=board)
    live_meeting(board, "53", start=date(2010, 3, 22), end=date(2010, 3, 26))
    live_meeting(board, "5", start=date(2002, 8, 1), start_precision="month")
    live_meeting(board, "67 (ext.)", slug="67-ext", ordinal=67.1, number_basis="stated")
    live_meeting(panel, "44", start=date(2010, 6, 21), end=date(2010, 6, 25))
    return board


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("EB 53", "/executive-board/meetings/53/"),
        ("EB-53", "/executive-board/meetings/53/"),
        ("eb53", "/executive-board/meetings/53/"),
        ("EB 5", "/executive-board/meetings/5/"),
        ("EB 67 (ext.)", "/executive-board/meetings/67-ext/"),
        ("MP 44", "/panels/mp/meetings/44/"),
        ("mp-44", "/panels/mp/meetings/44/"),
        ("EB 999", "/executive-board/"),
        ("Methodologies Panel", "/panels/mp/"),
        ("MP", "/panels/mp/"),
    ],
)
def test_number_or_name_leads_straight_to_its_page(client, met, typed, address):
    answer = client.get("/quickfinder/", {"q": typed})
    assert (answer.status_code, answer["Location"]) == (302, address)


@pytest.mark.parametrize("typed", ["EB 53", "eb53", "EB-53"])
def test_search_has_the_meeting_first(client, met, typed):
    found = client.get("/search/", {"q": typed, "format": "json"}).json()
    first = (found["best_bets"] or found["results"])[0]
    assert first["url"].endswith("/executive-board/meetings/53/")
    suggested = client.get("/quickfinder/suggestions/", {"q": typed}).json()["suggestions"]
    assert suggested[0]["url"] == "/executive-board/meetings/53/"
