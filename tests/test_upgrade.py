"""A portal of an earlier release is taken over by `prepare` alone, and loses nothing. `tests/upgrade/make.py` tells how it was made."""

import contextlib
import gzip
import http.client
import re
import sqlite3
from collections import Counter
from pathlib import Path

import psycopg2
import pytest

from tests.faults.conftest import own_database
from tests.server import Server

FOLDER = Path(__file__).with_name("upgrade")
LINK = "/shared/WzEsMzA4XQ:o1IQIwPqfJn9tRN88H9vmzmzEPQYWoiDNrNyZ04Kg6Q/"  # as it was given out then
# Tables that Django writes itself; columns that later releases took away, each with the reason.
PASSING = {"django_migrations", "django_session", "sqlite_sequence"}
PASSING |= {"publishing_record"}  # its one row moves on with what `prepare` publishes
GONE = {}
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
AT_THE_DESK = """
from django.contrib.auth.models import User
from django.test import Client
from pages.models import Page
from publishing import ledger
from publishing.immutability import armed_tables, guarded_models
from django.db import connection

def form(name, slug):
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client.get(f"/admin/pages/page/{Page.objects.get(slug=slug).pk}/change/").content.decode()

"""


class OldPortal:
    """Rows of every table before and after `prepare`, and a server on what it left."""

    def __init__(self, server, database):
        self.server, self.database = server, database
        self.vendor = "postgresql" if database else "sqlite"
        self.fill()
        self.before = self.rows()
        self.said = server.manage("prepare")
        self.after = self.rows()

    def connect(self):
        address = self.database or self.server.folder / "portal.sqlite3"
        return contextlib.closing(psycopg2.connect(address) if self.database else sqlite3.connect(address))

    def fill(self):
        text = gzip.decompress((FOLDER / f"{self.vendor}.sql.gz").read_bytes()).decode()
        with self.connect() as connection:
            cursor = connection.cursor()
            (cursor.execute if self.database else cursor.executescript)(text)
            connection.commit()

    def rows(self):
        """For each table its rows as dicts of text."""
        found = {}
        with self.connect() as connection:
            cursor = connection.cursor()
            cursor.execute(TABLES[self.vendor])
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT * FROM "{table}"')
                names = [column[0] for column in cursor.description]
                found[table] = [dict(zip(names, map(repr, row), strict=True)) for row in cursor]
        return found

    def read(self, address):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", address)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def old(tmp_path_factory, database_url):
    with own_database() as database:
        server = Server(tmp_path_factory.mktemp("old"), database)
        portal = OldPortal(server, database)
        with server:
            yield portal


def lost(before, after):
    """The rows of one table that are there no more, by the columns that it had."""
    names = [name for name in before[0] if name not in GONE] if before else []
    there = Counter(tuple(row.get(name) for name in names) for row in after)
    return Counter(tuple(row[name] for name in names) for row in before) - there


def test_old_portal_has_something_of_every_kind(old):
    counts = {table: len(rows) for table, rows in old.before.items()}
    assert counts["publishing_edition"] == 362
    kinds = "pages_page pages_term pages_notice documents_document documents_documentversion news_newsitem search_issue"
    assert all(counts[f"{table}edition"] for table in kinds.split() if table != "pages_notice"), counts
    states = "publishing_workingcopy publishing_sharelink publishing_sectiongrant auth_user_groups"
    assert all(counts[table] for table in states.split()), counts


def test_no_row_and_no_column_is_lost(old):
    assert {table: gone for table in old.before.keys() - PASSING if (gone := lost(old.before[table], old.after.get(table, [])))} == {}


def test_shipped_content_is_not_loaded_again_but_for_what_there_was_none_of(old):
    """Equal spellings came later; searches of an old portal would find less without them."""
    assert "Loaded" not in old.said
    added = old.after["publishing_edition"][len(old.before["publishing_edition"]) :]
    assert {edition["kind"] for edition in added} == {"'spelling'"}
    assert f"Added {len(added)} groups" in old.said
    assert "Added" not in old.server.manage("prepare")
    assert '"total": 0' not in old.read("/search/?q=programe&format=json")[1]


def test_shipped_content_of_the_release_is_offered_as_drafts_and_nothing_is_published(old):
    """Twice: what was made waits to be published, and what editors have changed, withdrawn or erased is left."""
    before = len(old.rows()["publishing_edition"])
    said = old.server.manage("load_content", "--drafts")
    made, changed = re.search(r"Drafts made: (\d+), changed: (\d+), waiting to be published: 0", said).groups()
    assert "made: meeting/executive-board-53 “EB 53” (22–26 March 2010)" in said
    assert (int(made) > 100, int(changed) > 20) == (True, True), said[-200:]
    again = old.server.manage("load_content", "--drafts")
    assert f"Drafts made: 0, changed: 0, waiting to be published: {int(made) + int(changed)}" in again
    assert len(old.rows()["publishing_edition"]) == before
    assert old.read("/executive-board/meetings/53/")[0] == 404
    print_draft = "print(Page.objects.get(slug='changed').body)"
    assert "Words of the draft." in old.server.manage(code=AT_THE_DESK + print_draft)


def test_loss_is_noticed():
    rows = [{"number": "1", "title": "'A'"}, {"number": "2", "title": "'B'"}]
    assert lost(rows, [{"number": "2", "title": "'B'", "added": "''"}]) == {("1", "'A'"): 1}
    assert sum(lost(rows, [{"number": "1"}, {"number": "2"}]).values()) == 2


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (LINK, 200, "Words that were never public."),
        ("/about/changed/", 200, "Public words."),
        ("/about/scheduled/", 200, "Words of today."),
        ("/about/withdrawn/", 410, "It was a trial."),
        ("/about/erased/", 451, "A court has ordered it."),
        ("/about/never-public/", 404, ""),
        ("/@2010-03-10/about/ccs/", 200, "10 March 2010"),
        ("/glossary/upgrade/", 200, "A release that takes over."),
        ("/about/changed/history/", 200, "5 January 2026"),
    ],
)
def test_address_says_what_it_said(old, address, status, words):
    found, text = old.read(address)
    assert found == status
    assert words in text
    assert "Erased words" not in text


def test_erased_and_unpublished_words_stay_where_they_were(old):
    for address in ("/about/changed/", "/about/scheduled/", "/about/scheduled/history/", "/about/", "/sitemap.xml", "/changes/"):
        assert not [words for words in ("Words of the draft", "Words of 2090", "never public") if words in old.read(address)[1]], address


def test_schedule_still_comes(old):
    later = """
from datetime import UTC, datetime
from unittest import mock
from django.test import Client
for year in (2089, 2090):
    with mock.patch("django.utils.timezone.now", lambda: datetime(year, 1, 2, tzinfo=UTC)):
        print(year, "Words of 2090." in Client(headers={"host": "localhost"}).get("/about/scheduled/").content.decode())
"""
    assert old.server.manage(code=later).split("\n")[:2] == ["2089 False", "2090 True"]


def test_desk_opens_the_draft_and_offers_what_was_typed(old):
    code = AT_THE_DESK + "print('Words of the draft.' in form('paul', 'changed'), 'not saved' in form('anna', 'never-public'))"
    assert old.server.manage(code=code).split() == ["True", "True"]


def test_record_goes_on_and_is_guarded(old):
    code = """
page = Page.objects.get(slug="changed")
print(ledger.publish([page])[0].number, armed_tables(connection) == {model._meta.db_table for model in guarded_models()})
"""
    assert old.server.manage(code=AT_THE_DESK + code).split() == [str(len(old.after["publishing_edition"]) + 1), "True"]
    assert "Words of the draft." in old.read("/about/changed/")[1]
