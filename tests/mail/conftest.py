"""A mail server of the tests' own, which takes mails, refuses them as it is told, or is gone."""

import contextlib
import socket

import pytest
from aiosmtpd.controller import Controller


class Takes:
    """Handler that keeps what it is sent. `refusals`: answers by recipient, instead of taking."""

    def __init__(self):
        self.got, self.refusals = [], {}

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if answer := self.refusals.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.got.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class MailServer:
    def __init__(self):
        self.handler, self.port, self.controller = Takes(), free_port(), None

    @property
    def got(self):
        return self.handler.got

    def start(self):
        self.controller = Controller(self.handler, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()
        self.controller = None


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    made = MailServer()
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = made.port, 5
    made.start()
    with contextlib.ExitStack() as stack:
        stack.callback(made.stop)
        yield made
