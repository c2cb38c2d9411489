"""What happened at the desk: by everybody, as far as one may see it."""

import pytest

from desk import deletion
from pages.models import Page
from publishing import ledger
from publishing.ledger import publish, withdraw
from publishing.moment import Moment
from tests.desk_client import at, author, browser_of, publisher, typed
from tests.record import DAY, edit, new_page

pytestmark = pytest.mark.django_db


def told(client, query=""):
    """(title, what, by whom, whether it is called one's own) of the events, newest first."""
    return [(event.title, event.what, event.by, event.is_mine) for event in client.get("/admin/recent/" + query).context["events"]]


def test_what_everybody_did_is_told_and_what_is_mine_is_marked():
    """Case A7."""
    paul, petra = publisher(), publisher("petra")
    desk, page, gone = browser_of(paul), new_page("about", title="About"), new_page("gone", title="Gone")
    desk.post(at("change", page), typed(page, body="Words."))
    page.refresh_from_db()
    first = publish([Page.objects.get(pk=page.pk)], author="petra")[0]
    edit(page, body="Later words.")
    publish([page], Moment().now + DAY, author="paul")
    ledger.restore(first, petra)
    ledger.cancel_all(list(page.editions.exclude(pk=first.pk)), author="petra")
    withdraw(page, "R.", author="paul")
    deletion.delete(petra, gone)
    own = [("About", "Withdrawn", "paul", True), ("About", "Publication scheduled", "paul", True), ("About", "Draft saved", "paul", True)]
    others = [
        ("Gone", "Deleted", "petra", False),
        ("About", "Published", "petra", False),
        ("About", f"Edition {first.number} restored into the draft", "petra", False),
        ("About", "Published", "petra", False),
    ]
    assert [event for event in told(desk) if event[3]] == told(desk, "?by=me") == own
    assert [event for event in told(desk) if event[2] == "petra"] == others
    text = desk.get("/admin/").text
    assert text.count("by you") == 3
    assert "<q>Schedule cancelled.</q>" in text


def test_nobody_is_told_of_what_is_not_theirs_to_see():
    mine, other = new_page("mine", title="Mine"), new_page("other", title="Zwischenraumwort")
    publish([mine, other], author="paul")
    deletion.delete(publisher(), new_page("below", other, title="Zwischenraumwort below"))
    anna = browser_of(author("anna", mine))
    assert {event[:3] for event in told(anna)} == {("Mine", "Published", "paul")}
    for address in ("/admin/", "/admin/recent/", "/admin/recent/?by=me"):
        assert "Zwischenraumwort" not in anna.get(address).text
