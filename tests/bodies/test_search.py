"""Meetings and bodies in the search and the Quickfinder, by their numbers and names however they are written."""

from datetime import date

import pytest
from lxml import html

from documents.models import Document
from search.models import Group, Issue
from tests.bodies.conftest import live, live_body, live_meeting, new_meeting
from tests.record import live_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def met(clock):
    live_page("", title="Home")
    section = live_page("executive-board", title="Executive Board")
    live(Issue.objects.create(label="Board meetings", heading=Group.values[0], target=section, synonyms=["EB #"]))
    board = live_body(short="EB")
    panel = live_body("mp", name="Methodologies Panel", short="MP", body_class="panel", meeting_label="MP {number}", parent=board)
    board_53 = live_meeting(board, "53", start=date(2010, 3, 22), end=date(2010, 3, 26))
    live_meeting(board, "5", start=date(2002, 8, 1), start_precision="month")
    live_meeting(board, "67 (ext.)", slug="67-ext", ordinal=67.1, number_basis="stated")
    live_meeting(panel, "44", start=date(2010, 6, 21), end=date(2010, 6, 25))
    names = {"document_class": "report", "issued_by": "eb", "of_meeting": board_53}
    live(Document.objects.create(slug="ccs", title="Carbon capture", annex="11", **names))
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
        ("EB 999", "/executive-board/?number=EB+999"),
        ("MP 400", "/panels/mp/?number=MP+400"),
        ("MP 1", "/panels/mp/?number=MP+1"),
        ("EB 53 Annex 11", "/documents/ccs/"),
        ("EB 53, Annex 11, para 3", "/documents/ccs/"),
        ("eb53 annex 12", "/executive-board/meetings/53/"),
        ("Executive Board 53", "/executive-board/meetings/53/"),
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


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("EB 999", ["EB 67 (ext.)"]),
        ("eb60", ["EB 53", "EB 67 (ext.)"]),
        ("EB 1", ["EB 5"]),
        ("EB 53 (ext.)", ["EB 53", "EB 67 (ext.)"]),
        ("MP 400", ["MP 44"]),
    ],
)
def test_number_that_no_meeting_has_says_the_nearest_everywhere(client, met, typed, near):
    found = client.get("/search/", {"q": typed, "format": "json"}).json()
    assert [target["title"] for target in found["nearest"]] == near
    page = html.fromstring(client.get("/search/", {"q": typed}).content)
    [note] = [p for p in page.xpath("//p[@class='notice']") if "is listed" in p.text_content()]
    assert [link.text for link in note.xpath("a")] == near
    suggested = client.get("/quickfinder/suggestions/", {"q": typed}).json()["suggestions"]
    assert [suggestion["title"] for suggestion in suggested][: len(near)] == near
    assert [suggestion["title"] for suggestion in suggested if suggestion["kind"] == "Meeting"] == near
    page = html.fromstring(client.get("/quickfinder/", {"q": typed}, follow=True).content)
    assert [link.text for link in page.xpath("//*[@role='status']/a")] == near


@pytest.mark.parametrize("typed", ["EB", "53", "fees 53", "EBENE 9", "EB 53", "EB 12345678", "EB ²", "EB 9" + "9" * 400, "annex 11", "EB-"])
def test_what_names_no_missing_meeting_says_nothing_of_one(client, met, typed):
    assert client.get("/search/", {"q": typed, "format": "json"}).json()["nearest"] == []
    assert client.get("/quickfinder/", {"q": typed}).status_code == 302


def test_picker_understands_what_the_search_does(client, met):
    for typed in ("53 Annex 11", "EB 53, Annex 11, para 3"):
        assert client.get("/executive-board/", {"number": typed})["Location"] == "/documents/ccs/"
    page = html.fromstring(client.get("/panels/mp/", {"number": "400"}).content)
    assert [link.text for link in page.xpath("//*[@role='status']/a")] == ["MP 44"]
    assert client.get("/panels/mp/", {"meeting": "EB 53"})["Location"] == "/executive-board/meetings/53/"


def test_meeting_that_is_not_public_is_not_among_the_nearest(client, met):
    new_meeting(met, "60", title="Zwischenraumwort")
    assert "Zwischenraumwort" not in client.get("/search/", {"q": "EB 61", "format": "json"}).text
    assert "Zwischenraumwort" not in client.get("/executive-board/", {"number": "61"}).text
