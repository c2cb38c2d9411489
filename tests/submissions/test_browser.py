"""From a call's page to the published submission in Chromium without scripts, for the sender and for the desk."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from calls.models import PublishedSubmission
from mail.models import WaitingMail
from submissions.models import Submission
from tests.bodies.conftest import live_body
from tests.calls.conftest import live_call
from tests.conftest import tab_on
from tests.desk.test_browser import log_in
from tests.desk_client import publisher
from tests.first_view import FIRST_VIEW, first_view
from tests.record import DAY, live_page
from tests.submissions.conftest import SECRET
from tests.test_a11y import WIDER_THAN_THE_WINDOW, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def call(transactional_db):
    live_page("", title="CDM Home")
    live_page("public-inputs", title="Public inputs")
    now = timezone.now()
    return live_call(live_body(), has_form=True, opens=None, closes=now + DAY)


def fine(tab):
    """That axe finds nothing, and nothing is wider than a telephone."""
    assert not violations(tab)
    tab.set_viewport_size({"width": 320, "height": 700})
    assert not tab.evaluate(WIDER_THAN_THE_WINDOW)
    assert not violations(tab)
    tab.set_viewport_size({"width": 1280, "height": 800})


def test_flow_from_the_call_to_the_published_submission_without_scripts(browser, live_server, call):
    with tab_on(browser, live_server.url, java_script_enabled=False) as tab:
        tab.goto(call.path)
        tab.get_by_role("link", name="By the form here").click()
        tab.get_by_label("Your submission").fill("We like it.\n\nCall 0800 123 456.")
        tab.get_by_label("Files").set_input_files({"name": "view.txt", "mimeType": "text/plain", "buffer": b"More."})
        tab.get_by_role("button", name="Send").click()  # too fast, and much is missing
        expect(tab.get_by_role("heading", name="Not sent yet; nothing that you wrote is lost")).to_be_visible()
        tab.wait_for_timeout(4000)
        tab.get_by_role("button", name="Send").click()
        expect(tab.locator("#problems")).to_be_focused()
        expect(tab.get_by_label("Your submission")).to_have_value("We like it.\n\nCall 0800 123 456.")
        assert "view.txt" in tab.locator("form", has=tab.get_by_role("button", name="Send")).inner_text()
        tab.get_by_label("Your name").fill("Amina Okoye")
        tab.get_by_label("Email address").fill("amina@example.org")
        tab.get_by_label("For myself").check()
        tab.get_by_label("Publish it with my name").check()
        tab.get_by_role("button", name="Send").click()
        expect(tab.get_by_role("heading", name="Receipt", level=1)).to_be_visible()
        assert not tab.context.cookies()
        secrets = dict(SECRET.findall(WaitingMail.objects.get().body))
        tab.goto(f"/public-inputs/confirm/{secrets['confirm']}/")
        tab.get_by_role("button", name="Confirm").click()
        expect(tab.get_by_role("status")).to_contain_text("is confirmed")
    publisher()
    with tab_on(browser, live_server.url, java_script_enabled=False) as desk:
        log_in(desk, "paul")
        desk.goto("/admin/submissions/submission/")
        desk.get_by_role("link", name=call.title).click()
        desk.get_by_role("link", name="Read the first").click()
        expect(desk.get_by_role("heading", name="What was sent")).to_be_visible()
        desk.get_by_label("Words to take out").fill("0800 123 456")
        desk.get_by_label("Why").fill("A telephone number.")
        desk.get_by_role("button", name="Publish, then the next").click()
        expect(desk.get_by_text("Nothing waits to be read.")).to_be_visible()
    assert PublishedSubmission.objects.get().submission_number == 1
    with tab_on(browser, live_server.url, java_script_enabled=False) as tab:
        tab.goto(call.path)
        tab.get_by_role("link", name="Amina Okoye").first.click()
        expect(tab.get_by_text("Call […].")).to_be_visible()
        tab.goto(f"/public-inputs/withdraw/{secrets['withdraw']}/")
        tab.get_by_role("button", name="Withdraw").click()
        expect(tab.get_by_role("status")).to_contain_text("is withdrawn")


def test_pages_of_sender_and_desk_are_accessible_and_fit_a_telephone(browser, live_server, call):
    address = f"{call.path}submit/"
    with tab_on(browser, live_server.url) as tab:
        response = tab.goto(address)
        assert first_view(response.body(), "css/submit.css") <= FIRST_VIEW
        fine(tab)
        tab.wait_for_timeout(4000)
        tab.get_by_label("Email address").fill("nobody")
        tab.get_by_role("button", name="Send").click()
        fine(tab)
        described = tab.get_by_label("Email address").get_attribute("aria-describedby")
        assert {tab.locator(f"#{part}").count() for part in described.split()} == {1}
        tab.get_by_label("Your submission").fill("We like it.")
        tab.get_by_label("Your name").fill("Amina Okoye")
        tab.get_by_label("Email address").fill("amina@example.org")
        tab.get_by_label("For myself").check()
        tab.get_by_label("Publish it with my name").check()
        tab.get_by_role("button", name="Send").click()
        fine(tab)
        for name, secret in SECRET.findall(WaitingMail.objects.get().body):
            tab.goto(f"/public-inputs/{name}/{secret}/")
            fine(tab)
        tab.goto(f"/public-inputs/confirm/{dict(SECRET.findall(WaitingMail.objects.get().body))['confirm']}/")
        tab.get_by_role("button", name="Confirm").click()
        publisher()
        log_in(tab, "paul")
        pk = Submission.objects.get().pk
        for place in ("", f"call/{call.pk}/", f"{pk}/"):
            tab.goto(f"/admin/submissions/submission/{place}")
            fine(tab)
        tab.get_by_role("button", name="Show the address").click()
        expect(tab.get_by_text("amina@example.org")).to_be_visible()
        assert re.search(r"/address/\Z", tab.url)
