"""Share links and previews: one draft for whoever holds the link, and nobody else."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from desk import share_links
from publishing.models import SectionGrant, ShareLink
from tests.desk_client import at, author, browser_of, publisher, typed
from tests.record import edit, live_page, new_page, new_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def paul():
    return publisher()


@pytest.fixture
def desk(paul):
    return browser_of(paul)


def test_link_shows_the_draft_in_the_public_page_with_a_banner(desk):
    page = edit(live_page("about", body="Old words."), body="Secret plans.")
    desk.post(at("share", page), {"make": 1, "days": 7})
    link = ShareLink.objects.get()
    assert share_links.address(link) in desk.get(at("share", page)).text
    answer = browser_of().get(share_links.address(link))
    assert answer.status_code == 200
    assert "Secret plans." in answer.text
    assert "Draft, not published." in answer.text
    assert "About this page" not in answer.text
    assert "Address of this page" not in answer.text
    assert "About this page" in browser_of().get("/about/").text
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "noindex" in answer["X-Robots-Tag"]
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert "Set-Cookie" not in answer.headers
    assert "Secret plans." not in browser_of().get("/about/").text


def test_link_works_for_seven_days_by_default(desk):
    page = new_page("about")
    desk.post(at("share", page), {"make": 1, "days": 7})
    days = (ShareLink.objects.get().expires - timezone.now()) / timedelta(days=1)
    assert 6.9 < days <= 7


@pytest.mark.parametrize("days", [0, -1, 91, "x", ""])
def test_link_for_impossible_days_is_refused(desk, days):
    page = new_page("about")
    assert desk.post(at("share", page), {"make": 1, "days": days}).status_code == 200
    assert not ShareLink.objects.exists()


def test_link_dies_when_it_expires_is_closed_or_its_maker_may_no_more(paul, desk):
    page = new_page("about", body="Secret plans.")
    anna = author("anna", page)
    expired, closed, orphaned, inactive = (share_links.make(page, user) for user in (paul, paul, anna, anna))
    addresses = [share_links.address(link) for link in (expired, closed, orphaned)]
    assert all(browser_of().get(address).status_code == 200 for address in addresses)
    ShareLink.objects.filter(pk=expired.pk).update(expires=timezone.now())
    desk.post(at("share", page), {"revoke": closed.pk})
    SectionGrant.objects.filter(user=anna).delete()
    for address in [*addresses, share_links.address(inactive)]:
        answer = browser_of().get(address)
        assert answer.status_code == 404
        assert "Secret" not in answer.text


def test_forged_tokens_open_nothing():
    page, other = new_page("about"), new_page("other")
    link = share_links.make(page, publisher())
    good = share_links.address(link).split("/")[2]
    payload, _colon, signature = good.partition(":")
    tokens = [
        "x",
        ":",
        good[:-1],
        good + "A",
        payload + ":" + signature[::-1],
        share_links.signer.sign_object([link.pk, other.pk]),
        share_links.signer.sign_object("text"),
        signing.dumps([link.pk, page.pk]),
        signing.Signer(salt="other").sign_object([link.pk, page.pk]),
    ]
    for token in tokens:
        assert browser_of().get(f"/shared/{token}/").status_code == 404, token
    assert browser_of().get(f"/shared/{good}/").status_code == 200


def test_link_of_one_page_cannot_be_closed_from_another(desk):
    page, other = new_page("about"), new_page("other")
    link = share_links.make(page, publisher("petra"))
    desk.post(at("share", other), {"revoke": link.pk})
    assert browser_of().get(share_links.address(link)).status_code == 200


def test_link_has_no_past(desk):
    link = share_links.make(new_page("about"), publisher("petra"))
    assert browser_of().get("/@2030-01-01" + share_links.address(link)).status_code == 404


def test_preview_shows_what_is_typed_without_saving_it(desk):
    page = live_page("about", body="Old words.")
    answer = desk.post(at("preview", page), typed(page, body="Words in the making.", title="Working title"))
    assert "Words in the making." in answer.text
    assert "<h1>Working title</h1>" in answer.text
    page.refresh_from_db()
    assert (page.body, page.version) == ("Old words.", 1)


def test_preview_of_a_new_page_stands_where_it_will_stand(desk):
    top = live_page("about", title="About CDM")
    fields = {"title": "Fresh", "slug": "fresh", "parent": top.pk, "body": "New words.", "version": 0, "working_copy": ""}
    answer = desk.post(at("preview_new"), fields)
    assert "New words." in answer.text
    assert "About CDM" in answer.text
    assert desk.get(at("preview_new")).status_code == 405


def test_preview_of_a_text_that_cannot_be_shown_says_why(desk):
    page = new_page("about")
    answer = desk.post(at("preview", page), typed(page, title="", body="[" * 20_000))
    assert answer.status_code == 200
    assert "Close this window" in answer.text


def test_preview_of_home_is_the_home_page(desk):
    home = edit(live_page("", title="CDM Home"), body="Welcome, soon.")
    answer = desk.get(at("preview", home))
    assert "Welcome, soon." in answer.text
    assert answer.templates[0].name == "home.html"


def test_preview_of_a_section_whose_list_an_app_serves(desk):
    page = edit(live_page("glossary", title="Glossary", body="Old words."), body="New words.")
    answer = desk.get(at("preview", page))
    assert "New words." in answer.text
    assert "Old words." not in answer.text


def test_preview_of_a_term(desk):
    term = new_term("Baseline", body="What would **otherwise** happen.")
    answer = desk.get(at("preview", term, kind="term"))
    assert "<strong>otherwise</strong>" in answer.text


def test_preview_is_kept_nowhere(desk):
    answer = desk.get(at("preview", new_page("about")))
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_visitors_cannot_ask_for_a_draft():
    page = edit(live_page("about", body="Old words."), body="Secret plans.")
    for query in ("?draft=1", f"?draft={page.pk}", "?preview=1"):
        assert "Secret" not in browser_of().get("/about/" + query).text
    assert "Secret" not in browser_of().get("/about/", headers={"draft": "1"}).text
