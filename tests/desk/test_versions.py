"""Every save of a draft is kept: opened, compared, taken back, listed; equal saves make no version; erasure reaches them."""

from random import Random

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.models import Page
from publishing import draft_versions
from publishing.ledger import erase, publish
from publishing.models import DraftVersion, Edition, How
from tests.desk_client import administrator, at, author, browser_of, publisher, said, typed
from tests.record import HOUR, clock, edit, live_page, new_page, new_term, republish

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return browser_of(publisher())


def save(client, page, **changes):
    page.refresh_from_db()
    return client.post(at("change", page), typed(page, **changes))


def texts(page):
    return [draft_versions.open_version(Page, page.pk, v.number)[1].body for v in page.draft_versions.order_by("number")]


def test_each_save_is_a_version_under_its_name_and_the_state_before_the_first_too(desk):
    page = new_page("about", body="Before.")
    petra = browser_of(publisher("petra"))
    save(desk, page, body="One.")
    save(petra, page, body="Two.", title="New title")
    assert texts(page) == ["Before.", "One.", "Two."]
    kept = list(draft_versions.for_thing(page.pk))
    assert [(v.number, v.author, v.how) for v in kept] == [(3, "petra", How.SAVE), (2, "paul", How.SAVE), (1, "", How.FOUND)]
    assert set(kept[0].changed) == {"title", "body"}
    page.refresh_from_db()
    assert page.version == 3


def test_new_thing_has_its_first_version_at_once(desk):
    desk.post(at("add"), {"title": "Fresh", "slug": "fresh", "body": "B.", "version": 0, "working_copy": ""})
    page = Page.objects.get()
    assert [(v.number, v.author) for v in draft_versions.for_thing(page.pk)] == [(1, "paul")]


def test_equal_saves_make_no_version(desk):
    page = new_page("about")
    save(desk, page, body="One.")
    save(desk, page, body="One.\r\n")
    page.save_if_unchanged(page.version)
    assert DraftVersion.objects.count() == 2


def test_state_written_past_the_desk_is_kept_before_it_is_written_over(desk):
    page = new_page("about", body="One.")
    save(desk, page, body="Two.")
    edit(Page.objects.get(), body="Written by a script.")
    save(desk, page, body="Three.")
    assert texts(page) == ["One.", "Two.", "Written by a script.", "Three."]


def test_draft_from_before_versions_keeps_who_saved_it_last(desk):
    page = new_page("about", body="Anna's text.")
    anna = author("anna", page)
    LogEntry.objects.log_actions(anna.pk, [page], 2, "Changed", single_object=True)
    save(desk, page, body="Paul's text.")
    assert draft_versions.for_thing(page.pk).get(number=1).author == "anna"


def test_version_is_opened_to_read_and_taken_back_as_a_new_one(desk):
    page = new_page("about", body="One.")
    save(browser_of(publisher("petra")), page, body="Two, by Petra.")
    save(desk, page, body="Three.")
    assert "Two, by Petra." in desk.get(at("version", page, 2)).text
    look = desk.get(at("take_back", page, 2))
    assert "<ins>" in look.text
    assert "paul" in look.text, "it says whose text goes"
    response = desk.post(at("take_back", page, 2), {"version": 3}, follow=True)
    page.refresh_from_db()
    assert (page.body, page.version) == ("Two, by Petra.", 4)
    assert "saved by paul, is kept as version 3" in said(response)[-1]
    newest = draft_versions.for_thing(page.pk).first()
    assert (newest.how, newest.origin, newest.author) == (How.TAKE_BACK, 2, "paul")
    assert "Took back version 2" in desk.get(at("history", page)).text


def test_version_is_not_taken_back_over_what_was_saved_meanwhile(desk):
    page = new_page("about", body="One.")
    save(desk, page, body="Two.")
    save(browser_of(publisher("petra")), page, body="Three.")
    response = desk.post(at("take_back", page, 1), {"version": 2})
    page.refresh_from_db()
    assert page.body == "Three."
    assert "saved after you opened this form" in said(response)[-1]


def test_restore_of_an_edition_stands_in_the_history_under_who_did_it_and_loses_nothing(desk):
    """Case L1: what the first editor saved stays where everybody finds it, whatever the second does."""
    page = live_page("about", body="Live.")
    anna = browser_of(author("anna", page))
    save(anna, page, body="Anna's afternoon.")
    page.refresh_from_db()
    response = desk.post(at("restore", page, 1), {"version": page.version}, follow=True)
    assert "saved by anna, is kept as version 2" in said(response)[-1]
    assert "You typed something here" not in response.text
    assert "Edition 1 restored" in response.text
    history = anna.get(at("history", page)).text
    assert "Restored edition 1." in history
    anna.post(at("take_back", page, 2), {"version": 3})
    page.refresh_from_db()
    assert page.body == "Anna's afternoon."


def test_any_two_versions_and_editions_are_compared(desk):
    page = live_page("about", body="One word.")
    save(desk, page, body="Two words.")
    save(desk, page, body="Three words.")
    found = desk.get(at("difference", page), {"from": "version-2", "to": "version-3"}).text
    assert "<del>Two</del>" in found
    assert "<ins>Three</ins>" in found
    assert "<ins>Three words</ins>" in desk.get(at("difference", page), {"from": "edition-1", "to": "version-3"}).text
    assert "<del>Three words</del>" in desk.get(at("difference", page), {"from": "version-3", "to": "edition-1"}).text
    assert desk.get(at("difference", page)).status_code == 200
    for wrong in ("version-9", "edition-9", "x", "version-99999999999", "version-1'"):
        assert desk.get(at("difference", page), {"from": wrong}).status_code == 404


def test_history_lists_versions_without_their_texts_in_pages(desk):
    page = new_page("about", body="0")
    for number in range(1, 60):
        page.body = str(number)
        page.save_if_unchanged(page.version)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        first = desk.get(at("history", page))
    assert not [query for query in queries if 'draftversion"."body"' in query["sql"]]
    assert [version.number for version in first.context["versions"]] == list(range(60, 10, -1))
    older = desk.get(at("history", page), {"before": first.context["older"]})
    assert [version.number for version in older.context["versions"]] == list(range(10, 0, -1))


def test_author_reads_and_takes_back_versions_within_reach_only(desk):
    page, other = new_page("about"), new_page("other", body="Foreign.")
    save(desk, other, body="Foreign, again.")
    anna = browser_of(author("anna", page))
    for view in ("version", "take_back"):
        assert anna.get(at(view, other, 1)).status_code == 403
    assert anna.get(at("difference", other)).status_code == 403
    assert anna.get(at("version", page, 1)).status_code == 404
    assert desk.get(at("version", page, 2)).status_code == 404, "a version of another thing"


def test_take_back_does_not_move_a_page_out_of_an_authors_reach(desk):
    mine, other = new_page("mine"), new_page("other")
    page = new_page("about", other)
    save(desk, page, parent=mine.pk)
    anna = browser_of(author("anna", mine))
    response = anna.post(at("take_back", page, 1), {"version": 2})
    page.refresh_from_db()
    assert page.parent_id == mine.pk
    assert "within the sections given to you" in said(response)[-1]


def test_lists_dates_and_flags_come_back_as_they_were():
    term = new_term("Unit", synonyms=["one", "two"])
    term.synonyms = []
    term.save_if_unchanged(1, how=How.SAVE)
    assert draft_versions.open_version(type(term), term.pk, 1)[1].content() == term.content() | {"synonyms": ["one", "two"]}


def test_any_text_comes_back_to_the_letter():
    """Deltas of random edits: lines added, taken, doubled, changed, empty ones, other scripts."""
    chance, page = Random(11), new_page("about", body="")
    lines, saved = [f"Line {n} " + "word " * 20 for n in range(40)], []
    for number in range(60):
        place = chance.randrange(len(lines))
        lines[place : place + chance.choice([0, 1, 3])] = chance.choice([[], [""], [f"New {number} ü 排放"], [lines[0]] * 2])
        lines = lines or ["x"]
        page.body = "\n".join(lines) if number % 17 else "short"
        page.save_if_unchanged(page.version)
        if not saved or saved[-1] != page.body:
            saved.append(page.body)
    assert texts(page) == ["", *saved]
    wholes = page.draft_versions.filter(is_whole=True).count()
    assert 2 <= wholes <= 4


def test_hundred_saves_of_a_long_text_take_little_room():
    chance, words = Random(5), "project activity methodology issuance baseline emission monitoring verification".split()
    paragraphs = [" ".join(chance.choices(words, k=60)) for _ in range(160)]
    page = new_page("about", body="\n\n".join(paragraphs))
    for _ in range(100):
        paragraphs[chance.randrange(160)] = " ".join(chance.choices(words, k=60))
        page.body = "\n\n".join(paragraphs)
        page.save_if_unchanged(page.version)
    room = sum(len(bytes(body)) for body in page.draft_versions.values_list("body", flat=True))
    assert room < 400_000, "100 whole texts are 8 MB"


def test_erased_text_goes_from_the_versions_that_hold_it_or_led_to_it(clock, desk):
    page = new_page("about", body="Draft of the defamatory words.")
    save(desk, page, body="Defamatory words.")
    page.refresh_from_db()
    publish([page])
    clock.tick(HOUR)
    save(desk, page, body="Fair words.")
    republish(Page.objects.get(), body="Fair words.")
    erase(Edition.objects.get(number=1), "Order.")
    assert texts(page) == ["", "", "Fair words."]
    assert "defamatory" not in " ".join(desk.get(at("version", page, n)).text.lower() for n in (1, 2, 3))
    save(desk, page, body="Fair words, again.")
    assert texts(page)[-2:] == ["Fair words.", "Fair words, again."]


def test_erasure_that_empties_the_draft_empties_all_versions(clock):
    page, ada = live_page("about", body="Secret text."), browser_of(administrator())
    save(ada, page, body="Secret text in other words.")
    ada.post(at("erase", page), {"editions": [1], "reason": "A court order.", "draft": "on"})
    assert set(texts(page)) == {""}
    assert not LogEntry.objects.exclude(object_repr=page.reference).exists()
