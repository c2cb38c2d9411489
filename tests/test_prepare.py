"""`manage.py prepare`: fills what is empty, collects what has changed, and otherwise leaves everything as it is."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from cdmportal.management.commands import prepare
from publishing.models import Edition


@pytest.fixture
def style(settings, tmp_path):
    """The only static file of a portal whose collected files lie in a folder of the test's own."""
    folder = tmp_path / "static"
    folder.mkdir()
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [folder]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    style = folder / "style.css"
    style.write_text("a { color: blue }")
    return style


@pytest.mark.django_db(transaction=True)
def test_prepare_fills_an_empty_portal_once(style, settings):
    call_command("prepare")
    editions = list(Edition.objects.order_by("number").values_list("number", "recorded"))
    collected = {path: path.stat().st_mtime_ns for path in settings.STATIC_ROOT.iterdir()}
    assert editions
    assert settings.STATIC_ROOT / "style.css" in collected
    call_command("prepare")
    assert list(Edition.objects.order_by("number").values_list("number", "recorded")) == editions
    assert {path: path.stat().st_mtime_ns for path in settings.STATIC_ROOT.iterdir()} == collected


def test_prepare_collects_static_files_that_changed(style, settings):
    prepare.collect_static()
    style.write_text("a { color: green }")
    prepare.collect_static()
    assert "green" in (settings.STATIC_ROOT / "style.css").read_text()


def test_prepare_collects_again_what_was_lost_or_cut_off(style, settings, monkeypatch):
    prepare.collect_static()
    (settings.STATIC_ROOT / "staticfiles.json").unlink()
    prepare.collect_static()
    assert (settings.STATIC_ROOT / "staticfiles.json").exists()
    style.write_text("a { color: green }")
    with monkeypatch.context() as cut_off:
        cut_off.setattr(prepare, "call_command", interrupt)
        with pytest.raises(KeyboardInterrupt):
            prepare.collect_static()
    prepare.collect_static()
    assert "green" in (settings.STATIC_ROOT / "style.css").read_text()


def interrupt(*arguments, **options):
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_prepare_says_in_one_line_that_the_database_is_out_of_reach(style, monkeypatch):
    def fail(*arguments, **options):
        raise DatabaseError("could not connect\n\tto server")

    monkeypatch.setattr(prepare, "call_command", lambda name, *rest, **options: fail() if name == "migrate" else None)
    monkeypatch.setattr(prepare, "collect_static", lambda: None)
    with pytest.raises(CommandError, match=r"^The database cannot be used: could not connect to server$"):
        call_command("prepare")
