"""What turns by the clock on two processes at work, and in a portal that an earlier release has left."""

import contextlib
import http.client
import re
import time
from datetime import UTC, datetime

import pytest

from publishing.moment import SETTLING
from tests.faults.conftest import own_database
from tests.record import SECOND
from tests.server import Server

pytestmark = pytest.mark.clock
PUBLISH = """
from datetime import UTC, datetime, timedelta
from pages.models import Page
from publishing.ledger import publish
from tests.publishing.turning.texts import says
now, second, day = datetime.now(UTC).replace(microsecond=0), timedelta(seconds=1), timedelta(days=1)
publish([Page.objects.create(slug="calls", title="Calls", body="Open now: {{ figure:open }}. " + says(%s))])
print(now.timestamp())
"""
TURNS = """
from publishing.models import Turn
print(sorted((turn.edition_id, turn.field, turn.instant.isoformat()) for turn in Turn.objects.all()))
"""


@pytest.fixture
def two(tmp_path, database_url):
    """Two servers on one database."""
    own = {"DJANGO_SETTINGS_MODULE": "tests.publishing.turning.settings"}
    with own_database() as database, contextlib.ExitStack() as both:
        servers = [Server(tmp_path, database, **own) for _ in range(2)]
        servers[0].manage("migrate")
        yield [both.enter_context(server) for server in servers]


def open_calls(server, prefix=""):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", f"{prefix}/calls/")
        return int(re.search(r"Open now: (\d+)", connection.getresponse().read().decode())[1])


def test_every_answer_on_two_workers_is_right_to_the_instant_and_so_is_the_past(two):
    published = two[0].manage(code=PUBLISH % "opens=now + 6 * second, closes=now + 8 * second").split()[-1]
    opens = datetime.fromtimestamp(float(published), UTC) + 6 * SECOND
    closes = opens + 2 * SECOND
    seen = {server: [] for server in two}
    while datetime.now(UTC) < closes + SECOND:
        for server in two:
            before = datetime.now(UTC)
            count = open_calls(server)
            after = datetime.now(UTC)
            if not any(before < instant <= after for instant in (opens, closes)):
                assert count == (opens <= before < closes), f"{count} open between {before} and {after}"
                seen[server].append(before)
        time.sleep(0.01)
    for times in seen.values():
        for instant in (opens, closes):
            assert min(at - instant for at in times if at >= instant) < SECOND
    time.sleep(max(0, (closes + SETTLING + SECOND - datetime.now(UTC)).total_seconds()))
    for server in two:
        for at, count in ((opens - SECOND, 0), (opens, 1), (closes - SECOND, 1), (closes, 0)):
            assert open_calls(server, f"/@{at:%Y-%m-%dT%H:%M:%S}") == count


def test_portal_of_a_release_without_the_table_gets_its_turns_by_migrate_alone(tmp_path, database_url):
    with own_database() as database:
        server = Server(tmp_path, database, DJANGO_SETTINGS_MODULE="tests.publishing.turning.settings")
        server.manage("migrate")
        server.manage(code=PUBLISH % "opened=now - day, opens=now + day, closes=now + 2 * day")
        before = server.manage(code=TURNS)
        assert before.count("T") == 2
        server.manage("migrate", "publishing", "0003")
        server.manage("migrate")
        assert server.manage(code=TURNS) == before
