"""Who held an office on a day: people, vacant or not known, and never a guess."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from bodies.holders import holders, shown_end, shown_start
from bodies.models import CDMBody, MeetingEdition, Office
from publishing.ledger import publish
from tests.bodies.conftest import live_body, live_meeting, live_office, new_office
from tests.record import republish

BOARD = CDMBody(seats=["1 chair", "1 vice-chair", "2 member, Annex I"])


def term(person, start, number=1, **fields):
    office = Office(pk=number, person=person, **{"role": "chair", "start": start} | fields)
    office.full_clean(exclude=["of_body"], validate_unique=False, validate_constraints=False)
    return office


def answer(day, *terms, role="chair", met=None, post="", body=BOARD):
    found = holders(body, role, day, terms, met or {}, post)
    return [each.person for each in found.people] or found.words


def test_term_between_two_known_days_is_half_open():
    own = [term("A", date(2008, 2, 1), end=date(2009, 2, 1), end_kind="date"), term("B", date(2009, 2, 1), 2)]
    assert answer(date(2008, 1, 31), *own) == "not known"
    assert answer(date(2008, 2, 1), *own) == answer(date(2009, 1, 31), *own) == ["A"]
    assert answer(date(2009, 2, 1), *own) == ["B"]


def test_open_and_unknown_ends_are_not_the_same():
    assert answer(date(2026, 1, 1), term("A", date(2020, 1, 1), end_kind="open")) == ["A"]
    assert answer(date(2026, 1, 1), term("A", date(2020, 1, 1), end_kind="unknown")) == "not known"
    assert answer(date(2020, 1, 1), term("A", date(2020, 1, 1), end_kind="unknown")) == ["A"]


def test_start_that_was_only_seen_says_nothing_of_the_days_before_or_after():
    own = term("A", date(2013, 5, 31), start_kind="seen")
    assert [answer(date(2013, 5, day), own) for day in (30, 31)] == ["not known", ["A"]]
    assert answer(date(2013, 6, 1), own) == "not known"
    assert shown_start(own, {}) == "named on 31 May 2013"


def test_term_of_a_year_holds_in_that_year_and_says_so():
    own = term("A", date(2011, 1, 1), start_precision="year")
    assert answer(date(2011, 1, 1), own) == answer(date(2011, 12, 31), own) == ["A"]
    assert answer(date(2010, 12, 31), own) == answer(date(2012, 1, 1), own) == "not known"
    assert (shown_start(own, {}), shown_end(own, {})) == ("in 2011", "")


def test_term_from_a_month_holds_from_its_end_on():
    own = term("A", date(2014, 2, 1), start_precision="month", end_kind="open")
    assert answer(date(2014, 1, 31), own) == answer(date(2014, 2, 27), own) == "not known"
    assert answer(date(2014, 2, 28), own) == ["A"]


def test_term_until_a_meeting_ends_on_its_first_day():
    met = {7: SimpleNamespace(start=date(2013, 1, 30), start_precision="day", label="EB 71", shown_date="30 January – 1 February 2013")}
    own = Office(pk=1, person="A", role="chair", start=date(2012, 2, 27), end_kind="meeting", end_meeting_id=7)
    assert answer(date(2013, 1, 29), own, met=met) == ["A"]
    assert answer(date(2013, 1, 30), own, met=met) == "not known"
    assert shown_end(own, met) == "until EB 71, 30 January – 1 February 2013"


def test_meeting_that_is_not_listed_is_told_in_words_and_counts_as_unknown_from_its_year_on():
    end = {"end_kind": "meeting", "end_words": "until the first meeting of 2013", "end": date(2013, 1, 1), "end_precision": "year"}
    own = term("A", date(2012, 2, 27), **end)
    assert answer(date(2012, 12, 31), own) == ["A"]
    assert answer(date(2013, 1, 1), own) == answer(date(2020, 1, 1), own) == "not known"
    assert shown_end(own, {}) == "until the first meeting of 2013"


def test_seat_is_vacant_only_where_it_is_said_to_have_been_left_empty():
    ended = {"end_kind": "date", "end": date(2010, 1, 1)}
    left, silent = term("A", date(2009, 1, 1), left_vacant=True, **ended), term("A", date(2009, 1, 1), **ended)
    assert answer(date(2010, 6, 1), left) == "vacant"
    assert answer(date(2010, 6, 1), silent) == "not known"
    assert answer(date(2010, 6, 1), left, body=CDMBody(seats=[])) == "not known"
    successor = term("B", date(2011, 1, 1), 2, end_kind="open")
    assert [answer(date(year, 6, 1), left, successor) for year in (2010, 2011)] == ["vacant", ["B"]]
    gone = CDMBody(seats=["1 chair"], dissolved=date(2010, 3, 1))
    assert answer(date(2010, 6, 1), left, body=gone) == "not known"


def test_one_person_may_be_chair_and_member_and_posts_are_apart():
    own = [term("A", date(2010, 1, 1), end_kind="open"), term("A", date(2009, 1, 1), 2, role="member", post="Annex I", end_kind="open")]
    assert answer(date(2011, 1, 1), *own) == answer(date(2011, 1, 1), *own, role="member", post="Annex I") == ["A"]
    assert answer(date(2011, 1, 1), *own, role="member", post="SIDS") == "not known"


def test_end_of_today_is_the_successors_day_and_an_unknown_end_is_told_as_such():
    day = date(2026, 1, 1)
    assert answer(day, term("A", date(2025, 1, 1), end_kind="date", end=day)) == "not known"
    assert shown_end(term("A", date(2025, 1, 1), end_kind="unknown"), {}) == "end not known"


def test_end_in_the_future_still_holds_today():
    assert answer(date(2026, 1, 1), term("A", date(2025, 1, 1), end_kind="date", end=date(2027, 1, 1))) == ["A"]


@pytest.mark.parametrize(
    "fields",
    [
        {"start": None},
        {"end_kind": "date"},
        {"end_kind": "meeting"},
        {"end_kind": "open", "end": date(2021, 1, 1)},
        {"end_kind": "date", "end": date(2019, 1, 1)},
        {"end_kind": "open", "left_vacant": True},
    ],
)
def test_term_that_contradicts_itself_is_refused(fields):
    with pytest.raises(ValidationError):
        term("A", **{"start": date(2020, 1, 1)} | fields)


@pytest.mark.django_db
def test_two_known_terms_of_a_single_seat_may_not_overlap(clock):
    body = live_body()
    ended = {"end_kind": "date", "end": date(2010, 1, 1)}
    live_office(body, "A", start=date(2009, 1, 1), **ended)
    with pytest.raises(ValidationError, match="one seat at the same time"):
        publish([new_office(body, "B", start=date(2009, 12, 31), end_kind="open")])
    live_office(body, "B", start=date(2010, 1, 1), end_kind="open")
    live_office(body, "C", start=date(2010, 1, 1), start_precision="month", end_kind="open")
    live_office(body, "M", role="member", start=date(2009, 1, 1), end_kind="open")
    live_office(body, "N", role="member", start=date(2009, 1, 1), end_kind="open")
    with pytest.raises(ValidationError, match="one seat at the same time"):
        publish([new_office(body, "m", role="member", start=date(2009, 6, 1), end_kind="open")])


@pytest.mark.django_db
def test_meeting_that_ends_a_term_is_read_from_the_record(clock):
    body = live_body()
    meeting = live_meeting(body, "71", start=date(2013, 1, 30), end=date(2013, 2, 1))
    office = live_office(body, "A", start=date(2012, 2, 27), end_kind="meeting", end_meeting=meeting)
    met = {meeting.pk: MeetingEdition.objects.get(thing=meeting.pk)}
    assert answer(date(2013, 1, 29), office, met=met) == ["A"]
    assert answer(date(2013, 1, 30), office, met=met) == "not known"


@pytest.mark.django_db
def test_meeting_that_bounds_terms_may_not_move_so_that_they_overlap(clock):
    body = live_body()
    meeting = live_meeting(body, "71", start=date(2013, 1, 30), end=date(2013, 2, 1))
    live_office(body, "A", start=date(2012, 2, 27), end_kind="meeting", end_meeting=meeting)
    successor = live_office(body, "B", start=date(2013, 1, 30), end_kind="open")
    with pytest.raises(ValidationError, match="one seat at the same time"):
        republish(meeting, start=date(2013, 2, 4), end=date(2013, 2, 6))
    assert MeetingEdition.objects.filter(thing=meeting.pk).count() == 1
    republish(meeting, start=date(2013, 1, 28), end=date(2013, 1, 30))
    republish(successor, start=None, start_meeting=meeting)
    republish(meeting, start=date(2013, 2, 4), end=date(2013, 2, 6))
