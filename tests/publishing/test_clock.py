"""A clock that is set back is waited out within a process, unless it had been wrong by more than an hour."""

from datetime import timedelta

from publishing.clock import WAITED_OUT, SteadyClock
from tests.record import MILLISECOND, START


def test_clock_set_back_stands_until_the_time_has_come_again(clock):
    steady = SteadyClock()
    last = steady()
    for back in (timedelta(seconds=1), WAITED_OUT - timedelta(seconds=1)):
        clock.set(last - back)
        assert steady() == last
    clock.set(last)
    assert steady() == last + MILLISECOND


def test_clock_that_had_been_wrong_by_more_is_believed(clock):
    steady = SteadyClock()
    clock.set(START + timedelta(days=30_000))
    steady()
    clock.set(START)
    assert steady() == START + MILLISECOND
