"""The thread that asks which version is public: when requests rely on it, when it rests, and what it lives through."""

import contextlib
import os
import sqlite3
import threading
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdmportal.page_cache import version_watch
from cdmportal.page_cache.version_watch import VersionWatch
from pages.models import Page
from publishing import ledger
from publishing.record_transaction import recorded
from tests.cdmportal.page_cache.test_outage import NOTICE, database_gone
from tests.publishing.test_crashes import in_child, was_killed
from tests.serving import Portal, publish_again

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clock]
LONG = 60.0


def live_watches():
    return [thread for thread in threading.enumerate() if thread.name == "version watch"]


@contextlib.contextmanager
def elsewhere(portal):
    """What is published in the block, another process publishes: nobody tells this one."""
    recorded.disconnect(portal.cache.watch.expire)
    yield
    recorded.connect(portal.cache.watch.expire)


def about(body):
    publish_again(Page.objects.get(slug="about"), body=body)


def wait_until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def slow(monkeypatch):
    """The thread asks once a minute, and requests rely on it for as long."""
    monkeypatch.setattr(version_watch, "PERIOD", LONG)
    monkeypatch.setattr(version_watch, "LONGEST_AGE", LONG)


@pytest.fixture
def asked(monkeypatch):
    """Times at which a watch asked."""
    times, look = [], VersionWatch._look
    monkeypatch.setattr(VersionWatch, "_look", lambda self: times.append(time.monotonic()) or look(self))
    return times


def test_request_for_a_stored_page_asks_nothing(portal, asked):
    portal.get("/about/")
    start, before = time.monotonic(), len(asked)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(500):
            assert portal.get("/about/").status == 200
    assert len(queries) == 0
    assert len(asked) - before <= 1 + (time.monotonic() - start) / version_watch.PERIOD
    assert len(live_watches()) == 1


def test_publication_of_another_process_is_seen_soon_and_that_of_our_own_at_once(portal, slow):
    assert "The mechanism" in portal.get("/about/").text
    with elsewhere(portal):
        about("Told to nobody.")
        assert "The mechanism" in portal.get("/about/").text, "otherwise this test shows nothing"
    about("Told to the watch.")
    assert "Told to the watch." in portal.get("/about/").text


def test_publication_during_a_question_is_not_missed(portal, slow, monkeypatch):
    """The thread has read the old version, and what was published before it tells so counts."""
    portal.get("/about/")
    row_now, told = VersionWatch._row_now, []

    def publish_meanwhile(watch):
        row = row_now(watch)
        if not told:
            told.append(watch)
            publisher = threading.Thread(target=lambda: (about("Meanwhile."), connections.close_all()))
            publisher.start()
            publisher.join()
        return row

    monkeypatch.setattr(VersionWatch, "_row_now", publish_meanwhile)
    portal.cache.watch.expire()
    assert "Meanwhile." in portal.get("/about/").text


def test_every_portal_of_a_process_is_told(portal, slow):
    others = [Portal(), Portal()]
    for number in range(3):
        about(f"State {number}.")
        assert all(f"State {number}." in each.get("/about/").text for each in [portal, *others])


def test_old_answer_is_not_relied_on(portal, monkeypatch):
    """As when the thread gets no time: the request has it asked."""
    monkeypatch.setattr(version_watch, "PERIOD", LONG)
    monkeypatch.setattr(version_watch, "LONGEST_AGE", 0.05)
    portal.get("/about/")
    with elsewhere(portal):
        about("Newer words.")
        time.sleep(0.06)
        assert "Newer words." in portal.get("/about/").text


def test_editor_sees_what_nobody_has_told_the_watch(portal, slow):
    client = Client()
    client.force_login(User.objects.create_superuser("editor", password="a long password here"))
    portal.get("/about/")
    with elsewhere(portal):
        about("Just published elsewhere.")
        assert "Just published" not in portal.get("/about/").text
        assert "Just published" in portal.get("/about/", Cookie=f"sessionid={client.cookies['sessionid'].value}").text


def test_scheduled_change_comes_at_its_moment_and_not_before(portal, slow):
    moment = timezone.now() + timedelta(seconds=1)
    publish_again(Page.objects.get(slug="about"), moment, body="What comes in a second.")
    seen = []
    while not seen or seen[-1][0] < moment:
        start = timezone.now()
        has_come = "in a second" in portal.get("/about/").text
        seen.append((start, timezone.now(), has_come))
    assert sum(end < moment for _, end, _ in seen) > 3
    assert not [has_come for _, end, has_come in seen if end < moment and has_come], "not before"
    assert all(has_come for start, _, has_come in seen if start >= moment), "and then at once"


def test_thread_rests_without_requests_and_the_next_one_wakes_it(portal, monkeypatch):
    monkeypatch.setattr(version_watch, "REST_AFTER", 0.2)
    monkeypatch.setattr(version_watch, "LONGEST_AGE", LONG)
    portal.get("/about/")
    watch, resting = portal.cache.watch, portal.cache.watch._thread
    assert resting.is_alive()
    wait_until(lambda: not resting.is_alive())
    assert watch._connection.connection is None, "its connection is closed"
    with elsewhere(portal):
        about("Published while it rested.")
    assert "while it rested" in portal.get("/about/").text
    assert watch._thread.is_alive()


def test_thread_goes_on_while_there_are_requests(portal, monkeypatch):
    monkeypatch.setattr(version_watch, "REST_AFTER", 0.5)
    portal.get("/about/")
    thread = portal.cache.watch._thread
    for _ in range(20):
        time.sleep(0.05)
        portal.get("/about/")
    assert portal.cache.watch._thread is thread
    assert thread.is_alive()


def test_rest_is_half_a_minute_and_the_beat_a_fiftieth_of_a_second():
    assert (version_watch.PERIOD, version_watch.LONGEST_AGE, version_watch.REST_AFTER) == (0.02, 0.2, 30)


def test_thread_asks_at_its_beat(portal, asked):
    portal.get("/about/")
    time.sleep(1)
    gaps = sorted(after - before for before, after in pairwise(asked))
    assert len(asked) <= 51
    assert gaps[len(gaps) // 2] < 0.04


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="tests/faults takes PostgreSQL away from the same thread")
def test_thread_lives_through_a_database_that_goes_and_comes_back(portal):
    portal.get("/about/")
    thread = portal.cache.watch._thread
    with database_gone():
        wait_until(lambda: NOTICE in portal.get("/about/").text)
    wait_until(lambda: NOTICE not in portal.get("/about/").text)
    with elsewhere(portal):
        about("After the outage.")
    wait_until(lambda: "After the outage." in portal.get("/about/").text)
    assert portal.cache.watch._thread is thread


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="sessions can be ended on PostgreSQL only")
def test_ended_session_is_replaced_without_a_notice(portal):
    portal.get("/about/")
    watch = portal.cache.watch
    ended = watch._connection.connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [ended])
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        assert NOTICE not in portal.get("/about/").text
    assert watch._connection.connection.info.backend_pid != ended


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's files are its own")
def test_restored_copy_of_the_database_is_shown(portal, tmp_path):
    """Another file at the same place: the older text is what there is now, and nothing newer is shown even while it is away."""
    about("What the copy has.")
    file, copy = Path(connection.settings_dict["NAME"]), tmp_path / "copy.sqlite3"
    with contextlib.closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)
    about("What was lost.")
    assert "What was lost." in portal.get("/about/").text
    connections.close_all()
    for name in (file, *file.parent.glob(f"{file.name}-*")):
        name.rename(tmp_path / name.name)
    copy.rename(file)
    wait_until(lambda: "What the copy has." in portal.get("/about/").text)
    with database_gone():
        wait_until(lambda: NOTICE in portal.get("/about/").text)
        assert "What was lost." not in portal.get("/about/").text


def test_request_waits_once_for_a_database_that_hangs(portal, monkeypatch):
    monkeypatch.setattr(version_watch, "PATIENCE", 0.3)
    portal.get("/about/")
    hung = threading.Event()
    row_now = VersionWatch._row_now
    monkeypatch.setattr(VersionWatch, "_row_now", lambda watch: (hung.wait(LONG), row_now(watch))[1])
    time.sleep(version_watch.LONGEST_AGE)
    start = time.monotonic()
    answers = [portal.get("/about/") for _ in range(50)]
    assert time.monotonic() - start < 2
    assert all(NOTICE in answer.text for answer in answers)
    hung.set()
    wait_until(lambda: NOTICE not in portal.get("/about/").text)


def test_our_own_mistake_in_the_thread_is_logged_once_and_costs_readers_a_notice(portal, monkeypatch, caplog):
    portal.get("/about/")
    monkeypatch.setattr(version_watch, "PAUSE", 0.01)
    with monkeypatch.context() as broken:
        broken.setattr(VersionWatch, "_row_now", lambda watch: 1 / 0)
        wait_until(lambda: NOTICE in portal.get("/about/").text)
        time.sleep(0.1)
    wait_until(lambda: NOTICE not in portal.get("/about/").text)
    assert len([record for record in caplog.records if record.exc_info and record.exc_info[0] is ZeroDivisionError]) == 1


def test_child_process_has_a_watch_of_its_own(portal):
    portal.get("/about/")
    parents = portal.cache.watch._thread

    def work():
        watch = portal.cache.watch
        assert not live_watches()
        assert portal.get("/about/").status == 200
        assert watch._thread.is_alive()
        assert watch._thread is not parents
        about("Published by the child.")
        assert "by the child" in portal.get("/about/").text
        watch.close()
        connections.close_all()

    assert not was_killed(in_child(work))
    wait_until(lambda: "by the child" in portal.get("/about/").text)
    assert portal.cache.watch._thread is parents


def test_fork_waits_for_a_question_under_way(portal):
    """SQLite's own locks, held by the watch at that moment, would be held in the child for ever."""
    portal.get("/about/")
    at_work = portal.cache.watch._at_work
    at_work.acquire()
    threading.Timer(0.3, at_work.release).start()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert time.monotonic() - start >= 0.25


def test_close_ends_thread_and_connection(portal):
    portal.get("/about/")
    watch = portal.cache.watch
    watch.close()
    assert not live_watches()
    assert watch._connection.connection is None
    assert portal.get("/about/").status == 200, "and the next request begins anew"


def test_watch_of_a_portal_that_is_gone_is_gone(portal):
    before = len(version_watch.watches)
    forgotten = VersionWatch(on_removal=os.abort)
    assert len(version_watch.watches) == before + 1
    del forgotten
    assert len(version_watch.watches) == before
    about("Told to nobody who has gone.")


def test_answer_made_while_its_page_is_withdrawn_does_not_stay(portal, monkeypatch):
    """What is taken away clears the store just before the answer comes into it."""
    put = portal.cache.now.put

    def withdraw_first(key, response):
        monkeypatch.undo()
        ledger.withdraw(Page.objects.get(slug="about"), "Wrong.")
        assert portal.get("/").status == 200
        return put(key, response)

    monkeypatch.setattr(portal.cache.now, "put", withdraw_first)
    assert portal.get("/about/").status == 200
    assert len(portal.cache.now) == 1
    with database_gone():
        portal.cache.watch.close()
        assert portal.get("/about/").status == 503
        portal.cache.watch.close()
