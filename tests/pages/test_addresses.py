"""Addresses over time: where a page moved to, what was withdrawn or erased, as visitors meet them now and in the past."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.models import Page
from publishing.ledger import erase, publish, withdraw
from publishing.models import Edition
from publishing.snapshots import clear_all
from tests.record import DAY, HOUR, START, edit, live_page, new_page, new_term, republish

pytestmark = pytest.mark.django_db


def hops(client, path):
    """Status and address at the end of the redirects, with their number."""
    count, response = 0, client.get(path)
    while response.status_code == 301:
        count, path = count + 1, response["Location"]
        response = client.get(path)
    return response.status_code, path, count


def at(moment, path):
    return f"/@{moment:%Y-%m-%dT%H:%M:%S}{path}"


def test_moved_page_is_one_hop_away_after_any_number_of_moves(client, clock):
    page = live_page("a")
    for slug in "bcd":
        republish(page, slug=slug)
    assert hops(client, "/a/") == (200, "/d/", 1)
    assert hops(client, "/c/") == (200, "/d/", 1)
    assert hops(client, "/d/") == (200, "/d/", 0)


def test_leaf_follows_when_parent_and_slug_have_changed(client, clock):
    top, other = live_page("top"), live_page("other")
    leaf = live_page("leaf", live_page("middle", top))
    republish(Page.objects.get(slug="middle"), slug="centre", parent=other)
    republish(leaf, slug="twig")
    republish(other, slug="another")
    for former in ("/top/middle/leaf/", "/other/centre/leaf/", "/other/centre/twig/"):
        assert hops(client, former) == (200, "/another/centre/twig/", 1)


def test_path_that_never_was_is_not_found(client, clock):
    top = live_page("top")
    leaf = live_page("leaf", top)
    republish(top, slug="new")
    republish(leaf, slug="twig")
    assert client.get("/top/twig/").status_code == 404
    assert client.get("/top/leaf/x/").status_code == 404


def test_query_goes_along(client, clock):
    republish(live_page("a"), slug="b")
    assert client.get("/a/?x=1&y=%2F")["Location"] == "/b/?x=1&y=%2F"


def test_redirect_is_asked_again_since_pages_move_back(client, clock):
    page = live_page("a")
    republish(page, slug="b")
    assert client.get("/a/")["Cache-Control"] == "no-cache"
    republish(page, slug="a")
    assert hops(client, "/b/") == (200, "/a/", 1)


def test_address_leads_to_where_the_page_lived_at_the_moment(client, clock):
    page = live_page("a")
    clock.tick(HOUR)
    republish(page, slug="b")
    clock.tick(HOUR)
    early = START + HOUR / 2
    assert hops(client, at(early, "/a/")) == (200, at(early, "/a/"), 0)
    assert hops(client, at(early, "/b/")) == (200, at(early, "/a/"), 1)


def test_scheduled_address_is_unknown_to_everybody_before_it_comes(client, clock):
    page = live_page("a")
    republish(page, START + DAY, slug="secret")
    clock.tick(HOUR)
    for address in ("/secret/", at(clock.now, "/secret/"), "/@2031-01-01/secret/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "secret" not in response.content.decode().replace(address, "").replace("/secret/", "")
    clock.set(START + 2 * DAY)
    assert hops(client, "/a/") == (200, "/secret/", 1)


def test_address_that_two_pages_had_leads_to_the_last_before_the_moment(client, clock):
    first = live_page("a", title="First")
    clock.tick(HOUR)
    republish(first, slug="first")
    second = live_page("a", title="Second")
    clock.tick(HOUR)
    republish(second, slug="second")
    clock.tick(HOUR)
    assert hops(client, "/a/") == (200, "/second/", 1)
    late = START + 2.5 * HOUR
    assert hops(client, at(late, "/a/")) == (200, at(late, "/second/"), 1)


def test_address_of_a_later_owner_leads_to_the_one_that_is_there(client, clock):
    first = live_page("a", title="First")
    clock.tick(HOUR)
    republish(first, slug="first")
    clock.tick(HOUR)
    live_page("a", title="Second")
    clock.tick(HOUR)
    between = START + 1.5 * HOUR
    assert hops(client, at(between, "/a/")) == (200, at(between, "/first/"), 1)


def test_page_below_the_home_page_is_found_at_its_former_address(client, clock):
    home = live_page("")
    page = live_page("a", home)
    republish(page, slug="b")
    assert hops(client, "/a/") == (200, "/b/", 1)


def test_withdrawn_page_says_why_and_what_takes_its_place(client, clock):
    page, other = live_page("a"), live_page("other", title="The other one")
    below = live_page("below", page)
    withdraw(page, "Replaced by a <better> text.", successor=other)
    for address in ("/a/", "/a/below/"):
        response = client.get(address)
        assert response.status_code == 410
        text = response.content.decode()
        assert "Replaced by a &lt;better&gt; text." in text
        assert 'href="/other/"' in text
        assert "Text of" not in text
    assert below.title not in client.get("/other/").content.decode()


def test_former_address_of_a_withdrawn_page_ends_at_410(client, clock):
    page = live_page("a")
    republish(page, slug="b")
    withdraw(page, "Old.")
    assert hops(client, "/a/") == (410, "/b/", 1)


def test_withdrawn_page_is_there_in_the_past(client, clock):
    page = live_page("a")
    clock.tick(HOUR)
    withdraw(page, "Old.")
    clock.tick(HOUR)
    assert client.get(at(START + HOUR / 2, "/a/")).status_code == 200
    assert client.get(at(START + 1.5 * HOUR, "/a/")).status_code == 410


def test_successor_that_was_withdrawn_too_is_not_linked(client, clock):
    page, other = live_page("a"), live_page("other")
    withdraw(page, "Old.", successor=other)
    withdraw(other, "Old too.")
    assert 'href="/other/"' not in client.get("/a/").content.decode()


def test_erased_page_answers_451_now_and_in_the_past(client, clock):
    page = live_page("a", body="Defamatory words.", title="Slander")
    clock.tick(HOUR)
    erase(Edition.objects.get(thing=page.pk), "Order of the court at Bonn.")
    clock.tick(HOUR)
    for address in ("/a/", at(START + HOUR / 2, "/a/"), at(START + 1.5 * HOUR, "/a/")):
        response = client.get(address)
        assert response.status_code == 451
        assert "Order of the court at Bonn." in response.content.decode()
    for address in (
        "/a/",
        "/a/history/",
        "/a/history/1/",
        "/a/history/2/",
        at(START + HOUR / 2, "/a/history/"),
        "/a/timemap/",
        "/a/index.md",
    ):
        text = client.get(address).content.decode()
        assert "Defamatory" not in text
        assert "Slander" not in text


def test_erased_former_edition_leaves_the_others(client, clock):
    page = live_page("a", body="Defamatory words.")
    clock.tick(HOUR)
    republish(page, body="Fair words.")
    clock.tick(HOUR)
    erase(Edition.objects.get(number=1), "Order.")
    assert "Fair words." in client.get("/a/").content.decode()
    assert client.get(at(START + HOUR / 2, "/a/")).status_code == 451
    assert "Defamatory" not in client.get("/a/history/2/").content.decode()


def test_address_without_its_last_slash_leads_on(client, clock):
    live_page("a")
    assert client.get("/a?x=1")["Location"] == "/a/?x=1"
    assert client.get(at(clock.now, "/a"))["Location"] == at(clock.now, "/a/")


@pytest.mark.parametrize(
    "path",
    [
        "/%00/",
        "/a%00/",
        "/%ff/",
        "/a%0a/",
        "/a/%0d%0a/",
        "/%ed%a0%80/",
        "/a%E2%80%AE/",
        "/%D9%A1/",
        "/A/",
        "/a//",
        "/a/../a/",
        "/a/.",
        "/%C4%B0/",
        "/" + "a/" * 40_000,
        "/" + "a" * 100_000 + "/",
        "/glossary/%00/",
        "/glossary/%C4%B0/",
        "/a/history/" + "9" * 4000 + "/",
        "/a/history/1/%00",
    ],
)
def test_address_that_nothing_can_have_is_not_found(client, clock, path):
    live_page("a")
    assert client.get(path).status_code == 404
    assert client.get("/@2030-03-11" + path).status_code == 404


def test_comparison_with_nonsense_is_no_error(client, clock):
    republish(live_page("a"), body="Second.")
    for against in ("", "x", "9" * 5000, "-1", "٣", "%00", "1&against=2"):
        assert client.get(f"/a/history/2/?against={against}").status_code == 200


@pytest.mark.parametrize("path", ["/%2Fevil.example", "/%5Cevil.example", "/%2F%2Fevil.example/", "/@2030-03-11/%2Fevil.example"])
def test_no_address_leads_to_another_host(client, clock, path):
    live_page("a")
    location = client.get(path).get("Location", "")
    assert not location.startswith(("//", "/\\", "http"))


class TestGlossary:
    def test_moved_term_is_one_hop_away(self, client, clock):
        live_page("glossary")
        term = new_term("Unit")
        publish([term])
        publish([edit(term, slug="cer")])
        assert hops(client, "/glossary/unit/") == (200, "/glossary/cer/", 1)

    def test_withdrawn_term_says_so(self, client, clock):
        term = new_term("Unit", abbreviation="CER", synonyms=["share"])
        publish([term])
        withdraw(term, "No longer used.")
        response = client.get("/glossary/unit/")
        assert response.status_code == 410
        assert "No longer used." in response.content.decode()
        assert client.get("/glossary/unit/history/").status_code == 200

    @pytest.mark.parametrize("step", ["history/", "timemap/"])
    def test_glossary_has_its_own_history_beside_the_terms(self, client, clock, step):
        live_page("glossary")
        assert client.get("/glossary/" + step).status_code == 200

    def test_term_cannot_take_the_address_of_the_history(self, clock):
        with pytest.raises(ValidationError, match="The portal itself uses"):
            new_term("History", slug="history").full_clean()

    def test_two_terms_with_one_abbreviation_are_refused(self, clock):
        publish([new_term("Unit", abbreviation="CER")])
        with pytest.raises(Exception, match="would both have the abbreviation “CER”"):
            publish([new_term("Other", abbreviation="CER")])


def test_former_addresses_of_many_links_cost_as_much_as_one(client, clock):
    for number in range(12):
        republish(live_page(f"p{number}"), slug=f"q{number}")
    costs = []
    for count in (1, 12):
        links = " ".join(f"[{number}](/p{number}/) [nowhere](/x/{number}/)" for number in range(count))
        live_page(f"a{count}", body=links)
        clear_all()
        with CaptureQueriesContext(connection) as queries:
            text = client.get(f"/a{count}/").content.decode()
        assert all(f'href="/q{number}/"' in text for number in range(count))
        assert "/x/" not in text
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_draft_is_never_shown(client, clock):
    new_page("a", body="Secret draft.")
    assert client.get("/a/").status_code == 404
    edit(live_page("b"), body="Secret draft.", title="Secret title", slug="secret")
    for address in ("/b/", "/b/history/", "/b/history/1/", "/b/index.md"):
        assert "ecret" not in client.get(address).content.decode()
    assert client.get("/secret/").status_code == 404
