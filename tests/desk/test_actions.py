"""Publishing, scheduling, cancelling, withdrawing, restoring and erasing from the desk."""

import pytest

from desk.action_forms import state_seen
from pages.models import Page, PageEdition
from publishing.ledger import publish, withdraw
from publishing.models import Action, Edition, ShareLink, WorkingCopy
from tests.desk_client import administrator, at, author, browser_of, publisher, said, typed
from tests.record import DAY, HOUR, MINUTE, edit, live_page, new_page, paths, republish

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock):
    return browser_of(publisher())


def sent(*drafts, **values):
    return {"when": "now", "seen": state_seen(drafts)} | values


def later(moment):
    return {"when": "later", "at": f"{moment:%Y-%m-%dT%H:%M}"}


def publish_together(desk, *drafts, **values):
    query = "&".join(f"thing={draft.pk}" for draft in drafts)
    return desk.post(f"{at('publish_chosen')}?{query}", sent(*drafts, **values), follow=True)


def test_publish_now_is_seen_by_the_next_visitor(desk):
    page = new_page("about")
    response = desk.post(at("publish", page), sent(page, note="First text.", minor="on"), follow=True)
    assert "is published from now on" in said(response)[0]
    assert browser_of().get("/about/").status_code == 200
    edition = PageEdition.objects.get()
    assert (edition.note, edition.minor, edition.author) == ("First text.", True, "paul")


def test_what_is_scheduled_can_be_seen_as_it_will_be(desk, clock):
    page = new_page("about", title="About to come")
    moment = clock.now + DAY
    response = desk.post(at("publish", page), sent(page, **later(moment)), follow=True)
    address = f"/@{moment:%Y-%m-%dT%H:%M}/about/"
    assert f'href="{address}"' in said(response)[0]
    assert "About to come" in desk.get(address).text
    assert f'href="/@{moment:%Y-%m-%dT%H:%M}:00/"' in desk.get("/admin/scheduled/").text


def test_publish_page_shows_what_visitors_will_see_changed(desk):
    page = edit(live_page("about", body="Old words."), body="New words.")
    text = desk.get(at("publish", page)).text
    assert "<del>Old</del>" in text
    assert "<ins>New</ins>" in text
    assert "UTC" in text


def test_form_sent_twice_makes_one_edition(desk):
    page = new_page("about")
    form = sent(page)
    desk.post(at("publish", page), form)
    response = desk.post(at("publish", page), form, follow=True)
    assert Edition.objects.count() == 1
    assert "Nothing was recorded a second time" in said(response)[-1]


def test_form_opened_before_another_published_makes_no_edition(desk):
    page = new_page("about")
    form = sent(page)
    publish([page])
    desk.post(at("publish", page), form)
    assert Edition.objects.count() == 1


def test_draft_saved_after_the_form_was_opened_is_looked_at_again(desk):
    page = new_page("about")
    form = sent(page)
    page.body = "Changed since."
    assert page.save_if_unchanged(1)
    response = desk.post(at("publish", page), form)
    assert "saved after you opened this form" in response.text
    assert Edition.objects.count() == 0
    again = response.context["form"]["seen"].value()
    assert desk.post(at("publish", page), sent(page, seen=again)).status_code == 302
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("seen", ["", "1", "1:1", "a:b:c", "1:1:1:1", "9" * 40 + ":1:1"])
def test_form_without_knowledge_of_the_state_is_refused(desk, seen):
    page = new_page("about")
    assert desk.post(at("publish", page), sent(page, seen=seen)).status_code == 200
    assert Edition.objects.count() == 0


def test_publish_at_a_time_is_listed_and_comes_by_itself(desk, clock):
    page = new_page("about")
    moment = (clock.now + HOUR).replace(second=0, microsecond=0)
    response = desk.post(at("publish", page), sent(page, **later(moment)), follow=True)
    shown = f"{moment:%d %B %Y %H:%M}"
    assert f"from {shown} UTC on" in said(response)[0]
    assert "Goes live" in desk.get(at("change", page)).text
    assert f"Goes live {moment:%d %b %Y %H:%M} UTC" in desk.get(at("changelist")).text
    assert "About" in desk.get("/admin/scheduled/").text
    assert browser_of().get("/about/").status_code == 404
    clock.set(moment)
    assert browser_of().get("/about/").status_code == 200


def test_publish_in_the_past_or_without_a_time_is_refused_and_keeps_the_note(desk, clock):
    page = new_page("about")
    for values in (later(clock.now - DAY), {"when": "later"}, {"when": "later", "at": "soon"}, {"when": "never"}):
        response = desk.post(at("publish", page), sent(page, note="My note.", **values))
        assert response.status_code == 200
        assert "My note." in response.text
    assert Edition.objects.count() == 0


def test_what_is_scheduled_is_dropped_or_kept_only_by_choice(desk, clock):
    page = live_page("about")
    republish(page, clock.now + DAY, title="Tomorrow")
    edit(page, title="Today")
    response = desk.post(at("publish", page), sent(page))
    assert "Something is already scheduled later" in response.text
    assert Edition.objects.count() == 2
    desk.post(at("publish", page), sent(page, on_pending="keep"))
    assert paths(clock.now) == {"/about/": "Today"}
    assert paths(clock.now + DAY) == {"/about/": "Tomorrow"}
    edit(page, title="Forever")
    desk.post(at("publish", page), sent(page, on_pending="drop"))
    assert paths(clock.now + 2 * DAY) == {"/about/": "Forever"}


def test_cancel_leaves_what_is_live(desk, clock):
    page = live_page("about")
    republish(page, clock.now + DAY, title="Tomorrow")
    response = desk.post(at("cancel", page), {"edition": page.editions.last().number}, follow=True)
    assert "Nothing is scheduled" in said(response)[0]
    assert paths(clock.now + 2 * DAY) == {"/about/": "About"}


def test_ticked_entries_of_the_schedule_are_cancelled_together(desk, clock):
    parent = new_page("about")
    child, other = new_page("ccs", parent), new_page("other")
    publish([parent, child], clock.now + DAY)
    publish([other], clock.now + DAY)
    numbers = list(Edition.objects.filter(thing__in=[parent.pk, child.pk]).values_list("number", flat=True))
    response = desk.post("/admin/scheduled/", {"edition": numbers}, follow=True)
    assert "2 entries cancelled" in said(response)[0]
    assert paths(clock.now + 2 * DAY) == {"/other/": "Other"}


def test_cancelling_what_others_need_is_refused_with_a_reason(desk, clock):
    parent = new_page("about")
    child = new_page("ccs", parent)
    publish([parent, child], clock.now + DAY)
    response = desk.post("/admin/scheduled/", {"edition": [Edition.objects.get(thing=parent.pk).number]}, follow=True)
    assert any("Ccs" in message for message in said(response))
    assert len(paths(clock.now + 2 * DAY)) == 2


def test_several_drafts_go_live_at_one_moment_slug_swap_included(desk, clock):
    a, b = live_page("a", title="Was a"), live_page("b", title="Was b")
    edit(a, slug="b")
    edit(b, slug="a")
    response = desk.post(at("changelist"), {"action": "publish_chosen", "_selected_action": [a.pk, b.pk]})
    assert response.status_code == 302
    assert "Publish 2 drafts together" in desk.get(response["Location"]).text
    publish_together(desk, a, b, note="Swapped.")
    assert paths(clock.now) == {"/b/": "Was a", "/a/": "Was b"}
    assert len(set(Edition.objects.filter(note="Swapped.").values_list("live_from", flat=True))) == 1


def test_contradiction_is_refused_with_the_culprit_named(desk):
    live_page("a")
    twin = new_page("a", title="Twin")
    response = desk.post(at("publish", twin), sent(twin, note="My note."))
    assert "“Twin” and “A” would both have the address" in response.text or "“A” and “Twin” would both have the address" in response.text
    assert "My note." in response.text


def test_withdraw_shows_what_links_here_and_the_branch_first(desk):
    page = live_page("about", title="About CDM")
    live_page("ccs", page, title="Capture")
    live_page("linking", title="Linking text", body="See [the mechanism](/about/).")
    live_page("silent", title="Silent text", body="About nothing.")
    text = desk.get(at("withdraw", page)).text
    assert "Linking text" in text
    assert "Capture" in text
    assert "Silent text" not in text


def test_withdraw_takes_the_branch_and_tells_visitors_why(desk, clock):
    page, successor = live_page("about"), live_page("new", title="New home")
    live_page("ccs", page)
    desk.post(at("withdraw", page), sent(page, reason="Out of date.", successor="/new/"))
    assert paths(clock.now) == {"/new/": "New home"}
    answer = browser_of().get("/about/ccs/")
    assert answer.status_code == 410
    assert "Out of date." in answer.text
    assert successor.title in answer.text


@pytest.mark.parametrize("values", [{"reason": ""}, {"reason": "R", "successor": "/nowhere/"}, {"reason": "R", "successor": "/about/"}])
def test_withdraw_without_a_reason_or_with_an_impossible_successor_is_refused(desk, values):
    page = live_page("about")
    response = desk.post(at("withdraw", page), sent(page, **values))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Edition.objects.count() == 1


def test_withdrawn_page_comes_back_by_publishing(desk, clock):
    page = live_page("about")
    withdraw(page, "Mistake.")
    clock.tick(MINUTE)
    assert "Withdrawn" in desk.get(at("changelist")).text
    desk.post(at("publish", page), sent(page))
    assert paths(clock.now) == {"/about/": "About"}


def test_history_shows_all_editions_and_the_difference_to_live(desk, clock):
    page = live_page("about", body="One two three.")
    republish(page, body="One two four.")
    republish(page, clock.now + DAY, body="One two five.")
    edit(page, body="One two six.")
    response = desk.get(at("history", page))
    assert [edition.number for edition in response.context["editions"]] == [3, 2, 1]
    assert "<del>four</del>" in response.text
    assert "<ins>six</ins>" in response.text
    assert "scheduled" in response.text


def test_old_edition_is_compared_with_the_draft_and_with_another(desk):
    page = live_page("about", body="One.")
    republish(page, body="Two.")
    edit(page, body="Three.")
    assert "<ins>Three</ins>" in desk.get(at("compare", page, 1)).text
    assert "<ins>Two</ins>" in desk.get(at("compare", page, 1) + "?to=2").text
    assert desk.get(at("compare", page, 1) + "?to=9").status_code == 404
    assert desk.get(at("compare", page, 7)).status_code == 404


def test_restore_puts_an_old_text_into_the_draft_and_keeps_what_was_there(desk):
    page = live_page("about", body="Old.")
    republish(page, body="Live.")
    edit(page, body="Unpublished work.")
    assert "can be taken back" in desk.get(at("restore", page, 1)).text
    response = desk.post(at("restore", page, 1), {"version": page.version}, follow=True)
    page.refresh_from_db()
    assert (page.body, page.version) == ("Old.", 2)
    assert "is kept as version 1" in said(response)[-1]
    assert "Live." in browser_of().get("/about/").text
    assert "Edition 1 restored" in response.text
    assert "Unpublished work." in desk.get(at("version", page, 1)).text
    desk.post(at("take_back", page, 1), {"version": 2})
    page.refresh_from_db()
    assert (page.body, page.version) == ("Unpublished work.", 3)
    assert not WorkingCopy.objects.exists()


def test_restore_over_a_draft_saved_meanwhile_is_refused(desk):
    page = live_page("about", body="Old.")
    page.body = "Someone's new work."
    page.save_if_unchanged(1)
    response = desk.post(at("restore", page, 1), {"version": 1})
    page.refresh_from_db()
    assert page.body == "Someone's new work."
    assert "saved after you opened" in response.text


def test_erased_or_foreign_editions_cannot_be_restored(desk):
    page, other = live_page("about"), live_page("other")
    withdraw(page, "Gone.")
    assert desk.get(at("restore", page, 3)).status_code == 404
    assert desk.get(at("restore", page, Edition.objects.get(thing=other.pk).number)).status_code == 404


def test_administrator_erases_and_may_empty_the_draft(clock):
    ada, page = browser_of(administrator()), live_page("about", body="Secret text.")
    browser_of(publisher()).post(at("share", page), {"make": 1, "days": 7})
    edit(page, body="Secret text, again.")
    desk_form = ada.get(at("erase", page))
    assert "Edition 1" in desk_form.text
    ada.post(at("erase", page), {"editions": [1], "reason": "A court order.", "draft": "on"})
    page.refresh_from_db()
    assert page.body == ""
    assert ShareLink.objects.count() == 0
    answer = browser_of().get("/about/")
    assert answer.status_code == 451
    assert "A court order." in answer.text
    assert "Secret" not in answer.text


def test_erase_needs_a_choice_and_a_reason(clock):
    ada, page = browser_of(administrator()), live_page("about")
    for values in ({"editions": [1]}, {"reason": "R."}, {"editions": [99], "reason": "R."}):
        assert ada.post(at("erase", page), values).status_code == 200
    assert not Edition.objects.filter(action=Action.ERASE).exists()


def test_publish_of_a_draft_just_saved_shows_everywhere(desk):
    page = live_page("about", title="Before")
    desk.post(at("change", page), typed(page, title="After"))
    page.refresh_from_db()
    desk.post(at("publish", page), sent(page))
    assert "After" in browser_of().get("/").text + browser_of().get("/about/").text


def test_author_cannot_publish_withdraw_or_cancel(clock):
    page = live_page("about")
    anna = browser_of(author("anna", page))
    republish(page, clock.now + DAY)
    for view in ("publish", "withdraw", "cancel", "erase"):
        assert anna.post(at(view, page), sent(page, reason="R.")).status_code == 403
    assert anna.post("/admin/scheduled/", {"edition": [2]}).status_code == 403
    assert Edition.objects.count() == 2
    assert Page.objects.count() == 1
