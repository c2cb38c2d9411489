"""What an editor may link to, and the text formatted beside the form."""

import pytest

from publishing.ledger import publish, withdraw
from tests.bodies.conftest import live_body, live_meeting
from tests.desk_client import at, author, browser_of, publisher, typed
from tests.record import live_page, new_page, new_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return browser_of(publisher())


def offered(client, words=""):
    return [
        (link["title"], link["address"], link["state"])
        for link in client.get("/admin/links/", {"q": words, "format": "json"}).json()["links"]
    ]


def test_things_of_all_kinds_are_offered_by_title(desk):
    about = live_page("about", title="About CDM")
    live_page("ccs", about, title="Carbon capture")
    publish([new_term("Carbon", slug="carbon")])
    assert offered(desk, "carbon") == [("Carbon", "/glossary/carbon/", ""), ("Carbon capture", "/about/ccs/", "")]
    assert offered(desk, "capture carbon") == [("Carbon capture", "/about/ccs/", "")]
    assert offered(desk, "nothing of the kind") == []


def test_drafts_are_offered_last_at_the_address_that_they_will_have(desk):
    about = live_page("about", title="About CDM")
    new_page("plan", new_page("future", about, title="A future page"), title="A plan")
    assert offered(desk, "a plan") == [("A plan", "/about/future/plan/", "not published yet")]


def test_what_is_withdrawn_is_offered_as_not_published(desk):
    page = live_page("about", title="About CDM")
    withdraw(page, "R.")
    assert desk.get("/admin/links/", {"q": "About", "format": "json", "published": "1"}).json()["links"] == []
    assert [state for _title, _address, state in offered(desk, "About")] == ["not published yet"]


def test_author_is_offered_what_is_public_and_the_own_drafts():
    mine, other = live_page("mine", title="Mine public"), live_page("other", title="Other public")
    new_page("a", mine, title="Mine planned")
    new_page("b", other, title="Other planned")
    titles = [title for title, _address, _state in offered(browser_of(author("anna", mine)))]
    assert titles == ["Mine public", "Other public", "Mine planned"]


def test_list_works_without_script_and_gives_the_markdown(desk):
    live_page("about", title="[Brackets] & <b>")
    text = desk.get("/admin/links/", {"q": "brackets"}).text
    assert "[\\[Brackets\\] &amp; &lt;b&gt;](/about/)" in text


@pytest.mark.parametrize("words", ["x" * 10_000, "\0", "' OR 1=1", "%", "İstanbul", "a " * 60])
def test_strange_words_are_answered(desk, words):
    live_page("about")
    assert desk.get("/admin/links/", {"q": words}).status_code == 200


def test_text_is_formatted_as_readers_will_see_it(desk):
    live_page("about", title="About CDM")
    html = desk.post("/admin/markdown/", {"source": "CO~2~ [here it is](/about/) [gone](/gone/) <script>x</script>"}).json()["html"]
    assert "<sub>2</sub>" in html
    assert '<a href="/about/">here it is</a>' in html
    assert "/gone/" not in html
    assert "<script" not in html


@pytest.mark.parametrize("source", ["[" * 20_000, "x" * 200_001])
def test_text_that_cannot_be_formatted_says_so(desk, source):
    answer = desk.post("/admin/markdown/", {"source": source})
    assert answer.status_code == 200
    assert answer.json().keys() <= {"error", "html"}
    assert "error" in answer.json() or len(source) <= 20_000


def test_relation_to_a_thing_is_named_by_address_or_reference(desk):
    page, successor = live_page("about"), new_page("later")
    form = {"when": "now", "seen": f"{page.pk}:1:1", "reason": "R.", "successor": successor.reference}
    assert desk.post(at("withdraw", page), form).status_code == 302
    assert desk.post(at("change", page), typed(page)).status_code == 302


def test_what_links_here_is_a_page_of_its_own():
    """Case A6: for everybody who may read the draft, not only for those who may withdraw it."""
    about = live_page("about", title="About CDM")
    live_page("ccs", title="Carbon capture", body="See [About](/about/).")
    anna = browser_of(author("anna", about))
    for view in ("change", "history"):
        assert at("inbound", about) in anna.get(at(view, about)).text
    assert 'href="/ccs/"' in anna.get(at("inbound", about)).text
    assert "Nothing that is published leads here." in browser_of(publisher()).get(at("inbound", new_page("new"))).text


def test_what_links_here_names_what_leads_here_from_a_list_of_texts_or_by_a_relation():
    """A point that a meeting decided, and the body of a meeting; a step that only begins like the address is no link."""
    about = live_page("about", title="About CDM")
    live_page("ccs", title="Carbon capture", body="See [Abouts](/abouts/).")
    host = live_body()
    live_meeting(host, "53", points=["1 | See [it](/about/). | A source"])
    desk = browser_of(publisher())
    assert 'href="/executive-board/meetings/53/"' in desk.get(at("inbound", about)).text
    assert 'href="/ccs/"' not in desk.get(at("inbound", about)).text
    assert 'href="/executive-board/meetings/53/"' in desk.get(f"/admin/bodies/cdmbody/{host.pk}/inbound/").text
