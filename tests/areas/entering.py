"""Browsers of people who come to areas."""

from django.test import Client

from tests.desk_client import HOST, PASSWORD

LOG_IN = "/extranets/log-in/"
MINE = "/extranets/areas/"


def typed(user, client=None, **fields):
    """A browser in which the right password was typed at the log-in of areas, and the answer."""
    client = client or Client(headers=HOST)
    return client, client.post(LOG_IN, {"username": user.username, "password": PASSWORD} | fields)


def entered(user):
    client, answer = typed(user)
    assert answer.status_code == 302, answer.text
    return client
