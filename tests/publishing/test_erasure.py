"""Erasing: the text is gone from every place that kept it, and what remains says so."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from pages.models import Page, PageEdition
from publishing.ledger import cancel, erase, erase_all, publish, restore, withdraw
from publishing.models import Action, Edition, WorkingCopy
from tests.record import DAY, HOUR, START, body, edit, live_page, new_term, republish

pytestmark = pytest.mark.django_db
WORDS = "Defamatory words."


def texts():
    """Every text that the tables of pages hold."""
    rows = [*PageEdition.objects.all(), *Page.objects.all()]
    return " ".join(f"{row.title} {row.menu_title} {row.summary} {row.body}" for row in rows)


def newest(page):
    return Edition.objects.filter(thing=page.pk).last()


def test_live_text_is_blanked_and_a_row_says_so(clock):
    page = live_page("a", body=WORDS)
    mark = erase(newest(page), "Order of the court.", author="anna")
    assert (mark.number, mark.action, mark.erases_id, mark.reason, mark.author) == (2, Action.ERASE, 1, "Order of the court.", "anna")
    assert body(page, clock.now) is None
    assert WORDS not in texts()
    assert (Edition.objects.get(number=1).live_to, mark.live_to) == (mark.live_from, None)


def test_erased_page_can_be_published_again_with_another_text(clock):
    page = live_page("a", body=WORDS)
    erase(newest(page), "Order.")
    republish(Page.objects.get(), title="A", body="Fair words.")
    assert body(page, clock.now) == "Fair words."


def test_former_text_is_blanked_and_the_live_one_stays(clock):
    page = live_page("a", body=WORDS)
    republish(page, body="Fair words.")
    mark = erase(Edition.objects.get(number=1), "Order.")
    assert mark.live_to == mark.live_from
    assert WORDS not in texts()
    assert body(page, clock.now) == "Fair words."
    assert Page.objects.get().title == "A"


def test_text_of_a_withdrawn_page_is_blanked(clock):
    page = live_page("a", body=WORDS)
    withdraw(page, "Old.")
    erase(Edition.objects.get(number=1), "Order.")
    assert WORDS not in texts()
    assert newest(page).action == Action.ERASE
    assert [e.action for e in Edition.objects.in_force(clock.now)] == [Action.WITHDRAW]


def test_text_that_was_cancelled_before_it_came_is_blanked(clock):
    page = live_page("a")
    scheduled = republish(page, START + DAY, body=WORDS)
    cancel(scheduled)
    edit(page, body="Text of a.")
    erase(scheduled, "Order.")
    assert WORDS not in texts()
    assert body(page, clock.now) == "Text of a."


def test_copies_that_cancelling_made_are_blanked_with_it(clock):
    page = live_page("a", body=WORDS)
    before = clock.now
    cancel(republish(page, START + DAY, title="Tomorrow"))
    assert Edition.objects.count() == 3
    erase(newest(page), "Order.")
    assert WORDS not in " ".join(PageEdition.objects.exclude(number=2).values_list("body", flat=True))
    assert body(page, before) is None


def test_text_that_is_scheduled_must_be_cancelled_first(clock):
    page = live_page("a", body=WORDS)
    republish(page, body="Fair words.")
    republish(page, START + DAY, body=WORDS)
    with pytest.raises(ValidationError, match="Edition 3 with this text is scheduled from 11 March 2030 17:07 UTC: cancel it first"):
        erase(Edition.objects.get(number=1), "Order.")
    with pytest.raises(ValidationError, match="cancel it first"):
        erase(Edition.objects.get(number=3), "Order.")


def test_other_text_that_is_scheduled_still_comes(clock):
    page = live_page("a", body=WORDS)
    republish(page, START + DAY, body="Fair words.")
    erase(Edition.objects.get(number=1), "Order.")
    assert (body(page, clock.now), body(page, START + DAY)) == (None, "Fair words.")


def test_draft_with_the_text_is_blanked_and_its_open_forms_are_told(clock):
    page = live_page("a", body=WORDS)
    version = Page.objects.get().version
    erase(newest(page), "Order.")
    draft = Page.objects.get()
    assert (draft.body, draft.title, draft.slug) == ("", "", "a")
    assert draft.version == version + 1


def test_draft_with_another_text_is_left_alone(clock):
    page = live_page("a", body=WORDS)
    edit(page, title="Other", body="Fair words.")
    erase(newest(page), "Order.")
    assert (Page.objects.get().title, Page.objects.get().body) == ("Other", "Fair words.")


def test_unsaved_copies_of_the_text_are_blanked(clock):
    page = live_page("a", body="Two\nlines.")
    user = User.objects.create_user("ann")
    fields = {"body": ["Two\r\nlines.\r\n"], "title": ["Mine"]}
    WorkingCopy.objects.create(kind="page", thing=page, user=user, fields=fields)
    erase(newest(page), "Order.")
    assert WorkingCopy.objects.get().fields == {"body": [""], "title": ["Mine"]}


def test_erased_text_cannot_be_restored_nor_erased_again(clock):
    page = live_page("a", body=WORDS)
    erase(newest(page), "Order.")
    for refused in (restore, lambda edition: erase(edition, "Again.")):
        for number in (1, 2):
            with pytest.raises(ValidationError):
                refused(Edition.objects.get(number=number))


def test_several_texts_of_a_page_are_erased_together(clock):
    page = live_page("a", body=WORDS)
    republish(page, body=f"More {WORDS}")
    republish(page, body="Fair words.")
    marks = erase_all(Edition.objects.filter(number__lte=2), "Order.")
    assert sorted(marks) == [1, 2]
    assert WORDS not in texts()
    assert body(page, clock.now) == "Fair words."


def test_lists_become_empty_lists(clock):
    term = new_term("Unit", synonyms=["slur"], abbreviation="U")
    publish([term])
    erase(Edition.objects.get(), "Order.")
    term.refresh_from_db()
    assert (term.synonyms, term.abbreviation, term.name) == ([], "", "")


@pytest.mark.parametrize("number", [1, 2])
def test_word_is_found_nowhere_in_public(client, clock, number):
    page = live_page("a", body="Unusualword.", title="Unusualtitle", summary="Unusualsummary")
    clock.tick(HOUR)
    republish(page, body="Unusualword and more.")
    live_page("b", body="[x](/a/)")
    clock.tick(HOUR)
    client.get("/a/")
    for edition in (1, 2):
        if edition != number:
            erase(Edition.objects.get(number=edition), "Order.")
    erase(Edition.objects.get(number=number), "Order.")
    clock.tick(HOUR)
    addresses = [f"/a/{part}" for part in ("", "history/", "history/1/", "history/2/", "history/2/?against=1", "timemap/", "index.md")]
    addresses += ["/", "/b/", "/sitemap.xml", "/llms.txt"]
    for address in addresses:
        for prefix in ("", "/@2030-03-10T17:30", "/@2030-03-10T18:30"):
            assert "Unusual" not in client.get(prefix + address).content.decode()


def test_restored_text_is_a_draft_until_it_is_published(clock):
    page = live_page("a", body="First.")
    republish(page, body="Second.")
    draft = restore(Edition.objects.get(number=1))
    assert (draft.body, body(page, clock.now)) == ("First.", "Second.")
    assert draft.version == 2
    publish([draft])
    assert body(page, clock.now) == "First."
