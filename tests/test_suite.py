"""The suite's own guards hold: no network, and databases that can be emptied in spite of the triggers."""

import socket

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.urls import get_script_prefix, set_script_prefix
from pytest_socket import SocketConnectBlockedError

from publishing.immutability import armed_tables
from publishing.models import Record


def test_network_outside_this_machine_is_blocked():
    with pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_network_of_this_machine_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_database_is_the_one_asked_for():
    from os import environ

    assert connection.vendor == ("postgresql" if environ.get("DATABASE_URL") else "sqlite")


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
