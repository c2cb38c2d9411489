import contextlib
import os
import shutil
import uuid

import psycopg2
import pytest

from tests.server import Server

PREPARE = """
from django.contrib.auth.models import User
from tests.serving import publish
User.objects.create_superuser("editor", password="a long password here")
publish("", "CDM Home")
publish("about", "About CDM", "State 0.")
publish("unread", "Unread", "Nobody has read this.")
"""


@contextlib.contextmanager
def own_database(template=""):
    """DATABASE_URL of a database that nobody else uses, a copy of `template`; nothing for SQLite, which lies in the server's folder."""
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        yield ""
        return
    name = f"faults_{uuid.uuid4().hex[:8]}"
    with contextlib.closing(psycopg2.connect(address)) as chief:
        chief.autocommit = True
        chief.cursor().execute(f"CREATE DATABASE {name} TEMPLATE {template.rpartition('/')[2] or 'template1'}")
        yield address.rpartition("/")[0] + f"/{name}"
        chief.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, database_url):
    """A folder, and on PostgreSQL a database, with some pages and one editor, from which each test takes a copy."""
    folder = tmp_path_factory.mktemp("prepared")
    with own_database() as database:
        made = Server(folder, database)
        made.manage("migrate", "-v0")
        made.manage(code=PREPARE)
        yield folder, database


@pytest.fixture
def server(tmp_path, prepared, request):
    """A server on a copy of what is prepared; `indirect` parameters go to Server."""
    folder, database = prepared
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with own_database(database) as copy, Server(tmp_path, copy, **getattr(request, "param", {})) as started:
        yield started
