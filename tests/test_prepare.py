"""`manage.py prepare`: fills what is empty, collects what has changed, and otherwise leaves everything as it is."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from cdmportal.management.commands import prepare
from publishing.ledger import withdraw
from publishing.models import Edition
from tests.record import live_page


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("slug", ["parties", "entities"])
def test_prepare_names_a_page_at_an_address_of_the_portal_and_changes_nothing(style, settings, monkeypatch, slug):
    """As after an upgrade from a release that had no pages of its own there."""
    monkeypatch.setattr("pages.models.RESERVED_TOP_SLUGS", set())
    monkeypatch.setattr("pages.navigation.RESERVED_TOP_SLUGS", set())
    page = live_page(slug, title="Ours since long ago")
    monkeypatch.undo()
    with pytest.raises(CommandError, match=f"“Ours since long ago” would be hidden: at its address, /{slug}/.* Nothing was changed"):
        call_command("prepare")
    assert Edition.objects.count() == 1
    assert not settings.STATIC_ROOT.exists()
    withdraw(page, "To make room.")
    call_command("prepare")
    assert settings.STATIC_ROOT.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("above", "slug"), [("panels", "mp"), ("executive-board/meetings", "53")])
def test_prepare_names_a_page_where_a_body_or_a_meeting_stands(style, settings, monkeypatch, above, slug):
    monkeypatch.setattr("pages.soundness.is_taken", lambda _path: False)
    parent = live_page("")
    for step in above.split("/"):
        parent = live_page(step, parent)
    live_page(slug, parent, title="Ours since long ago")
    monkeypatch.undo()
    with pytest.raises(
        CommandError, match=f"“Ours since long ago” would be hidden: at its address, /{above}/{slug}/.* Nothing was changed"
    ):
        call_command("prepare")


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
@pytest.mark.django_db
def test_prepare_says_in_one_line_that_the_database_is_out_of_reach(style, monkeypatch):
    def fail(*arguments, **options):
        raise DatabaseError("could not connect\n\tto server")

    monkeypatch.setattr(prepare, "call_command", lambda name, *rest, **options: fail() if name == "migrate" else None)
    monkeypatch.setattr(prepare, "collect_static", lambda: None)
    with pytest.raises(CommandError, match=r"^The database cannot be used: could not connect to server$"):
        call_command("prepare")
