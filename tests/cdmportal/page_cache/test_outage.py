"""The database goes away: what readers and editors see, and that everything works again by itself."""

import contextlib
import sqlite3
import time
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client

from cdmportal.page_cache import version_watch
from pages.models import Page
from publishing import ledger
from tests.serving import publish_again

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clock]
NOTICE = "cannot reach its database"


@contextlib.contextmanager
def database_gone():
    """SQLite's file is moved away; PostgreSQL answers on another port only."""
    connections.close_all()
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        away = file.with_suffix(".away")
        moved = [(Path(f"{file}{end}"), Path(f"{away}{end}")) for end in ("", "-wal", "-shm") if Path(f"{file}{end}").exists()]
        for here, there in moved:
            here.rename(there)
        try:
            yield
        finally:
            connections.close_all()
            for here, there in moved:
                there.rename(here)
    else:
        settings, port = connection.settings_dict, connection.settings_dict["PORT"]
        host = settings["HOST"]
        settings["HOST"], settings["PORT"] = "127.0.0.1", "1"
        try:
            yield
        finally:
            connections.close_all()
            settings["HOST"], settings["PORT"] = host, port


@contextlib.contextmanager
def without_waiting(portal):
    """As if a while had passed, after which the database is asked again in any case, and on a new connection."""
    portal.cache.watch.close()
    yield
    portal.cache.watch.close()


def test_visitors_get_the_last_good_page_with_a_notice(portal):
    before = portal.get("/about/")
    with database_gone(), without_waiting(portal):
        answer = portal.get("/about/", Accept_Encoding="br", If_None_Match=before["ETag"])
        assert answer.status == 200
        assert NOTICE in answer.text
        assert answer.text.index("<main") < answer.text.index(NOTICE) < answer.text.index("<h1")
        assert "The mechanism in brief" in answer.text
        assert answer["Cache-Control"] == "no-store"
        assert answer["ETag"] is None
        assert answer["Content-Security-Policy"]
        assert int(answer["Content-Length"]) == len(answer.body)
    after = portal.get("/about/")
    assert NOTICE not in after.text
    assert after["ETag"] == before["ETag"]


def test_visitors_get_503_for_a_page_that_nobody_has_read(portal):
    with database_gone(), without_waiting(portal):
        answer = portal.get("/about/")
        assert answer.status == 503
        assert answer["Retry-After"]
        assert answer["Content-Security-Policy"]
        assert "Please try again" in answer.text
    assert portal.get("/about/").status == 200


def test_503_is_not_kept(portal):
    with database_gone(), without_waiting(portal):
        portal.get("/about/")
    assert portal.get("/about/").status == 200


def test_withdrawn_text_does_not_come_back_as_a_last_good_page(portal):
    """A page kept from before, a change seen on another page, then the database goes."""
    portal.get("/about/")
    ledger.withdraw(Page.objects.get(slug="about"), "Wrong.")
    portal.get("/")
    with database_gone(), without_waiting(portal):
        assert portal.get("/about/").status == 503


def test_older_state_of_a_changed_page_is_still_good_enough(portal):
    portal.get("/about/")
    publish_again(Page.objects.get(slug="about"), body="Newer words.")
    portal.get("/")
    with database_gone(), without_waiting(portal):
        assert "The mechanism in brief" in portal.get("/about/").text


def test_visitors_do_not_wait_one_after_the_other(portal, monkeypatch):
    portal.get("/about/")
    asked = []
    with database_gone(), without_waiting(portal):
        monkeypatch.setattr(version_watch.VersionWatch, "_row_of_record", lambda self: asked.append(1) or (_ for _ in ()).throw(OSError()))
        start = time.monotonic()
        for _ in range(200):
            assert portal.get("/about/").status == 200
        # One question may have been under way, the next is asked at once; then there is a pause between them.
        assert len(asked) <= 2 + (time.monotonic() - start) / version_watch.PAUSE


def test_health_tells_alive_from_ready(portal):
    assert portal.get("/readyz").status == 200
    with database_gone(), without_waiting(portal):
        assert portal.get("/healthz").status == 200
        assert portal.get("/readyz").status == 503
    assert portal.get("/readyz").status == 200


def sent_while_gone(portal, fields, path="/admin/pages/page/add/"):
    """What an editor sees whose form arrives while the database is away."""
    client = Client()
    client.get("/admin/login/")
    token = client.cookies["csrftoken"].value
    body = "&".join([f"csrfmiddlewaretoken={token}", *fields]).encode()
    with database_gone(), without_waiting(portal):
        return token, portal.ask(
            "POST", path, body, Cookie=f"csrftoken={token}; sessionid=abc", CONTENT_TYPE="application/x-www-form-urlencoded"
        )


def test_editors_get_503_that_keeps_their_text(portal):
    token, answer = sent_while_gone(portal, ["title=A+new+title", "body=First+line%0ASecond+%3Cb%3E+line", "in_menu="])
    assert answer.status == 503
    assert answer["Cache-Control"] == "private, no-store"
    assert 'name="title" value="A new title"' in answer.text
    assert "\nFirst line\nSecond &lt;b&gt; line</textarea>" in answer.text
    assert '<input type="hidden" name="in_menu" value="">' in answer.text
    assert f'name="csrfmiddlewaretoken" value="{token}"' in answer.text
    assert 'action="/admin/pages/page/add/"' in answer.text


def test_503_for_editors_holds_no_password(portal):
    _, answer = sent_while_gone(portal, ["username=someone", "password=very+secret", "new_password1=very+secret"], "/admin/login/")
    assert "someone" in answer.text
    assert "very secret" not in answer.text


def test_what_another_site_sent_cannot_be_sent_on(portal):
    with database_gone(), without_waiting(portal):
        answer = portal.ask(
            "POST", "/admin/login/", b"title=Buy+this", Cookie="csrftoken=x", CONTENT_TYPE="application/x-www-form-urlencoded"
        )
    assert answer.status == 403
    assert "csrfmiddlewaretoken" not in answer.text, "nothing that could be sent on"


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite locks the whole file")
def test_write_lock_on_sqlite_stops_no_reader(portal):
    portal.get("/about/")
    holder = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with without_waiting(portal):
            for path in ("/about/", "/", "/about/history/"):
                answer = portal.get(path)
                assert answer.status == 200
                assert NOTICE not in answer.text
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL locks tables")
def test_locked_table_on_postgresql_costs_readers_a_notice(portal):
    portal.get("/about/")
    holder = connections.create_connection("default")
    try:
        with holder.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE publishing_record IN ACCESS EXCLUSIVE MODE")
            start = time.monotonic()
            with without_waiting(portal):
                assert NOTICE in portal.get("/about/").text
            assert time.monotonic() - start < 2
            cursor.execute("ROLLBACK")
    finally:
        holder.close()
    assert NOTICE not in portal.get("/about/").text


def test_lock_during_a_save_gives_editors_503_with_their_text(portal, monkeypatch):
    """The lock comes when the view is already at work."""
    from django.db import OperationalError

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("django.contrib.auth.views.LoginView.dispatch", locked)
    client = Client(raise_request_exception=False)
    answer = client.post("/admin/login/", {"title": "My long work"})
    assert answer.status_code == 503
    assert "My long work" in answer.text


@pytest.mark.parametrize("problem", ["ENOSPC", "EROFS"])
def test_full_or_read_only_disk_gives_editors_503_with_their_text(portal, monkeypatch, problem):
    import errno

    def full(*args, **kwargs):
        raise OSError(getattr(errno, problem), "No")

    monkeypatch.setattr("django.contrib.auth.views.LoginView.dispatch", full)
    answer = Client(raise_request_exception=False).post("/admin/login/", {"title": "My long work"})
    assert answer.status_code == 503
    assert "My long work" in answer.text


def test_our_own_mistake_is_a_500(portal, monkeypatch):
    def wrong(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr("django.contrib.auth.views.LoginView.dispatch", wrong)
    assert Client(raise_request_exception=False).post("/admin/login/").status_code == 500
