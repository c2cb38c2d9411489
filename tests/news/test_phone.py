"""News written in a real browser on a phone's screen, and corrected there. Any complaint in the console fails the test."""

import pytest
from playwright.sync_api import expect

from news.models import NewsItem
from tests.conftest import tab_on
from tests.desk_client import PASSWORD, publisher

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20_000


@pytest.fixture
def phone(browser, live_server):
    publisher()
    with tab_on(browser, live_server.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as tab:
        tab.goto("/admin/login/?next=/admin/news/newsitem/add/")
        tab.get_by_label("Username").fill("paul")
        tab.get_by_label("Password").fill(PASSWORD)
        tab.keyboard.press("Enter")
        yield tab


def publish(phone, note):
    phone.get_by_role("button", name="Save draft and publish…").click()
    phone.get_by_label("Public note").fill(note)
    fits(phone)
    phone.get_by_role("button", name="Publish", exact=True).click()
    expect(phone.get_by_text("is published from now on")).to_be_visible(timeout=PATIENCE)


def fits(phone):
    phone.wait_for_function("document.documentElement.scrollWidth <= 390")


def test_item_is_written_published_and_corrected_on_a_phone(phone):
    expect(phone.locator(".md-toolbar")).to_be_visible(timeout=PATIENCE)
    expect(phone.locator(".md-preview")).to_be_hidden()
    fits(phone)
    phone.locator("#id_title").fill("Written on the way")
    phone.locator("#id_summary").fill("One sentence.")
    phone.locator("#id_body").fill("Wrong words.")
    phone.get_by_label("Executive Board").check()
    publish(phone, "New.")
    phone.locator("#id_body").fill("Right words.")
    publish(phone, "The words were wrong.")
    phone.get_by_role("link", name="View on site").first.click()
    expect(phone.locator("main")).to_contain_text("The words were wrong.", timeout=PATIENCE)
    expect(phone.locator("main")).to_contain_text("Right words.")
    fits(phone)
    assert NewsItem.objects.get().slug == "written-on-the-way"
