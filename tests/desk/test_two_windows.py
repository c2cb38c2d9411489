"""One person with two windows, two people in one page, sessions and rights that end while somebody writes."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from desk import autosave
from pages.models import Page
from publishing.ledger import publish
from publishing.models import Edition, SectionGrant, WorkingCopy
from tests.desk.test_resubmission import hidden_fields, log_in, strict_browser
from tests.desk_client import PASSWORD, at, author, browser_of, publisher, typed
from tests.record import edit, live_page, new_page, new_term

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def paul():
    return publisher()


@pytest.fixture
def desk(paul):
    return browser_of(paul)


def kept(client, page, **changes):
    return client.post(at("working_copy", page), typed(page, **changes), headers=JSON)


def test_two_windows_on_one_page_keep_two_texts(desk):
    """Case L2."""
    page = new_page("about")
    slots = [desk.get(at("change", page)).context["slot"] for _ in range(2)]
    assert len(set(slots)) == 2
    stamps = [kept(desk, page, body=f"Window {n}.", slot=slot).json()["stamp"] for n, slot in enumerate(slots)]
    desk.post(at("change", page), typed(page, body="Window 0.", slot=slots[0], working_copy=stamps[0]))
    assert [copy.fields["body"] for copy in WorkingCopy.objects.all()] == [["Window 1."]]
    offered = desk.get(at("change", page))
    assert len(offered.context["offers"]) == 1
    assert "text of paul" in offered.text
    used = desk.get(at("change", page) + f"?copy={WorkingCopy.objects.get().pk}")
    assert used.context["adminform"].form["body"].value() == "Window 1."
    assert (used.context["slot"], used.context["offers"]) == (slots[1], [])


def test_two_new_pages_at_once_keep_two_texts(desk):
    fields = {"title": "Fresh", "slug": "", "version": 0, "working_copy": ""}
    for slot in ("one", "two"):
        assert desk.post(at("working_copy_new"), fields | {"body": slot, "slot": slot}).status_code == 200
    desk.post(at("add"), fields | {"body": "one", "slot": "one"})
    assert [copy.fields["body"] for copy in WorkingCopy.objects.all()] == [["two"]]
    assert len(desk.get(at("add")).context["offers"]) == 1


def test_text_that_is_saved_already_is_offered_by_no_other_window(desk):
    """Two offers at once for one text."""
    page = new_page("about")
    for slot in ("one", "two"):
        kept(desk, page, body="Same text.", slot=slot)
    desk.post(at("change", page), typed(page, body="Same text.", slot="one"))
    assert not WorkingCopy.objects.exists()


def test_doubled_window_is_told_that_its_slot_is_taken(desk):
    page = new_page("about")
    kept(desk, page, body="One.", slot="same")
    answer = kept(desk, page, body="Two.", slot="same")
    assert (answer.status_code, answer.json()["taken"]) == (409, True)


def test_text_that_a_browser_has_left_over_is_kept_unless_it_is_saved(desk):
    page = new_page("about")
    desk.post(at("change", page), typed(page, body="Saved.", slot="one"))
    desk.post(at("change", page), typed(page, body="Saved later.", slot="two", version=2))
    assert kept(desk, page, body="Saved.", slot="one", leftover="1").json() == {"saved": True}
    assert kept(desk, page, body="Typed after going back.", slot="one", leftover="1").json()["stamp"]


def test_discarded_text_can_be_brought_back(desk):
    page = new_page("about")
    stamp = kept(desk, page, body="Discarded in haste.", slot="one").json()["stamp"]
    desk.post(at("discard", page), {"slot": "one", "working_copy": stamp})
    assert not desk.get(at("change", page)).context["offers"]
    copy = WorkingCopy.objects.get()
    assert f"/admin/texts/{copy.pk}/" in desk.get("/admin/texts/").text
    assert "Discarded in haste." in desk.get(f"/admin/texts/{copy.pk}/").text
    desk.post(f"/admin/texts/{copy.pk}/")
    assert desk.get(at("change", page)).context["offers"]


def test_texts_are_their_writers_alone(desk):
    page = new_page("about")
    kept(desk, page, body="Mine alone.", slot="one")
    petra, copy = browser_of(publisher("petra")), WorkingCopy.objects.get()
    assert petra.get(f"/admin/texts/{copy.pk}/").status_code == 404
    assert petra.post(f"/admin/texts/{copy.pk}/").status_code == 404
    assert "Mine alone." not in petra.get(at("change", page) + f"?copy={copy.pk}").text


def test_texts_that_wait_have_a_limit_that_loses_none(desk, monkeypatch):
    page = new_page("about")
    monkeypatch.setattr(autosave, "MOST", 2)
    answers = [kept(desk, page, body=f"Text {n}.", slot=str(n)).status_code for n in range(3)]
    assert answers == [200, 200, 409]
    assert WorkingCopy.objects.count() == 2


def test_who_else_is_writing_is_named_with_the_time(desk):
    """Case A1."""
    page = new_page("about")
    petra = browser_of(publisher("petra"))
    kept(petra, page, body="Petra's words.", slot="p")
    since = f"{WorkingCopy.objects.get().opened:%H:%M}"
    text = desk.get(at("change", page)).text
    assert f"One more editor, petra, has this open since {since} UTC" in text
    assert "Petra&#x27;s words" not in text
    assert "petra" in kept(desk, page, body="Mine.", slot="m").json()["told"]
    assert "petra" in desk.get(at("publish", page)).text
    WorkingCopy.objects.update(saved=timezone.now() - timedelta(hours=3))
    assert "has this open" not in desk.get(at("change", page)).text
    assert "petra, typed text here that is not saved" in desk.get(at("change", page)).text


def test_grant_taken_away_while_writing_shows_what_was_sent(desk):
    """Case L4."""
    page = new_page("about")
    anna = browser_of(author("anna", page, new_page("mine")))
    SectionGrant.objects.filter(section=page.pk).delete()
    answer = kept(anna, page, body="Anna's afternoon.", slot="a")
    assert answer.status_code == 403
    assert "may not do this, or not any more" in answer.json()["error"]
    refused = anna.post(at("change", page), typed(page, body="Anna's afternoon."))
    assert refused.status_code == 403
    assert "Anna&#x27;s afternoon." in refused.text
    page.refresh_from_db()
    assert page.version == 1


def test_role_taken_away_while_writing_shows_what_was_sent(paul, desk):
    page = new_page("about")
    paul.groups.clear()
    refused = desk.post(at("change", page), typed(page, body="Paul's afternoon."))
    assert (refused.status_code, "Paul&#x27;s afternoon." in refused.text) == (403, True)
    assert "session has ended" not in refused.text
    assert "may not" in kept(desk, page, body="Paul's afternoon.", slot="p").json()["error"]


def test_text_kept_before_a_grant_went_can_still_be_read_by_its_writer():
    page = new_page("about")
    anna = browser_of(author("anna", page, new_page("mine")))
    kept(anna, page, body="Anna's afternoon.", slot="a")
    SectionGrant.objects.filter(section=page.pk).delete()
    copy = WorkingCopy.objects.get()
    assert f"/admin/texts/{copy.pk}/" in anna.get("/admin/").text
    assert "Anna&#x27;s afternoon." in anna.get(f"/admin/texts/{copy.pk}/").text


def test_file_chosen_before_the_session_ended_is_said_to_be_gone(paul):
    """Case L5."""
    client = strict_browser(paul)
    address = reverse("admin:documents_documentversion_add")
    token = hidden_fields(client.get(address))["csrfmiddlewaretoken"]
    Session.objects.all().delete()
    file = SimpleUploadedFile("decision.pdf", b"%PDF-1.4")
    sent = client.post(address, {"version_number": "2", "file": file, "csrfmiddlewaretoken": token})
    said = "The file “decision.pdf” is not kept: please choose it again."
    assert said in sent.text
    resumed = client.post("/admin/login/", hidden_fields(sent) | {"username": paul.username, "password": PASSWORD})
    assert said in resumed.text
    form = client.post(address, hidden_fields(resumed))
    assert said in form.text
    assert form.context["adminform"].form["version_number"].value() == "2"


def test_save_after_a_log_in_in_another_window_opens_the_form_with_the_text(paul):
    """Case W2, without scripts."""
    page, client = new_page("about"), strict_browser(paul)
    old = hidden_fields(client.get(at("change", page)))["csrfmiddlewaretoken"]
    Session.objects.all().delete()
    log_in(client, paul)
    failed = client.post(at("change", page), typed(page, body="Long <i>work</i>.") | {"csrfmiddlewaretoken": old})
    assert failed.status_code == 403
    filled = client.post(at("change", page), hidden_fields(failed) | {"body": "Long <i>work</i>."})
    page.refresh_from_db()
    assert page.version == 1
    assert filled.context["adminform"].form["body"].value() == "Long <i>work</i>."
    token = hidden_fields(filled)["csrfmiddlewaretoken"]
    client.post(at("change", page), typed(page, body="Long work.") | {"csrfmiddlewaretoken": token})
    page.refresh_from_db()
    assert page.body == "Long work."


def test_fresh_token_is_given_to_who_has_a_session_and_saves(paul):
    """Case W2, as the script does it."""
    page, client = new_page("about"), strict_browser(paul)
    Session.objects.all().delete()
    assert client.get("/admin/token/").status_code == 302
    log_in(client, paul)
    token = client.get("/admin/token/").json()["token"]
    assert client.post(at("change", page), typed(page, body="New.") | {"csrfmiddlewaretoken": token}).status_code == 302


def test_stranger_is_offered_no_form_by_the_failure_page(paul):
    page = new_page("about")
    answer = strict_browser(paul).post(at("change", page), typed(page, body="Words."), headers={"cookie": ""})
    assert "_refill" not in answer.text


def test_publish_page_tells_of_text_that_is_not_saved_and_shows_the_notes(desk):
    """Case W1."""
    page = new_page("about", body="[x](/nowhere/)")
    kept(desk, page, body="Typed text.", slot="one")
    response = desk.get(at("publish", page))
    assert "that is not saved: publishing now publishes without it" in response.text
    assert f"{at('change', page)}?copy={WorkingCopy.objects.get().pk}" in response.text
    assert "nothing is published" in response.text


def test_publishing_again_what_is_live_asks_a_second_question(desk):
    """Case W3."""
    page = live_page("about")
    form = hidden_fields(desk.get(at("publish", page)))
    answer = desk.post(at("publish", page), {"when": "now", "note": "Same note.", "seen": form["seen"]})
    assert Edition.objects.count() == 1
    assert "says the same as what is live" in answer.text
    assert "Same note." in answer.text
    desk.post(at("publish", page), {"when": "now", "seen": form["seen"], "again": "on"})
    assert Edition.objects.count() == 2
    edit(page, body="New.")
    assert "Publish it all the same" not in desk.get(at("publish", page)).text


def test_address_of_a_sibling_is_noted_on_saving(desk):
    """Case W4."""
    live_page("a", title="First with it")
    twin = new_page("a", title="Twin")
    text = desk.get(at("change", twin)).text
    assert "“First with it” has the same address" in text
    anna = browser_of(author("anna", twin))
    hidden = new_page("b", title="Unseen")
    edit(twin, slug="b")
    noted = anna.get(at("change", twin)).text
    assert "has the same address" in noted
    assert hidden.title not in noted
    new_term("Case term", slug="CASEterm")
    other = new_term("Other term", slug="caseterm")
    assert "“Case term” has the same address" in desk.get(f"/admin/pages/term/{other.pk}/change/").text


def test_page_that_no_menu_leads_to_is_noted(desk):
    """Case W5."""
    above = new_page("above", title="Above", in_menu=False)
    page = new_page("below", new_page("between", above))
    assert "“Above”, which is above it in the menu, is in no menu itself" in desk.get(at("change", page)).text
    edit(above, in_menu=True)
    assert "in no menu itself" not in desk.get(at("change", page)).text


def test_fields_to_correct_are_named(desk):
    """Case A10."""
    page = new_page("about")
    text = desk.post(at("change", page), typed(page, title="", slug="no way")).text
    note = re.search(r'<p class="errornote">.*?</p>', text, re.DOTALL)[0]
    assert re.findall(r'href="#(\w+)">([^<]+)<', note) == [("id_title", "Title"), ("id_slug", "Address")]


def test_preview_of_a_new_page_names_it_in_the_breadcrumb(desk):
    above = live_page("about", title="About CDM")
    fields = {"title": "Fresh thoughts", "slug": "fresh", "body": "B.", "parent": above.pk, "version": 0}
    text = desk.post(at("preview_new"), fields).text
    crumb = re.search(r'<div class="breadcrumb".*?</div>', text, re.DOTALL)[0]
    assert re.findall(r'aria-current="page">([^<]+)<', crumb) == ["Fresh thoughts"]
    assert "About CDM" in crumb
    publish([Page.objects.get()])
