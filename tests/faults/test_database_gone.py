"""The database goes away under a running server for some seconds and comes back: readers, editors, recovery."""

import contextlib
import sqlite3
import threading
import time
from pathlib import Path

import psycopg2
import pytest

from tests.wire import Browser

pytestmark = pytest.mark.clock

NOTICE = "cannot reach its database"
SECONDS = 10


@contextlib.contextmanager
def gone(server):
    """SQLite: the files are elsewhere. PostgreSQL: the server lets nobody in and ends every session."""
    if not server.environment.get("DATABASE_URL"):
        files = [file for file in server.folder.iterdir() if file.name.startswith("portal.sqlite3")]
        away = server.folder / "away"
        away.mkdir(exist_ok=True)
        for file in files:
            file.rename(away / file.name)
        yield
        for file in files:
            (away / file.name).rename(file)
        return
    address, _, name = server.environment["DATABASE_URL"].rpartition("/")
    chief = psycopg2.connect(address + "/postgres")
    chief.autocommit = True
    cursor = chief.cursor()
    cursor.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
    cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    yield
    cursor.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    chief.close()


@contextlib.contextmanager
def locked(server):
    """SQLite: another program writes and does not end. PostgreSQL: a table is locked even for readers."""
    if not server.environment.get("DATABASE_URL"):
        holder = sqlite3.connect(server.folder / "portal.sqlite3", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")
        holder.close()
        return
    holder = psycopg2.connect(server.environment["DATABASE_URL"])
    holder.cursor().execute("LOCK TABLE publishing_record, publishing_thing IN ACCESS EXCLUSIVE MODE")
    yield
    holder.rollback()
    holder.close()


class Readers(threading.Thread):
    """Reads one page several times a second until told to stop; keeps (seconds, status, has notice, seconds waited)."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.browser, self.seen, self.done = Browser(server.address), [], threading.Event()

    def run(self):
        while not self.done.wait(0.1):
            start = time.monotonic()
            answer = self.browser.get("/about/")
            self.seen.append((start, answer.status, NOTICE in answer.text, time.monotonic() - start))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.join(30)


def send_change(server, words):
    """An editor opens a page's form; what comes back after `words` are sent is returned by the function returned."""
    browser = Browser(server.address, timeout=40).log_in("editor", "a long password here")
    form = browser.get("/admin/pages/page/2/change/")
    return browser, lambda: browser.send(form, body=words, title="About CDM")


@pytest.mark.parametrize("server", [{"workers": 2}], indirect=True)
@pytest.mark.parametrize("fault", [gone, locked])
def test_readers_and_editors_while_the_database_is_away(server, fault):
    browser, send = send_change(server, "A long text\nthat took an hour.")
    for _ in range(10):
        Browser(server.address).get("/about/")
    with Readers(server) as readers:
        time.sleep(0.5)
        with fault(server):
            start = time.monotonic()
            time.sleep(1.2)  # a file that has just been moved can still be written, and comes back with what was written
            answer = send()
            time.sleep(max(0.0, SECONDS - (time.monotonic() - start)))
            end = time.monotonic()
        time.sleep(3)
    assert {status for _, status, _, _ in readers.seen} == {200}
    during = [has_notice for at, _, has_notice, _ in readers.seen if start + 1.5 < at < end - 0.5]
    stops_readers = fault is gone or "DATABASE_URL" in server.environment
    assert len(during) > 10
    assert all(during) if stops_readers else not any(during)
    assert not [at for at, _, has_notice, _ in readers.seen if has_notice and at > end + 2], "recovery needs nobody"
    assert max(waited for _, _, _, waited in readers.seen) < 2
    assert answer.status == 503, answer.text[:500]
    assert "A long text\nthat took an hour." in answer.text.replace("\r", "")
    again = browser.send(answer, title="About CDM")
    assert again.status == 302, "the form of the error page sends the same text again"
    assert "that took an hour" in browser.get("/admin/pages/page/2/change/").text


@pytest.mark.parametrize("server", [{"workers": 1}], indirect=True)
def test_page_that_nobody_has_read_is_503_until_the_database_is_back(server):
    reader = Browser(server.address)
    reader.get("/")
    with gone(server):
        time.sleep(1.2)
        assert reader.get("/unread/").status == 503
        assert reader.get("/healthz").status == 200
        assert reader.get("/readyz").status == 503
        assert reader.get("/static/admin/css/base.css").status == 200
    time.sleep(1.5)
    assert reader.get("/unread/").status == 200
    assert reader.get("/readyz").status == 200


def test_no_empty_database_is_left_behind(server):
    """SQLite makes a file where it finds none; that must not take the place of the one that comes back."""
    if server.environment.get("DATABASE_URL"):
        assert not Path(server.folder / "portal.sqlite3").exists()
        return
    reader = Browser(server.address)
    with gone(server):
        for _ in range(30):
            reader.get("/unread/")
            time.sleep(0.1)
        assert not (server.folder / "portal.sqlite3").exists()
    time.sleep(1.5)
    assert "Nobody has read this" in reader.get("/unread/").text
