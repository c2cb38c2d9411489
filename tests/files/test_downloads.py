"""How a file goes out: whole, in part, not at all when nothing changed, and never as something to run."""

import re
import unicodedata
from unittest.mock import Mock
from urllib.parse import quote

import pytest

from files.store import folder
from tests.documents.conftest import kept, live_document, live_version
from tests.files import samples

pytestmark = pytest.mark.django_db
TEXT = b"0123456789" * 100


@pytest.fixture
def address():
    document = live_document(slug="notes")
    live_version(document, file=kept("notes.txt", TEXT))
    return "/documents/notes/1/notes.txt"


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_whole_file_comes_with_headers_that_forbid_running_it(client, address):
    response = client.get(address)
    assert body(response) == TEXT
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Length"] == "1000"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert re.fullmatch('"[0-9a-f]{64}"', response.headers["ETag"])
    assert not response.cookies


@pytest.mark.parametrize("name", samples.SOUND_FILES)
def test_no_format_is_served_as_something_that_scripts_of_the_portal_could_come_from(client, name):
    live_version(live_document(slug="any"), file=kept(name, samples.SOUND_FILES[name]))
    response = client.get(f"/documents/any/1/{name}")
    assert body(response) == samples.SOUND_FILES[name]
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "allow-same-origin" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search("html|svg|xml;|javascript", response.headers["Content-Type"])


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("notes.txt", 'inline; filename="notes.txt"'),
        ("table.csv", 'attachment; filename="table.csv"'),
        ("Übersicht.txt", "inline; filename*=utf-8''%C3%9Cbersicht.txt"),
        ("文件 & ' notes.txt", "inline; filename*=utf-8''%E6%96%87%E4%BB%B6%20%26%20%27%20notes.txt"),
    ],
)
def test_name_is_told_in_utf_8_and_only_harmless_formats_open_in_place(client, name, disposition):
    live_version(live_document(slug="named"), file=kept(name, TEXT))
    response = client.get(f"/documents/named/1/{name}")
    assert body(response) == TEXT
    assert response.headers["Content-Disposition"] == disposition


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=0-99", 206, 0, 100),
        ("bytes=990-", 206, 990, 1000),
        ("bytes=990-5000", 206, 990, 1000),
        ("bytes=-10", 206, 990, 1000),
        ("bytes=-5000", 206, 0, 1000),
        ("bytes=1000-", 416, 0, 0),
        ("bytes=5000-6000", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=5-2", 200, 0, 1000),
        ("bytes=-", 200, 0, 1000),
        ("bytes=0-1,5-6", 200, 0, 1000),
        ("bytes=a-b", 200, 0, 1000),
        ("bytes=١-٢", 200, 0, 1000),
        ("lines=0-5", 200, 0, 1000),
        ("bytes=99999999999999999999999-", 200, 0, 1000),
    ],
)
def test_range(client, address, asked, status, start, stop):
    response = client.get(address, headers={"range": asked})
    assert response.status_code == status
    if status == 416:
        assert response.headers["Content-Range"] == "bytes */1000"
        return
    assert body(response) == TEXT[start:stop]
    assert response.headers["Content-Length"] == str(stop - start)
    assert response.headers.get("Content-Range") == (f"bytes {start}-{stop - 1}/1000" if status == 206 else None)


def test_range_holds_only_for_the_file_that_was_begun(client, address):
    whole = client.get(address)
    body(whole)
    own = {whole.headers["ETag"]: 206, whole.headers["Last-Modified"]: 206}
    for condition, status in {**own, '"other"': 200, "Wed, 10 Mar 2010 00:00:00 GMT": 200}.items():
        response = client.get(address, headers={"range": "bytes=10-", "if-range": condition})
        body(response)
        assert response.status_code == status, condition


def test_unchanged_file_is_not_sent_again(client, address):
    whole = client.get(address)
    body(whole)
    response = client.get(address, headers={"if-none-match": whole.headers["ETag"]})
    assert response.status_code == 304
    assert not response.content
    assert client.get(address, headers={"if-match": '"other"'}).status_code == 412


def test_head_equals_get_without_body(client, address):
    whole, head = client.get(address), client.head(address)
    body(whole)
    assert body(head) == b""
    for name in ("Content-Length", "Content-Type", "Content-Disposition", "ETag", "Accept-Ranges", "Content-Security-Policy"):
        assert head.headers[name] == whole.headers[name]


def test_head_asks_for_the_whole_whatever_range_it_names(client, address):
    for asked in ("bytes=0-9", "bytes=5000-6000", "bytes=-0", "nonsense"):
        head = client.head(address, headers={"range": asked})
        assert head.status_code == 200, asked
        assert head.headers["Content-Length"] == "1000"
        assert "Content-Range" not in head.headers


def test_nginx_is_told_where_the_bytes_lie(client, address, settings):
    settings.X_ACCEL_REDIRECT = "/stored/"
    stored = kept("notes.txt", TEXT)
    for asked in ({}, {"range": "bytes=10-19"}, {"if-none-match": '"other"'}, {"if-range": '"other"', "range": "bytes=10-"}):
        response = client.get(address, headers=asked)
        assert (response.status_code, body(response)) == (200, b""), asked
        assert response.headers["X-Accel-Redirect"] == f"/stored/{stored.sha256[:2]}/{stored.sha256}"
        assert "Content-Length" not in response.headers
        assert "default-src 'none'; sandbox" in response.headers["Content-Security-Policy"]


def test_what_nginx_cannot_weigh_is_answered_here(client, address, settings):
    settings.X_ACCEL_REDIRECT = "/stored/"
    tag = client.head(address).headers["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    assert client.get(address, headers={"if-match": '"other"'}).status_code == 412
    for condition in ({"if-match": tag}, {"if-match": "*"}, {"if-unmodified-since": "Fri, 31 Dec 2100 00:00:00 GMT"}):
        response = client.get(address, headers=condition)
        assert (response.status_code, body(response)) == (200, TEXT), condition
        assert "X-Accel-Redirect" not in response.headers
    kept("notes.txt", TEXT).path.unlink()
    assert client.get(address).status_code == 404


def test_row_whose_file_is_missing_answers_404_in_words(client, address):
    kept("notes.txt", TEXT).path.unlink()
    response = client.get(address)
    assert response.status_code == 404
    assert "our store has lost it" in response.content.decode()
    assert "notes.txt" in response.content.decode()


@pytest.mark.parametrize("problem", [None, PermissionError(13, "no"), OSError(5, "I/O"), OSError(116, "stale handle")])
def test_store_that_is_away_answers_503_in_words(client, address, monkeypatch, problem):
    """Its folder not mounted, or every reading fails; whichever way files are sent."""
    stored = kept("notes.txt", TEXT)
    assert body(client.get(address)) == TEXT
    if problem:
        monkeypatch.setattr("files.store.StoredFile.open", Mock(side_effect=problem))
    else:
        folder().rename(folder().with_name("elsewhere"))
    for headers in ({}, {"range": "bytes=0-9"}, {"if-none-match": f'"{stored.sha256}"'}):
        response = client.get(address, headers=headers)
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert "cannot reach its store of files" in response.content.decode()
        assert "no-store" in response["Cache-Control"]


def test_file_cannot_be_posted_to(client, address):
    assert client.post(address).status_code == 405


def test_large_file_is_read_in_pieces(client, monkeypatch):
    monkeypatch.setattr("files.downloads.CHUNK", 64)
    live_version(live_document(slug="long"), file=kept("long.txt", TEXT))
    response = client.get("/documents/long/1/long.txt", headers={"range": "bytes=100-299"})
    pieces = list(response.streaming_content)
    assert [len(piece) for piece in pieces] == [64, 64, 64, 8]


@pytest.mark.parametrize("moment", ["", "/@2999-01-01"])
def test_decomposed_name_leads_to_the_composed_one(client, moment):
    name = unicodedata.normalize("NFC", "Übersicht é & 文件.txt")
    live_version(live_document(slug="named"), file=kept(name, TEXT))
    response = client.get(f"{moment}/documents/named/1/{quote(unicodedata.normalize('NFD', name))}")
    assert (response.status_code, response["Location"]) == (301, f"{moment}/documents/named/1/{quote(name, safe='&')}")
    assert body(client.get(response["Location"])) == TEXT
    for wrong in ("e\u0301.txt", "\u0301.txt", name.casefold()):
        assert client.get(f"/documents/named/1/{quote(wrong)}", follow=True).status_code == 404
