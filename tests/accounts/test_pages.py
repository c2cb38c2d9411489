"""The pages of accounts in a browser: from an invitation to the desk, without scripts too, accessible in both themes and when narrow."""

import re

import pytest
from django.contrib.auth.models import User

from accounts import tickets
from accounts.models import Phone
from publishing.roles import PUBLISHER
from tests.accounts.logging_in import App, with_phone
from tests.conftest import tab_on
from tests.desk_client import PASSWORD, administrator, person
from tests.record import live_page
from tests.test_a11y import OPEN_ALL, WIDER_THAN_THE_WINDOW, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.once]
VIEWS = [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360), ("light", 320)]
NEW = "an entirely different phrase"


@pytest.fixture
def nora(settings):
    """Somebody who was invited as a publisher, and the link."""
    settings.SECOND_FACTOR = {"Publisher", "Administrator"}
    user = person("nora", PUBLISHER)
    user.set_unusable_password()
    user.is_active, user.email = False, "nora@example.org"
    user.save()
    return tickets.issue(tickets.INVITATION, user, "ada")[1]


def faults(tab):
    """What axe finds, and what is wider than the window, in each view; the page stays as it is."""
    tab.evaluate(OPEN_ALL)
    for scheme, width in VIEWS:
        tab.emulate_media(color_scheme=scheme)
        tab.set_viewport_size({"width": width, "height": 900})
        tab.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")  # colours of links fade
        yield from ((tab.url, scheme, width, *violation) for violation in violations(tab))
        if tab.evaluate(WIDER_THAN_THE_WINDOW):
            yield tab.url, scheme, width, "is wider than the window"


def shown(tab, name):
    """Hook of the film: overwritten by whoever wants pictures of the steps."""


def key_on(tab):
    return App.told_by(type("Page", (), {"text": tab.content()}))


def join(tab, token, look):
    """From the link of an invitation to the first page of the desk; `look` is called on each page."""
    tab.goto(f"/admin/invitation/{token}/")
    look(tab, "invitation")
    tab.get_by_label("New password:").fill("short")
    tab.get_by_label("New password confirmation:").fill("short")
    tab.get_by_role("button", name="Set the password").click()
    look(tab, "refused")
    tab.get_by_label("New password:").fill(NEW)
    tab.get_by_label("New password confirmation:").fill(NEW)
    tab.get_by_role("button", name="Set the password").click()
    look(tab, "ready")
    tab.get_by_role("link", name="To the log-in").click()
    look(tab, "log-in")
    tab.get_by_label("Username").fill("nora")
    tab.get_by_label("Password:").fill(NEW)
    tab.get_by_role("button", name="Log in").click()
    look(tab, "phone")
    tab.get_by_label("Code from your app").fill(key_on(tab).code())
    tab.get_by_role("button", name="Confirm").click()
    look(tab, "codes")
    codes = tab.locator(".recovery-codes code").all_text_contents()
    tab.get_by_role("link", name="I have kept them: go on").click()
    look(tab, "desk")
    return codes


def test_newcomer_goes_from_the_invitation_to_the_desk_on_accessible_pages(browser, live_server, nora):
    found = []
    with tab_on(browser, live_server.url) as tab:
        codes = join(tab, nora, lambda tab, name: found.extend(faults(tab)) if name != "desk" else None)
        assert tab.url.endswith("/admin/")
        assert len(codes) == 10
    assert found == []


def test_newcomer_gets_in_without_scripts_and_again_with_a_recovery_code(browser, live_server, nora):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport={"width": 320, "height": 700})
    tab = context.new_page()
    codes = join(tab, nora, shown)
    assert tab.url.endswith("/admin/")
    tab.get_by_role("button", name="Log out").click()
    tab.goto("/admin/login/")
    tab.get_by_label("Username").fill("nora")
    tab.get_by_label("Password:").fill(NEW)
    tab.get_by_role("button", name="Log in").click()
    tab.get_by_text("Your phone is not at hand?").click()
    tab.get_by_label("Recovery code").fill(codes[0])
    tab.get_by_role("button", name="Log in with this recovery code").click()
    assert "9 recovery codes are left" in tab.content()
    context.close()


def test_pages_of_accounts_are_accessible_and_obey_the_policy(browser, live_server, settings):
    settings.SECOND_FACTOR = {"Administrator"}
    live_page("about", title="About CDM")
    ada, paul = administrator(), person("paul", PUBLISHER)
    app, _codes = with_phone(ada)
    found = []
    with tab_on(browser, live_server.url) as tab:
        tab.goto("/admin/login/")
        tab.get_by_label("Username").fill("ada")
        tab.get_by_label("Password:").fill(PASSWORD)
        tab.get_by_role("button", name="Log in").click()
        found += faults(tab)
        tab.get_by_label("Code from your app").fill("000000")
        tab.get_by_role("button", name="Go on").click()
        found += faults(tab)
        Phone.objects.update(throttling_failure_timestamp=None)
        tab.get_by_label("Code from your app").fill(app.code())
        tab.get_by_role("button", name="Go on").click()
        tab.wait_for_url(re.compile(r"/admin/$"))
        user = f"/admin/auth/user/{paul.pk}"
        for address in (
            "/admin/account/",
            "/admin/account/second-factor/",
            "/admin/reset/",
            "/admin/who/?address=/about/&person=paul",
            "/admin/auth/user/invite/",
            *(f"{user}/{page}/" for page in ("change", "link", "second-factor", "switch-off")),
        ):
            tab.goto(address)
            found += faults(tab)
        tab.goto("/admin/auth/user/invite/")
        tab.locator("form[method=post] button.default").last.click()
        found += faults(tab)
    assert found == []
    assert User.objects.count() == 2
