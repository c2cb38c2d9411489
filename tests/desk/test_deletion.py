"""Deletion of what was never published: it names who is writing there, costs nobody their text, and can be undone for 30 days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk import deletion
from pages.models import Page
from publishing.models import DeletedDraft, DraftVersion, SectionGrant, WorkingCopy
from tests.desk_client import administrator, at, author, browser_of, publisher, said, typed
from tests.record import new_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return new_page("fresh", title="Fresh page", body="First text.")


@pytest.fixture
def desk():
    return browser_of(publisher())


@pytest.fixture
def anna(page):
    return browser_of(author("anna", page))


def delete(desk, page):
    return desk.post(at("delete", page), {"post": "yes"}, follow=True)


def undo(client, page):
    return client.post(f"/admin/deleted/{page.pk}/", {"bring_back": "1"}, follow=True)


def test_confirmation_names_who_has_unsaved_text_there(desk, anna, page):
    anna.post(at("working_copy", page), typed(page, body="Anna's text.", slot="a"))
    text = desk.get(at("delete", page)).text
    assert "anna" in text
    assert "30 days" in text
    assert "Anna&#x27;s text" not in text


def test_save_of_what_was_deleted_meanwhile_opens_the_form_of_a_new_one_with_the_text(desk, anna, page):
    """Case L3: her save loses nothing."""
    sent = typed(page, body="Anna's afternoon.", slot="a", parent="")
    delete(desk, page)
    paul_saves = desk.post(at("change", page), sent)
    assert "was deleted by paul" in paul_saves.text
    form = paul_saves.context["adminform"].form
    assert form["body"].value() == "Anna's afternoon."
    assert f'action="{at("add")}"' in paul_saves.text
    again = sent | {"version": form["version"].value(), "slot": paul_saves.context["slot"]}
    assert desk.post(at("add"), again).status_code == 302
    assert Page.objects.get().body == "Anna's afternoon."


def test_autosave_goes_on_after_the_deletion_and_says_so(desk, anna, page):
    delete(desk, page)
    answer = anna.post(at("working_copy", page), typed(page, body="Typed on.", slot="a"), headers={"accept": "application/json"}).json()
    assert answer["stamp"]
    assert "was deleted by paul" in answer["told"]
    kept = WorkingCopy.objects.get()
    assert "Typed on." in anna.get(f"/admin/texts/{kept.pk}/").text
    assert "deleted" in anna.get("/admin/").text


def test_author_whose_section_went_reads_what_was_sent(desk, anna, page):
    """Deleting took her grant along; her text is shown, and the deletion is hers to undo."""
    delete(desk, page)
    response = anna.post(at("change", page), typed(page, body="Anna's afternoon.", slot="a"))
    assert "Anna&#x27;s afternoon." in response.text
    undo(anna, page)
    assert Page.objects.get().pk == page.pk
    assert SectionGrant.objects.get().section_id == page.pk


def test_deletion_is_undone_with_all_versions_and_what_was_typed(desk, anna, page):
    desk.post(at("change", page), typed(page, body="Second text."))
    anna.post(at("working_copy", page), typed(page, body="Anna's text.", slot="a"))
    response = delete(desk, page)
    assert f"/admin/deleted/{page.pk}/" in said(response)[-1]
    assert "Fresh page" in desk.get("/admin/deleted/").text
    assert "Second text." in desk.get(f"/admin/deleted/{page.pk}/").text
    undo(desk, page)
    back = Page.objects.get()
    assert (back.pk, back.key, back.body, back.version) == (page.pk, page.key, "Second text.", 3)
    assert "First text." in desk.get(at("version", page, 1)).text
    assert "Brought back" in desk.get(at("history", page)).text
    assert "text of anna" in anna.get(at("change", page)).text
    assert not DeletedDraft.objects.exists()


def test_page_below_a_deleted_one_comes_back_after_it(desk, page):
    child = new_page("child", page)
    delete(desk, child)
    delete(desk, page)
    assert "bring that back first" in said(undo(desk, child))[-1]
    undo(desk, page)
    undo(desk, child)
    assert Page.objects.get(slug="child").parent_id == page.pk


def test_form_of_what_was_deleted_leads_to_the_bin_and_of_what_never_was_nowhere(desk, page):
    delete(desk, page)
    assert desk.get(at("change", page))["Location"] == f"/admin/deleted/{page.pk}/"
    assert desk.get("/admin/pages/page/999/change/").status_code == 302
    lost = desk.post("/admin/pages/page/999/change/", {"title": "T", "body": "Words."})
    assert (lost.status_code, "Words." in lost.text) == (404, True)


def test_bin_shows_authors_what_lay_within_their_reach(desk, anna, page):
    other = new_page("other", title="Foreign page", body="Foreign.")
    delete(desk, other)
    delete(desk, page)
    text = anna.get("/admin/deleted/").text
    assert ("Fresh page" in text, "Foreign page" in text) == (True, False)
    assert anna.get(f"/admin/deleted/{other.pk}/").status_code == 403
    assert undo(anna, other).status_code == 403
    assert anna.post(f"/admin/deleted/{page.pk}/", {"for_good": "1"}).status_code == 403


def test_after_thirty_days_it_is_gone_and_text_typed_there_is_left(desk, anna, page):
    anna.post(at("working_copy", page), typed(page, body="Anna's text.", slot="a"))
    delete(desk, page)
    DeletedDraft.objects.update(deleted=timezone.now() - timedelta(days=31))
    assert "Fresh page" not in desk.get("/admin/deleted/").text
    assert desk.get(f"/admin/deleted/{page.pk}/").status_code == 404
    deletion.purge()
    assert not DraftVersion.objects.exists()
    assert WorkingCopy.objects.get().thing_id is None


def test_administrator_takes_it_away_for_good(desk, page):
    delete(desk, page)
    browser_of(administrator()).post(f"/admin/deleted/{page.pk}/", {"for_good": "1"})
    assert not DraftVersion.objects.exists()
    assert not DeletedDraft.objects.exists()
