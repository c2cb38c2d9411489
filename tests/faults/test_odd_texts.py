"""Texts that systems stumble over: too many rows, marks and joiners, letters and digits of other scripts, halves of characters."""

import os
from urllib.parse import quote

import pytest

from pages.models import Page
from publishing.ledger import publish
from tests.desk_client import at, browser_of, publisher, typed
from tests.record import live_page, new_page

pytestmark = pytest.mark.django_db
ODD = {
    "stacked marks": "Z" + "\u0301\u0338\u20dd" * 60,
    "joined emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1e7\U0001f1f7",
    "Turkish dotted I": "İSTANBUL ıI i̇",
    "other digits": "٢٠١٠ २०१० ２０１０ ²",
    "two directions": "abc \u2067שלום\u2069 123",
    "decomposed": "Poznan\u0301 Bras\u0131\u0301lia",
    "not of the basic plane": "𝔊𝔯𝔬𝔲𝔭 𐍈 𠜎",
}
REFUSED = {"zero": "a\x00b", "turned round": "a\u202egnp.exe", "no character": "a\uffffb", "half a character": "a\ud800b"}
WHERE = "/search/?q={} /search/?q={}&format=json /quickfinder/?q={} /quickfinder/suggestions/?q={} /documents/?words={} /news/?page={}"
WHERE += " /documents/?page={} /{}/ /glossary/{}/ /documents/{}/ /news/{}/ /newsletters/{}/ /@{}/ /at/?date={} /about/history/{}/"
WHERE += " /projects/?q={} /projects/?host={}&facets=all /programmes/?issued_from={}&format=atom"


@pytest.fixture
def desk():
    return browser_of(publisher())


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_is_published_and_found_as_it_was_written(desk, client, text):
    page = new_page("about")
    assert desk.post(at("change", page), typed(page, title=text[:150], body=text)).status_code == 302
    page = Page.objects.get()
    publish([page])
    for path in ("/about/", "/about/index.md", "/about/history/", "/sitemap.xml"):
        assert client.get(path).status_code == 200, path
    assert page.title in client.get("/about/").text
    found = client.get("/search/", {"q": page.title[:100], "format": "json"}).json()
    assert [hit["title"] for hit in found["results"]] in ([page.title], []), "found, or it holds no letters to look for"


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_text_that_is_none_is_refused_and_the_draft_stays(desk, text):
    page = new_page("about", body="Before.")
    answer = desk.post(at("change", page), typed(page, body=text.encode("utf-8", "surrogatepass")))
    page.refresh_from_db()
    assert answer.status_code in {200, 302}
    assert answer.status_code == 302 or answer.context["adminform"].form.errors["body"]
    assert not set("\x00\u202e\uffff\ud800") & set(page.body)


@pytest.mark.parametrize("text", [*ODD.values(), *REFUSED.values()], ids=[*ODD, *REFUSED])
def test_odd_text_in_an_address_or_a_question_is_answered(client, text):
    live_page("about")
    for pattern in WHERE.split():
        address = pattern.replace("{}", quote(text, safe="", errors="surrogatepass"))
        assert client.get(address).status_code in {200, 301, 302, 400, 404}, address


def processor_time():
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def test_table_of_ten_thousand_rows_is_saved_or_refused_in_time(desk, client):
    page = new_page("about", body="Before.")
    start = processor_time()
    answer = desk.post(at("change", page), typed(page, body="| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 10_000))
    assert processor_time() - start < 4
    page.refresh_from_db()
    if answer.status_code == 200:
        assert "too long or too complex" in answer.context["adminform"].form.errors["body"][0]
        assert page.body == "Before."
    else:
        publish([page])
        assert client.get("/about/").text.count("<tr>") > 10_000
