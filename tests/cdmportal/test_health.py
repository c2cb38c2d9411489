import json

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from publishing.readiness import NotReady, checks

pytestmark = pytest.mark.django_db


def test_healthz_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.json() == {"alive": True}
    assert "no-store" in answer["Cache-Control"]


def test_readyz_names_each_check(client):
    answer = client.get("/readyz")
    told = answer.json()
    assert (answer.status_code, told["ready"]) == (200, True), told
    assert {"database", "migrations", "media"} <= set(told["checks"])
    assert all(check["ok"] for check in told["checks"].values())
    assert told["checks"]["database"]["engine"] == connection.vendor


def test_readyz_with_a_pending_migration_is_503(client):
    MigrationRecorder.Migration.objects.filter(app="publishing").order_by("-id").first().delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert not answer.json()["checks"]["migrations"]["ok"]
    assert "manage.py prepare" in answer.json()["checks"]["migrations"]["reason"]


def test_readyz_with_media_that_cannot_be_written_is_503(client, monkeypatch):
    monkeypatch.setattr("cdmportal.health.os.access", lambda *args: False)
    monkeypatch.setattr("pathlib.Path.exists", lambda self: True)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert not answer.json()["checks"]["media"]["ok"]


def test_readyz_asks_the_checks_of_other_apps(client, monkeypatch):
    def late():
        raise NotReady("The outbox is 900 seconds old.")

    monkeypatch.setitem(checks, "outbox", late)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["outbox"] == {"ok": False, "reason": "The outbox is 900 seconds old."}


def test_health_tells_no_path_host_or_version(client, settings):
    text = client.get("/readyz").content.decode() + client.get("/healthz").content.decode()
    assert str(settings.BASE_DIR) not in text
    assert str(settings.VAR_DIR) not in text
    assert str(connection.settings_dict["NAME"]) not in text
    json.loads(client.get("/readyz").content)


@pytest.mark.parametrize(
    ("address", "forwarded", "behind_proxy", "is_operator"),
    [
        ("127.0.0.1", None, False, True),
        ("::1", None, False, True),
        ("203.0.113.5", None, False, False),
        ("203.0.113.5", "127.0.0.1", False, False),
        ("", None, False, False),
        ("127.0.0.1", None, True, True),
        ("127.0.0.1", "203.0.113.5", True, False),
        ("127.0.0.1", "127.0.0.1, 203.0.113.5", True, False),
        ("127.0.0.1", "nonsense", True, False),
    ],
)
def test_readyz_counts_for_operators_only(client, settings, monkeypatch, address, forwarded, behind_proxy, is_operator):
    """The number of editions tells when something is scheduled."""
    settings.BEHIND_PROXY = behind_proxy
    monkeypatch.setitem(checks, "outbox", lambda: {"waiting": 3})
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    told = client.get("/readyz", headers=headers, REMOTE_ADDR=address).json()["checks"]
    assert ("editions" in told["database"], told["outbox"] == {"ok": True}) == (is_operator, not is_operator)
    assert all(check["ok"] for check in told.values())
    assert is_operator or {frozenset(check) for check in told.values()} == {frozenset({"ok"})}
