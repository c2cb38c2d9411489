"""Sessions in the database, under keys that prove themselves: a made-up key costs no query and does not go around the page cache."""

import hmac
import re
from functools import cache

from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils.crypto import get_random_string

RANDOM, PROOF = 20, 12  # letters and digits by chance, then hexadecimal digits; together as long as Django's keys
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def proof(drawn, secret):
    return hmac.digest(secret.encode(), b"session key " + drawn.encode(errors="replace"), "sha256").hex()[:PROOF]


def is_our_key(key):
    """Whether the portal made this key, be its session over or not."""
    drawn, proven = key[:RANDOM], key[RANDOM:]
    if len(proven) != PROOF or not key.isascii():
        return False
    return any(hmac.compare_digest(proof(drawn, secret), proven) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def opens_session(cookies):
    """Whether a request's cookies open a session, as far as the keys tell."""
    return bool(cookies) and any(is_our_key(key) for key in keys_in(settings.SESSION_COOKIE_NAME).findall(cookies))


@cache
def keys_in(name):
    return re.compile(rf'(?<![^;\s]){re.escape(name)}\s*=\s*"?([^;"\s]*)', re.ASCII)


class SessionStore(db.SessionStore):
    def _get_new_session_key(self):
        while True:
            drawn = get_random_string(RANDOM, ALPHABET)
            key = drawn + proof(drawn, settings.SECRET_KEY)
            if not self.exists(key):
                return key

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and is_our_key(key)
