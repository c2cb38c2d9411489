"""Buttons pressed twice, pages gone back to, and forms about what has changed or gone since they were opened."""

import re

import pytest

from desk.action_forms import state_seen
from pages.models import Page, PageEdition
from publishing.ledger import publish
from publishing.models import Edition, WorkingCopy
from tests.desk_client import administrator, at, author, browser_of, publisher, said, typed
from tests.record import DAY, edit, live_page, new_page, paths, republish

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def desk(clock):
    return browser_of(publisher())


def sent(page, **values):
    return {"when": "now", "seen": state_seen([page])} | values


def new_form(desk, **changes):
    return {"title": "Fresh", "slug": "fresh", "body": "Text.", "version": 0, "slot": desk.get(at("add")).context["slot"]} | changes


def test_form_of_a_new_thing_sent_twice_makes_one(desk):
    form = new_form(desk)
    first, second = (desk.post(at("add"), form) for _ in range(2))
    assert first["Location"] == second["Location"] == at("change", Page.objects.get())
    published = desk.post(at("add"), form | {"_publish": "1"})
    assert published["Location"] == at("publish", Page.objects.get())


def test_another_text_from_the_same_form_or_the_same_text_from_another_makes_another(desk):
    form = new_form(desk)
    for changes in ({}, {"body": "Another text."}, {"slot": "other"}):
        desk.post(at("add"), form | changes)
    assert Page.objects.count() == 3


def test_draft_deleted_twice_or_gone_back_to_is_found_in_the_bin():
    desk, page = browser_of(publisher()), new_page("fresh", title="Fresh page")
    desk.post(at("delete", page), {"post": "yes"})
    for answer in (desk.post(at("delete", page), {"post": "yes"}, follow=True), desk.get(at("delete", page), follow=True)):
        assert answer.request["PATH_INFO"] == f"/admin/deleted/{page.pk}/"
        assert said(answer)[-1] == "“Fresh page” was deleted by paul."
    assert browser_of(author("axel", kind="term")).get(at("delete", page)).status_code == 403


def test_draft_brought_back_twice_is_opened():
    desk, page = browser_of(publisher()), new_page("fresh")
    desk.post(at("delete", page), {"post": "yes"})
    bin_page = f"/admin/deleted/{page.pk}/"
    desk.post(bin_page, {"bring_back": "1"})
    for answer in (desk.post(bin_page, {"bring_back": "1"}, follow=True), desk.get(bin_page, follow=True)):
        assert answer.request["PATH_INFO"] == at("change", page)
        assert "brought back already" in said(answer)[-1]
    assert browser_of(author("axel", kind="term")).get(bin_page).status_code == 404


def test_draft_taken_away_for_good_twice_leads_to_the_bin(clock):
    ada, page = browser_of(administrator()), new_page("fresh")
    ada.post(at("delete", page), {"post": "yes"})
    for _ in range(2):
        answer = ada.post(f"/admin/deleted/{page.pk}/", {"for_good": "1"}, follow=True)
        assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/admin/deleted/")
    assert "nothing has been done" in said(answer)[-1]


def test_edition_restored_twice_is_said_to_be_there(desk):
    page = edit(live_page("about", body="First."), body="Second.")
    number, form = Edition.objects.get().number, {"version": page.version}
    for _ in range(2):
        answer = desk.post(at("restore", page, number), form, follow=True)
        assert answer.request["PATH_INFO"] == at("change", page)
        assert f"holds edition {number} again" in said(answer)[0]
    assert Page.objects.get().version == page.version + 1


def test_words_typed_into_a_form_that_came_too_late_stay_in_it(desk):
    """The public note and the reason of one are not lost because another was quicker; a second press of the button asks nothing."""
    page = new_page("about")
    form = sent(page, note="A note of an hour.")
    publish([page], author="petra", note="Hers.")
    answer = desk.post(at("publish", page), form)
    assert "Nothing is recorded yet: edition 1, by petra" in answer.text
    assert answer.context["form"]["note"].value() == "A note of an hour."
    assert Edition.objects.count() == 1
    form = sent(page, reason="My reason.")
    republish(page, note="Hers.")
    answer = desk.post(at("withdraw", page), form)
    assert answer.context["form"]["reason"].value() == "My reason."
    form = sent(page, reason="My reason.", note="My note.")
    assert [desk.post(at("withdraw", page), form).status_code for _ in range(2)] == [302, 302]
    assert Edition.objects.count() == 3


def test_words_of_a_form_about_what_is_gone_are_shown(desk):
    page = new_page("about")
    form = sent(page, note="A note of an hour.")
    desk.post(at("delete", page), {"post": "yes"})
    for address in (at("publish", page), f"{at('publish_chosen')}?thing={page.pk}"):
        answer = desk.post(address, form)
        assert (answer.status_code, "A note of an hour." in answer.text) == (404, True)
        assert form["seen"] not in answer.text


def test_reason_of_an_erasure_that_came_too_late_is_shown(clock):
    ada, page = browser_of(administrator()), live_page("about")
    form = {"editions": [Edition.objects.get().number], "reason": "An order of the court."}
    ada.post(at("erase", page), form)
    answer = ada.post(at("erase", page), form | {"reason": "Another order."})
    assert "no text to erase any more" in answer.text
    assert "Another order." in answer.text


def test_two_editions_for_one_minute_are_not_both_kept(desk, clock):
    """The earlier one, kept, would hide the later one at once, under the words that this is published then."""
    page, moment = live_page("about"), (clock.now + DAY).replace(second=0, microsecond=0)
    republish(page, moment, title="The earlier")
    edit(page, title="The later")
    when = {"when": "later", "at": f"{moment:%Y-%m-%dT%H:%M}"}
    answer = desk.post(at("publish", page), sent(page, on_pending="keep", note="My note.", **when))
    assert "for that very time" in answer.text
    assert "My note." in answer.text
    assert paths(moment) == {"/about/": "The earlier"}
    desk.post(at("publish", page), sent(page, on_pending="drop", **when))
    assert paths(moment) == {"/about/": "The later"}


@pytest.mark.parametrize(
    ("typed_time", "recorded"),
    [("2030-04-01T10:00+05:00", "2030-04-01 05:00"), ("2030-04-01T10:00Z", "2030-04-01 10:00"), ("2030-04-01 10:00", "2030-04-01 10:00")],
)
def test_time_with_an_offset_is_told_as_it_is_recorded(desk, typed_time, recorded):
    page = new_page("about")
    answer = desk.post(at("publish", page), sent(page, when="later", at=typed_time), follow=True)
    assert f"{PageEdition.objects.get().live_from:%Y-%m-%d %H:%M}" == recorded
    assert f"from 01 April 2030 {recorded[-5:]} UTC on" in said(answer)[0]


@pytest.mark.parametrize("typed_time", ["9999-12-31T23:59-05:00", "0001-01-01T00:00+05:00"])
def test_time_beyond_all_years_is_refused(desk, typed_time):
    page = new_page("about")
    answer = desk.post(at("publish", page), sent(page, when="later", at=typed_time, note="My note."))
    assert (answer.status_code, "My note." in answer.text) == (200, True)
    assert not Edition.objects.exists()


def test_cancelling_takes_nothing_that_was_scheduled_since_the_page_was_opened(desk, clock):
    page = live_page("about")
    republish(page, clock.now + DAY, title="Tomorrow")
    seen = re.findall(r'name="edition" value="(\d+)"', desk.get(at("change", page)).text)
    republish(page, clock.now + DAY, title="Another's")
    answer = desk.post(at("cancel", page), {"edition": seen}, follow=True)
    assert "Nothing is cancelled" in said(answer)[0]
    assert paths(clock.now + 2 * DAY) == {"/about/": "Another's"}
    seen = re.findall(r'name="edition" value="(\d+)"', answer.text)
    assert "Nothing is scheduled" in said(desk.post(at("cancel", page), {"edition": seen}, follow=True))[0]
    assert "Nothing was scheduled" in said(desk.post(at("cancel", page), {"edition": seen}, follow=True))[0]


def test_text_typed_on_since_it_was_offered_is_not_said_to_be_discarded(desk, clock):
    page = new_page("about")
    stamp = desk.post(at("working_copy", page), typed(page, body="Begun.", slot="a"), headers=JSON).json()["stamp"]
    clock.tick()
    desk.post(at("working_copy", page), typed(page, body="Gone on.", slot="a", working_copy=stamp), headers=JSON)
    answer = desk.post(at("discard", page), {"slot": "a", "working_copy": stamp}, follow=True)
    assert "so it stays" in said(answer)[0]
    assert WorkingCopy.objects.get().discarded is None
    form = {"slot": "a", "working_copy": WorkingCopy.objects.get().saved.isoformat()}
    assert ["is discarded" in said(desk.post(at("discard", page), form, follow=True))[0] for _ in range(2)] == [True, True]


def test_list_sought_by_a_long_number_leads_on(desk):
    number = "1234567890123456789012"
    assert f"%3D{number}" in desk.get(f"{at('changelist')}?q={number}").text
    assert desk.get(f"{at('add')}?_changelist_filters=q%3D{number}").status_code == 200


def test_version_below_what_is_gone_is_taken_back_where_the_draft_is(desk):
    """Once refused: “Thing instance with id 396 is not a valid choice.”"""
    above = new_page("above")
    page = new_page("below", above, body="First.")
    desk.post(at("change", page), typed(page, parent="", body="Second."))
    desk.post(at("delete", above), {"post": "yes"})
    answer = desk.post(at("take_back", page, 1), {"version": 2}, follow=True)
    page.refresh_from_db()
    assert (page.body, page.parent_id) == ("First.", None)
    assert "what it named is gone: page above" in said(answer)[-1]
