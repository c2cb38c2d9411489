"""A document in another language is told as such wherever its title and its text stand."""

import json

import pytest

from publishing.ledger import withdraw
from search import indexer
from tests.documents.conftest import live_document
from tests.reading import parsed, text_of
from tests.record import live_page, republish

TITLES = {"ar": "المجلس التنفيذي", "zh": "清洁发展机制", "ru": "Механизм чистого развития", "fr": "Mécanisme pour un développement propre"}
pytestmark = pytest.mark.django_db


@pytest.fixture(params=TITLES)
def document(request, clock):
    live_page("", title="CDM Home")
    live_page("documents", title="Documents")
    title = TITLES[request.param]
    document = live_document(slug="text", title=title, summary=f"{title}.", body=f"{title} ...", language=request.param)
    live_page("about", title="About", body="[a document](/documents/text/)")
    indexer.catch_up()
    return document


def titles_in(page, title):
    """The innermost elements of the page's body that hold the title."""
    return [e for e in page.xpath("//body//*") if title in (e.text or "") and e.tag not in {"script", "title", "option"}]


def is_told(element, language):
    told = element.xpath("ancestor-or-self::*[@lang][1]")[0]
    return (told.get("lang"), told.get("dir")) == (language, "rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize("address", ["/documents/text/", "/documents/", "/documents/text/history/", "/search/?q=kind:document"])
def test_title_and_text_say_their_language_and_direction(client, document, address):
    page = parsed(client.get(address))
    found = [e for e in titles_in(page, document.title) if not e.xpath("ancestor-or-self::*[@role='search' or self::footer or self::form]")]
    shown = [e for e in found if "“" not in e.text and "Search" not in e.text]
    assert shown
    assert [e.tag for e in shown if not is_told(e, document.language)] == []


def test_page_of_the_document_tells_it_to_machines(client, document):
    page = parsed(client.get("/documents/text/"))
    (data,) = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(data.text)["inLanguage"] == document.language
    assert page.get("lang").startswith("en")
    hits = client.get("/search/", {"q": document.title, "format": "json"}).json()["results"]
    assert {hit["title"]: hit["language"] for hit in hits} == {document.title: document.language}
    assert f'<entry xml:lang="{document.language}">' in client.get("/search/?q=kind:document&format=atom").text


def test_what_was_withdrawn_leads_to_its_successor_in_its_language(client, document):
    old = live_document(slug="old", title="Old")
    withdraw(old, "Superseded.", successor=document)
    (link,) = parsed(client.get("/documents/old/")).xpath("//main//a[@lang]")
    assert text_of(link) == document.title
    assert is_told(link, document.language)


def test_history_and_difference_name_it_in_its_language(client, document):
    republish(document, body="...")
    number = document.editions.order_by("-number").first().number if hasattr(document, "editions") else 0
    for address in ("/documents/text/history/", f"/documents/text/history/{number}/"):
        (title,) = parsed(client.get(address)).xpath("//h1/bdi")
        assert is_told(title, document.language)


def test_document_in_the_language_of_the_page_says_nothing_more(client, clock):
    live_page("", title="CDM Home")
    live_document(slug="text", title="Rules", summary="Rules.", body="Rules.")
    assert not parsed(client.get("/documents/text/")).xpath("//body//*[@lang]")
