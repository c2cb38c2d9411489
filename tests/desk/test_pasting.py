"""Pasting at the desk: HTML becomes Markdown with words about what is missing; files and rows become text in their form."""

import pytest
from django.test import Client

from tests.desk_client import HOST, browser_of, publisher

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
