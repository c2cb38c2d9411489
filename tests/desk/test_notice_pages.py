"""Pages of notices and of upkeep in a browser: accessible, as wide as the window, in both colours, and of use without scripts."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from desk import notices
from desk.models import DeskNotice
from due import running
from mail import outbox
from mail.models import Addressee, MailState, WaitingMail
from pages.models import Page
from tests.conftest import tab_on
from tests.desk.test_browser import NOT_ALLOWED, PATIENCE, log_in
from tests.desk_client import administrator
from tests.record import new_page
from tests.test_a11y import WIDER_THAN_THE_WINDOW, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
LOOKED_AT = ["/admin/notices/", "/admin/notices/?page=2", "/admin/notices/preferences/", "/admin/upkeep/", "/admin/"]


@pytest.fixture
def ada():
    """An administrator with notices of every sort, mails that were refused, and an address that is paused."""
    user = administrator()
    page = new_page("about", title="A title that is as long as titles get, on monitoring methodologies for programmes of activities")
    for number, event in enumerate(["moved", "published", "came", "withdrawn", "deleted"] * 9):
        notices.tell(event, [user], "page", page.pk if number % 4 else 10**6, str(number), "a-user-name-of-some-length")
    DeskNotice.objects.filter(pk__gt=DeskNotice.objects.first().pk + 3).update(read=timezone.now())
    running.run_all()
    for number in range(3):
        outbox.send(f"person{number}@a-rather-long-name-of-a-host.example.org", "Invitation to the desk", "Body", str(number))
    WaitingMail.objects.update(state=MailState.REFUSED, tries=1, error="The mail server refused it: 550 5.1.1 no such user here")
    Addressee.objects.create(to="gone@example.org", refusals=5, paused=timezone.now())
    return user


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_telephone(browser, live_server, ada, scheme):
    problems = []
    with tab_on(browser, live_server.url, color_scheme=scheme) as tab:
        log_in(tab, "ada")
        for address in LOOKED_AT:
            for width in (1280, 360):
                tab.set_viewport_size({"width": width, "height": 900})
                tab.goto(address)
                problems += [(address, width, *violation) for violation in violations(tab)]
                problems += [(address, html) for html in tab.locator(NOT_ALLOWED).evaluate_all("all => all.map(one => one.outerHTML)")]
                if tab.evaluate(WIDER_THAN_THE_WINDOW):
                    problems.append((address, width, "is wider than the window"))
    assert problems == []


def test_pages_serve_without_scripts(browser, live_server, ada):
    with tab_on(browser, live_server.url, java_script_enabled=False) as tab:
        log_in(tab, "ada")
        tab.get_by_role("link", name="Your notices").click()
        tab.get_by_role("button", name="Mark as read").first.click()
        expect(tab.get_by_text("1 notice is marked as read.")).to_be_visible(timeout=PATIENCE)
        tab.get_by_role("button", name="Mark all as read").click()
        expect(tab.get_by_text("3 notices are marked as read.")).to_be_visible(timeout=PATIENCE)
        tab.get_by_role("link", name="How you are told…").click()
        tab.get_by_role("group", name="What you wrote becomes public").get_by_label("On Mondays at 07:00").check()
        tab.get_by_label("Time zone").select_option("Europe/Berlin")
        tab.get_by_role("button", name="Save").click()
        expect(tab.get_by_text("Your choice is kept.")).to_be_visible(timeout=PATIENCE)
        tab.goto("/admin/upkeep/")
        tab.get_by_role("button", name="Write there again").click()
        expect(tab.get_by_text("The address is written to again")).to_be_visible(timeout=PATIENCE)
        tab.get_by_role("button", name="Try again").first.click()
        expect(tab.get_by_text("1 mail is tried again within a minute.")).to_be_visible(timeout=PATIENCE)
    assert Page.objects.count() == 1
