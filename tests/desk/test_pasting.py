"""Pasting at the desk: HTML becomes Markdown with words about what is missing; files and rows become text in their form."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pages.models import Page
from tests.desk_client import HOST, at, browser_of, publisher, typed
from tests.record import new_page

pytestmark = pytest.mark.django_db
HTML = "<h1>A</h1><p>b <del>SECRET</del><b>c</b> <a href='http://localhost/about/'>d</a><img src='cid:1'></p>"


@pytest.fixture
def desk():
    return browser_of(publisher())


def test_pasted_html_becomes_markdown_and_the_rest_is_told(desk):
    answer = desk.post("/admin/paste/", {"html": HTML, "note": "1"}).json()
    assert answer["markdown"] == "## A\n\nb **c** [d](/about/)"
    said = "Left out: 1 deletion, 1 picture that was not copied with it."
    assert answer["said"].startswith(said)


def test_words_without_a_format_are_left_as_they_are(desk):
    assert desk.post("/admin/paste/", {"html": "<p>* a</p>"}).json() == {"plain": True}


@pytest.mark.parametrize(("note", "mark"), [("3", "[^3]"), ("x", "[^1]"), ("-1", "[^1]"), ("99999999", "[^1]"), ("²", "[^1]")])
def test_notes_go_on_from_the_number_that_is_sent(desk, note, mark):
    html = "<p>a<a href='#_ftn1'>1</a></p><div id='ftn1'>b</div>"
    assert desk.post("/admin/paste/", {"html": html, "note": note}).json()["markdown"] == f"a{mark}\n\n{mark}: b"


def test_what_is_too_much_is_refused_in_words(desk):
    answer = desk.post("/admin/paste/", {"html": "<b>" * 10_000}).json()
    assert answer == {"error": "It is nested more than a hundred deep. Only its words were pasted."}


def test_pasting_is_for_writers_with_a_token():
    assert browser_of().post("/admin/paste/", {"html": HTML}, headers={"accept": "application/json"}).status_code == 403
    client = Client(headers=HOST, enforce_csrf_checks=True)
    client.force_login(publisher(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/admin/paste/", {"html": HTML}).status_code == 403


SAMPLES = Path(__file__).parent.parent / "markup" / "pasted"


def inserted(client, page, text, **sent):
    """The answer of the page between, to a form with a text."""
    fields = typed(page, body=text) | {"slot": "a" * 24} | sent
    return client.post(f"/admin/insert/?to={at('change', page)}", fields)


def fields_of(answer):
    """What a page sends back to the form."""
    return dict(answer.context["fields"])


@pytest.mark.parametrize("name", ["footnotes.docx", "web-page.html"])
def test_document_comes_back_to_the_form_as_markdown_and_nothing_typed_is_lost(desk, name):
    page = new_page("about", title="About CDM")
    asked = inserted(desk, page, "Typed.[^2]", _insert="body")
    assert "Word document (.docx)" in asked.text
    file = SimpleUploadedFile(name, (SAMPLES / name).read_bytes())
    answer = desk.post(asked.context["here"], fields_of(asked) | {"_take": "file", "_file": file})
    body = fields_of(answer)["body"]
    assert body.startswith("Typed.[^2]\n\n" + {"footnotes.docx": "Ouch[^3].[^4]", "web-page.html": "## Board"}[name])
    assert "SECRET" not in answer.text
    back = desk.post(answer.context["to"], fields_of(answer) | {"_refill": "1"})
    assert re.search(r'name="title"[^>]*value="About CDM"', back.text) or 'value="About CDM"' in back.text
    assert back.context["adminform"].form["body"].value() == body
    assert Page.objects.get(pk=page.pk).body == page.body


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a>" + b" " * 300_000_000 + b"</a>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("x.docx", b"PK\x03\x04", "was not accepted"),
        ("x.docx", bomb, "was not accepted"),
        ("x.exe", b"MZ", "takes Word documents"),
        ("x.html", b"<p>" + b"<b>" * 5_000, "hundred deep"),
        ("x.html", b"<script>x</script>", "no words"),
        (None, b"", "choose a file"),
    ],
    ids=["cut", "bomb", "program", "deep", "empty", "none"],
)
def test_file_that_cannot_be_read_is_refused_in_words_and_the_text_stays(desk, name, data, reason):
    page = new_page("about")
    data = data() if callable(data) else data
    sent = {"_file": SimpleUploadedFile(name, data)} if name else {}
    answer = inserted(desk, page, "Typed.", _take="file", **sent)
    assert reason in answer.context["problem"]
    assert fields_of(answer)["body"] == "Typed."


@pytest.mark.parametrize(
    ("rows", "table"),
    [
        ('Year,CERs\r\n2009,"1,234"\r\n', "| Year | CERs |\n|---|---|\n| 2009 | 1,234 |"),
        ("a\tb|c\n\n*d*", "| a | b\\|c |\n|---|---|\n| \\*d\\* |  |"),
    ],
)
def test_rows_with_commas_or_tabs_become_a_table(desk, rows, table):
    assert fields_of(inserted(desk, new_page("about"), "", _take="rows", _rows=rows))["body"] == table


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "hex", "no-such"])
def test_file_that_names_what_is_no_charset_of_pages_is_read_all_the_same(desk, charset):
    file = SimpleUploadedFile("x.html", b"<meta charset=%s><p>Caf\xc3\xa9 <b>kva</b>" % charset.encode() + b"kva" * 200_000)
    fields = fields_of(inserted(desk, new_page("about"), "", _take="file", _file=file))
    assert "**kva**" in fields["body"]


def test_rows_without_words_or_beyond_the_bound_are_refused(desk):
    page = new_page("about")
    assert "write rows" in inserted(desk, page, "", _take="rows", _rows=" \n").context["problem"]
    assert "5,000 cells" in inserted(desk, page, "", _take="rows", _rows="a,b\n" * 2_501).context["problem"]


@pytest.mark.parametrize("address", ["", "/admin/links/", "https://evil.example/admin/pages/page/add/", "//evil.example/", "/admin/users/"])
def test_the_way_back_leads_to_forms_of_the_desk_only(desk, address):
    assert desk.post(f"/admin/insert/?to={address}", {"body": "x"}).url == "/admin/"
