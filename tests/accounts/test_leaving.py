"""Those who leave: what is open is listed and handed over, nothing is deleted, and one administrator stays."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from accounts import leaving, tickets
from accounts.models import AccountEvent
from desk import share_links
from pages.models import Page
from publishing.ledger import publish
from publishing.models import DraftVersion, Edition, SectionGrant, ShareLink, Thing, WorkingCopy
from publishing.roles import ADMINISTRATOR, Can, can, role
from tests.accounts.logging_in import is_in
from tests.desk_client import administrator, at, author, browser_of, person, publisher, typed
from tests.record import live_page, new_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    """A publisher and an author with everything that somebody can leave open."""
    about = live_page("about", title="About CDM")
    anna, paul = author("anna", about), publisher()
    page = new_page("fresh", about, title="Fresh")
    client = browser_of(anna)
    client.post(at("change", page), typed(page, body="Words of Anna."))
    client.post(at("working_copy", about), typed(about, body="Half a senten"))
    link = share_links.make(page, anna)
    publish([new_page("later", about, title="Later")], timezone.now() + timedelta(days=3), author="anna")
    return {"anna": anna, "paul": paul, "about": about, "page": page, "link": link, "client": client}


@pytest.fixture
def ada():
    return browser_of(administrator())


def address(user):
    return f"/admin/auth/user/{user.pk}/switch-off/"


def test_page_lists_what_is_open(ada, work):
    text = ada.get(address(work["anna"])).text
    for heading in (
        "Drafts that visitors do not see",
        "Texts typed and not saved",
        "Scheduled;",
        "Share links",
        "Sections and kinds given",
    ):
        assert heading in text
    for title in ("Fresh", "About CDM", "Later"):
        assert title in text
    assert "Half a senten" not in text
    assert address(work["anna"]) in ada.get(f"/admin/auth/user/{work['anna'].pk}/change/").text


def test_everything_goes_to_another_author_in_one_step_and_nothing_is_deleted(ada, work):
    heir = author("hanna")
    before = [model.objects.count() for model in (User, Page, Edition, DraftVersion, WorkingCopy, ShareLink, SectionGrant, Thing)]
    token = share_links.address(work["link"])
    assert ada.post(address(work["anna"]), {"heir": heir.pk}).status_code == 302
    assert [model.objects.count() for model in (User, Page, Edition, DraftVersion, WorkingCopy, ShareLink, SectionGrant, Thing)] == before
    heir = User.objects.get(pk=heir.pk)
    assert can(heir, Can.WRITE, work["page"])
    assert not is_in(work["client"])
    assert browser_of().get(token).status_code == 200
    assert "Half a senten" in browser_of(heir).get("/admin/texts/").text or WorkingCopy.objects.get().user == heir
    assert {(event.user.username, event.what) for event in AccountEvent.objects.all()} == {("anna", "off"), ("hanna", "heir")}
    assert "Fresh" in browser_of(heir).get("/admin/").text


def test_publisher_takes_links_and_texts_and_leaves_sections(ada, work):
    ada.post(address(work["anna"]), {"heir": work["paul"].pk})
    assert (ShareLink.objects.get().created_by, WorkingCopy.objects.get().user) == (work["paul"], work["paul"])
    assert SectionGrant.objects.get().user == work["anna"]


def test_heir_gets_nothing_that_they_may_not_have(ada, work):
    root = author("other", new_page("elsewhere"))
    SectionGrant.objects.filter(user=work["anna"]).delete()
    ada.post(address(work["anna"]), {"heir": root.pk})
    assert ShareLink.objects.get().created_by == WorkingCopy.objects.get().user == work["anna"]


def test_without_an_heir_all_stays_and_links_of_the_person_end(ada, work):
    ada.post(address(work["anna"]), {"heir": ""})
    assert not User.objects.get(username="anna").is_active
    assert browser_of().get(share_links.address(work["link"])).status_code == 404
    assert SectionGrant.objects.get().user == WorkingCopy.objects.get().user == work["anna"]


def test_text_of_the_heirs_own_is_not_written_over(ada, work):
    paul = browser_of(work["paul"])
    paul.post(at("working_copy", work["about"]), typed(work["about"], body="Text of Paul."))
    ada.post(address(work["anna"]), {"heir": work["paul"].pk})
    kept = {copy.fields["body"][0] for copy in WorkingCopy.objects.filter(user=work["paul"])}
    assert kept == {"Text of Paul.", "Half a senten"}


def test_text_in_a_draft_that_is_gone_goes_to_no_author_whose_it_may_not_be(ada, work):
    browser_of(work["paul"]).post(at("delete", work["page"]), {"post": "yes"})
    WorkingCopy.objects.update(thing=work["page"].pk)
    ada.post(address(work["anna"]), {"heir": author("other", new_page("elsewhere")).pk})
    assert WorkingCopy.objects.get().user == work["anna"]


def test_texts_whose_slots_begin_alike_all_go_over(ada, work):
    copy = WorkingCopy.objects.get()
    for last in "ab":
        copy.pk, copy.slot = None, "s" * 40 + last
        copy.save()
    ada.post(address(work["anna"]), {"heir": work["paul"].pk})
    assert WorkingCopy.objects.filter(user=work["paul"]).count() == 3


@pytest.mark.parametrize("name", ["anna", "nobody", "off"])
def test_heir_is_somebody_else_with_a_role_who_may_log_in(ada, work, name):
    person("nobody"), author("off")
    User.objects.filter(username="off").update(is_active=False)
    ada.post(address(work["anna"]), {"heir": User.objects.get(username=name).pk})
    assert User.objects.get(username="anna").is_active


def test_links_for_a_new_password_end_too(ada, work):
    _ticket, token = tickets.issue(tickets.RESET, work["paul"])
    ada.post(address(work["paul"]))
    User.objects.update(is_active=True)
    assert tickets.found(tickets.RESET, token) is None


def test_last_administrator_stays(ada):
    last = User.objects.get(username="ada")
    assert "last administrator" in ada.post(address(last)).text
    assert role(User.objects.get(pk=last.pk)) == ADMINISTRATOR
    other = administrator("bea")
    assert ada.post(address(other)).status_code == 302
    assert "last administrator" in ada.post(address(last)).text


def test_nobody_else_switches_accounts_off(work):
    for client in (browser_of(work["paul"]), work["client"]):
        assert client.post(address(work["anna"])).status_code == 403
    root = User.objects.create_superuser("root")
    assert browser_of(administrator()).post(address(root)).status_code == 403
    assert User.objects.filter(is_active=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_switch_each_other_off_at_once_leave_one():
    for _ in range(5):
        User.objects.all().delete()
        two = [administrator("ada"), administrator("bea")]
        start, refused = threading.Barrier(2), []

        def off(user, by, start=start, refused=refused):
            start.wait(10)
            try:
                leaving.switch_off(user, None, by.username)
            except ValidationError as error:
                refused.extend(error.messages)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=off, args=pair) for pair in (two, two[::-1])]
        [thread.start() for thread in threads]
        [thread.join(30) for thread in threads]
        assert [user.is_active for user in User.objects.all()].count(True) == 1
        assert len(refused) == 1
