"""Meetings: numbers and their order, addresses, statuses, what the clock makes of them, joint ones."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from bodies.lists import meetings
from bodies.models import BodyMeeting
from publishing.ledger import publish, withdraw
from publishing.moment import Moment, fixed
from publishing.occasions import folded
from tests.bodies.conftest import live_body, live_meeting, new_body, new_meeting
from tests.record import live_page, republish

pytestmark = pytest.mark.django_db
YEAR_TO_MONTH = "2022 to December 2022"


def listed(body):
    return [row.designation for row in meetings(Moment()).of(body.pk)]


def test_numbers_order_meetings_and_those_without_go_by_their_dates(clock):
    body = live_body()
    live_meeting(body, "68", start=date(2012, 7, 16))
    live_meeting(body, "67", start=date(2012, 5, 1), start_precision="month")
    live_meeting(body, "67 (ext.)", slug="67-ext", ordinal=67.1, number_basis="stated")
    live_meeting(body, "first of 2013", slug="2013-first", start=date(2013, 1, 30))
    live_meeting(body, "73", start=date(2013, 5, 27))
    live_meeting(body, "final", slug="final")
    assert listed(body) == ["67", "67 (ext.)", "68", "first of 2013", "73", "final"]
    found = meetings(Moment())
    beside = {row.designation: tuple(other and other.designation for other in found.beside(row)) for row in found.of(body.pk)}
    assert beside["67 (ext.)"] == ("67", "68")
    assert beside["first of 2013"] == ("68", "73")
    assert beside["final"] == (None, None)
    assert beside["73"] == ("first of 2013", None)


def test_meeting_of_which_only_the_year_is_known_comes_after_those_of_a_day_in_it(clock):
    body = live_body()
    live_meeting(body, "116", start=date(2022, 1, 1), start_precision="year")
    live_meeting(body, "first of 2022", slug="2022-first", start=date(2022, 3, 8))
    assert listed(body) == ["first of 2022", "116"]


def test_number_is_one_meeting_in_its_body_however_it_is_written(clock):
    body, other = live_body(), live_body("panel", name="Panel")
    live_meeting(body, "67 (ext.)", slug="67-ext", ordinal=67.1, number_basis="stated")
    assert folded("67(Ext)") == folded("67 (ext.)")
    with pytest.raises(ValidationError, match="in their body"):
        publish([new_meeting(body, "67(Ext)", slug="67-extra", ordinal=67.1, number_basis="stated")])
    with pytest.raises(ValidationError, match="in their body"):
        publish([new_meeting(body, "extra", slug="67-ext")])
    live_meeting(other, "67 (ext.)", slug="67-ext", ordinal=67.1, number_basis="stated")


def test_only_bodies_are_named_as_bodies(clock):
    """`/executive-board/` is the page of a section, and a joint meeting with a page stood nowhere."""
    body, page = live_body(), live_page("executive-board")
    for draft, name in ((new_meeting(body, "5"), "joint_with"), (new_body("mp", name="Panel"), "follows")):
        setattr(draft, name, [page.pk])
        with pytest.raises(ValidationError, match="is no body"):
            draft.full_clean(validate_unique=False, validate_constraints=False)


def test_meeting_needs_a_body_that_is_published(clock):
    with pytest.raises(ValidationError, match="has not been published"):
        publish([new_meeting(new_body(), "1")])


def test_name_is_made_of_the_pattern_and_kept(clock):
    body = live_body()
    meeting = live_meeting(body, "53")
    assert meeting.title == "EB 53"
    assert live_meeting(body, "", slug="first").title == "Meeting of the Executive Board"


def test_address_stays_when_the_date_changes_and_old_ones_lead_on(client, clock):
    body = live_body()
    meeting = live_meeting(body, "53", start=date(2030, 3, 22), end=date(2030, 3, 26))
    republish(meeting, start=date(2030, 4, 1), end=date(2030, 4, 2))
    assert client.get("/executive-board/meetings/53/").status_code == 200
    republish(meeting, slug="53-again")
    answer = client.get("/executive-board/meetings/53/")
    assert (answer.status_code, answer["Location"]) == (301, "/executive-board/meetings/53-again/")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"start": date(2014, 4, 5), "end": date(2014, 4, 4)}, "end"),
        ({"status": "cancelled"}, "status_reason"),
        ({"start": date(2026, 3, 29), "sittings": ["2026-03-29 02:30 for 1:00"]}, "sittings"),
        ({"start": date(2026, 3, 28), "sittings": ["2026-03-29 10:00"]}, "sittings"),
        ({"zone": "Bonn"}, "zone"),
        ({"number_basis": "none"}, "number_basis"),
        ({"ordinal": float("nan")}, "ordinal"),
        ({"points": ["no number"]}, "points"),
        ({"points": ["1 | A", "1 | B"]}, "points"),
        ({"slug": "history"}, "slug"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(fields, name):
    meeting = new_meeting(new_body(), "78")
    for key, value in fields.items():
        setattr(meeting, key, value)
    with pytest.raises(ValidationError) as refusal:
        meeting.full_clean(validate_unique=False, validate_constraints=False)
    assert name in refusal.value.message_dict


def test_each_bound_has_its_own_precision():
    meeting = BodyMeeting(start=date(2014, 4, 20), start_precision="month", end=date(2014, 4, 4), slug="78", designation="78", ordinal=78)
    meeting.title = "EB 78"
    meeting.clean()
    assert (meeting.start, meeting.end, meeting.is_exact) == (date(2014, 4, 1), date(2014, 4, 4), False)
    assert meeting.shown_date == "April 2014 to 4 April 2014"


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, ""),
        ({"start": date(2010, 3, 22), "end": date(2010, 3, 26)}, "22–26 March 2010"),
        ({"start": date(2013, 1, 30), "end": date(2013, 2, 1)}, "30 January – 1 February 2013"),
        ({"start": date(2009, 11, 30), "end": date(2010, 1, 4)}, "30 November 2009 – 4 January 2010"),
        ({"start": date(2001, 11, 9), "end": date(2001, 11, 9)}, "9 November 2001"),
        ({"start": date(2012, 5, 1), "start_precision": "month"}, "May 2012"),
        (
            {"start": date(2022, 1, 1), "start_precision": "year", "end": date(2022, 12, 31), "end_precision": "month"},
            "2022 to December 2022",
        ),
    ],
)
def test_days_are_shown_as_far_as_they_are_known(fields, shown):
    assert BodyMeeting(**fields).shown_date == shown


def test_clock_makes_a_meeting_held_at_its_end_and_not_before():
    meeting = BodyMeeting(start=date(2026, 3, 30), sittings=["2026-03-30 22:00 for 3:00"], status="confirmed")
    end = datetime(2026, 3, 30, 23, tzinfo=UTC)
    before, begun = datetime(2026, 3, 30, 19, 59, 59, tzinfo=UTC), datetime(2026, 3, 30, 20, tzinfo=UTC)
    assert [meeting.state_at(at) for at in (before, begun, end.replace(hour=22, minute=59), end)] == [
        "Confirmed",
        "Under way",
        "Under way",
        "Held",
    ]
    meeting.status = "cancelled"
    assert meeting.state_at(end) == "Cancelled"


def test_meeting_of_which_the_year_alone_is_known_is_held_when_the_year_is_over():
    meeting = BodyMeeting(start=date(2023, 1, 1), start_precision="year")
    assert not meeting.is_held(datetime(2023, 12, 31, 22, tzinfo=UTC))
    assert meeting.is_held(datetime(2023, 12, 31, 23, tzinfo=UTC))
    assert not BodyMeeting().is_held(datetime(2030, 1, 1, tzinfo=UTC))


def test_joint_meeting_is_one_thing_listed_under_each_body_and_outlives_a_withdrawal(client, clock):
    first, second = live_body("mp", name="Methodologies Panel"), live_body("ssc", name="Small-Scale Working Group")
    meeting = live_meeting(first, "5", joint_with=[second.pk])
    assert listed(first) == listed(second) == ["5"]
    assert "/panels/mp/meetings/5/" in client.get("/panels/ssc/").text
    withdraw(first, "Ended.")
    assert client.get("/panels/mp/").status_code == 410
    assert listed(second) == ["5"]
    page = client.get("/panels/mp/meetings/5/")
    assert page.status_code == 200
    assert 'href="/panels/mp/"' not in page.text
    assert meeting.pk in {row.thing_id for row in meetings(Moment()).live}


def test_status_is_told_as_it_stood_at_each_moment(client, clock):
    body = live_body()
    meeting = live_meeting(body, "54", start=date(2030, 6, 1), end=date(2030, 6, 3))
    then = clock.tick()
    clock.tick()
    republish(meeting, status="postponed", status_reason="The host withdrew.")
    assert "The host withdrew." in client.get("/executive-board/meetings/54/").text
    assert "The host withdrew." in client.get("/panels/executive-board/").text
    before = meetings(fixed(then)).of(body.pk)[0]
    assert (before.status, before.is_to_come(then)) == ("confirmed", True)
    assert "The host withdrew." not in client.get(f"/@{then:%Y-%m-%dT%H:%M:%S}/executive-board/meetings/54/").text


def test_two_bodies_share_no_name_and_none_stands_above_itself(clock):
    board = live_body(short="EB")
    with pytest.raises(ValidationError, match="both be known as"):
        publish([new_body("other", name="Other", aliases=["e-b"])])
    panel = live_body("panel", name="Panel", parent=board)
    board.parent = panel
    board.save()
    with pytest.raises(ValidationError, match="above itself"):
        publish([board])
