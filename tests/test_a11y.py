"""Pages in Chromium: axe finds nothing, the keyboard reaches everything, and a telephone without scripts can do all of it."""

from itertools import pairwise

import pytest
from django.conf import settings

from publishing.fixtures import load
from tests.record import live_page

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
PAGES = [
    "/",
    "/about/",
    "/@2010-03-10/about/",
    "/@2010-03-10/statistics/",
    "/about/history/",
    "/executive-board/",
    "/glossary/",
    "/glossary/certified-emission-reduction/",
    "/nowhere/",
    "/@2010-13-10/about/",
    "/@1999-01-01/about/",
]
VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 320)]
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > innerWidth"
EVERYTHING = """## First

A [link](/registry/) and a note.[^n]

## Second

| a | b |
|---|---|
| 1 | [link](https://example.org/) |

## Third

Text.

[^n]: The note.
"""
FOCUSED = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect(), style = getComputedStyle(element);
  if (element === document.body) return null;
  const place = [...document.querySelectorAll("*")].indexOf(element);
  return {place, name: element.outerHTML.slice(0, 90), seen: box.width > 2 && box.height > 2 && style.outlineStyle !== "none"};
}"""


@pytest.fixture
def shipped(transactional_db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    load(settings.BASE_DIR / "fixtures")


@pytest.fixture
def site(transactional_db):
    """A few pages, one of them with everything that a text can have."""
    live_page("", title="CDM Home", body="To [About CDM](/about/).")
    live_page("about", title="About CDM", body=EVERYTHING)
    live_page("registry", title="CDM Registry")


def violations(tab):
    tab.evaluate(AXE.read_text())
    found = tab.evaluate("tags => axe.run({runOnly: tags})", TAGS)["violations"]
    return [(violation["id"], violation["nodes"][0]["html"], violation["nodes"][0]["failureSummary"]) for violation in found]


def test_axe_finds_nothing_in_light_and_dark_on_desk_and_telephone(page, shipped):
    page.goto("/about/history/")
    difference = page.get_attribute(".editions li a", "href")
    for address in [*PAGES, difference]:
        page.goto(address)
        for scheme, width in VIEWS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page) == [], (address, scheme, width)
            assert not page.evaluate(WIDER_THAN_THE_WINDOW), (address, width)


@pytest.mark.parametrize("name", ["menu", "find"])
def test_axe_finds_nothing_in_what_opens_on_a_telephone(page, site, name):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/about/")
    page.click(f".switches [popovertarget={name}]")
    assert page.is_visible(f"#{name} :is(a, input)")
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_keyboard_reaches_everything_in_reading_order(page, site, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/@2040-01-01/about/")
    controls = page.locator(":is(a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']):visible").count()
    reached = []
    for _ in range(3 * controls):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        if not reached or reached[-1]["place"] != focused["place"]:  # a date field has several stops inside
            reached.append(focused)
    assert focused is None, "a trap"
    assert len(reached) >= controls
    assert [control["name"] for control in reached if not control["seen"]] == []
    assert all(one["place"] < next_one["place"] for one, next_one in pairwise(reached))


def test_skip_link_comes_first_and_leads_to_the_text(page, site):
    page.goto("/about/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_telephone_without_scripts_opens_the_menu_and_searches(browser, live_server, site):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport={"width": 320, "height": 700})
    tab = context.new_page()
    tab.goto("/about/")
    assert not tab.is_visible("#menu")
    assert not tab.is_visible("button[data-action]")
    tab.click("text=Menu")
    tab.click("#menu >> text=CDM Registry")
    tab.wait_for_url("**/registry/")
    tab.click(".switches >> text=Search")
    tab.fill("#search-q", "leakage")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search/?q=leakage")
    context.close()


def test_date_field_leads_to_the_past_and_the_band_back(page, shipped):
    page.goto("/about/")
    page.click("text=See this page at another date")
    page.fill("#tools-date", "2010-03-10")
    page.click(".tools button:has-text('Show')")
    page.wait_for_url("**/@2010-03-10/about/")
    assert "23:59 10 Mar 10" in page.text_content(".stamp")
    page.click("text=Back to now")
    page.wait_for_url(lambda address: address.endswith("/about/") and "@" not in address)


def test_first_view_takes_three_requests_and_one_deferred_script_and_sets_no_cookie(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto("/about/", wait_until="networkidle")
    assert sorted(asked) == ["document", "other", "script", "stylesheet"]
    assert page.context.cookies() == []
