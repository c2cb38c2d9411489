"""What every test stands on: a database that can be emptied, no leaks between tests, and a browser."""

import contextlib
import os
import threading

import hypothesis
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.urls import set_script_prefix

from publishing import clock, immutability, snapshots
from scripts.browser import chromium, require_chromium
from tests.passes import pytest_collection_modifyitems, pytest_unconfigure, pytest_xdist_make_scheduler

__all__ = ["pytest_collection_modifyitems", "pytest_unconfigure", "pytest_xdist_make_scheduler"]

# A run of the tests has the same examples every time; `make explore` draws others. One may take long: the machine may be busy.
PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]}
hypothesis.settings.register_profile("fixed", derandomize=True, database=None, **PATIENT)
hypothesis.settings.register_profile("explore", print_blob=True, **PATIENT)
hypothesis.settings.load_profile("fixed")
BROWSER_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def nothing_carried_over():
    """The moment of a test's last request, the clock, the snapshots and the watch in the process must not reach the next test."""
    set_script_prefix("/")
    snapshots.clear_all()
    clock.now.forget()
    yield
    assert "version watch" not in [thread.name for thread in threading.enumerate()], "Portal.close_all() ends it"
    set_script_prefix("/")
    snapshots.clear_all()


@pytest.fixture(autouse=True)
def no_writing_thread(monkeypatch):
    """Searches that find nothing are counted in memory; a thread would write them into whatever test comes next."""
    monkeypatch.setattr("search.found_nothing.Tally.started", lambda tally: None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Transactional tests empty the database: they leave it as the migrations did, past the triggers."""
    empty = BaseDatabaseOperations.execute_sql_flush
    with django_db_blocker.unblock():
        first_rows = {alias: rows_by_table(connections[alias]) for alias in connections}
    BaseDatabaseOperations.execute_sql_flush = lambda operations, _: put_back(
        operations.connection, first_rows[operations.connection.alias]
    )
    yield
    BaseDatabaseOperations.execute_sql_flush = empty


def rows_by_table(connection):
    with connection.cursor() as cursor:
        tables = [f"'{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in connection.introspection.table_names(cursor)]
        cursor.execute(" UNION ALL ".join(f"SELECT {table}" for table in tables))
        return {name: rows_of(cursor, name) for (name,) in cursor.fetchall()}


def rows_of(cursor, table):
    cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
    return cursor.fetchall()


def put_back(connection, first_rows):
    """Delete the rows that tests made and insert those of the beginning, in the tables that differ."""
    if rows_by_table(connection) == first_rows:
        return
    immutability.disarm(connection)
    try:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            now = rows_by_table(connection)  # with what a server's thread has written at the last moment, and it can write no more
            for table in {*now, *first_rows}:
                if now.get(table) != (rows := first_rows.get(table, [])):
                    cursor.execute(f'DELETE FROM "{table}"')
                    if rows:
                        cursor.executemany(f'INSERT INTO "{table}" VALUES ({", ".join(["%s"] * len(rows[0]))})', rows)
    finally:
        immutability.arm(connection)


@pytest.fixture(scope="session")
def database_url():
    """The address of the PostgreSQL of this pass, empty for SQLite. Who makes databases of their own asks for it."""
    return os.environ.get("DATABASE_URL", "")


@pytest.fixture(scope="session")
def registry_data():
    """The folder of registry data that REGISTRY_DATA names; without it the test is skipped, and the last line of the run says so."""
    return registry_folder(os.environ.get("REGISTRY_DATA"))


def registry_folder(name):
    if not name:
        pytest.skip("REGISTRY_DATA is not set: no registry data to read")
    folder = settings.BASE_DIR / name
    if not folder.is_dir():
        pytest.fail(f"REGISTRY_DATA={name} is not a folder")
    return folder


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium with an empty profile. Pages opened in it may only reach this machine."""
    require_chromium()
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, and Django would then refuse the ORM to the test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), headless=True, chromium_sandbox=False, args=BROWSER_FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def walked(tmp_path_factory):
    """A server with the shipped content, for all tests that read what a walk through it finds."""
    from tests.walk import served

    with served(tmp_path_factory.mktemp("walked")) as server:
        yield server


@pytest.fixture(scope="session")
def found(walked):
    """The pages that the walk finds, by address."""
    from tests.walk import walk

    return walk(walked)


@pytest.fixture
def page(browser, live_server):
    """A fresh tab on the portal, addressed by path: `page.goto("/about/")`."""
    with tab_on(browser, live_server.url) as tab:
        yield tab


@contextlib.contextmanager
def tab_on(browser, address, **options):
    """A fresh tab on a server. Errors of scripts, missing files and what the page's policy forbids fail the test."""
    context = browser.new_context(base_url=address, service_workers="block", **options)
    context.route(lambda asked: not asked.startswith(address), lambda route: route.abort())
    tab = context.new_page()
    errors = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda message: errors.append(f"{tab.url}: {message.text}") if is_fault(message, tab) else None)
    yield tab
    context.close()
    assert not errors, errors


def is_fault(message, tab):
    """A document that answers 404 or 410 is reported as an error too, but may be what the test asked for."""
    return message.type == "error" and (message.location["url"] != tab.url or "Content Security Policy" in message.text)
