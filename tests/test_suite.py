"""The suite's own guards hold: no network, and databases that can be emptied in spite of the triggers."""

import socket
from types import SimpleNamespace

import hypothesis
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.urls import get_script_prefix, set_script_prefix
from pytest_socket import SocketConnectBlockedError

from publishing.immutability import armed_tables
from publishing.models import Record
from tests.conftest import registry_folder
from tests.passes import ByFile, reason_to_skip, skipped
from tests.server import Server


def test_network_outside_this_machine_is_blocked():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_network_of_this_machine_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_port_of_a_server_is_kept_for_it_from_the_first_moment(tmp_path):
    server = Server(tmp_path)
    assert Server(tmp_path).port != server.port
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", server.port))


def test_database_is_the_one_asked_for(database_url):
    assert connection.vendor == ("postgresql" if database_url else "sqlite")


@pytest.mark.django_db(transaction=True)
def test_emptied_database_keeps_its_triggers_and_first_rows():
    before = armed_tables(connection)
    types = ContentType.objects.count()
    assert before
    call_command("flush", interactive=False, verbosity=0)
    assert armed_tables(connection) == before
    assert ContentType.objects.count() == types
    assert Record.objects.count() == 1


@pytest.mark.parametrize("time", ["first", "second"])
def test_prefix_of_a_moment_does_not_reach_the_next_test(time):
    assert get_script_prefix() == "/"
    set_script_prefix("/@2010-03-10/")


def test_registry_data_has_files(registry_data):
    assert any(registry_data.iterdir())


def test_registry_data_is_skipped_aloud_or_fails_when_it_is_not_there(tmp_path):
    with pytest.raises(pytest.skip.Exception, match="REGISTRY_DATA is not set"):
        registry_folder("")
    with pytest.raises(pytest.fail.Exception, match="is not a folder"):
        registry_folder(str(tmp_path / "nowhere"))
    assert registry_folder(str(tmp_path)) == tmp_path


def test_last_line_counts_what_was_skipped_by_reason():
    reports = [SimpleNamespace(longrepr=("file", 1, f"Skipped: {reason}")) for reason in ("no data", "no database", "no database")]
    assert skipped(reports) == "Skipped: 2 (no database), 1 (no data)."
    assert skipped([]) == "Skipped: nothing."


def test_examples_are_drawn_alike_in_every_run():
    assert hypothesis.settings.default.derandomize


@pytest.mark.clock
def test_what_is_held_to_the_clock_gets_more_than_one_try(request):
    assert request.node.get_closest_marker("flaky").kwargs == {"reruns": 2}


def test_anything_else_gets_one_try(request):
    assert request.node.get_closest_marker("flaky") is None


@pytest.mark.parametrize(
    ("fixtures", "marks", "reason"),
    [
        ({"db"}, (), None),
        ({"live_server"}, (), None),
        ({"database_url"}, (), None),
        (set(), ("django_db",), None),
        ({"tmp_path"}, (), "uses no database"),
        ({"db", "browser"}, ("browser",), "drives a browser"),
        ({"db"}, ("django_db", "once"), "its server has a database of its own"),
    ],
)
def test_pass_on_postgresql_takes_what_needs_a_database(fixtures, marks, reason):
    item = SimpleNamespace(fixturenames=fixtures, get_closest_marker=lambda name: name in marks)
    assert reason_to_skip(item) is None if reason is None else reason in reason_to_skip(item)


def test_files_stay_whole_but_for_the_long_families():
    places = {
        "tests/pages/test_tree.py::test_a[x::y]": "tests/pages/test_tree.py",
        "tests/test_policy.py::test_a": "tests/test_a11y.py",
        "tests/security/xss/test_stored_xss.py::test_a[b]": "tests/security/xss/test_stored_xss.py::test_a[b]",
    }
    assert {nodeid: ByFile._split_scope(None, nodeid) for nodeid in places} == places
