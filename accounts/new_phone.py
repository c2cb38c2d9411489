"""The key of a phone that a person within is about to set up, kept in the session for half an hour after the password was typed again."""

import time

from django_otp.util import random_hex

NAME = "new_phone"
SECONDS = 30 * 60


def new_key():
    return random_hex(20)


def offer(request):
    request.session[NAME] = {"key": new_key(), "since": time.time()}


def key(request):
    """The key, or an empty text where none was offered or it is too old."""
    held = request.session.get(NAME)
    return held["key"] if held and time.time() - held["since"] < SECONDS else ""


def is_over(request):
    """Whether a key was offered that is too old now."""
    return NAME in request.session and not key(request)


def forget(request):
    request.session.pop(NAME, None)
