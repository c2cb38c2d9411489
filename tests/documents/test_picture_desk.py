"""Pictures at the desk: the form, the chooser, the upload beside a text, previews of drafts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import Picture
from files.models import PictureSize
from markup.linting.pictures import picture_notes
from publishing.kinds import Target
from publishing.roles import AUTHOR
from tests.desk_client import browser_of, person, publisher
from tests.documents.picturing import drawn, live_picture, new_picture
from tests.record import clock, new_page

__all__ = ["clock"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock):
    return browser_of(publisher())


def sent(desk, data=None, name="image.png", **fields):
    values = {"title": "Bars by year", "alternative": "Bars rise", "licence": "cc0", "file": SimpleUploadedFile(name, data or drawn())}
    return desk.post(reverse("admin:documents_picture_upload"), values | fields)


def test_upload_beside_a_text_makes_a_draft_with_sizes_and_uses_no_name_of_the_browser(desk):
    answer = sent(desk).json()
    assert (answer["address"], answer["state"]) == ("/pictures/bars-by-year/", "not published yet")
    picture = Picture.objects.get()
    assert picture.file.name == "bars-by-year.png"
    assert PictureSize.objects.filter(original=picture.file.sha256).exists()
    assert sent(desk).json()["address"] == "/pictures/bars-by-year-2/"
    assert sent(desk, title="图片").json()["address"] == "/pictures/picture-2/"


def test_upload_that_is_refused_says_why_and_makes_nothing(desk):
    refused = sent(desk, alternative="image of bars", name="moving.gif")
    assert refused.status_code == 422
    assert [sentence.partition(":")[0] for sentence in refused.json()["errors"]] == ["File", "Words instead of it"]
    assert not Picture.objects.exists()


def test_only_who_may_write_pictures_uploads_one(client, clock):
    assert client.post(reverse("admin:documents_picture_upload")).status_code == 403  # the log-in, which keeps what was sent
    assert sent(browser_of(person("ada", AUTHOR))).status_code == 403


def test_chooser_finds_by_every_text_and_shows_an_author_of_sections_what_is_live_alone(desk):
    live_picture(title="Hills", alternative="Green slopes")
    new_picture(title="Secret draft", alternative="Hidden slopes")

    def found(browser, words):
        return {one["title"] for one in browser.get(reverse("admin:pictures"), {"q": words, "format": "json"}).json()["pictures"]}

    assert found(desk, "slopes") == {"Hills", "Secret draft"}
    assert found(desk, "slopes green") == {"Hills"}
    author = browser_of(person("ada", AUTHOR))
    assert found(author, "slopes") == {"Hills"}
    page = author.get(reverse("admin:pictures")).content.decode()
    assert "![](/pictures/" in page
    assert "Secret draft" not in page


def test_preview_shows_pictures_of_drafts_to_those_who_may_read_them(desk):
    new_picture(slug="coming")
    page = new_page("about", body="![](/pictures/coming/)")
    html = desk.get(reverse("admin:pages_page_preview", args=[page.pk])).content.decode()
    assert 'src="/pictures/draft/' in html
    source = {"source": "![words](/pictures/coming/)"}
    assert "/pictures/draft/" in desk.post(reverse("admin:markdown"), source).json()["html"]
    assert browser_of(person("ada", AUTHOR)).post(reverse("admin:markdown"), source).json()["html"].strip() == "<p>words</p>"


def test_form_names_twins(desk):
    one, twin = new_picture(title="First"), new_picture(title="Second")
    html = desk.get(reverse("admin:documents_picture_change", args=[twin.pk])).content.decode()
    assert f"“First” is the same picture: texts may show that one, at {one.path}." in html


def test_picture_by_its_own_address_gets_no_note():
    known = {"/pictures/a/": Target(1, "picture", "A", "/pictures/a/")}
    assert list(picture_notes(["![](/pictures/a/#half) ![words](/pictures/a/)"], known.get)) == []
    assert len(list(picture_notes(["![](/pictures/b/)"], known.get))) == 2
