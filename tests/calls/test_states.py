"""States of calls by the clock, as pure functions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.models import Call
from calls.states import CallState, last_close, open_topics, state_of, turns_of

OPENS, CLOSES = datetime(2026, 5, 1, 8, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def call(**fields):
    return Call(**{"title": "Drafts", "slug": "drafts", "opens": OPENS, "closes": CLOSES} | fields)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS - SECOND, CallState.UPCOMING),
        (OPENS, CallState.OPEN),
        (CLOSES - SECOND, CallState.OPEN),
        (CLOSES, CallState.CLOSED),
    ],
)
def test_call_opens_and_closes_at_the_instant_itself(at, state):
    assert state_of(call(), at) == state


def test_call_is_open_while_a_topic_is():
    """T16: the call closes, a topic later; the others close with the call."""
    later = call(topics=["one | The first", "two | The second | 2026-06-10 24:00", "three | The third | 2026-05-20 12:00"])
    assert last_close(later) == datetime(2026, 6, 11, tzinfo=UTC)
    assert [topic.key for topic in open_topics(later, OPENS)] == ["one", "two", "three"]
    assert [topic.key for topic in open_topics(later, datetime(2026, 5, 20, 12, tzinfo=UTC))] == ["one", "two"]
    assert [topic.key for topic in open_topics(later, CLOSES)] == ["two"]
    assert state_of(later, CLOSES) == CallState.OPEN
    assert state_of(later, datetime(2026, 6, 11, tzinfo=UTC)) == CallState.CLOSED
    assert open_topics(call(), OPENS) == []


def test_call_whose_topics_all_close_before_it_is_closed_with_the_last_of_them():
    early = call(topics=["one | The first | 2026-05-10 12:00"])
    assert state_of(early, datetime(2026, 5, 10, 12, tzinfo=UTC)) == CallState.CLOSED


def test_call_of_days_is_never_open():
    days = call(opens=None, closes=None, opens_day=date(2026, 5, 1), closes_day=date(2026, 6, 1))
    assert {state_of(days, OPENS + timedelta(days=day)) for day in range(-40, 60)} == {CallState.CLOSED}
    assert turns_of(days) == []


def test_outcome_and_cancelling_are_told():
    assert state_of(call(outcome="Adopted."), CLOSES) == CallState.OUTCOME
    assert state_of(call(outcome="Adopted."), OPENS) == CallState.OPEN
    assert state_of(call(is_cancelled=True, topics=["one | The first"]), OPENS) == CallState.CANCELLED
    assert open_topics(call(is_cancelled=True, topics=["one | The first"]), OPENS) == []


hours = st.integers(0, 60).map(lambda hour: OPENS + timedelta(hours=hour))


@settings(max_examples=150)
@given(opens=st.none() | hours, closes=hours, topics=st.lists(st.none() | hours, max_size=4), is_cancelled=st.booleans())
def test_state_changes_at_its_turns_alone(opens, closes, topics, is_cancelled):
    """T52: at each hour the state is what the words say, and between two turns it stays."""
    lines = [f"t{place} | Topic" + (f" | {at:%Y-%m-%d %H:%M}" if at else "") for place, at in enumerate(topics)]
    made = call(opens=opens, closes=closes, topics=lines, is_cancelled=is_cancelled)
    turns = {at for _name, at in turns_of(made)}
    ends = [at or closes for at in topics] or [closes]
    before = None
    for hour in range(-1, 62):
        at = OPENS + timedelta(hours=hour)
        running = [end for end in ends if (opens is None or opens <= at) and at < end]
        expected = "cancelled" if is_cancelled else "open" if running else "upcoming" if at < max(ends) else "closed"
        assert state_of(made, at) == expected
        assert len(open_topics(made, at)) == (len(running) if topics and not is_cancelled else 0)
        assert before in {None, expected} or at in turns
        before = expected
