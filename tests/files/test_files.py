"""The store: bytes under their hash, rows that refer to them, and the command that compares both."""

import hashlib
import os
import time
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from documents.models import DocumentVersion, DocumentVersionEdition
from files import uploads
from files.store import CHUNK, StoredFile, in_our_units, size_label
from publishing.ledger import erase, publish
from tests.documents.conftest import kept, live_document, live_version, new_version
from tests.files import samples
from tests.record import edit

pytestmark = pytest.mark.django_db


def test_file_lies_under_its_hash_and_cannot_be_executed(store):
    stored = kept()
    assert stored.sha256 == hashlib.sha256(samples.PDF).hexdigest()
    assert stored.path == store / stored.sha256[:2] / stored.sha256
    assert stored.path.stat().st_mode & 0o111 == 0


def test_same_bytes_under_two_names_are_stored_once(store):
    first, second = kept("a.pdf"), kept("b.pdf")
    assert first.path == second.path
    assert [path for path in store.rglob("*") if path.is_file()] == [first.path]


class Breaking(BytesIO):
    """A file whose reading fails after the first piece, as a full disk or a lost connection would."""

    def read(self, size=-1):
        if self.tell() >= CHUNK:
            raise OSError(28, "No space left on device")
        return super().read(size)


def test_failure_while_storing_leaves_nothing_and_is_told(store, monkeypatch):
    monkeypatch.setattr(uploads, "inspect", lambda *arguments: None)
    with pytest.raises(ValidationError, match=r"could not be stored \(No space left"):
        uploads.accept(Breaking(b"a" * CHUNK * 3), "notes.txt")
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_column_gives_back_what_was_put_in():
    version = new_version(live_document(), file=kept("Über das CDM.pdf"))
    again = DocumentVersion.objects.get(pk=version.pk)
    assert again.file == version.file
    assert again.file.name == "Über das CDM.pdf"
    assert again.content() == version.content()


def test_column_without_file_is_none():
    version = new_version(live_document(), outside_address="https://unfccc.int/documents/6641")
    assert DocumentVersion.objects.get(pk=version.pk).file is None


SIZES = [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (65_800, "66 kB"), (999_499, "999 kB"), (1_240_000, "1.2 MB")]


@pytest.mark.parametrize(("size", "label"), SIZES)
def test_size_is_said_in_units_of_a_thousand(size, label):
    assert size_label(size) == label


@pytest.mark.parametrize("recorded", ["66 KB", "66kb", "66 kB", "66\u00a0KB"])
def test_recorded_size_is_shown_in_the_same_form(recorded):
    assert in_our_units(recorded) == "66 kB"
    assert in_our_units("about 1.2mb") == "about 1.2 MB"
    assert in_our_units("12 pages") == "12 pages"


def check(**options):
    out = StringIO()
    try:
        call_command("check_files", stdout=out, **options)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


def test_check_finds_nothing_wrong_with_a_sound_store():
    live_version(live_document())
    text, is_sound = check()
    assert is_sound
    assert "2 rows refer to 1 files; 0 broken, 0 unused" in text


def test_check_lists_a_missing_file_with_the_row_that_refers_to_it():
    version = live_version(live_document())
    version.file.path.unlink()
    text, is_sound = check()
    assert not is_sound
    assert f"missing: report.pdf, SHA-256 {version.file.sha256}, in document version {version.pk}" in text


def test_check_lists_a_changed_file():
    version = live_version(live_document())
    version.file.path.write_bytes(b"other")
    text, is_sound = check()
    assert not is_sound
    assert "changed: report.pdf" in text


def test_check_removes_what_nothing_refers_to_once_it_is_a_day_old():
    used, unused, fresh = kept(), kept("a.txt", b"unused"), kept("b.txt", b"fresh")
    live_version(live_document(), file=used)
    yesterday = time.time() - 90_000
    os.utime(unused.path, (yesterday, yesterday))
    text, _ = check(remove_unused=True)
    assert f"removed: {unused.sha256}" in text
    assert not unused.path.exists()
    assert used.path.exists()
    assert fresh.path.exists()


@pytest.mark.django_db(transaction=True)
def test_erasing_the_only_row_deletes_the_bytes(clock):
    version = live_version(live_document())
    erase(DocumentVersionEdition.objects.get(thing=version.pk), "A court has ordered it.")
    assert not version.file.path.exists()


@pytest.mark.django_db(transaction=True)
def test_erasing_keeps_bytes_that_another_row_refers_to(clock):
    document = live_document()
    version, other = live_version(document), live_version(document, version_number="2")
    erase(DocumentVersionEdition.objects.get(thing=version.pk), "A court has ordered it.")
    assert other.file.path.exists()


def test_history_tells_two_files_of_one_name_and_size_apart():
    one, other = StoredFile("a" * 64, 5, "a.txt"), StoredFile("b" * 64, 5, "a.txt")
    assert str(one) != str(other)


def test_new_edition_may_bring_another_file(clock):
    document = live_document()
    version = live_version(document)
    clock.tick()
    edition = publish([edit(version, file=kept("corrected.pdf", samples.PDF + b"\n"))])[0]
    assert edition.file.name == "corrected.pdf"
    assert DocumentVersionEdition.objects.filter(thing=version.pk).count() == 2
