"""Pages in Chromium: axe finds nothing, the keyboard reaches everything, and a telephone without scripts can do all of it."""

import os
import re
import subprocess
from collections import Counter
from itertools import groupby, product
from pathlib import Path

import pytest
from django.conf import settings

from publishing.content_files import load
from tests.checkers import axe, program
from tests.conftest import tab_on
from tests.record import live_page
from tests.walk import log_in, one_of_each

TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
VIEWS = list(product(("light", "dark"), (1280, 320)))
DRAWN = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
OPEN_ALL = f"{{ document.querySelectorAll('details').forEach(one => one.open = true); ({DRAWN})() }}"
# What follows the size of the window, such as the tab stops of tables, has followed after two frames.
NEXT_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > innerWidth"
# Links in a picture that is hidden from readers, such as the map's, stand in the table beside it and are no stops.
STOPS_OF_LINKS = "a[href]:not([aria-hidden=true] [tabindex='-1'])"
CONTROLS = f"{STOPS_OF_LINKS}, button, input:not([type=hidden]), select, textarea, summary, audio[controls], [tabindex='0']"
STOPS = """controls => {
  window.order = new Map([...document.querySelectorAll("*")].map((one, place) => [one, place]));
  return [...document.querySelectorAll(controls)].filter(one => one.checkVisibility() && !one.disabled).map(one => order.get(one));
}"""
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const box = [...element.getClientRects()].find(one => one.width > 2 && one.height > 2);
  const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
  const hit = box && document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  const seen = getComputedStyle(element).outlineStyle !== "none" && box && element.contains(hit);
  return {place: order.get(element), name: element.outerHTML.slice(0, 90), seen};
}"""
REPEATED = {"listitem", "row", "option", "paragraph", "term", "definition"}
TREES = Path(__file__).with_name("trees")
RICH = """## First

A [link](/registry/) and a note.[^n]

## Second

| a | b |
|---|---|
| 1 | [link](https://example.org/) |

## Third

Text.

[^n]: The note.
"""


@pytest.fixture
def shipped(transactional_db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    load(settings.BASE_DIR / "fixtures")


@pytest.fixture
def site(transactional_db):
    """A few pages, one of them with everything that a text can have."""
    live_page("", title="CDM Home", body="To [About CDM](/about/).")
    live_page("about", title="About CDM", body=RICH)
    live_page("registry", title="CDM Registry")


def violations(tab, rules=TAGS):
    tab.evaluate(NEXT_FRAMES)
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(axe())
    asked = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    found = tab.evaluate("asked => axe.run(asked)", asked)["violations"]
    return [(violation["id"], violation["nodes"][0]["html"], violation["nodes"][0]["failureSummary"]) for violation in found]


@pytest.mark.once
def test_walk_finds_every_type_of_page(found):
    types = {page.type for page in found.values()}
    assert {view for _, view, _, _ in types} >= {"home", "at", "tree:page", "news:item", "documents:library", "search:results"}
    assert {status for _, _, _, status in types} == {200, 404, 410, 451}
    assert {("past", "tree:page", 0, 200), ("past", "home", 0, 404), ("now", "documents:library", 2, 200)} <= types


@pytest.mark.once
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_axe_finds_nothing_in_light_and_dark_on_desk_and_telephone(browser, walked, found, scripts):
    """Dark is light in other colours (test_dark_has_other_colours_and_nothing_else), and scripts change none."""
    problems = []
    with tab_on(browser, walked.address) as tab:
        if not scripts:
            tab.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        for page in one_of_each(found):
            tab.goto(page.address)
            tab.evaluate(OPEN_ALL)
            for scheme, width in VIEWS if scripts else VIEWS[:2]:
                tab.emulate_media(color_scheme=scheme)
                tab.set_viewport_size({"width": width, "height": 900})
                tab.evaluate(DRAWN)
                rules = TAGS if scheme == "light" else COLOURS
                problems += [(page.address, scheme, width, *violation) for violation in violations(tab, rules)]
                if scheme == "light" and tab.evaluate(WIDER_THAN_THE_WINDOW):
                    problems.append((page.address, width, "is wider than the window"))
    assert problems == []


DARK = re.compile(r"@media[^{]*prefers-color-scheme[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
COLOUR = re.compile(r"--[\w-]+: #[0-9a-f]{3,8};|color-scheme: \w+;")


def test_dark_has_other_colours_and_nothing_else():
    styles = {file: file.read_text() for file in (settings.BASE_DIR / "static").rglob("*.css")}
    dark = [rules for text in styles.values() for rules in DARK.findall(text)]
    assert len(dark) == sum(text.count("prefers-color-scheme") for text in styles.values()) >= 3
    for rules in dark:
        assert set(re.findall(r"([^{}]*)\{", rules)) == {"\n  :root "}
        assert not re.search(r"[\w-]+:", COLOUR.sub("", re.sub(r":root|/\*.*?\*/", "", rules))), rules


FIRSTS = {
    "/news/": ".item-list > li",
    "/documents/": "[aria-labelledby=documents] tbody tr",
    "/audio/": ".item-list > li",
    "/newsletters/": ".item-list > li",
    "/glossary/": ".terms > li",
}


@pytest.mark.once
def test_first_item_of_a_list_stands_on_the_first_screen_and_the_section_is_folded_below(browser, walked):
    with tab_on(browser, walked.address) as tab:
        for (address, first), (width, height) in product(FIRSTS.items(), ((1280, 800), (320, 640))):
            tab.emulate_media(media="screen")
            tab.set_viewport_size({"width": width, "height": height})
            tab.goto(address)
            top, notices = tab.locator(first).first.bounding_box()["y"], tab.locator(".notices").bounding_box()["height"]
            assert top - notices < height, (address, width)
            assert not tab.is_visible(".fold > p >> nth=0")
            tab.click(".fold > summary")
            assert tab.is_visible(".fold > p >> nth=0")
            tab.click(".fold > summary")
            tab.emulate_media(media="print")
            assert tab.is_visible(".fold > p >> nth=0"), address


@pytest.mark.once
def test_table_is_a_tab_stop_and_tells_of_more_only_where_it_scrolls(browser, walked):
    frames = """() => [...document.querySelectorAll(".table-scroll")].map(one => {
      const tells = getComputedStyle(one, "::before").content !== "none";
      return [one.scrollWidth > one.clientWidth, one.tabIndex === 0, one.matches("[data-more]"), tells];
    })"""
    with tab_on(browser, walked.address) as tab:
        for width, address in product((1280, 320), ("/statistics/", "/dna/", "/projects/", "/about/", "/documents/")):
            tab.set_viewport_size({"width": width, "height": 640})
            tab.goto(address)
            tab.evaluate(OPEN_ALL)
            for scrolls, stops, may_scroll, tells in tab.evaluate(frames):
                assert (stops, tells, may_scroll or not scrolls) == (scrolls, scrolls, True), (width, address)


@pytest.mark.once
@pytest.mark.parametrize("width", [1280, 320])
def test_keyboard_reaches_every_control_in_reading_order_and_shows_where_it_is(browser, walked, found, width):
    problems = []
    with tab_on(browser, walked.address, reduced_motion="reduce", viewport={"width": width, "height": 900}) as tab:
        for page in one_of_each(found):
            if page.type[0] == "now" or page.type[1] == "tree:page":
                tab.goto(page.address)
                tab.evaluate(OPEN_ALL)
                problems += [(page.address, problem) for problem in of_keyboard(tab)]
    assert problems == []


def of_keyboard(tab):
    """What is wrong with the stops of the Tab key, from the first to where it leaves the page or begins anew."""
    stops = tab.evaluate(STOPS, CONTROLS)
    reached = []
    for _ in range(12 * len(stops)):  # a date field and a player have several stops inside
        tab.keyboard.press("Tab")
        focused = tab.evaluate(FOCUSED)
        if focused is None or (focused["place"] == stops[0] and reached and reached[-1]["place"] != stops[0]):
            break
        reached.append(focused)
    else:
        yield "a trap", focused["name"]
    first_inside = [next(stops) for _, stops in groupby(reached, key=lambda one: one["place"])]
    places = [one["place"] for one in first_inside]
    if places != stops:
        yield "not all, or in another order", [place for place in stops if place not in places] or places
    yield from (("not seen", one["name"]) for one in first_inside if not one["seen"])


@pytest.mark.once
def test_accessibility_trees_are_as_they_were_when_they_were_read(browser, walked, found):
    """REWRITE_TREES=1 writes them anew; then read the difference as somebody who hears it."""
    firsts = {}
    for page in found.values():
        moment, view, choices, status = page.type
        if moment == "now" or view == "home":
            firsts.setdefault("-".join([moment, view.replace(":", "-"), *["choice"] * choices, str(status)]), page)
    with tab_on(browser, walked.address) as tab:
        trees = {}
        for name, page in firsts.items():
            tab.goto(page.address)
            trees[name] = tree_of(tab.locator("main"))
        tab.goto("/")
        trees["frame"] = tree_of(tab.locator("body"))
        tab.set_viewport_size({"width": 320, "height": 640})
        trees["frame-320"] = tree_of(tab.locator("body"))
    if os.environ.get("REWRITE_TREES"):
        for file in TREES.glob("*.txt"):
            file.unlink()
        for name, tree in trees.items():
            (TREES / f"{name}.txt").write_text(tree)
    kept = {file.stem: file.read_text() for file in TREES.glob("*.txt")}
    assert kept.keys() == trees.keys()
    assert {name: tree for name, tree in trees.items() if tree != kept[name]} == {}


def tree_of(locator):
    """The roles and names, without addresses, moments and numbers of editions, shortened."""
    tree = re.sub(r"\n *- /url:.*", "", locator.aria_snapshot())
    tree = re.sub(r"\d\d:\d\d(?::\d\d)?,? \d+ \w+ \d+", "<moment>", tree)
    tree = re.sub(r"([Ee]dition )\d+|\d+(, live from)", r"\1<number>\2", tree)
    return "\n".join(shortened(tree.splitlines())) + "\n"


def shortened(lines):
    """Of items, rows and the like the first three beside each other, and of a long line the beginning."""
    met, hidden = {}, None
    for line in lines:
        depth, kind = len(line) - len(line.lstrip()), line.split()[1].rstrip(":")
        if hidden is not None and depth > hidden:
            continue
        met = {level: kinds for level, kinds in met.items() if level <= depth}
        met.setdefault(depth, Counter())[kind] += 1
        hidden = depth if kind in REPEATED and met[depth][kind] > 3 else None
        if hidden is None:
            yield line if len(line) < 120 else line[:117] + "..."
        elif met[depth][kind] == 4:
            yield " " * depth + f"- ... more: {kind}"


@pytest.mark.once
def test_axe_finds_nothing_in_the_components(browser, walked):
    with tab_on(browser, walked.address) as tab:
        log_in(tab)
        tab.goto("/styles/")
        for scheme, width in VIEWS:
            tab.emulate_media(color_scheme=scheme)
            tab.set_viewport_size({"width": width, "height": 900})
            assert violations(tab) == [], (scheme, width)
            assert not tab.evaluate(WIDER_THAN_THE_WINDOW), width


ORDER = {
    "/": "Search this site|CDM Statistics|Your location:|CDM Home|Half of all CERs|Travel to|Understand|Latest news|not the UNFCCC",
    "/about/": "Search this site|CDM Statistics|Your location:|On this page|Binding targets|Notes and sources|About this page",
    "/search/?q=additionality": "Quickfinder|Your location:| results| 1. Additionality|Follow this search|Narrow the list|not the UNFCCC",
}


@pytest.mark.once
@pytest.mark.parametrize("address", ORDER)
def test_text_browser_shows_the_parts_in_a_sensible_order(walked, address):
    command = [program("w3m", "w3m"), "-dump", walked.address + address]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    for part in ORDER[address].split("|"):
        before, found, shown = shown.partition(part)
        assert found, f"{part} does not come after {before[-300:]}"


@pytest.mark.parametrize("name", ["menu", "find"])
def test_axe_finds_nothing_in_what_opens_on_a_telephone(page, site, name):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/about/")
    page.click(f".switches [popovertarget={name}]")
    assert page.is_visible(f"#{name} :is(a, input)")
    assert violations(page) == []


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
    tab.wait_for_url("**/search/?q=leakage&go=1")
    context.close()


def test_date_field_leads_to_the_past_and_the_band_back(page, shipped):
    page.goto("/about/")
    page.click("text=See this page at another date")
    page.fill("#tools-date", "10 March 2010")
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
