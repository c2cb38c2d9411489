"""Documents and versions at the desk: uploads that survive errors, files that only readers of drafts may see."""

from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from documents.models import Document, DocumentVersion, DocumentVersionEdition
from files import forms, store
from files.store import StoredFile
from publishing.ledger import publish
from publishing.roles import ADMINISTRATOR, AUTHOR, PUBLISHER
from tests.desk_client import browser_of, person, publisher
from tests.documents.conftest import kept, live_document, live_version, new_document, new_version
from tests.files import hostile, samples

pytestmark = pytest.mark.django_db
ADD = "admin:documents_documentversion_add"


@pytest.fixture
def desk():
    return browser_of(publisher())


@pytest.fixture
def document():
    return live_document(slug="guide", title="The guide")


def upload(name="report.pdf", data=samples.PDF):
    return SimpleUploadedFile(name, data, "application/octet-stream")


def fields(document, **changes):
    """What the form of a new version sends."""
    values = {
        "version": 0,
        "working_copy": "",
        "of_document": document.pk,
        "version_number": "1",
        "outside_address": "",
        "outside_size": "",
        "valid_from": "",
        "valid_to": "",
    }
    return values | changes


def hidden(response):
    """The token of the file that the form holds."""
    return str(response.context["adminform"].form["file"].value() or "")


def errors(response):
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def test_document_is_written_and_saved_as_a_draft(desk):
    values = dict.fromkeys(("working_copy", "summary", "annex", "paragraph"), "")
    values |= {"version": 0, "symbol": "EB 1", "title": "Report", "slug": "eb-1", "document_class": "report", "issued_by": "eb"}
    values |= {"body": "Text.", "meeting": "EB 1", "date": "2010-03-10", "precision": "month", "language": "en"}
    values |= {"subjects": "first\nsecond"}
    response = desk.post(reverse("admin:documents_document_add"), values)
    assert response.status_code == 302, errors(response)
    document = Document.objects.get()
    assert document.subjects == ["first", "second"]
    assert str(document.date) == "2010-03-31"
    assert desk.get("/documents/eb-1/").status_code == 404


def test_upload_is_kept_with_the_version(desk, document):
    response = desk.post(reverse(ADD), fields(document, file=upload("Über das CDM.pdf")))
    assert response.status_code == 302, errors(response)
    version = DocumentVersion.objects.get()
    assert version.file.name == "Über das CDM.pdf"
    assert version.file.path.read_bytes() == samples.PDF


def test_new_version_starts_from_its_document(desk, document):
    new_version(document, version_number="2.3")
    views = (("changelist", []), ("change", [document.pk]))
    pages = [desk.get(reverse(f"admin:documents_document_{name}", args=arguments)) for name, arguments in views]
    way = f"{reverse(ADD)}?of_document={document.pk}"
    assert all(way in page.content.decode() for page in pages)
    form = desk.get(way).context["adminform"].form
    assert (str(form["of_document"].value()), form["version_number"].value()) == (str(document.pk), "3")
    for strange in ("x", "²"):
        assert desk.get(reverse(ADD), {"of_document": strange}).status_code == 200
    assert desk.get(reverse(ADD), {"of_document": "9" * 99}).status_code == 404  # no database holds such a number


def test_refused_file_is_not_said_to_be_missing_too(desk, document):
    response = desk.post(reverse(ADD), fields(document, version_number="2", file=upload(data=hostile.HTML)))
    [said] = errors(response)["file"]
    assert "its content is not a PDF" in said
    assert 'value="2"' in response.content.decode()
    assert "Give either" in errors(desk.post(reverse(ADD), fields(document)))["file"][0]


def test_file_and_text_outlive_an_error_elsewhere(desk, document):
    response = desk.post(reverse(ADD), fields(document, version_number="one", outside_size="", file=upload()))
    assert response.status_code == 200
    assert "version_number" in errors(response)
    page = response.content.decode()
    assert f"report.pdf ({len(samples.PDF)} B" in page
    assert 'value="one"' in page
    response = desk.post(reverse(ADD), fields(document, file=hidden(response)))
    assert response.status_code == 302, errors(response)
    assert DocumentVersion.objects.get().file.name == "report.pdf"


def test_empty_file_chooser_sent_by_a_script_does_not_lose_the_kept_file(desk, document):
    token = str(forms.SealedFile(kept()))
    response = desk.post(reverse(ADD), fields(document, file=[token, "[object File]"]))
    assert response.status_code == 302, errors(response)
    assert DocumentVersion.objects.get().file.name == "report.pdf"


def test_file_stays_when_another_field_is_changed_and_goes_when_taken_away(desk, document):
    version = new_version(document)
    address = reverse("admin:documents_documentversion_change", args=[version.pk])
    token = hidden(desk.get(address))
    desk.post(address, fields(document, version=version.version, valid_from="2010-03-10", file=token))
    version.refresh_from_db()
    assert (version.file.name, str(version.valid_from)) == ("report.pdf", "2010-03-10")
    change = {"version": version.version, "file": token, "file-clear": "on", "outside_address": "https://unfccc.int/x"}
    response = desk.post(address, fields(document, **change))
    assert response.status_code == 302, errors(response)
    version.refresh_from_db()
    assert version.file is None


@pytest.mark.parametrize("forged", ["x", "a" * 64, '["' + "a" * 64 + '", 5, "a.txt"]:x:y'])
def test_file_cannot_be_attached_by_its_hash(desk, document, forged):
    response = desk.post(reverse(ADD), fields(document, file=forged))
    assert response.status_code == 200
    assert errors(response) == {"file": ["Give either a file or an outside address."]}


def test_token_of_another_site_is_no_token():
    token = forms.Signer(key="other", salt="publishing.uploadforms").sign_object(["a" * 64, 5, "a.txt"])
    assert forms.unsealed([token]) is None
    assert forms.unsealed([str(forms.SealedFile(StoredFile("a" * 64, 5, "a.txt")))]) == StoredFile("a" * 64, 5, "a.txt")


THROUGH_THE_FORM = [
    "HTML page",
    "HTML called PDF",
    "archive bomb",
    "program before a PDF's ending",
    "PDF that is an archive too",
    "empty file",
]


@pytest.mark.parametrize("what", THROUGH_THE_FORM)
def test_hostile_upload_is_refused_beside_its_field(desk, document, what):
    case = next(case for case in hostile.CASES if case.what == what)
    response = desk.post(reverse(ADD), fields(document, file=upload(case.name, case.data)))
    assert response.status_code == 200
    assert any(fragment in " ".join(errors(response)["file"]) for fragment in case.fragment.split("|"))
    assert not DocumentVersion.objects.exists()


@pytest.mark.parametrize("name", ["report\u202efdp.exe", "../../report.exe", "report.exe\0.pdf"])
def test_hostile_name_does_no_harm_on_its_way_through_the_form(desk, document, name):
    response = desk.post(reverse(ADD), fields(document, file=upload(name)))
    if response.status_code == 302:
        assert set(DocumentVersion.objects.get().file.name) <= set("report.exe.pdf")
    else:
        assert "file" in errors(response)


def test_upload_over_the_limit_is_refused_with_its_reason(desk, document, monkeypatch):
    monkeypatch.setattr("files.uploads.LIMIT", 1000)
    response = desk.post(reverse(ADD), fields(document, file=upload("long.txt", b"a" * 5000)))
    assert "This file is larger than 1 kB" in errors(response)["file"][0]


def test_working_copy_keeps_the_token_of_the_file(desk, document):
    token = str(forms.SealedFile(kept()))
    address = reverse("admin:documents_documentversion_working_copy_new")
    assert desk.post(address, fields(document, file=token, version_number="7")).status_code < 400
    page = desk.get(reverse(ADD) + "?copy=use").content.decode()
    assert f"report.pdf ({len(samples.PDF)} B" in page
    assert 'value="7"' in page


def test_draft_is_previewed_where_it_will_stand(desk, document):
    version = new_version(document, version_number="2")
    page = desk.get(reverse("admin:documents_documentversion_preview", args=[version.pk])).content.decode()
    assert "The guide" in page
    assert 'id="version-2"' in page
    assert 'id="version-2"' not in desk.get("/documents/guide/").content.decode()


def test_draft_of_a_version_whose_document_is_a_draft_is_previewed_too(desk):
    version = new_version(new_document(title="Not yet public"))
    page = desk.get(reverse("admin:documents_documentversion_preview", args=[version.pk])).content.decode()
    assert "Not yet public" in page
    assert "report.pdf" in page


def test_draft_of_a_document_is_previewed_with_its_live_versions(desk):
    draft = new_document(title="Not yet public", body="See [About](/about/).")
    page = desk.get(reverse("admin:documents_document_preview", args=[draft.pk])).content.decode()
    assert "<h1>Not yet public" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("visitor", 302), ("author of nothing", 403), ("author of versions", 200), ("publisher", 200)],
)
def test_file_of_a_draft_is_only_for_those_who_may_read_the_draft(document, who, status):
    version = new_version(document)
    people = {
        None: lambda: None,
        "visitor": lambda: person("visitor"),
        "author of nothing": lambda: person("anna", "Author", kind="document"),
        "author of versions": lambda: person("anna", "Author", kind="documentversion"),
        "publisher": lambda: person("paul", PUBLISHER),
    }
    response = browser_of(people[who]()).get(reverse("admin:documents_documentversion_file", args=[version.pk]))
    assert response.status_code == status
    if status == 200:
        assert b"".join(response.streaming_content) == samples.PDF
        assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
        assert "sandbox" in response.headers["Content-Security-Policy"]


def test_lists_show_documents_and_their_versions(desk, document):
    version = new_version(document)
    new_version(new_document(title="Another"))
    documents = desk.get(reverse("admin:documents_document_changelist")).content.decode()
    assert "The guide" in documents
    versions = desk.get(reverse("admin:documents_documentversion_changelist") + f"?of_document={document.pk}").content.decode()
    assert "The guide, version 1" in versions
    assert "Another" not in versions
    assert reverse("admin:documents_documentversion_file", args=[version.pk]) in versions


def test_versions_are_found_by_the_title_of_their_document(desk, document):
    """Case A2: in the list and by the link picker; whoever may not read the title finds nothing by it."""
    new_version(document), new_version(document, version_number="2"), new_version(new_document(title="Another", slug="another"))
    vera = browser_of(person("vera", AUTHOR, kind="documentversion"))

    def found(client, words):
        listed = client.get(reverse("admin:documents_documentversion_changelist"), {"q": words}).context["cl"].result_list
        return [(version.of_document_id == document.pk, version.version_number) for version in listed]

    assert found(desk, "guide") == [(True, "1"), (True, "2")]
    assert found(desk, "GUIDE 2") == [(True, "2")]
    assert found(desk, "another") == found(desk, "anoth 1") == [(False, "1")]
    assert found(desk, "guide another") == found(vera, "another") == []
    assert [link["title"] for link in desk.get("/admin/links/?format=json&q=another version").json()["links"]] == ["Another, version 1"]


def test_field_reads_the_file_once_however_often_the_form_looks(document, monkeypatch):
    file, read = upload(), []
    monkeypatch.setattr("files.uploads.accept", lambda upload, name: read.append(name) or StoredFile("a" * 64, 1, name))
    field = forms.StoredFileFormField()
    choice = forms.FileChoice(file)
    assert field.clean(choice) == field.clean(forms.FileChoice(file))
    assert read == ["report.pdf"]
    assert BytesIO(samples.PDF).read() == samples.PDF


def carrying():
    """A photograph with a place, as it came in before such were cleaned."""
    data = samples.jpeg(extra=samples.segment(0xE1, b"Exif\0\0" + samples.exif()))
    return store.keep(BytesIO(data), "photo.jpg")


def test_editor_is_told_what_was_taken_out_of_a_picture(desk, document):
    sent = upload("photo.jpg", carrying().path.read_bytes())
    response = desk.post(reverse(ADD), fields(document, version_number="one", file=sent))
    assert "Taken out of the picture: the place where it was taken and data of the camera." in response.content.decode()
    sent.seek(0)
    response = desk.post(reverse(ADD), fields(document, file=sent), follow=True)
    page = response.content.decode()
    assert "Taken out of “photo.jpg”, so that it does not become public: the place where it was taken and data of the camera." in page
    assert "still carries" not in page


@pytest.mark.django_db(transaction=True)
def test_published_picture_is_cleaned_and_its_old_bytes_are_erased(clock, document):
    """What the desk lists is mended by a tick in the form, a publication and an erasure; nobody but administrators is asked."""
    version = live_version(document, file=carrying())
    told, listed = StringIO(), "Published pictures that tell more than they show"
    call_command("check_files", stdout=told)
    assert "carries the place where it was taken and data of the camera: photo.jpg" in told.getvalue()
    desk = browser_of(person("root", ADMINISTRATOR))
    assert listed in desk.get("/admin/").content.decode()
    assert listed not in browser_of(publisher()).get("/admin/").content.decode()
    address = reverse("admin:documents_documentversion_change", args=[version.pk])
    opened = desk.get(address)
    assert "The picture still carries the place where it was taken and data of the camera." in opened.content.decode()
    sent = fields(document, version=version.version, file=hidden(opened), **{"file-clean": "on"})
    response = desk.post(address, sent)
    assert response.status_code == 302, errors(response)
    clock.tick()
    [edition] = publish([DocumentVersion.objects.get(pk=version.pk)])
    assert edition.file.path.read_bytes() == samples.jpeg()
    assert version.file.path.exists()
    first = DocumentVersionEdition.objects.filter(thing=version.pk).earliest("number")
    erasing = reverse("admin:documents_documentversion_erase", args=[version.pk])
    assert desk.post(erasing, {"editions": [first.number], "reason": "Privacy."}).status_code == 302
    assert not version.file.path.exists()
    assert b"".join(desk.get("/documents/guide/1/photo.jpg").streaming_content) == samples.jpeg()
    assert listed not in desk.get("/admin/").content.decode()
