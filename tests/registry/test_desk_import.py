"""Import by upload at the desk: checked first, then published or discarded; who may, what is refused, what stays when it breaks off."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from registry import import_runs
from registry.models import ActivityRow, ImportRun, Release, RunState
from tests.desk_client import administrator, author, browser_of, publisher
from tests.reading import parsed, text_of
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db
LIST, FORM = "/admin/registry/importrun/", "/admin/registry/importrun/add/"


@pytest.fixture(autouse=True)
def at_once(monkeypatch, settings, tmp_path):
    """The work of the process is done within the request, and the files lie in a folder of the test's own."""
    settings.VAR_DIR = tmp_path / "var"
    monkeypatch.setattr(import_runs, "spawn", lambda run: import_runs.work(run.pk))


@pytest.fixture
def desk():
    return browser_of(publisher())


def uploads(tmp_path, *activities, **more):
    folder = folder_of(tmp_path / "files", activities, **more)
    return [SimpleUploadedFile(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


def page(answer):
    return text_of(parsed(answer).xpath("//div[@id='content']")[0])


def send(desk, files, **fields):
    """The page to which the form leads, or the form again."""
    return desk.post(FORM, {"files": files, "as_of": "2023-11-03", "note": "", **fields}, follow=True)


def test_check_writes_nothing_and_tells_what_would_come(desk, tmp_path):
    told = page(send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"}, {"title": "", "unique_id": "B"})))
    assert "checked, waits to be published" in told
    assert "activities.csv: 2 rows of activities read, 1 of them rejected." in told
    assert "Rows left out: 1 activities.csv, line 3:" in told
    assert not Release.objects.exists()
    assert not ActivityRow.objects.exists()


def test_what_was_checked_is_published_once_and_says_by_whom_and_why(desk, tmp_path):
    send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"}), note="A first one.")
    run = ImportRun.objects.get()
    told = page(desk.post(f"{LIST}{run.pk}/", {"publish": "1"}, follow=True))
    assert "State: published" in told
    assert "Registry data as of 3 November 2023" in told
    edition = Release.objects.get().editions.get()
    assert (edition.note, edition.author) == ("A first one.", "paul")
    assert "no longer waits to be published" in desk.post(f"{LIST}{run.pk}/", {"publish": "1"}, follow=True).text
    assert Release.objects.count() == 1
    assert not import_runs.folder_of(run).exists()


def test_what_was_checked_can_be_discarded_and_its_files_are_gone(desk, tmp_path):
    send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"}))
    run = ImportRun.objects.get()
    assert import_runs.folder_of(run).exists()
    assert "discarded" in page(desk.post(f"{LIST}{run.pk}/", {"discard": "1"}, follow=True))
    assert not import_runs.folder_of(run).exists()
    assert not Release.objects.exists()


def test_same_files_again_change_nothing(desk, tmp_path):
    for _ in range(2):
        send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"}))
        run = ImportRun.objects.first()
        desk.post(f"{LIST}{run.pk}/", {"publish": "1"})
    assert [run.state for run in ImportRun.objects.all()] == [RunState.UNCHANGED, RunState.PUBLISHED]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("data.exe", b"x", "are not accepted"),
        ("data.pdf", b"x", "is neither a CSV nor a workbook"),
        ("../../x.csv", b"", "empty"),
    ],
)
def test_file_that_cannot_be_one_is_refused_before_anything_is_kept(desk, name, content, said):
    answer = send(desk, [SimpleUploadedFile(name, content)], note="Words that stay.")
    assert said in page(answer)
    assert "Words that stay." in answer.text
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x00", "NUL"),
        (b"a,b\n1,2\n", "There is no file"),
        (b"\xff\xfe\x00", ""),
        (b"unique_id,title\n" + b"x" * 200_000 + b",y\n", ""),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_words(desk, content, said):
    told = page(send(desk, [SimpleUploadedFile("data.csv", content)]))
    assert "refused" in told
    assert said in told
    assert not Release.objects.exists()


def test_two_files_of_one_name_and_no_file_are_refused(desk):
    twice = [SimpleUploadedFile("a.csv", b"x"), SimpleUploadedFile("a.csv", b"y")]
    assert "Two files are called “a.csv”." in page(send(desk, twice))
    assert "This field is required." in page(send(desk, []))
    assert "valid date" in page(send(desk, [SimpleUploadedFile("a.csv", b"x")], as_of="2023-02-30"))


def test_one_import_at_a_time(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(import_runs, "spawn", lambda run: None)
    first = send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"}))
    assert 'http-equiv="refresh"' in first.text
    assert "Another import is under way." in page(send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"})))
    assert ImportRun.objects.count() == 1


def test_process_that_gave_no_sign_is_told_to_have_broken_off(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(import_runs, "spawn", lambda run: None)
    send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"}))
    ImportRun.objects.update(touched=timezone.now() - timedelta(minutes=11))
    run = ImportRun.objects.get()
    assert "broke off" in page(desk.get(f"{LIST}{run.pk}/"))
    assert not import_runs.folder_of(run).exists()
    send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"}))
    assert ImportRun.objects.count() == 2


def test_files_that_were_never_published_are_forgotten(desk, tmp_path):
    send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "A"}))
    ImportRun.objects.update(touched=timezone.now() - timedelta(days=3))
    old = ImportRun.objects.get()
    send(desk, uploads(tmp_path, {"title": "A title", "unique_id": "B"}))
    assert ImportRun.objects.get(pk=old.pk).state == RunState.DISCARDED
    assert not import_runs.folder_of(old).exists()


def test_authors_neither_see_nor_begin_imports(tmp_path):
    run = ImportRun.objects.create(folder="x", state=RunState.CHECKED)
    desk = browser_of(author())
    for address in (LIST, FORM, f"{LIST}{run.pk}/"):
        assert desk.get(address).status_code == 403
        assert desk.post(address, {"publish": "1"}).status_code == 403
    assert ImportRun.objects.get().state == RunState.CHECKED
    assert "imports of registry data" not in desk.get("/admin/").text


def test_list_names_runs_and_the_desk_leads_there(tmp_path):
    desk = browser_of(administrator())
    assert "Nothing was imported at the desk yet." in page(desk.get(LIST))
    send(desk, uploads(tmp_path, {"title": "<b>A title", "unique_id": "A1"}))
    assert "checked, waits to be published" in page(desk.get(LIST))
    assert LIST in desk.get("/admin/").text
    assert desk.get(f"{LIST}999999/").status_code == 404
