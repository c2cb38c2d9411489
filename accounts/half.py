"""A half session: the password was right, the second factor is still to come.

Nobody is logged in by it: Django's `request.user` stays anonymous, so whatever asks who is there is told "nobody". The session holds whose
password it was, and for a newcomer the key that the phone is to learn.
"""

import time

from django.contrib.auth.models import User
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

NAME = "half"
SECONDS = 30 * 60


def begin(request, user, goes_to, key):
    """Start a new session, in which this person has typed the right password and no more."""
    request.session.flush()
    proof = user.get_session_auth_hash()
    facts = {"user": user.pk, "name": user.get_username(), "backend": user.backend, "proof": proof}
    request.session[NAME] = facts | {"since": time.time(), "goes_to": goes_to, "key": key}
    rotate_token(request)


def facts(request):
    """What the session holds, an empty dict where it is none or too old."""
    held = request.session.get(NAME) or {}
    return held if held and time.time() - held["since"] < SECONDS else {}


def is_over(request):
    """Whether there was a half session that became too old."""
    return NAME in request.session and not facts(request)


def forget(request):
    request.session.pop(NAME, None)


def person(request):
    """Whose half session it is, or None; a changed password or a switched-off account ends it."""
    held = facts(request)
    user = User.objects.filter(pk=held["user"], is_active=True).first() if held else None
    if user is None or not constant_time_compare(held["proof"], user.get_session_auth_hash()):
        return None
    return user
