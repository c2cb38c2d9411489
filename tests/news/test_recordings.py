"""Recordings: their files, their lengths, their addresses."""

import io

import pytest
from django.core.exceptions import ValidationError
from lxml import html

from files import uploads
from files.store import StoredFile
from news.models import Recording, RecordingEdition
from publishing.ledger import erase, withdraw
from tests.news.conftest import live_recording
from tests.record import republish

pytestmark = pytest.mark.django_db

FILE = "/audio/spoken/reading-a-past-date.mp3"


def test_length_is_read_from_the_file(clock, sound):
    assert live_recording(sound).seconds == 64
    assert RecordingEdition.objects.get().seconds == 64


def test_only_sound_is_taken(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    text = uploads.accept(io.BytesIO(b"a,b\n1,2\n"), "table.csv")
    lost = StoredFile("0" * 64, 10, "lost.mp3")
    for file, message in ((text, "MP3 or Ogg"), (lost, "lost this file"), (None, "blank|null|required")):
        with pytest.raises(ValidationError, match=message):
            Recording(date="2030-03-10", slug="x", title="X", summary="X.", speaker="X", file=file).full_clean()


@pytest.mark.parametrize("slug", ["history", "timemap", "feed", "preview", "Feed"])
def test_slugs_of_the_portal_are_refused(slug, sound):
    with pytest.raises(ValidationError, match="The portal itself uses"):
        Recording(date="2030-03-10", slug=slug, title="X", summary="X.", speaker="X", file=sound).full_clean()


def test_file_is_served_whole_and_in_part(client, clock, sound):
    live_recording(sound)
    whole = client.get(FILE)
    content = b"".join(whole.streaming_content)
    assert len(content) == sound.size == int(whole["Content-Length"])
    assert (whole["Content-Type"], whole["X-Content-Type-Options"], whole["Accept-Ranges"]) == ("audio/mpeg", "nosniff", "bytes")
    part = client.get(FILE, headers={"range": "bytes=1000-1999"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == content[1000:2000]
    assert client.get(FILE, headers={"if-none-match": whole["ETag"]}).status_code == 304


def test_player_and_download_lead_to_the_file(client, clock, sound):
    live_recording(sound)
    for path in ("/audio/", "/audio/spoken/"):
        page = html.fromstring(client.get(path).content)
        assert page.xpath("//audio[@controls]/@src") == [FILE]
        assert page.xpath("//a[@download]/@href") == [FILE]
        assert "1:04 minutes" in page.text_content()
        assert "256 kB" in page.text_content()


def test_file_with_a_difficult_name_is_reached(client, clock, sound):
    live_recording(StoredFile(sound.sha256, sound.size, "Ünïcode name & more.mp3"))
    [address] = html.fromstring(client.get("/audio/spoken/").content).xpath("//audio/@src")
    assert client.head(address).status_code == 200


def test_former_names_of_recording_and_file_lead_on(client, clock, sound):
    recording = live_recording(sound)
    republish(recording, slug="told", file=StoredFile(sound.sha256, sound.size, "told.mp3"))
    assert client.get("/audio/spoken/")["Location"] == "/audio/told/"
    assert client.get(FILE)["Location"] == "/audio/told/told.mp3"
    assert client.get("/audio/told/reading-a-past-date.mp3")["Location"] == "/audio/told/told.mp3"
    assert client.get("/audio/told/other.mp3").status_code == 404


@pytest.mark.parametrize("name", ["other.mp3", "..%2f..%2fetc%2fpasswd", "%2e%2e%2fx.mp3", "reading-a-past-date.MP3", "%00.mp3"])
def test_no_other_file_is_reached(client, clock, sound, name):
    live_recording(sound)
    assert client.get(f"/audio/spoken/{name}", follow=True).status_code == 404


def test_file_of_a_draft_is_not_reached(client, clock, sound):
    Recording.objects.create(date="2030-03-10", slug="spoken", title="Secret", summary="X.", speaker="X", file=sound)
    assert client.get(FILE).status_code == 404
    assert client.get("/audio/spoken/").status_code == 404


def test_withdrawn_and_erased_recordings_are_gone_with_their_files(client, clock, sound):
    withdraw(live_recording(sound), "Wrong.")
    assert client.get("/audio/spoken/").status_code == client.get(FILE).status_code == 410
    live_recording(sound, slug="other")
    erase(RecordingEdition.objects.get(slug="other"), "An order.")
    assert client.get("/audio/other/").status_code == client.get("/audio/other/reading-a-past-date.mp3").status_code == 451
    assert not RecordingEdition.objects.filter(slug="other", file__startswith=sound.sha256).exists()


def test_list_is_narrowed_by_topic(client, clock, sound):
    live_recording(sound, title="One", slug="one", topics=["issuance", "audio"])
    live_recording(sound, title="Two", slug="two", topics=["audio"])
    titles = [
        html.fromstring(client.get(path).content).xpath("//ul[@class='item-list']//h3/a/text()")
        for path in ("/audio/", "/audio/?topic=issuance", "/audio/?topic=board")
    ]
    assert titles == [["Two", "One"], ["One"], []]
    assert client.get("/audio/?topic=weather").status_code == 404


def test_pages_of_the_portal_below_audio_are_not_taken_for_recordings(client, clock, sound):
    live_recording(sound)
    assert client.get("/audio/spoken/history/").status_code == 200
    assert client.get("/audio/spoken/index.md").status_code == 200
