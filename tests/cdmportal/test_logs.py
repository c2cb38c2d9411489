"""Logs are JSON lines with the request's id, and say nothing about the person."""

import json
import logging

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from cdmportal.logs import JSONFormatter
from cdmportal.request_id import current
from markup import rendering
from tests.serving import draft, publish

SECRETS = {
    "query": "qqsecretquery",
    "header": "hhsecretagent",
    "form": "ffsecretform",
    "password": "ppsecretpassword",
    "name": "nnsecretname",
    "address": "203.0.113.77",
    "token": "ttsecrettoken",
}


@pytest.fixture
def lines():
    """Everything that the portal logs during a test, down to DEBUG, as the formatter writes it."""
    written = []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Keep()
    handler.setFormatter(JSONFormatter())
    names = [None, *(name for name, logger in logging.root.manager.loggerDict.items() if isinstance(logger, logging.Logger))]
    levels = {}
    for logger in map(logging.getLogger, [None, "django.request", "django.security", "portal"]):
        levels[logger] = logger.level
        logger.setLevel(logging.DEBUG if logger.name != "django.request" else logger.level)
    logging.root.addHandler(handler)
    yield written
    logging.root.removeHandler(handler)
    for logger, level in levels.items():
        logger.setLevel(level)
    assert names


def requests_in(lines):
    return [line for line in map(json.loads, lines) if line["logger"] == "portal.requests"]


def test_line_has_id_path_status_and_time(transactional_db, portal, lines):
    answer = portal.get("/about/")
    (line,) = requests_in(lines)
    assert line["request"] == answer["X-Request-ID"]
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/about/", 200, "INFO")
    assert line["milliseconds"] > 0
    assert line["time"].endswith("+00:00")


def test_ids_differ(transactional_db, portal):
    ids = [portal.get("/about/")["X-Request-ID"] for _ in range(50)]
    assert len(set(ids)) == 50


def test_id_from_outside_counts_only_behind_our_proxy(transactional_db, portal, settings):
    given = {"X_Request_Id": "abcdef0123456789"}
    assert portal.get("/about/", **given)["X-Request-ID"] != "abcdef0123456789"
    portal.cache.behind_proxy = True
    assert portal.get("/about/", **given)["X-Request-ID"] == "abcdef0123456789"
    assert portal.get("/about/", X_Request_Id="a\r\nSet-Cookie: x")["X-Request-ID"] != "a\r\nSet-Cookie: x"


@pytest.mark.django_db(transaction=True)
def test_nothing_personal_is_logged(lines, monkeypatch, settings):
    publish("", "CDM Home")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.create_superuser(SECRETS["name"], password=SECRETS["password"])
    client = Client(
        raise_request_exception=False,
        headers={"User-Agent": SECRETS["header"], "Referer": f"http://x/?{SECRETS['query']}"},
        REMOTE_ADDR=SECRETS["address"],
    )
    client.get(f"/?q={SECRETS['query']}")
    client.get(f"/search/?q={SECRETS['query']}")
    for address in ("shared", "admin/invitation", "admin/reset", "extranets/invitation", "public-inputs/receipt", "pictures/draft"):
        client.get(f"/{address}/{SECRETS['token']}/")
        client.put(f"/{address}/{SECRETS['token']}/")
        client.get(f"/{address}/cut%20{SECRETS['token']}%0A{SECRETS['token']}/")
    client.get("/admin/", headers={"host": "evil.example"})
    for password in ("wrong", "wrong", "wrong", "wrong", "wrong", "wrong", SECRETS["password"]):
        client.post("/admin/login/", {"username": SECRETS["name"], "password": password})
    monkeypatch.setattr("django.contrib.auth.views.LoginView.dispatch", fail_with_values)
    client.post(f"/admin/login/?next={SECRETS['query']}", {"body": SECRETS["form"]})
    monkeypatch.setattr("django.contrib.auth.views.LoginView.dispatch", fail_in_database)
    client.post("/admin/login/", {"body": SECRETS["form"]})
    statuses = {line["status"] for line in requests_in(lines)}
    assert {200, 404, 400, 429, 500, 503} <= statuses
    for name, secret in SECRETS.items():
        assert not [line for line in lines if secret in line], name


def fail_with_values(self, request, *args, **kwargs):
    raise ValueError(f"cannot use {request.POST['body']} of {request.META['REMOTE_ADDR']}")


def fail_in_database(self, request, *args, **kwargs):
    try:
        fail_with_values(self, request)
    except ValueError as error:
        raise OperationalError(f"disk I/O error\nDETAIL: row ({request.POST['body']})") from error


def record_of(message, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("x", logging.ERROR, __file__, 1, message, (), info)


def test_traceback_names_places_and_not_values():
    try:
        raise ValueError("the password is hunter2")
    except ValueError as error:
        line = json.loads(JSONFormatter().format(record_of("Failed", error)))
    assert line["error"]["type"] == "builtins.ValueError"
    assert "test_logs.py" in line["error"]["places"][0]
    assert "hunter2" not in json.dumps(line)


def test_one_record_is_one_line():
    current.set("")
    text = JSONFormatter().format(record_of('a\nb\r\n{"level": "forged"}\u2028c'))
    assert "\n" not in text
    assert "\r" not in text
    assert json.loads(text)["level"] == "ERROR"


SECRET_DRAFT = "dd_secret_draft"
COMPLEX = [SECRET_DRAFT + "[" * 20_000, SECRET_DRAFT + "`" * 19_999 + SECRET_DRAFT, f"# {SECRET_DRAFT}\n" + "> " * 5000 + SECRET_DRAFT]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("body", COMPLEX)
def test_no_word_of_a_draft_is_logged(admin_client, lines, body):
    """Shown, formatted beside the form, kept by autosave, saved, refused: at every level down to DEBUG."""
    page = draft("secret", body="Words.")
    fields = {"title": SECRET_DRAFT, "slug": "secret", "body": body, "version": "1"}
    rendering.convert(body)
    for path in (f"/admin/pages/page/{page.pk}/change/", "/admin/markdown/", f"/admin/pages/page/{page.pk}/working-copy/"):
        assert admin_client.post(path, fields).status_code < 500
    page.title, page.body = SECRET_DRAFT, body
    page.save()
    for path in ("preview/", "change/", "publish/", "history/"):
        admin_client.get(f"/admin/pages/page/{page.pk}/{path}")
    assert lines
    assert not [line for line in lines if SECRET_DRAFT in line]
