"""What may be uploaded and what may not, and that saying no costs no memory."""

import contextlib
import tracemalloc
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import StopFutureHandlers
from django.test import RequestFactory

from files import uploads
from files.formats import FORMATS
from files.inspectors import audio
from tests.files import hostile, samples


@pytest.mark.parametrize("case", hostile.CASES, ids=str)
def test_hostile_upload_is_refused_with_a_clear_message(case, store):
    with pytest.raises(ValidationError) as refusal:
        uploads.accept(BytesIO(case.data), case.name)
    said = " ".join(refusal.value.messages)
    assert any(fragment in said for fragment in case.fragment.split("|")), said
    assert not store.exists()


@pytest.mark.parametrize("name", samples.SOUND_FILES)
def test_sound_file_of_every_format_is_kept_as_it_is(name, store):
    stored = uploads.accept(BytesIO(samples.SOUND_FILES[name]), name)
    assert stored.name == name
    assert stored.path.read_bytes() == samples.SOUND_FILES[name]


def test_samples_cover_every_accepted_format():
    assert {name.rpartition(".")[2] for name in samples.SOUND_FILES} == set(FORMATS)


def test_content_of_every_format_is_refused_under_every_other_ending():
    taken = []
    for name, data in samples.SOUND_FILES.items():
        own = name.rpartition(".")[2]
        for ending in set(FORMATS) - {own, "jpg", "jpeg"} - ({"txt", "csv"} if own in {"txt", "csv"} else set()):
            try:
                uploads.accept(BytesIO(data), f"file.{ending}")
                taken.append((name, ending))
            except ValidationError:
                pass
    assert not taken


@pytest.mark.parametrize(
    "name", ["archive bomb", "PDF whose objects explode", "more than 50 MB", "archive of 6,002 parts", "archive that lies about its size"]
)
def test_refusal_of_a_bomb_takes_little_memory(name):
    case = next(case for case in hostile.CASES if case.what == name)
    file = BytesIO(case.data)
    tracemalloc.start()
    with pytest.raises(ValidationError):
        uploads.accept(file, case.name)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16_000_000


def test_picture_of_49_megabytes_is_checked_and_kept_in_little_memory():
    file = BytesIO(samples.png(extra=samples.chunk(b"noIS", b"x" * 49_000_000)))
    tracemalloc.start()
    uploads.accept(file, "picture.png")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16_000_000


def test_name_is_kept_in_composed_form():
    assert uploads.accept(BytesIO(samples.PDF), "U\u0308bersicht.pdf").name == "\u00dcbersicht.pdf"


@pytest.mark.parametrize(("name", "data", "length"), [("a.mp3", samples.mp3(100), 2.612), ("a.ogg", samples.ogg(), 1.0)])
def test_sound_tells_how_long_it_plays(name, data, length):
    assert audio.seconds(BytesIO(data), len(data), name[-3:]) == pytest.approx(length, abs=0.001)


@contextlib.contextmanager
def through_handler(*pieces):
    """The upload as the handler gives it to a form when it comes in these pieces."""
    handler = uploads.CappedUploadHandler(RequestFactory().post("/"))
    with contextlib.suppress(StopFutureHandlers):
        handler.new_file("file", "report.txt", "text/plain", None)
    for piece in pieces:
        handler.receive_data_chunk(piece, 0)
    with contextlib.closing(handler.file_complete(sum(map(len, pieces)))) as upload:
        yield upload


def test_upload_over_the_limit_is_not_written_further_but_says_its_size(monkeypatch):
    monkeypatch.setattr(uploads, "LIMIT", 1000)
    with through_handler(b"a" * 600, b"b" * 600, b"c" * 600) as upload:
        assert upload.seek(0, 2) == 1000
        with pytest.raises(ValidationError, match="larger than"):
            uploads.accept(upload, upload.name)


def test_upload_within_the_limit_comes_whole():
    with through_handler(b"a" * 600, b"b" * 600) as upload:
        assert uploads.accept(upload, upload.name).size == 1200
