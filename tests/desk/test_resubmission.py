"""Nothing typed is lost: working copies, sessions that end, forms without their cookie."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from desk import autosave
from pages.models import Page
from publishing.ledger import publish
from publishing.models import DeletedDraft, Edition, WorkingCopy
from tests.desk_client import HOST, PASSWORD, at, author, browser_of, publisher, typed
from tests.record import edit, new_page

pytestmark = pytest.mark.django_db
PAULS = {"username": "paul", "password": PASSWORD}


@pytest.fixture
def paul():
    return publisher()


@pytest.fixture
def desk(paul):
    return browser_of(paul)


def kept(desk, page, **changes):
    return desk.post(at("working_copy", page), typed(page, **changes))


def test_autosave_keeps_the_text_for_this_person_alone(desk):
    page = new_page("about")
    answer = kept(desk, page, body="Half a senten").json()
    page.refresh_from_db()
    assert (page.body, page.version) == ("Text of about.", 1)
    assert answer["stamp"]
    assert "Half a senten" not in browser_of(publisher("petra")).get(at("change", page)).text
    assert Edition.objects.count() == 0


def test_kept_text_is_offered_with_its_difference_and_used(desk):
    page = new_page("about", body="Whole.")
    kept(desk, page, body="Half.")
    offered = desk.get(at("change", page))
    assert "<del>Whole</del>" in offered.text
    assert offered.context["adminform"].form["body"].value() == "Whole."
    used = desk.get(at("change", page) + "?copy=use")
    form = used.context["adminform"].form
    assert form["body"].value() == "Half."
    desk.post(at("change", page), typed(page, body="Half.", working_copy=used.context["copy_stamp"]))
    page.refresh_from_db()
    assert page.body == "Half."
    assert not WorkingCopy.objects.exists()


def test_kept_text_is_forgotten_only_when_told(desk):
    page = new_page("about")
    stamp = kept(desk, page, body="Half.").json()["stamp"]
    desk.post(at("discard", page), {"working_copy": "another"})
    assert WorkingCopy.objects.filter(discarded=None).count() == 1
    desk.post(at("discard", page), {"working_copy": stamp})
    assert WorkingCopy.objects.filter(discarded=None).count() == 0
    assert "You typed something here" not in desk.get(at("change", page)).text


def test_save_of_another_text_does_not_take_the_kept_one_along(desk):
    page = new_page("about")
    kept(desk, page, body="Kept earlier.")
    desk.post(at("change", page), typed(page, body="Typed now."))
    assert "earlier" in desk.get(at("change", page)).text


def test_autosave_never_writes_over_a_text_that_its_form_does_not_know(desk):
    page = new_page("about")
    stamp = kept(desk, page, body="Window one.").json()["stamp"]
    assert kept(desk, page, body="Window two.").status_code == 409
    assert WorkingCopy.objects.get().fields["body"] == ["Window one."]
    assert kept(desk, page, body="Window one, more.", working_copy=stamp).status_code == 200
    assert kept(desk, page, body="Window one, more.", working_copy="").status_code == 200


def test_kept_text_for_a_new_page_is_offered_there(desk):
    fields = {"title": "Fresh", "body": "Half.", "slug": "", "version": 0, "working_copy": ""}
    assert desk.post(at("working_copy_new"), fields).status_code == 200
    assert "You typed something here" in desk.get(at("add")).text
    form = desk.get(at("add") + "?copy=use").context["adminform"].form
    assert (form["title"].value(), form["body"].value()) == ("Fresh", "Half.")
    assert "A new page" in desk.get("/admin/").text


def test_kept_text_of_an_older_draft_leads_to_the_comparison(desk):
    page = new_page("about", body="One.")
    kept(desk, page, body="Mine.")
    edit(page, body="Two.", version=2)
    used = desk.get(at("change", page) + "?copy=use")
    version = used.context["adminform"].form["version"].value()
    assert version == "1"
    response = desk.post(at("change", page), typed(page, body="Mine.", version=version))
    page.refresh_from_db()
    assert page.body == "Two."
    assert response.context["is_behind"]


def test_kept_text_may_be_what_a_form_would_refuse(desk):
    page = new_page("about")
    kept(desk, page, title="", body="\0" + "x" * 300_000)
    form = desk.get(at("change", page) + "?copy=use").context["adminform"].form
    assert form["body"].value() == "x" * 300_000
    assert form["title"].value() == ""


def test_text_beyond_every_limit_is_not_kept_and_says_so(desk):
    page = new_page("about")
    answer = kept(desk, page, body="x" * (autosave.LIMIT + 1))
    assert (answer.status_code, "too long" in answer.json()["error"]) == (413, True)


def test_reading_a_form_writes_nothing(desk, django_assert_num_queries):
    page = new_page("about")
    kept(desk, page, body=page.body)
    before = WorkingCopy.objects.get().saved
    response = desk.get(at("change", page))
    assert "You typed something here" not in response.text
    assert WorkingCopy.objects.get().saved == before
    known = {"working_copy": response.context["copy_stamp"], "slot": response.context["slot"]}
    assert kept(desk, page, body="More.", **known).status_code == 200


def hidden_fields(response):
    """What the form of the answer would send, from its HTML."""
    html = response.text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    fields |= dict(re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', html, re.DOTALL))
    return fields


def strict_browser(paul):
    """A client that is held to CSRF like a browser, logged in by the form."""
    client = Client(headers=HOST, enforce_csrf_checks=True)
    log_in(client, paul)
    return client


def log_in(client, user, **fields):
    form = hidden_fields(client.get("/admin/login/"))
    return client.post("/admin/login/", form | {"username": user.username, "password": PASSWORD} | fields)


def test_form_sent_after_the_session_ended_goes_on_after_the_log_in(paul):
    page, client = new_page("about"), strict_browser(paul)
    opened = hidden_fields(client.get(at("change", page)))
    Session.objects.all().delete()
    answer = client.post(
        at("change", page), typed(page, body="Long work.", title="A <b>title</b>") | {"csrfmiddlewaretoken": opened["csrfmiddlewaretoken"]}
    )
    assert answer.status_code == 403
    assert "Nothing that you typed is lost" in answer.text
    carried = hidden_fields(answer)
    wrong = client.post("/admin/login/", carried | {"username": paul.username, "password": "wrong"})
    assert "Nothing that you typed is lost" in wrong.text
    resumed = client.post("/admin/login/", hidden_fields(wrong) | {"username": paul.username, "password": PASSWORD})
    assert resumed.status_code == 200
    assert f'action="{at("change", page)}"' in resumed.text
    assert "A &lt;b&gt;title&lt;/b&gt;" in resumed.text
    filled = client.post(at("change", page), hidden_fields(resumed) | {"title": "A <b>title</b>"})
    page.refresh_from_db()
    assert page.version == 1
    form = filled.context["adminform"].form
    assert (form["body"].value(), form["title"].value()) == ("Long work.", "A <b>title</b>")
    saved = client.post(
        at("change", page), typed(page, body="Long work.") | {"csrfmiddlewaretoken": hidden_fields(filled)["csrfmiddlewaretoken"]}
    )
    page.refresh_from_db()
    assert (saved.status_code, page.body) == (302, "Long work.")


def test_new_page_survives_the_end_of_the_session_too(paul):
    client = strict_browser(paul)
    token = hidden_fields(client.get(at("add")))["csrfmiddlewaretoken"]
    Session.objects.all().delete()
    fields = {"title": "Fresh", "slug": "fresh", "body": "B.", "version": 0, "working_copy": "", "csrfmiddlewaretoken": token}
    carried = hidden_fields(client.post(at("add"), fields))
    resumed = client.post("/admin/login/", carried | {"username": paul.username, "password": PASSWORD})
    filled = client.post(at("add"), hidden_fields(resumed))
    assert filled.context["adminform"].form["title"].value() == "Fresh"
    assert not Page.objects.exists()


def test_publish_form_opens_again_with_its_note_and_publishes_nothing_by_itself(paul):
    page, client = new_page("about"), strict_browser(paul)
    opened = hidden_fields(client.get(at("publish", page)))
    Session.objects.all().delete()
    carried = hidden_fields(client.post(at("publish", page), opened | {"when": "now", "note": "A long note."}))
    resumed = client.post("/admin/login/", carried | {"username": paul.username, "password": PASSWORD})
    filled = client.post(at("publish", page), hidden_fields(resumed))
    assert "A long note." in filled.text
    assert Edition.objects.count() == 0


def test_other_requests_are_shown_after_the_log_in_not_repeated(paul):
    page, client = new_page("about"), strict_browser(paul)
    publish([page], timezone.now() + timedelta(days=1))
    token = hidden_fields(client.get(at("change", page)))["csrfmiddlewaretoken"]
    Session.objects.all().delete()
    carried = hidden_fields(client.post(at("cancel", page), {"csrfmiddlewaretoken": token, "why": "Reasons."}))
    resumed = client.post("/admin/login/", carried | {"username": paul.username, "password": PASSWORD})
    shown = client.post(at("cancel", page), hidden_fields(resumed))
    assert "Nothing has been done yet" in shown.text
    assert "Reasons." in shown.text
    assert Edition.objects.count() == 1


def test_carried_text_cannot_be_forged(paul):
    client = Client(headers=HOST)
    answer = client.post("/admin/login/", {"username": paul.username, "password": PASSWORD, "carried": "eyJwYXRoIjoiL2V2aWwvIn0:1:x"})
    assert answer.status_code == 302


def test_log_in_leads_only_to_this_portal(paul):
    for address in ("//evil.example/", "https://evil.example/", "/\\evil.example/"):
        form = {"username": paul.username, "password": PASSWORD, "next": address}
        answer = Client(headers=HOST).post(f"/admin/login/?next={address}", form)
        assert answer["Location"] == "/admin/"


def test_text_of_a_form_without_its_cookie_is_shown_and_not_saved(paul):
    page, client = new_page("about"), strict_browser(paul)
    answer = client.post(at("change", page), typed(page, body="Long <i>work</i>."))
    page.refresh_from_db()
    assert (answer.status_code, page.version) == (403, 1)
    assert "Long &lt;i&gt;work&lt;/i&gt;." in answer.text


def test_password_is_never_carried(paul):
    client = Client(headers=HOST)
    answer = client.post("/admin/password_change/", {"old_password": "secret-one", "new_password1": "secret-two", "x": "kept words"})
    assert "secret" not in answer.text
    assert "10 characters are kept" in answer.text


def test_refill_belongs_to_those_who_may_write(paul):
    mine, page = new_page("mine"), new_page("about")
    anna = browser_of(author("anna", mine))
    assert anna.post(at("change", page), typed(page, body="Mine.", _refill=1)).status_code == 403


def test_text_outlives_two_windows_that_log_in_after_the_session_ended(paul):
    """The log-in of the first window gives the cookie anew, so the second window's is refused; it goes on with its text all the same."""
    page, client = new_page("about"), strict_browser(paul)
    opened = hidden_fields(client.get(at("change", page)))["csrfmiddlewaretoken"]
    Session.objects.all().delete()
    windows = [client.post(at("change", page), typed(page, body=body) | {"csrfmiddlewaretoken": opened}) for body in ("First.", "Second.")]
    first, second = [client.post("/admin/login/", hidden_fields(window) | PAULS) for window in windows]
    assert (first.status_code, second.status_code) == (200, 403)
    filled = client.post(at("change", page), hidden_fields(second))
    assert filled.context["adminform"].form["body"].value() == "Second."


def test_text_outlives_a_log_in_whose_cookie_is_gone(paul):
    page, client = new_page("about"), strict_browser(paul)
    opened = hidden_fields(client.get(at("change", page)))["csrfmiddlewaretoken"]
    Session.objects.all().delete()
    window = client.post(at("change", page), typed(page, body="Long work.") | {"csrfmiddlewaretoken": opened})
    client.cookies.clear()
    refused = client.post("/admin/login/", hidden_fields(window) | PAULS)
    assert refused.status_code == 403
    assert "Nothing that you typed is lost" in refused.text
    resumed = client.post("/admin/login/", hidden_fields(refused) | PAULS)
    filled = client.post(at("change", page), hidden_fields(resumed))
    assert filled.context["adminform"].form["body"].value() == "Long work."


def test_text_outlives_a_session_that_ends_between_the_recovery_codes_and_the_form(paul):
    page, client = new_page("about"), browser_of(paul)
    Session.objects.all().delete()
    carried = hidden_fields(client.post(at("change", page), typed(page, body="Long work.")))
    asked = client.post("/admin/login/resume/", {"carried": carried["carried"]})
    assert "Nothing that you typed is lost" in asked.text
    resumed = client.post("/admin/login/", hidden_fields(asked) | PAULS)
    assert client.post(at("change", page), hidden_fields(resumed)).context["adminform"].form["body"].value() == "Long work."


def test_titles_of_drafts_are_told_to_nobody_who_has_lost_the_right_to_read_them(paul):
    page = new_page("fresh", title="First title")
    anna = author("anna", page)
    client = browser_of(anna)
    client.post(at("working_copy", page), typed(page, body="Words of Anna.", slot="a"))
    addresses = ["/admin/", "/admin/texts/", f"/admin/texts/{WorkingCopy.objects.get().pk}/"]
    for address in addresses:
        assert "First title" in client.get(address).text
    anna.section_grants.all().delete()
    edit(page, title="Secret title")
    for address in addresses:
        assert "Secret title" not in client.get(address).text
    browser_of(paul).post(at("delete", page), {"post": "yes"})
    assert DeletedDraft.objects.get().title == "Secret title"
    for address in addresses:
        text = client.get(address).text
        assert "Something that is gone" in text
        assert "Secret title" not in text
