"""What turns by the clock alone: meetings begin and end, terms of office end, and nothing is published meanwhile."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from lxml import html

from bodies.lists import meetings
from publishing.models import Turn
from publishing.moment import Moment, fixed
from tests.bodies.conftest import live_body, live_meeting, live_office
from tests.record import SECOND, republish

pytestmark = pytest.mark.django_db


def state(moment):
    [row] = meetings(moment).live
    return row.state


def turns_of(draft):
    return dict(Turn.objects.filter(edition__thing=draft.pk).values_list("field", "instant"))


def test_meeting_is_under_way_and_held_from_the_very_second_on(clock):
    body = live_body()
    live_meeting(
        body, "9", start=date(2030, 4, 1), end=date(2030, 4, 2), sittings=["2030-04-01 10:00 for 8:00", "2030-04-02 10:00 for 8:00"]
    )
    begins, ends = datetime(2030, 4, 1, 8, tzinfo=UTC), datetime(2030, 4, 2, 16, tzinfo=UTC)
    told = {begins - SECOND: "Confirmed", begins: "Under way", ends - SECOND: "Under way", ends: "Held"}
    for instant, said in told.items():
        clock.now = instant
        assert state(Moment()) == said
    assert {instant: state(fixed(instant)) for instant in told} == told


def test_page_of_the_board_turns_though_nothing_is_published(client, clock):
    body = live_body()
    live_meeting(body, "9", start=date(2030, 4, 1), end=date(2030, 4, 2))
    ends = datetime(2030, 4, 2, 22, tzinfo=UTC)

    def shown(instant):
        clock.now = instant
        items = html.fromstring(client.get("/executive-board/").content).xpath("//dl[@id='shown']/div")
        return [" ".join(item.text_content().split()).partition(" EB 9")[0] for item in items]

    assert shown(ends - SECOND) == ["Meeting now", "Last meeting known none"]
    assert shown(ends) == ["Next meeting none announced in our sources", "Last meeting known"]


def test_days_that_no_sitting_tells_of_count_from_midnight_to_midnight(clock):
    meeting = live_meeting(
        live_body(), "50", start=date(2030, 10, 13), end=date(2030, 10, 16), sittings=["2030-10-14 10:00 for 2:00; open"]
    )
    assert turns_of(meeting) == {
        "begins": datetime(2030, 10, 12, 22, tzinfo=UTC),
        "ends": datetime(2030, 10, 16, 22, tzinfo=UTC),
        "first day": datetime(2030, 10, 13, tzinfo=UTC),
    }


def test_what_was_called_off_turns_nothing_but_the_terms_that_it_bounds(clock):
    meeting = live_meeting(live_body(), "9", start=date(2030, 4, 1))
    clock.tick()
    republish(meeting, status="cancelled", status_reason="No quorum.")
    number = meeting.editions.latest("number").number
    assert set(Turn.objects.filter(edition=number).values_list("field", flat=True)) == {"first day"}
    clock.now = datetime(2031, 1, 1, tzinfo=UTC)
    assert state(Moment()) == "Cancelled"


def test_meeting_of_a_month_is_never_under_way_and_held_after_it(clock):
    live_meeting(live_body(), "67", start=date(2030, 5, 1), start_precision="month")
    after = datetime(2030, 5, 31, 22, tzinfo=UTC)
    assert [state(fixed(each)) for each in (datetime(2030, 5, 15, tzinfo=UTC), after - SECOND, after)] == ["Confirmed", "Confirmed", "Held"]


@pytest.mark.parametrize(
    ("fields", "turning"),
    [
        ({"start": date(2031, 1, 1), "end": date(2032, 1, 1), "end_kind": "date"}, {date(2031, 1, 1), date(2032, 1, 1)}),
        ({"start": date(2031, 1, 1), "end_kind": "open"}, {date(2031, 1, 1)}),
        ({"start": date(2031, 1, 1), "start_precision": "year"}, {date(2031, 1, 1), date(2032, 1, 1)}),
        ({"start": date(2031, 2, 1), "start_precision": "month", "end_kind": "open"}, {date(2031, 2, 1), date(2031, 2, 28)}),
        ({"start": date(2031, 5, 31), "start_kind": "seen"}, {date(2031, 5, 31), date(2031, 6, 1)}),
    ],
)
def test_term_of_office_turns_on_each_day_that_may_change_the_answer(clock, fields, turning):
    term = live_office(live_body(), "Ann", **fields)
    assert {instant.date() for instant in turns_of(term).values()} == turning


def test_officers_change_at_midnight_though_nothing_is_published(client, clock):
    body = live_body()
    live_office(body, "Ann", start=date(2029, 1, 1), end=date(2031, 1, 1), end_kind="date")
    live_office(body, "Ben", start=date(2031, 1, 1), end_kind="open")

    def chair(instant):
        clock.now = instant
        page = html.fromstring(client.get("/executive-board/").content)
        [text] = page.xpath("//section[@aria-labelledby='officers']/dl/div[dt='Chair']/dd")
        return text.text.strip()

    change = datetime(2031, 1, 1, tzinfo=UTC)
    assert [chair(change - SECOND), chair(change)] == ["Ann", "Ben"]


def test_term_until_a_meeting_turns_with_that_meeting(client, clock):
    body = live_body()
    meeting = live_meeting(body, "71", start=date(2031, 1, 30), end=date(2031, 2, 1))
    live_office(body, "Ann", start=date(2030, 1, 1), end_kind="meeting", end_meeting=meeting)

    def chair(instant):
        clock.now = instant
        page = html.fromstring(client.get("/executive-board/").content)
        [text] = page.xpath("//section[@aria-labelledby='officers']/dl/div[dt='Chair']/dd")
        return text.text.strip()

    change = datetime(2031, 1, 30, tzinfo=UTC)
    assert [chair(change - SECOND), chair(change)] == ["Ann", "not known"]


def test_list_by_year_says_the_same_all_the_time_between_two_turns(client, clock):
    body = live_body()
    live_office(body, "Ann", start=date(2030, 1, 1), end_kind="open")
    live_office(body, "Cat", role="vice-chair", start=date(2029, 1, 1), start_precision="year")

    def years():
        page = html.fromstring(client.get("/panels/executive-board/").content)
        return [item.text_content().strip() for item in page.xpath("//section[@aria-labelledby='officers']//li")]

    before = years()
    clock.tick(timedelta(days=800))
    assert years() == before == ["since 2030: Ann", "after 2029: not known", "2029: Cat"]


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_year_that_no_zone_can_tell_is_refused(clock, year):
    draft = live_meeting(live_body(), "9", start=date(2030, 4, 1))
    draft.start = date(year, 12, 31)
    with pytest.raises(ValidationError, match="between 1900 and 2199"):
        draft.full_clean(validate_unique=False, validate_constraints=False)
