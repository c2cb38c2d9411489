"""Choosers: a thing is named by its address, found by title with scripts and without, and nothing foreign is told."""

import pytest

from pages.models import Page
from tests.desk_client import at, author, browser_of, publisher, typed
from tests.record import live_page, new_page, new_term

pytestmark = pytest.mark.django_db


def parent_of(page):
    return Page.objects.get(pk=page.pk).parent_id


@pytest.fixture
def tree():
    home, about = live_page("", title="Home"), live_page("about", title="About CDM")
    return {"home": home, "about": about, "draft": new_page("draft", about, title="Not yet"), "page": new_page("page", title="A page")}


@pytest.mark.parametrize(
    "words", ["/about/", "/about", "http://127.0.0.1:8000/about/", "/@2010-03-10/about/", " /about/ ", "{pk}", "{key}", "page/{key}"]
)
def test_address_is_taken_in_each_way_that_people_have_it(tree, words):
    named = words.format(pk=tree["about"].pk, key=tree["about"].key)
    browser_of(publisher()).post(at("change", tree["page"]), typed(tree["page"], parent=named))
    assert parent_of(tree["page"]) == tree["about"].pk


def test_what_is_not_public_yet_is_named_by_the_address_that_it_would_have(tree):
    browser_of(publisher()).post(at("change", tree["page"]), typed(tree["page"], parent="/about/draft/"))
    assert parent_of(tree["page"]) == tree["draft"].pk
    assert 'value="/about/draft/"' in browser_of(publisher("petra")).get(at("change", tree["page"])).text


def test_of_two_drafts_with_one_address_each_keeps_a_name_of_its_own(tree):
    twin = new_page("draft", tree["about"], title="Another")
    page = new_page("below", twin)
    client = browser_of(publisher())
    shown = client.get(at("change", page)).context["adminform"].form["parent"].value()
    assert shown == twin.reference
    client.post(at("change", page), typed(page, parent=shown, title="Changed"))
    assert parent_of(page) == twin.pk
    assert "Nothing at" in client.post(at("change", tree["page"]), typed(tree["page"], parent="/about/draft/")).text


@pytest.mark.parametrize(
    "words", ["/nowhere/", "999999", "page/none", "http://[", "/%00/", "\0", "/a/b/c/d/e/f/g/h/", "x" * 600, "term/wind"]
)
def test_what_names_nothing_is_refused_in_words_and_stays_in_the_form(tree, words):
    new_term("Wind", key="wind")
    answer = browser_of(publisher()).post(at("change", tree["page"]), typed(tree["page"], parent=words, body="Typed."))
    assert answer.status_code == 200
    assert "Typed." in answer.text
    assert parent_of(tree["page"]) is None


def test_page_without_scripts_finds_by_title_and_returns_with_everything_typed(tree):
    client, sent = browser_of(publisher()), typed(tree["page"], body="Typed\nin lines.", slot="own")
    found = client.post(at("change", tree["page"]), sent | {"_choose": "parent", "_words": "not y"})
    assert 'value="parent=/about/draft/"' in found.text
    assert "Typed\nin lines." in found.text
    form = client.post(at("change", tree["page"]), sent | {"_chosen": "parent=/about/draft/"})
    assert 'value="/about/draft/"' in form.text
    assert "Typed\nin lines." in form.text
    assert parent_of(tree["page"]) is None, "nothing is saved"
    assert "Typed\nin lines." in client.post(at("change", tree["page"]), sent | {"_refill": "1"}).text
    assert client.post(at("change", tree["page"]), sent | {"_choose": "body"}).status_code == 404
    moved = client.post(at("move", tree["page"]), {"_chosen": "below=/about/"})
    assert 'value="/about/"' in moved.text
    assert client.post(at("move", tree["page"]), {"_choose": "below"}).status_code == 200


def test_author_finds_drafts_of_the_own_section_and_what_is_public(tree):
    mine = new_page("mine", title="Mine")
    new_page("other", title="Other")
    anna = browser_of(author("anna", mine))
    found = {link["title"]: link["state"] for link in anna.get("/admin/things/?kind=page").json()["links"]}
    assert found == {"Mine": "not published yet", "Home": "", "About CDM": ""}
    page = new_page("below", mine)
    for words in ("/other/", str(Page.objects.get(slug="other").pk)):
        assert "within the sections given to you" in anna.post(at("change", page), typed(page, parent=words)).text
    assert anna.get("/admin/things/?kind=page&q=/other/").json()["links"] == []


@pytest.mark.parametrize("kind", ["notice", "", "nothing", "registry", "\0"])
def test_kind_without_addresses_has_no_chooser(tree, kind):
    assert browser_of(publisher()).get("/admin/things/", {"kind": kind}).status_code == 404


def test_form_weighs_no_more_with_many_pages(tree):
    client = browser_of(publisher())
    few = len(client.get(at("change", tree["draft"])).content)
    for number in range(120):
        new_page(f"p{number}", tree["about"])
    assert len(client.get(at("change", tree["draft"])).content) <= few + 200
    links = client.get("/admin/things/?kind=page&q=p1").json()
    assert len(links["links"]) <= 40
