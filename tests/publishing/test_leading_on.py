"""Below a former address everything leads on: history, differences, the text as Markdown, the TimeMap, for every kind."""

import re

import pytest

from publishing.ledger import publish, withdraw
from tests.documents.conftest import live_document
from tests.news.conftest import live_item, live_newsletter
from tests.record import HOUR, clock, live_page, new_term, republish

__all__ = ["clock"]

pytestmark = pytest.mark.django_db


def live_term():
    term = new_term("Old")
    publish([term])
    return term


MOVES = {
    "page": (lambda: live_page("old"), {"slug": "new"}, "/old/", "/new/"),
    "term": (live_term, {"slug": "new"}, "/glossary/old/", "/glossary/new/"),
    "newsitem": (lambda: live_item(slug="old"), {"slug": "new"}, "/news/2030/03/08/old/", "/news/2030/03/08/new/"),
    "newsletter": (lambda: live_newsletter([live_item()]), {"issue_number": 2}, "/newsletters/1/", "/newsletters/2/"),
    "document": (lambda: live_document(slug="old"), {"slug": "new"}, "/documents/old/", "/documents/new/"),
}
BELOW = ["history/", "history/index.md", "index.md", "timemap/"]


@pytest.fixture(params=MOVES)
def moved(request, clock):
    make, change, old, new = MOVES[request.param]
    thing = make()
    clock.tick(HOUR)
    republish(thing, **change)
    clock.tick(HOUR)
    return thing, old, new


@pytest.mark.parametrize("below", BELOW)
def test_every_address_below_a_former_one_leads_on(client, moved, below):
    _, old, new = moved
    response = client.get(old + below)
    assert (response.status_code, response["Location"]) == (301, new + below)
    assert client.get(new + below).status_code == 200


def test_differences_lead_on_with_their_query(client, moved):
    thing, old, new = moved
    first, second = thing.editions.order_by("number").values_list("number", flat=True)
    for end in (f"history/{second}/", f"history/{second}/?against={first}", f"history/{second}/index.md"):
        assert client.get(old + end)["Location"] == new + end
        assert client.get(old + end, follow=True).status_code == 200


def test_timemap_that_a_past_page_names_is_found(client, clock, moved, settings):
    thing, old, _new = moved
    past = f"/@{thing.editions.order_by('number')[0].live_from:%Y-%m-%dT%H:%M:%S}"
    link = re.search(r'<([^>]*)>; rel="timemap"', client.get(past + old)["Link"])[1]
    found = client.get(link.removeprefix(settings.SITE_ADDRESS), follow=True)
    assert found["Content-Type"] == "application/link-format"
    assert client.get(f"{past}{old}history/").status_code == 200  # there it is the address still


def test_what_moved_and_was_withdrawn_leads_to_its_history(client, clock, moved):
    thing, old, new = moved
    withdraw(thing, "Old.")
    clock.tick(HOUR)
    assert client.get(f"{old}history/")["Location"] == f"{new}history/"
    assert client.get(f"{new}history/").status_code == 200


def test_children_of_a_moved_page_lead_on(client, clock):
    parent = live_page("old")
    live_page("child", parent=parent)
    clock.tick(HOUR)
    republish(parent, slug="new")
    clock.tick(HOUR)
    for below in ("", *BELOW):
        assert client.get(f"/old/child/{below}")["Location"] == f"/new/child/{below}"
    assert client.get("/old/other/history/").status_code == 404


def test_address_that_another_has_taken_is_its_own(client, clock):
    page = live_page("old")
    clock.tick(HOUR)
    republish(page, slug="new")
    clock.tick(HOUR)
    live_page("old", title="Another")
    clock.tick(HOUR)
    assert "Another" in client.get("/old/history/").content.decode()


def test_move_that_is_scheduled_gives_nothing_away(client, clock):
    page = live_page("old")
    republish(page, clock.now + HOUR, slug="new")
    assert client.get("/new/history/").status_code == 404
    assert client.get("/new/timemap/").status_code == 404
