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
