"""At least fifty swaps of the index and fifty indexers killed, under running queries: none fails, none is empty, no deletion is lost."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection, connections

from publishing.ledger import publish, withdraw
from publishing.moment import Moment
from search import indexer
from tests.record import live_page, new_term

KILLS, SWAPS = 50, 50
READERS = 3
LASTING, PASSING = 30, 400
SECONDS = 400


class Reader(threading.Thread):
    """Asks until it is told to stop; keeps what was wrong."""

    def __init__(self, ask, stop, gone):
        super().__init__()
        self.ask, self.stop, self.gone = ask, stop, gone
        self.wrong, self.counts, self.folders = [], Counter(), set()

    def run(self):
        try:
            while not self.stop.is_set():
                self.look()
        finally:
            connections.close_all()

    def look(self):
        gone = set(self.gone)
        try:
            found = self.ask("zebra", kind="term")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must tell
            self.wrong.append(repr(error))
            return
        self.counts[found.source] += 1
        titles = {hit.title for hit in found.hits}
        if found.count < LASTING or not titles:
            self.wrong.append(f"{found.count} found, {len(titles)} shown, from {found.source}")
        if titles & gone:
            self.wrong.append(f"{sorted(titles & gone)[:3]} was withdrawn before it was asked for")


@pytest.fixture
def environment(index):
    """What a process needs to work on this test's database and index."""
    name = connection.settings_dict["NAME"]
    database = f"sqlite:///{name}" if connection.vendor == "sqlite" else os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    own = {"DATABASE_URL": database, "VAR_DIR": str(settings.VAR_DIR), "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR"}
    return os.environ | own


@pytest.mark.django_db(transaction=True)
def test_queries_go_on_while_the_index_is_swapped_and_indexers_are_killed(ask, index, environment, capsys):
    live_page("", title="CDM Home")
    publish([new_term(f"Zebra{number}", body="A lasting zebra.") for number in range(LASTING)])
    passing = [new_term(f"Passing{number}", body="A passing zebra.") for number in range(PASSING)]
    indexer.catch_up()
    first = swaps(index)
    stop, gone, there = threading.Event(), [], []
    readers = [Reader(ask, stop, gone) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    kills, deadline = 0, time.monotonic() + SECONDS
    while (kills < KILLS or swaps(index) - first < SWAPS) and time.monotonic() < deadline:
        kills += kill_some(environment, kills, passing, there, gone)
    stop.set()
    for reader in readers:
        reader.join()
    swapped = swaps(index) - first
    counts = sum((reader.counts for reader in readers), Counter())
    with capsys.disabled():
        print(f"\n{kills} indexers killed, {swapped} swaps, {len(gone)} deletions, {sum(counts.values())} queries: {dict(counts)}")
    assert [wrong for reader in readers for wrong in reader.wrong] == []
    assert kills >= KILLS
    assert swapped >= SWAPS
    assert len(gone) >= 20
    assert counts["index"] > 0.9 * sum(counts.values())
    indexer.catch_up()
    expected = {f"Zebra{number}" for number in range(LASTING)} | {term.name for term in there}
    assert everything(index) == expected


def kill_some(environment, seed, passing, there, gone):
    """Run a row of indexers that are killed, publishing and withdrawing meanwhile; returns how many there were."""
    command = [sys.executable, "-m", "tests.search.killed_indexer", "10", str(seed)]
    killer = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    while killer.poll() is None:
        if passing:
            term = passing.pop()
            publish([term])
            there.append(term)
        if len(there) > 5:
            term = there.pop(0)
            withdraw(term, "Passed.")
            gone.append(term.name)
        time.sleep(0.05)
    return len(killer.communicate()[0].splitlines())


def swaps(index):
    """The number in the name of the generation that holds: each swap raises it."""
    return int(index.generations.head().folder.removeprefix("index-"))


def everything(index):
    """The titles of all terms with a zebra that the index itself holds."""
    answer = index.search("zebra", end_offset=10_000)
    assert index.generations.head().covers(Moment().version)
    return {result.title for result in answer["results"]}
