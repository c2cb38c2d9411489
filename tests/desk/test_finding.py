"""One box for the whole desk: what is found, where its words are, and that nobody finds what they may not read."""

import pytest

from desk import finding
from tests.desk_client import at, author, browser_of, publisher
from tests.record import live_page, new_page, new_term, republish

pytestmark = pytest.mark.django_db


def titles(client, words, **more):
    return [result.title for result in client.get("/admin/find/", {"q": words} | more).context["results"]]


@pytest.fixture
def paul():
    return browser_of(publisher())


def test_every_word_is_looked_for_in_titles_first_then_in_texts(paul):
    new_page("a", title="Of something else", body="Wind and landfill gas, said in the text.")
    new_page("b", title="Landfill and wind")
    new_page("c", title="Wind alone")
    assert titles(paul, "wind landfill") == ["Landfill and wind", "Of something else"]
    assert "<mark>Wind</mark> and landfill" in paul.get("/admin/find/?q=wind+landfill").text
    assert titles(paul, "") == titles(paul, "xyzzy") == []


def test_drafts_of_what_is_public_are_found_and_of_every_kind(paul):
    page = live_page("page", title="Page")
    page.body = "Zwischenraumwort not yet public."
    page.save()
    new_term("Zwischenraumwort")
    assert titles(paul, "zwischenraumwort") == ["Zwischenraumwort", "Page"]
    assert titles(paul, "zwischenraumwort", kind="term") == ["Zwischenraumwort"]
    assert titles(paul, "zwischenraumwort", kind="nothing") == ["Zwischenraumwort", "Page"]


def test_author_finds_what_lies_within_reach_alone():
    mine, other = live_page("mine", title="Wind here"), live_page("other", title="Wind elsewhere", body="Zwischenraumwort.")
    anna = browser_of(author("anna", mine))
    assert titles(anna, "wind") == ["Wind here"]
    for words in ("zwischenraumwort", "/other/", str(other.newest_edition().number)):
        answer = anna.get("/admin/find/", {"q": words})
        assert "Wind elsewhere" not in answer.text
        assert not answer.context["named"]
    assert anna.get("/admin/find/", {"q": "/mine/"}).context["named"] == [("Wind here", at("change", mine))]


def test_number_of_an_edition_and_an_address_lead_there(paul):
    page = live_page("about", title="About CDM")
    number = republish(page, body="Again.").number
    assert paul.get("/admin/find/", {"q": str(number)}).context["named"] == [(f"Edition {number}", at("history", page))]
    for address in ("/about", "http://127.0.0.1:8000/about/", "/@2010-03-10/about/"):
        assert ("About CDM", at("change", page)) in paul.get("/admin/find/", {"q": address}).context["named"]


def test_more_than_is_shown_is_said(paul):
    for number in range(finding.MOST + 2):
        new_page(f"p{number}", title=f"Wind {number}")
    answer = paul.get("/admin/find/?q=wind")
    assert len(answer.context["results"]) == finding.MOST
    assert "There are more" in answer.text


@pytest.mark.parametrize("words", ["%", "_", "\0", "'\"<b>", "9" * 40, "9" * 18, "a " * 200, "x" * 5000, "http://[", "//", "İ", "\\"])
def test_whatever_is_typed_is_answered(paul, words):
    new_page("a", title="Of one thing", body="İstanbul <b>and</b> the rest")
    answer = paul.get("/admin/find/", {"q": words})
    assert answer.status_code == 200
    assert "<b>" not in answer.text
