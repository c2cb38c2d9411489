"""Calendars and feeds of meetings: what stands in them, under which ids, and what they do when a meeting moves."""

from datetime import date, timedelta

import pytest
import vobject
from icalendar import Calendar
from lxml import etree

from publishing import snapshots
from publishing.calendars import event_lines
from publishing.ledger import publish, withdraw
from tests.bodies.conftest import live_body, live_meeting
from tests.record import live_page, republish

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def events(client, address="/executive-board/calendar.ics"):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    own = Calendar.from_ical(answer.content).walk("VEVENT")
    other = vobject.readOne(answer.content.decode())
    assert [str(event["uid"]) for event in own] == [event.uid.value for event in getattr(other, "vevent_list", [])]
    return own


def titles(client, *address):
    return [str(event["summary"]) for event in events(client, *address)]


@pytest.fixture
def board(clock):
    live_page("", title="Home")
    return live_body(short="EB")


def test_meeting_of_three_sittings_has_three_entries_with_the_days_told(client, board):
    sittings = ["2030-05-11 to 2030-05-13", "2030-05-27 to 2030-05-29", "2030-06-12"]
    live_meeting(board, "106", start=date(2030, 5, 11), end=date(2030, 6, 12), sittings=sittings)
    found = events(client)
    days = [(event["dtstart"].dt, event["dtend"].dt) for event in found]
    assert days == [
        (date(2030, 5, 11), date(2030, 5, 14)),
        (date(2030, 5, 27), date(2030, 5, 30)),
        (date(2030, 6, 12), date(2030, 6, 13)),
    ]
    assert len({str(event["uid"]) for event in found}) == 3


def test_sittings_that_do_not_tell_all_days_leave_the_meeting_whole(client, board):
    live_meeting(board, "50", start=date(2030, 10, 13), end=date(2030, 10, 16), sittings=["2030-10-14 to 2030-10-16; open"])
    [event] = events(client)
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2030, 10, 13), date(2030, 10, 17))


def test_what_is_known_to_a_month_or_not_at_all_is_in_no_calendar(client, board):
    live_meeting(board, "67", start=date(2030, 5, 1), start_precision="month")
    live_meeting(board, "78", start=date(2030, 6, 1), start_precision="month", end=date(2030, 6, 4))
    live_meeting(board, "93")
    assert events(client) == []


def test_move_keeps_the_id_and_raises_the_sequence_and_other_changes_do_not(client, board, clock):
    meeting = live_meeting(board, "54", start=date(2030, 5, 24), end=date(2030, 5, 28))
    [before] = events(client)
    then = clock.tick()
    clock.tick()
    republish(meeting, summary="More words.")
    [told] = events(client)
    republish(meeting, start=date(2030, 6, 3), end=date(2030, 6, 5))
    [after] = events(client)
    assert before["uid"] == told["uid"] == after["uid"]
    assert [event["sequence"] for event in (before, told, after)] == [0, 0, 1]
    assert after["dtstart"].dt == date(2030, 6, 3)
    [past] = events(client, f"/@{then:%Y-%m-%dT%H:%M:%S}/executive-board/calendar.ics")
    assert (past["uid"], past["dtstart"].dt) == (before["uid"], date(2030, 5, 24))


def ids(client):
    return {event["dtstart"].dt: str(event["uid"]) for event in events(client)}


def test_sitting_keeps_its_id_when_another_is_put_before_it_or_its_own_day_changes(client, board):
    first, second, third = "2030-05-11 to 2030-05-13", "2030-05-27 10:00 for 3:00; open", "2030-06-12"
    meeting = live_meeting(board, "106", start=date(2030, 5, 11), end=date(2030, 6, 12), sittings=[first, second, third])
    before = list(ids(client).values())
    republish(meeting, start=date(2030, 5, 2), sittings=["2030-05-02", first, second, third])
    added = list(ids(client).values())
    assert added[1:] == before
    assert added[0] not in before
    republish(meeting, sittings=["2030-05-02", first, "2030-05-28 10:00 for 3:00; closed", third])
    assert list(ids(client).values()) == added
    republish(meeting, sittings=["2030-05-02", "2030-05-28 11:00 for 2:00; closed", third])
    assert list(ids(client).values()) == [added[0], *added[2:]]
    republish(meeting, end=date(2030, 6, 14), sittings=["2030-05-02", "2030-05-28 11:00 for 2:00; closed", third, "2030-06-14"])
    assert list(ids(client).values())[:3] == [added[0], *added[2:]]
    assert list(ids(client).values())[3] not in added


def test_two_processes_write_the_same_bytes(client, board):
    """The order of sets and dicts differs from process to process; nothing of a calendar does."""
    meeting = live_meeting(board, "106", start=date(2030, 5, 11), end=date(2030, 5, 12), sittings=["2030-05-11", "2030-05-12 10:00; open"])
    republish(meeting, place="São Tomé")
    one = client.get("/panels/calendar.ics").content
    event_lines.cache_clear()
    snapshots.clear_all()
    assert client.get("/panels/calendar.ics").content == one


def test_cancelled_meeting_stays_until_a_week_after_its_day(client, board, clock):
    meeting = live_meeting(board, "54", start=date(2030, 5, 24))
    republish(meeting, status="cancelled", status_reason="No quorum.")
    [event] = events(client)
    assert (str(event["summary"]), str(event["status"])) == ("Cancelled: EB 54", "CANCELLED")
    assert "No quorum." in str(event["description"])
    clock.tick(timedelta(days=100))
    assert events(client) == []


def test_joint_meeting_stands_under_each_body_and_once_in_all(client, board):
    panel = live_body("mp", name="Methodologies Panel", short="MP")
    live_meeting(board, "54", start=date(2030, 5, 24), joint_with=[panel.pk])
    live_meeting(panel, "44", slug="44", title="MP 44", start=date(2030, 6, 21))
    assert titles(client) == ["EB 54"]
    assert titles(client, "/panels/mp/calendar.ics") == titles(client, "/panels/calendar.ics") == ["EB 54", "MP 44"]
    withdraw(board, "Ended.")
    assert titles(client, "/panels/mp/calendar.ics") == ["EB 54", "MP 44"]
    assert client.get("/executive-board/calendar.ics").status_code == 404


def test_joint_meeting_of_a_withdrawn_body_is_published_again_under_the_other(client, board):
    panel = live_body("mp", name="Methodologies Panel", short="MP")
    meeting = live_meeting(board, "54", start=date(2030, 5, 24), joint_with=[panel.pk])
    withdraw(board, "Ended.")
    republish(meeting, place="Bonn")
    [event] = events(client, "/panels/mp/calendar.ics")
    assert str(event["location"]) == "Bonn"
    assert "EB 54" in client.get("/panels/mp/").text
    assert client.get("/executive-board/meetings/54/").status_code == 200
    publish([board])
    assert titles(client) == ["EB 54"]


def test_feed_of_a_body_has_its_meetings_under_permanent_ids(client, board):
    panel = live_body("mp", name="Methodologies Panel", short="MP")
    live_meeting(board, "54", start=date(2030, 5, 24), joint_with=[panel.pk], summary="Of <rules> & fees.")
    live_meeting(panel, "44", title="MP 44")

    def read(address):
        return etree.fromstring(client.get(address).content).xpath("//a:entry/a:title/text()", namespaces=ATOM)

    assert read("/executive-board/feed/atom/") == ["EB 54"]
    assert set(read("/panels/mp/feed/atom/")) == set(read("/panels/feed/atom/")) == {"EB 54", "MP 44"}
    assert client.get("/panels/none/feed/atom/").status_code == 404


def test_nothing_is_served_before_there_is_a_body(client, clock):
    live_page("", title="Home")
    for address in ("/executive-board/calendar.ics", "/panels/calendar.ics", "/panels/feed/atom/", "/executive-board/feed/atom/"):
        assert client.get(address).status_code == 404, address
