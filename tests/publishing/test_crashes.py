"""Publishing killed at every step: the record is the old one or the new one, never something between."""

import os
import random
import signal
import time
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection, connections
from django.utils import timezone

from pages.models import Page
from publishing.ledger import OnPending, publish
from publishing.models import Edition, Record
from tests.record import live_page, new_page, paths

pytestmark = pytest.mark.django_db(transaction=True)

RANDOM_KILLS = 50


def state():
    """All that publishing writes."""
    editions = tuple(Edition.objects.order_by("number").values_list("number", "thing", "live_from", "live_to"))
    record = Record.objects.get()
    return record.last, record.at, editions, tuple(sorted(paths(record.at).items()))


@pytest.fixture
def swap():
    """Two pages that are about to change addresses, and one below with a scheduled edition to record again."""
    one, two = live_page("one"), live_page("two")
    below = live_page("below", parent=one)
    publish([below], timezone.now() + timedelta(days=1))
    new_page("unrelated")
    one.slug, two.slug = "two", "one"

    def work():
        publish([one, two, below], on_pending=OnPending.KEEP)

    return work


def in_child(work, before_statement=None):
    """Run `work` in a process of its own; with a number, kill it before that statement. Returns its process id."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        # Where the parent drives a browser it keeps two sets of connections, and only one has been closed. The child touches neither.
        inherited = [connections[alias] for alias in connections]
        for alias in connections:
            del connections[alias]
        assert connection not in inherited
        statements = count()

        def kill(execute, *arguments):
            if next(statements) == before_statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*arguments)

        commit = connection.commit
        connection.commit = lambda: kill(commit)
        with connection.execute_wrapper(kill):
            work()
        os._exit(0)
    finally:
        os._exit(1)


def was_killed(child):
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WIFSIGNALED(status)


def test_killed_before_each_statement_in_turn(swap):
    old = state()
    for number in count():
        killed = was_killed(in_child(swap, number))
        if not killed:
            break
        assert state() == old, f"killed before statement {number}"
    assert number > 15, "the commit and the statements before it were all tried"
    assert state()[0] == old[0] + 4
    assert paths(Record.objects.get().at)["/two/below/"] == "Below"


def test_killed_at_random_moments(swap):
    chance = random.Random(12)
    began = time.monotonic()
    assert not was_killed(in_child(swap))
    usual = time.monotonic() - began
    outcomes = {"old": 0, "new": 0}
    for _ in range(RANDOM_KILLS):
        old = state()
        child = in_child(swap)
        time.sleep(chance.uniform(0, usual * 1.2))
        os.kill(child, signal.SIGKILL)
        was_killed(child)
        new = state()
        outcomes["old" if new == old else "new"] += 1
        assert new == old or new[0] == old[0] + 4
        assert [row[0] for row in new[2]] == list(range(1, new[0] + 1)), "numbers without a gap"
    assert outcomes["old"] >= 5, outcomes


def test_killed_process_leaves_no_lock(swap):
    assert was_killed(in_child(swap, 8))
    page = Page.objects.get(slug="unrelated")
    publish([page])
    assert "/unrelated/" in paths(Record.objects.get().at)
