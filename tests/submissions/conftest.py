"""Short ways to send forms to a call and to read the mails that they cause."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from mail.models import WaitingMail
from submissions.models import Submission
from tests.bodies.conftest import live_body
from tests.calls.conftest import OPENS, live_call
from tests.record import HOUR, clock

__all__ = ["clock"]

TEXT = "The baseline of small wind farms should follow the grid of the region, since it changes each year.\n\nWe thank the Board."
SECRET = re.compile(r"/(confirm|withdraw)/([A-Za-z0-9_-]{43})/")


@pytest.fixture
def board(db, clock):
    return live_body()


@pytest.fixture
def call(board, clock):
    """A call with the form, open since an hour."""
    call = live_call(board, has_form=True)
    clock.set(OPENS + HOUR)
    return call


def address(call):
    return f"/public-inputs/{call.slug}/submit/"


def stranger(network="203.0.113.7"):
    return Client(headers={"host": "localhost"}, REMOTE_ADDR=network)


def ticket_of(response):
    return re.search(r'name="ticket" value="([^"]+)"', response.content.decode())[1]


def filled(**changes):
    """What an honest form holds besides its ticket."""
    fields = {"sender": "individual", "name": "Amina Okoye", "email": "amina@example.org", "text": TEXT, "consent": "named"}
    return fields | {"organisation": "", "country": "NG", "reference": ""} | changes


def opened(call, clock, browser=None, wait=20):
    """The ticket of a form that was opened a while ago."""
    ticket = ticket_of((browser or stranger()).get(address(call)))
    clock.tick(timedelta(seconds=wait))
    return ticket


def sent(call, clock, browser=None, **changes):
    """The answer to a form that is opened, filled and sent."""
    browser = browser or stranger()
    return browser.post(address(call), filled(ticket=opened(call, clock, browser)) | changes)


def submitted(call, clock, **changes):
    """The Submission that a good form becomes."""
    response = sent(call, clock, **changes)
    assert response.status_code == 303, response.content.decode()
    return Submission.objects.latest("pk")


def secrets_in(mail):
    return dict(SECRET.findall(mail.body))


def last_secrets():
    return secrets_in(WaitingMail.objects.filter(key__contains=" confirm ").latest("pk"))


def confirmed(call, clock, **changes):
    """A Submission whose address is confirmed."""
    submission = submitted(call, clock, **changes)
    assert stranger().post(f"/public-inputs/confirm/{last_secrets()['confirm']}/").status_code == 200
    submission.refresh_from_db()
    return submission
