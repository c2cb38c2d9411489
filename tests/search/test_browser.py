"""The Quickfinder and the site search in Chromium: by keyboard alone, by touch, without scripts, and with axe."""

import pytest
from playwright.sync_api import expect

from publishing.content_files import load
from search import indexer
from tests.checkers import axe

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
FIELD = "#quickfinder-q"
OPTIONS = "#quickfinder-list [role=option]"
ACTIVE = "#quickfinder-list [aria-selected=true]"


@pytest.fixture
def site(transactional_db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    load(settings.BASE_DIR / "fixtures")
    indexer.catch_up()


def violations(tab):
    tab.evaluate(axe())
    found = tab.evaluate("tags => axe.run({runOnly: tags})", TAGS)["violations"]
    return [(violation["id"], violation["nodes"][0]["html"], violation["nodes"][0]["failureSummary"]) for violation in found]


def tab_to(tab, selector):
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached by the keyboard")


def state(tab):
    """What assistive technology is told of the combobox."""
    attributes = ("role", "aria-expanded", "aria-controls", "aria-autocomplete", "aria-activedescendant")
    return {name: tab.get_attribute(FIELD, name) for name in attributes}


def typed(tab, text, options=1):
    tab.keyboard.type(text, delay=10)
    tab.locator(OPTIONS).nth(options - 1).wait_for()


@pytest.mark.usefixtures("site")
def test_combobox_by_keyboard_alone(page):
    page.goto("/about/")
    tab_to(page, FIELD)
    assert state(page)["role"] == "combobox"
    assert state(page)["aria-expanded"] == "false"
    typed(page, "board", 3)
    assert state(page)["aria-expanded"] == "true"
    assert page.get_attribute(f"#{state(page)['aria-controls']}", "role") == "listbox"
    assert "suggestions" in page.text_content("[role=status]")
    assert state(page)["aria-activedescendant"] is None, "nothing is chosen before a key says so"
    first, last = page.locator(OPTIONS).first, page.locator(OPTIONS).last
    page.keyboard.press("ArrowDown")
    assert page.text_content(ACTIVE) == first.text_content()
    assert state(page)["aria-activedescendant"] == first.get_attribute("id")
    page.keyboard.press("End")
    assert page.text_content(ACTIVE) == last.text_content()
    page.keyboard.press("ArrowDown")
    assert page.text_content(ACTIVE) == first.text_content(), "round the end"
    page.keyboard.press("ArrowUp")
    assert page.text_content(ACTIVE) == last.text_content()
    page.keyboard.press("Home")
    assert page.text_content(ACTIVE) == first.text_content()
    page.keyboard.press("Escape")
    assert state(page)["aria-expanded"] == "false"
    assert page.input_value(FIELD) == "board"
    page.keyboard.press("Escape")
    assert page.input_value(FIELD) == ""
    typed(page, "eb 5")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/executive-board/meetings/5/")


@pytest.mark.usefixtures("site")
def test_enter_without_a_choice_sends_what_was_typed(page):
    page.goto("/about/")
    page.focus(FIELD)
    typed(page, "EB 50")
    page.keyboard.press("Enter")
    page.wait_for_url("**/executive-board/meetings/50/")


@pytest.mark.usefixtures("site")
def test_home_and_end_move_in_the_text_while_nothing_is_chosen(page):
    page.goto("/about/")
    page.focus(FIELD)
    typed(page, "board")
    page.keyboard.press("Home")
    page.keyboard.type("x")
    assert page.input_value(FIELD) == "xboard"


@pytest.mark.usefixtures("site")
def test_leaving_the_field_closes_the_list(page):
    page.goto("/about/")
    page.focus(FIELD)
    typed(page, "board")
    page.keyboard.press("Tab")
    assert not page.is_visible("#quickfinder-list")


@pytest.mark.usefixtures("site")
def test_suggestions_tell_kind_and_why_and_that_there_are_none(page):
    page.goto("/about/")
    page.focus(FIELD)
    typed(page, "HFC-23")
    assert "Issue, found by “HFC-23”" in page.locator(OPTIONS).first.text_content()
    page.fill(FIELD, "")
    page.keyboard.type("qqqq", delay=10)
    expect(page.locator(".find [role=status]")).to_have_text("No suggestions")
    assert not page.is_visible("#quickfinder-list")


@pytest.mark.usefixtures("site")
def test_lost_connection_leaves_the_form(page):
    page.goto("/about/")
    page.route("**/quickfinder/suggestions/**", lambda route: route.fulfill(status=200, body="not json"))
    page.focus(FIELD)
    page.keyboard.type("glossary", delay=10)
    page.wait_for_timeout(300)
    assert not page.is_visible("#quickfinder-list")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/")


@pytest.mark.usefixtures("site")
def test_touch_chooses_a_suggestion(browser, live_server):
    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto("/about/")
    tab.tap(".switches >> text=Search")
    tab.tap(FIELD)
    typed(tab, "doe")
    tab.locator(OPTIONS).first.tap()
    tab.wait_for_url("**/doe/")
    context.close()


@pytest.mark.usefixtures("site")
def test_in_the_past_suggestions_lead_to_the_past(page):
    page.goto("/@2010-03-10/about/")
    page.focus(FIELD)
    typed(page, "glossary")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/@2010-03-10/glossary/")


@pytest.mark.usefixtures("site")
def test_both_work_without_scripts(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/")
    tab.select_option("select[name=issue]", label="Methodologies Panel")
    tab.click("form[action='/quickfinder/'] button")
    tab.wait_for_url("**/panels/#h-methodologies-panel")
    tab.fill(FIELD, "HCFC-22")
    tab.press(FIELD, "Enter")
    tab.wait_for_url("**/about/hcfc-22/")
    for typed, address in (("NovaGerar", "/projects/8/"), ("China", "/parties/CN/"), ("host:CN", "/search/?q=host%3ACN")):
        tab.fill(FIELD, typed)
        tab.press(FIELD, "Enter")
        tab.wait_for_url(f"**{address}")
    tab.goto("/@2020-01-01/")
    expect(tab.locator("main")).to_contain_text("2,030,962,023")
    tab.goto("/")
    tab.fill(FIELD, "fees for registration")
    tab.press(FIELD, "Enter")
    tab.wait_for_url("**/search/?q=fees+for+registration")
    tab.click(".facets >> text=Pages")
    tab.wait_for_url("**kind=page**")
    tab.click(".chips a")
    tab.wait_for_url(lambda address: "kind" not in address)
    tab.click("text=by date")
    tab.wait_for_url("**sort=date**")
    tab.click("main ol h2 a >> nth=0")
    assert "/search/" not in tab.url
    context.close()


@pytest.mark.usefixtures("site")
def test_search_by_keyboard_alone(page):
    page.goto("/about/")
    tab_to(page, "#search-q")
    page.keyboard.type("registration of projects")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=registration+of+projects&go=1")
    tab_to(page, "main ol h2 a")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/search/" not in address)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_search_pages_and_the_open_list(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for address in ["/search/", "/search/?q=registration&kind=page", "/search/?q=nothingatall", "/@2010-03-10/search/?q=fees"]:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            assert violations(page) == [], (address, scheme)
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
    page.goto("/about/")
    if width == 320:
        page.click(".switches >> text=Search")
    page.click(FIELD)
    typed(page, "board", 3)
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
