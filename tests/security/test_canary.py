"""A word in every state that is not live, in every kind: nobody finds it who may not, wherever they look."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from publishing import kinds, ledger, sharing
from publishing.ledger import OnPending
from tests.desk import HOST, author, browser_of, publisher
from tests.security.addresses import STARTS, links_in
from tests.security.xss.things import DESK, LISTS, Planter

pytestmark = pytest.mark.django_db
STATES = ("draft", "scheduled", "erased", "shared")
BELOW = ("", "history/", "index.md", "timemap/", "preview/")
ALL_DESK = (*DESK, "change", "delete", "cancel", "working_copy", "discard", "links")
READABLE = (
    "text/",
    "application/atom",
    "application/rss",
    "application/xml",
    "application/json",
    "application/feed+json",
    "application/link",
)


def word(state):
    return f"canary{state}zz"


@pytest.fixture
def planted(settings, tmp_path):
    """(drafts by state, moments to try, address of the share link)."""
    settings.MEDIA_ROOT = tmp_path
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    planter, number, drafts = Planter("canary"), 1, {state: [] for state in STATES}
    planter.plant(0, "Ordinary words")
    for state in STATES:
        for kind in planter.ordered():
            number += 1
            made = planter.draft(kind, number, f"{word(state)} {number}")
            if hasattr(made, "slug"):
                made.slug = f"{word(state)}-{number}"
                made.save()
            drafts[state].append(made)
    for made in drafts["scheduled"]:
        ledger.publish([made], timezone.now() + timedelta(days=2), on_pending=OnPending.DROP, note=word("scheduled"))
    for made in drafts["erased"]:
        (edition,) = ledger.publish([made])
        ledger.erase(edition, "By order of a court.")
    link = sharing.make(drafts["shared"][0], User.objects.create_superuser("owner"))
    return drafts, sharing.address(link)


def guesses(drafts):
    """Addresses that lead to what is not public, if they lead anywhere: all that a person could work out."""
    later = f"/@{timezone.now() + timedelta(days=3):%Y-%m-%d}"
    for state, made in drafts.items():
        for draft in made:
            slug = getattr(draft, "slug", "")
            for above in ("/", "/news/2026/03/10/", "/documents/", "/glossary/", "/audio/", "/newsletters/"):
                for below in BELOW:
                    yield f"{above}{slug}/{below}"
                    yield f"{later}{above}{slug}/{below}"
        for query in (word(state), word(state)[:6], f'"{word(state)}"'):
            for pattern in (
                "/search/?q={}",
                "/search/?q={}&format=json",
                "/search/?q={}&format=atom",
                "/quickfinder/?q={}",
                "/quickfinder/suggestions/?q={}",
                "/documents/?q={}",
            ):
                yield pattern.format(query)
                yield later + pattern.format(query)
    for address in (*LISTS, *STARTS):
        yield address
        yield later + address


def text_of(answer):
    return answer.getvalue().decode("utf-8", "replace") if answer.get("Content-Type", "").startswith(READABLE) else ""


def told(answer, asked):
    """What an answer says beyond repeating the question."""
    return re.sub(re.escape(asked.rpartition("q=")[2].partition("&")[0]) if "q=" in asked else "\\Z(?!)", "", text_of(answer))


def leaks(client, addresses, follow=True, words=STATES):
    """(address, state) of every answer in which a word stands that was not in the question."""
    waiting, seen, found = list(addresses), set(), []
    while waiting and len(seen) < 4000:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        body = "" if word_in(address) and answer.status_code == 404 else told(answer, address)
        for state in words:
            asked_for = word_in(address)
            if (f"{word(state)} " if asked_for else word(state)) in body and (not asked_for or answer.status_code == 200):
                found.append((address, state))
        if follow and answer.status_code == 200:
            waiting += [
                link
                for link in links_in(body, "http://localhost" + address)
                if not link.startswith(("/admin", "/static")) and "/@" not in link
            ]
    assert len(seen) > 50
    return found


def word_in(address):
    return "canary" in address


def test_visitors_find_no_word_that_is_not_live(planted):
    drafts, _ = planted
    found = leaks(Client(headers=HOST), guesses(drafts))
    assert not found, found[:20]


def test_crawl_finds_what_is_live(planted):
    """Otherwise a crawl that reads nothing would find nothing."""
    planter = Planter("other")
    planter.plant(77, word("live"))
    found = leaks(Client(headers=HOST), guesses({}), words=("live",))
    reached = {address.split("?")[0] for address, _ in found}
    assert {"/news/", "/documents/", "/glossary/", "/sitemap.xml"} & reached or len(reached) > 10, reached


def desk_addresses(drafts):
    for made in drafts.values():
        for draft in made:
            names = f"admin:{draft._meta.app_label}_{draft._meta.model_name}"
            for view in ALL_DESK:
                try:
                    yield reverse(f"{names}_{view}", args=[draft.pk])
                except NoReverseMatch:
                    continue
    for kind in kinds.every():
        try:
            yield reverse(f"admin:{kind.draft._meta.app_label}_{kind.draft._meta.model_name}_changelist")
        except NoReverseMatch:
            continue


def test_visitors_read_nothing_at_the_desk(planted):
    drafts, _ = planted
    client = Client(headers=HOST)
    for address in desk_addresses(drafts):
        answer = client.get(address)
        assert answer.status_code in {302, 403, 404, 405}, address
        assert "canary" not in text_of(answer).replace(address, "")


def test_author_of_another_section_reads_no_foreign_draft(planted):
    drafts, _ = planted
    own = Planter("own").plant(99, "Own words") or drafts
    page = kinds.get("page").draft.objects.latest("pk")
    desk = browser_of(author("anna", page))
    assert own is not None
    for address in desk_addresses(drafts):
        answer = desk.get(address)
        for state in STATES:
            assert word(state) not in text_of(answer), (address, answer.status_code)


def test_publisher_reads_every_draft(planted):
    """The same addresses, to show that the words are there."""
    drafts, _ = planted
    desk = browser_of(publisher())
    read = {state for address in desk_addresses(drafts) for state in STATES if word(state) in text_of(desk.get(address))}
    assert read == set(STATES)


def test_share_link_opens_its_draft_and_no_other(planted):
    drafts, address = planted
    visitor = Client(headers=HOST)
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert word("shared") in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer.get("X-Robots-Tag", "") + text_of(answer)
    others = [word(state) for state in STATES if state != "shared"]
    assert not [other for other in others if other in text_of(answer)]
    token = address.strip("/").rpartition("/")[2]
    for forged in (
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.replace(":", ";"),
        "x",
        token + "x",
        token.upper(),
        token.partition(":")[0],
    ):
        assert visitor.get(f"/shared/{forged}/").status_code == 404, forged
    for elsewhere in (f"/about/?token={token}", f"{drafts['shared'][1].pk}/{token}/", f"/@2030-01-01{address}"):
        assert word("shared") not in text_of(visitor.get(elsewhere))
