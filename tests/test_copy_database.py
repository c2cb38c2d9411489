"""A portal is carried to another database by one command: on PostgreSQL from SQLite, on SQLite from another file."""

import contextlib
import gzip
import sqlite3
import subprocess

import pytest

from tests.faults.conftest import own_database
from tests.server import ROOT, Server
from tests.test_upgrade import FOLDER

EVERY_ROW = """
import json
from django.apps import apps
for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label):
    rows = model._base_manager.order_by("pk").values_list(*sorted(field.attname for field in model._meta.concrete_fields))
    print(model._meta.label, [json.dumps(row, sort_keys=True, default=str) for row in rows])
"""
PUBLISHED_AFTERWARDS = """
from pages.models import Page
from publishing.ledger import publish
from django.db import connection
from publishing.immutability import armed_tables, guarded_models
page = Page.objects.create(slug="after", title="After", body="Text.")
[edition] = publish([page])
print(edition.number, len(armed_tables(connection)) == len(guarded_models()))
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("source"))
    with contextlib.closing(sqlite3.connect(server.folder / "portal.sqlite3")) as database:
        database.executescript(gzip.decompress((FOLDER / "sqlite.sql.gz").read_bytes()).decode())
    server.manage("prepare")
    return server


@pytest.fixture
def target(tmp_path, database_url):
    with own_database() as database:
        yield Server(tmp_path, database)


def copied(target, source):
    return subprocess.run(
        [ROOT / ".venv/bin/python", "manage.py", "copy_database", str(source)],
        cwd=ROOT,
        env=target.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_every_row_arrives_and_the_record_goes_on(source, target):
    done = copied(target, source.folder / "portal.sqlite3")
    assert done.returncode == 0, done.stderr
    count = int(source.manage(code="from publishing.models import Edition\nprint(Edition.objects.count())"))
    assert count > 362, "those of then, and the spellings that came since"
    assert f"{count} of them editions" in done.stdout
    assert target.manage(code=EVERY_ROW) == source.manage(code=EVERY_ROW)
    assert target.manage(code=PUBLISHED_AFTERWARDS).strip() == f"{count + 1} True"
    again = copied(target, source.folder / "portal.sqlite3")
    assert "has editions already" in again.stderr


def test_what_cannot_be_copied_is_refused_in_words(source, target, tmp_path):
    assert "There is no file" in copied(target, tmp_path / "nothing.sqlite3").stderr
    with contextlib.closing(sqlite3.connect(tmp_path / "old.sqlite3")) as database:
        database.executescript(gzip.decompress((FOLDER / "sqlite.sql.gz").read_bytes()).decode())
    assert "is of another release" in copied(target, tmp_path / "old.sqlite3").stderr
    assert target.manage(code="from publishing.models import Edition; print(Edition.objects.count())").strip() == "0"
