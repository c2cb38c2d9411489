"""What tests of the way in share: a phone that shows codes, a browser that goes through the steps, databases in which all must have one."""

import re
import time
from base64 import b32decode

from django.test import Client
from django_otp.oath import TOTP

from accounts.models import Phone
from accounts.second_factor import draw_codes
from tests.desk_client import HOST, PASSWORD

LOGIN, STEP, ENROL = "/admin/login/", "/admin/login/code/", "/admin/login/phone/"


class App:
    """An app on a phone, whose clock may be wrong by some seconds."""

    def __init__(self, key, wrong_by=0):
        self.key, self.wrong_by = key, wrong_by

    @classmethod
    def told_by(cls, page, **options):
        """An app into which somebody typed the key from the page."""
        return cls(b32decode(re.search(r'class="key"><code>([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")), **options)

    def code(self, later=0):
        totp = TOTP(self.key)
        totp.time = time.time() + self.wrong_by + later
        return f"{totp.token():06}"


def with_phone(user, **options):
    """The app of a person who has set it up, and the recovery codes."""
    phone = Phone.objects.create(user=user, name=user.username)
    return App(phone.bin_key, **options), draw_codes(user)


def time_passes(user):
    """Some minutes later: no wait, and the codes are others."""
    Phone.objects.filter(user=user).update(last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None)


def password_typed(user, client=None, **fields):
    """A browser in which the right password was typed, and the answer."""
    client = client or Client(headers=HOST)
    return client, client.post(LOGIN, {"username": user.username, "password": PASSWORD} | fields)


def is_in(client):
    return client.get("/admin/").status_code == 200


def logged_in(user, app):
    client, _answer = password_typed(user)
    client.post(STEP, {"code": app.code()})
    assert is_in(client)
    time_passes(user)
    return client
