"""At least fifty swaps of the index and fifty indexers killed, under running queries: none fails, none is empty, no deletion is lost."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, connections

from publishing import holdings
from publishing.ledger import publish, withdraw
from publishing.moment import Moment
from search import indexer
from search.engine.generations import KEPT
from search.search_request import PAGE
from tests.record import live_page, new_term

KILLS, SWAPS, DELETIONS, HALF_MADE = 50, 50, 20, 5
READERS = 3
LASTING, PASSING, AT_ONCE = 30, 600, 5
PAUSE = 0.005
SECONDS = 400


class QueryingReader(threading.Thread):
    """Asks until it is told to stop; keeps what was wrong, and every passing title that it saw."""

    def __init__(self, ask, stop, gone):
        super().__init__()
        self.ask, self.stop, self.gone = ask, stop, gone
        self.wrong, self.counts, self.seen = [], Counter(), set()

    def run(self):
        try:
            while not self.stop.wait(PAUSE):
                self.look()
        finally:
            connections.close_all()

    def look(self):
        gone = set(self.gone)
        try:
            lasting, passing = self.ask("lasting", kind="term"), self.ask("passing", kind="term")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must tell
            self.wrong.append(repr(error))
            return
        self.counts.update([lasting.source, passing.source])
        if lasting.count != LASTING or len(lasting.hits) != PAGE:
            self.wrong.append(f"{lasting.count} found, {len(lasting.hits)} shown, from {lasting.source}")
        titles = {hit.title for hit in passing.hits}
        if titles & gone or passing.count > len(titles):
            self.wrong.append(f"{sorted(titles & gone)[:3]} of {passing.count} were withdrawn before they were asked for")
        self.seen |= titles


@pytest.fixture
def environment(index):
    """What a process needs to work on this test's database and index."""
    name = connection.settings_dict["NAME"]
    database = f"sqlite:///{name}" if connection.vendor == "sqlite" else os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    own = {"DATABASE_URL": database, "VAR_DIR": str(settings.VAR_DIR), "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR"}
    return os.environ | own


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_queries_go_on_while_the_index_is_swapped_and_indexers_are_killed(ask, index, environment, capsys):
    live_page("", title="CDM Home")
    publish([new_term(f"Lasting{number}", body="A lasting animal.") for number in range(LASTING)])
    passing = [new_term(f"Passing{number}", body="A passing animal.") for number in range(PASSING)]
    indexer.catch_up()
    first = swaps(index)
    stop, gone, there = threading.Event(), [], []
    readers = [QueryingReader(ask, stop, gone) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    killed, deadline = [], time.monotonic() + SECONDS
    try:
        while (len(killed) < KILLS or swaps(index) - first < SWAPS) and time.monotonic() < deadline:
            killed += kill_some(environment, len(killed), passing, there, gone)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    swapped, half_made = swaps(index) - first, killed.count("half made")
    counts = sum((reader.counts for reader in readers), Counter())
    deleted = set(gone) & set.union(*(reader.seen for reader in readers))
    with capsys.disabled():
        print(
            f"\n{len(killed)} indexers killed, {half_made} of them with a new index half made; {swapped} swaps; {len(gone)} deletions, "
            f"{len(deleted)} of what a query had found; {sum(counts.values())} queries: {dict(counts)}"
        )
    assert [wrong for reader in readers for wrong in reader.wrong] == []
    assert len(killed) >= KILLS
    assert half_made >= HALF_MADE
    assert swapped >= SWAPS
    assert len(deleted) >= DELETIONS
    assert counts["index"] > 0.9 * sum(counts.values())
    indexer.rebuild()
    assert everything(index) == {f"Lasting{number}" for number in range(LASTING)} | {term.name for term in there}
    assert len(list(index.generations.path.glob("index-*"))) == KEPT


def kill_some(environment, seed, passing, there, gone):
    """Run a row of indexers that are killed, publishing and withdrawing meanwhile; returns what each left behind."""
    command = [sys.executable, "-m", "tests.search.killed_indexer", "10", str(seed)]
    killer = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    while killer.poll() is None:
        with suppress(ValidationError):  # on a busy machine recording may take too long, and is refused
            change(passing, there, gone)
        time.sleep(0.05)
    return killer.communicate()[0].splitlines()


def change(passing, there, gone):
    if passing:
        publish(passing[-1:])
        there.append(passing.pop())
    if len(there) > AT_ONCE:
        withdraw(there[0], "Passed.")
        gone.append(there.pop(0).name)


def swaps(index):
    """The number in the name of the generation that holds: each swap raises it."""
    return int(index.generations.head().folder.removeprefix("index-"))


def everything(index):
    """The titles of all animals that the index itself holds."""
    answer = index.search("animal", end_offset=10_000, gone={holding.name for holding in holdings.every()})
    assert index.generations.head().covers(Moment().version)
    return {result.title for result in answer["results"]}
