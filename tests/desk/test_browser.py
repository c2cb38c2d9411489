"""The desk in a real browser, under the portal's own content security policy. Any complaint in the console fails a test."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from desk import deletion
from pages.models import Page
from publishing.ledger import publish, withdraw
from publishing.models import Edition, WorkingCopy
from tests.desk_client import PASSWORD, at, browser_of, person, publisher, typed
from tests.record import new_page
from tests.test_a11y import OPEN_ALL, WIDER_THAN_THE_WINDOW, violations
from tests.test_access_matrix import addresses
from tests.test_access_matrix import world as made_world

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20_000
world = made_world


@pytest.fixture
def tree():
    home = new_page("", title="Home")
    about = new_page("about", title="About CDM", body="## What it is\n\nThe first words.")
    publish([home, about])
    return {
        "home": home,
        "about": about,
        "ccs": new_page("ccs", about, title="Capture"),
        "end": new_page("end", about, title="End", position=10),
    }


@pytest.fixture
def desk(page, tree):
    """A tab in which a publisher has logged in."""
    publisher()
    log_in(page, "paul")
    return page


def log_in(tab, name):
    tab.goto("/admin/login/")
    tab.get_by_label("Username").fill(name)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Desk", exact=True)).to_be_visible(timeout=PATIENCE)


def body(tab):
    return tab.locator("#id_body")


def kept(tab):
    return expect(tab.locator(".autosave")).to_contain_text(re.compile("Kept"), timeout=PATIENCE)


def test_words_typed_are_previewed_kept_saved_published_and_read(desk, tree):
    desk.goto(at("change", tree["about"]))
    expect(desk.locator(".md-preview h2")).to_have_text("What it is", timeout=PATIENCE)
    body(desk).fill("## What it is\n\nSecond *thoughts*.")
    expect(desk.locator(".md-preview em")).to_have_text("thoughts", timeout=PATIENCE)
    kept(desk)
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Preview (in a new window)").click()
    expect(opened.value.get_by_text("Draft, not published.")).to_be_visible(timeout=PATIENCE)
    expect(opened.value.locator("main em")).to_have_text("thoughts")
    desk.get_by_role("button", name="Save draft and publish…").click()
    desk.get_by_label("Public note").fill("Better words.")
    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.get_by_text("is published from now on")).to_be_visible(timeout=PATIENCE)
    desk.get_by_role("link", name="View on site").first.click()
    expect(desk.locator("main em")).to_have_text("thoughts")
    assert not WorkingCopy.objects.exists()


def test_what_is_saved_at_once_is_not_kept_as_unsaved(desk):
    desk.goto(at("add"))
    expect(desk.locator(".md-toolbar")).to_be_visible(timeout=PATIENCE)
    desk.get_by_label("Title:", exact=True).fill("Quick")
    body(desk).fill("Quick words.")
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(desk.get_by_text("is saved")).to_be_visible(timeout=PATIENCE)
    desk.goto("/admin/")
    expect(desk.get_by_role("heading", name="Typed and not saved")).to_have_count(0)
    assert not WorkingCopy.objects.exists()


def test_words_begun_before_the_script_comes_go_on_in_their_place(desk, tree):
    waiting = []
    desk.route(re.compile(r"/desk/preview[^/]*\.js"), lambda route: waiting.append(route))  # noqa: PLW0108 (a built-in is refused)
    desk.goto(at("change", tree["about"]), wait_until="commit")
    body(desk).fill("Begun")
    while not waiting:
        desk.wait_for_timeout(50)
    waiting.pop().continue_()
    expect(desk.locator(".md-preview")).to_be_visible(timeout=PATIENCE)
    desk.keyboard.type(" and gone on")
    expect(body(desk)).to_have_value("Begun and gone on")


def test_everything_is_reached_and_done_by_the_keyboard(desk, tree):
    desk.goto(at("changelist"))
    press_until(desk, "Tab", lambda: focused(desk) == "Capture")
    desk.keyboard.press("Enter")
    desk.get_by_role("toolbar").wait_for(timeout=PATIENCE)
    press_until(desk, "Tab", lambda: focused(desk, "id") == "id_body")
    desk.keyboard.press("Control+a")
    desk.keyboard.type("Typed by hand, see ")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("About")
    expect(desk.locator(".link-dialog li button").first).to_contain_text("About CDM", timeout=PATIENCE)
    desk.keyboard.press("Enter")
    expect(body(desk)).to_have_value("Typed by hand, see [About CDM](/about/)")
    press_until(desk, "Tab", lambda: focused(desk) == "Save draft and publish…")
    desk.keyboard.press("Enter")
    desk.get_by_label("Public note").wait_for(timeout=PATIENCE)
    press_until(desk, "Tab", lambda: focused(desk) == "Publish")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("is published from now on")).to_be_visible(timeout=PATIENCE)
    assert Edition.objects.filter(thing=tree["ccs"].pk).count() == 1


def pasted(field, address):
    """Whether a paste of the address was taken by the desk; a test has no clipboard of its own."""
    return field.evaluate(
        """(field, words) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", words);
            return !field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        address,
    )


def test_text_is_written_with_the_keys_that_writers_know(desk, tree):
    """Cases A3 and A4: marks that toggle, lists that go on, addresses pasted and given, Ctrl+S, one step past the preview."""
    desk.goto(at("change", tree["about"]))
    text = body(desk)
    desk.get_by_role("toolbar").wait_for(timeout=PATIENCE)

    def holds(value):
        expect(text).to_have_value(value)

    def chosen(words, *keys):
        text.evaluate("(text, words) => text.setSelectionRange(text.value.indexOf(words), text.value.indexOf(words) + words.length)", words)
        for key in keys:
            desk.keyboard.press(key)

    text.fill("some words here")
    chosen("words ", "Control+b"), holds("some **words** here")
    desk.keyboard.press("Control+i"), holds("some ***words*** here")
    desk.keyboard.press("Control+b"), holds("some *words* here")
    desk.keyboard.press("Control+i"), holds("some words here")
    chosen("words", "Control+b"), chosen("**words**", "Control+b"), holds("some words here")
    text.fill("")
    for key in ("Control+b", "Control+b"):
        desk.keyboard.press(key)
    holds("")
    for mark in ("List", "List", "Numbered"):
        desk.get_by_role("button", name=mark, exact=True).click()
    for words, value in (
        ("one", "1. one\n2. "),
        ("two", "1. one\n2. two\n3. "),
        ("", "1. one\n2. two\n"),
        ("- a", "1. one\n2. two\n- a\n- "),
    ):
        desk.keyboard.type(words)
        desk.keyboard.press("Enter")
        holds(value)
    text.fill("```\n- a"), text.press("End"), desk.keyboard.press("Enter"), holds("```\n- a\n")
    text.fill("see the guide now")
    chosen("the guide")
    assert pasted(text, "https://example.org/a_(b)")
    holds("see [the guide](https://example.org/a_%28b%29) now")
    chosen("https://example.org/a_%28b%29")
    assert not pasted(text, "https://example.org/other")
    chosen("see ")
    assert not pasted(text, "plain words")
    text.fill("see it")
    chosen("it", "Control+k")
    desk.locator(".link-dialog[open] input").fill(f"{desk.url.partition('/admin/')[0]}/about/#h-what")
    expect(desk.locator(".link-dialog[open] li button").first).to_contain_text("This address", timeout=PATIENCE)
    desk.keyboard.press("Enter")
    holds("see [it](/about/#h-what)")
    text.fill("[One](/about/)\n\n| a |\n|---|\n| [Two](https://example.org/) |\n")
    expect(desk.locator(".md-preview a")).to_have_count(2, timeout=PATIENCE)
    text.focus()
    stops = 0
    while focused(desk, "name") != "_save":
        desk.keyboard.press("Tab")
        stops += 1
        assert not desk.evaluate("document.activeElement.closest('.md-preview *') !== null")
        assert stops < 20
    text.focus()
    desk.keyboard.press("Control+s")
    expect(desk.get_by_text("is saved")).to_be_visible(timeout=PATIENCE)
    assert Page.objects.get(pk=tree["about"].pk).body.startswith("[One]")


def test_things_are_chosen_by_title(desk, tree):
    """Case A5: what is published, in fields that still take typed addresses."""
    publish([tree["ccs"]])
    desk.goto(reverse("admin:news_newsitem_add"))
    field = desk.get_by_label("Related")
    field.fill("/about/")
    for words, name in (("captu", "Capture"), ("end", ""), ("about", "About CDM")):
        desk.get_by_role("button", name="Choose by title…").click(timeout=PATIENCE)
        desk.locator(".link-dialog[open] input").fill(words)
        shown = desk.locator(".link-dialog[open] li button", has_text=re.compile(words, re.IGNORECASE))
        expect(shown).to_have_count(1 if name else 0, timeout=PATIENCE)
        shown.click() if name else desk.locator(".link-dialog[open] [data-close]").click()
    expect(field).to_have_value("/about/\n/about/ccs/")
    desk.goto(at("withdraw", tree["about"]))
    desk.get_by_role("button", name="Choose by title…").click(timeout=PATIENCE)
    desk.locator(".link-dialog[open] li button", has_text="Capture").click(timeout=PATIENCE)
    expect(desk.get_by_label("Successor")).to_have_value("/about/ccs/")


def test_page_is_moved_by_the_keyboard_and_the_focus_stays(desk, tree):
    desk.goto(at("move", tree["end"]))
    press_until(desk, "Tab", lambda: focused(desk) == "Up")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("is moved")).to_be_visible(timeout=PATIENCE)
    expect(desk.locator(":focus")).to_have_text("Up", timeout=PATIENCE)
    assert [page.slug for page in Page.objects.filter(parent=tree["about"].pk).order_by("position", "title")] == ["end", "ccs"]


def press_until(tab, key, is_there, most=120):
    for _ in range(most):
        tab.keyboard.press(key)
        if is_there():
            return
    raise AssertionError(f"{most} times {key}, and not there")


def focused(tab, attribute=None):
    here = tab.locator(":focus")
    if not here.count():
        return ""
    return here.get_attribute(attribute) if attribute else here.inner_text().strip()


def test_second_tab_sees_both_texts(desk, tree):
    other = desk.context.new_page()
    for tab in (desk, other):
        tab.goto(at("change", tree["about"]))
    desk.get_by_label("Title:", exact=True).fill("About the mechanism")
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(desk.get_by_text("is saved")).to_be_visible(timeout=PATIENCE)
    other.get_by_label("Title:", exact=True).fill("About us")
    other.get_by_role("button", name="Save draft", exact=True).last.click()
    panel = other.get_by_role("region", name=re.compile("saved this draft"))
    expect(panel.locator("del")).to_contain_text("mechanism", timeout=PATIENCE)
    expect(panel.locator("ins")).to_contain_text("us")
    other.get_by_role("button", name=re.compile("Take the saved “title”")).click()
    expect(other.get_by_label("Title:", exact=True)).to_have_value("About the mechanism", timeout=PATIENCE)
    other.close()


def test_two_windows_keep_two_texts_and_neither_wipes_the_other(desk, tree):
    other = desk.context.new_page()
    for number, tab in enumerate((desk, other)):
        tab.goto(at("change", tree["about"]))
        body(tab).fill(f"Words of window {number}.")
        kept(tab)
    assert WorkingCopy.objects.count() == 2
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(desk.get_by_text("is saved")).to_be_visible(timeout=PATIENCE)
    offer = desk.get_by_role("region", name=re.compile("text of paul"))
    expect(offer).to_have_count(1)
    other.close()
    offer.get_by_role("link", name="Use it").click()
    expect(body(desk)).to_have_value("Words of window 1.", timeout=PATIENCE)
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(desk.get_by_role("region", name=re.compile("saved this draft"))).to_be_visible(timeout=PATIENCE)
    assert Page.objects.get(pk=tree["about"].pk).body == "Words of window 0."


def test_publish_link_takes_what_is_typed_along_and_tells_of_it(desk, tree):
    desk.goto(at("change", tree["about"]))
    expect(desk.locator(".md-toolbar")).to_be_visible(timeout=PATIENCE)
    body(desk).fill("Typed a moment ago.")
    desk.get_by_role("link", name="Publish…").click()
    expect(desk.get_by_text("publishing now publishes without it")).to_be_visible(timeout=PATIENCE)
    desk.get_by_role("link", name="Use it").click()
    expect(body(desk)).to_have_value("Typed a moment ago.", timeout=PATIENCE)


def test_publish_link_stays_once_where_the_session_has_ended(browser, live_server, tree):
    """The publish page could not tell of text that only this browser has."""
    publisher()
    context = browser.new_context(base_url=live_server.url)
    desk = context.new_page()
    log_in(desk, "paul")
    desk.goto(at("change", tree["about"]))
    body(desk).fill("Typed after the session had ended.")
    context.clear_cookies()
    desk.get_by_role("link", name="Publish…").click()
    expect(desk.locator(".autosave")).to_contain_text(re.compile("logged out.*Press again"), timeout=PATIENCE)
    desk.get_by_role("link", name="Publish…").click()
    expect(desk.get_by_label("Username")).to_be_visible(timeout=PATIENCE)
    log_in(desk, "paul")
    desk.goto(at("change", tree["about"]))
    expect(desk.get_by_text("This browser kept text of paul")).to_be_visible(timeout=PATIENCE)
    context.close()


def test_save_after_a_log_in_in_another_window_just_saves(browser, live_server, tree):
    publisher()
    context = browser.new_context(base_url=live_server.url)
    tab, other = context.new_page(), context.new_page()
    log_in(tab, "paul")
    tab.goto(at("change", tree["about"]))
    expect(tab.locator(".md-toolbar")).to_be_visible(timeout=PATIENCE)
    context.clear_cookies()
    body(tab).fill("Written over lunch.")
    expect(tab.locator(".autosave")).to_contain_text("logged out", timeout=PATIENCE)
    log_in(other, "paul")
    tab.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(tab.get_by_text("is saved")).to_be_visible(timeout=PATIENCE)
    assert Page.objects.get(slug="about").body == "Written over lunch."
    context.close()


def test_text_in_a_page_that_was_deleted_is_kept_on_and_becomes_a_new_one(desk, tree):
    desk.goto(at("change", tree["ccs"]))
    expect(desk.locator(".md-toolbar")).to_be_visible(timeout=PATIENCE)
    deletion.delete(person("ada", "Administrator"), Page.objects.get(pk=tree["ccs"].pk))
    body(desk).fill("An afternoon's work.")
    expect(desk.locator(".autosave")).to_contain_text("was deleted by ada", timeout=PATIENCE)
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(desk.get_by_role("region", name=re.compile("was deleted by ada"))).to_be_visible(timeout=PATIENCE)
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(desk.get_by_text("is saved")).to_be_visible(timeout=PATIENCE)
    assert Page.objects.get(slug="ccs").body == "An afternoon's work."
    assert not WorkingCopy.objects.exists()


def test_text_typed_after_another_saved_is_kept_when_the_window_dies(desk, tree):
    """The page that shows both texts holds one that is saved nowhere: it goes to the server at once."""
    desk.goto(at("change", tree["about"]))
    edited = Page.objects.get(pk=tree["about"].pk)
    edited.body = "Theirs."
    edited.save_if_unchanged(edited.version)
    body(desk).fill("Mine.")
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    kept(desk)
    assert WorkingCopy.objects.get().fields["body"] == ["Mine."]


def test_text_typed_without_a_connection_is_offered_again_and_sent(page, browser, live_server, tree):
    publisher()
    context = browser.new_context(base_url=live_server.url)
    tab = context.new_page()
    log_in(tab, "paul")
    tab.goto(at("change", tree["about"]))
    expect(tab.locator(".md-preview h2")).to_be_visible(timeout=PATIENCE)
    context.set_offline(True)
    body(tab).press_sequentially("Offline words. ")
    expect(tab.locator(".autosave")).to_contain_text("No connection", timeout=PATIENCE)
    tab.close()
    context.set_offline(False)
    tab = context.new_page()
    tab.goto(at("change", tree["about"]))
    tab.get_by_role("button", name="Use it").click()
    assert "Offline words." in body(tab).input_value()
    kept(tab)
    assert "Offline words." in WorkingCopy.objects.get().fields["body"][0]
    context.close()


def test_session_that_ends_costs_no_words_even_without_script(browser, live_server, tree):
    publisher()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    tab = context.new_page()
    log_in(tab, "paul")
    tab.goto(at("change", tree["about"]))
    body(tab).fill("An afternoon's work.\n\nA second paragraph.")
    context.clear_cookies(name="sessionid")
    tab.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(tab.get_by_text("Nothing that you typed is lost")).to_be_visible(timeout=PATIENCE)
    tab.get_by_label("Username").fill("paul")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Open the form with my text").click()
    expect(body(tab)).to_have_value("An afternoon's work.\n\nA second paragraph.", timeout=PATIENCE)
    tab.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(tab.get_by_text("is saved")).to_be_visible(timeout=PATIENCE)
    assert Page.objects.get(slug="about").body.startswith("An afternoon")
    context.close()


LISTS = "- One\n    - Within\n- Two\n\n1. First\n2. Second\n\nTerm\n:   Meaning\n\n> Said\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"
LOOK = """pane => Object.fromEntries(["ul", "ul ul", "ol"].map(name => {
    const list = pane.querySelector(name), style = getComputedStyle(list.querySelector("li"));
    return [name, [style.listStyleType, style.fontSize, parseInt(getComputedStyle(list).marginInlineStart)]];
}))"""


def test_button_pressed_twice_makes_one_new_page(desk, tree):
    desk.goto(at("add"))
    desk.locator("#id_title").fill("Pressed twice")
    body(desk).fill("Some words.")
    desk.get_by_role("button", name="Save draft", exact=True).last.dblclick()
    expect(desk.get_by_role("heading", name="Pressed twice", exact=True)).to_be_visible(timeout=PATIENCE)
    desk.wait_for_load_state("networkidle")
    assert Page.objects.filter(title="Pressed twice").count() == 1


def test_what_no_server_would_take_is_not_sent_and_stays(desk, tree):
    desk.goto(at("change", tree["about"]))
    body(desk).evaluate("(text) => text.value = 'x'.repeat(11_000_000)")
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(desk.locator(".autosave")).to_contain_text("too long to be saved", timeout=PATIENCE)
    assert body(desk).evaluate("(text) => text.value.length") == 11_000_000
    desk.goto(reverse("admin:documents_documentversion_add"))
    desk.evaluate(
        """() => {
            const chosen = new DataTransfer();
            chosen.items.add(new File([new Uint8Array(51_000_000)], "large.txt"));
            document.querySelector("input[type=file]").files = chosen.files;
        }"""
    )
    desk.locator("#id_version_number").fill("2")
    desk.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(desk.locator(".autosave")).to_contain_text("50 MB at most", timeout=PATIENCE)
    assert desk.locator("#id_version_number").input_value() == "2"


def test_history_on_a_telephone_has_nothing_beside_the_screen(desk, tree):
    desk.set_viewport_size({"width": 360, "height": 740})
    body_of = tree["about"]
    browser_of(User.objects.get()).post(at("change", body_of), typed(body_of, body="A second version."))
    desk.goto(at("history", body_of))
    for table in desk.locator("table.stacks").all():
        assert table.evaluate("(table) => table.parentElement.scrollWidth <= table.parentElement.clientWidth")
    assert desk.locator("table.stacks").count() == 2
    assert not violations(desk)
    desk.get_by_role("radio", name="Compare from version 1").check()
    desk.get_by_role("radio", name="Compare to version 2").check()
    desk.get_by_role("button", name="Compare the two").click()
    expect(desk.get_by_role("heading", name="Differences in “About CDM”")).to_be_visible(timeout=PATIENCE)


def test_preview_shows_lists_as_readers_see_them(desk, tree):
    desk.goto(at("change", tree["about"]))
    body(desk).fill(LISTS)
    pane = desk.locator(".md-preview")
    expect(pane.locator("ul ul li")).to_have_text("Within", timeout=PATIENCE)
    look = pane.evaluate(LOOK)
    assert look == {"ul": ["disc", "15px", 0], "ul ul": ["circle", "15px", 0], "ol": ["decimal", "15px", 0]}


FORMS = {"changelist", "add", "change"}  # each kind has its own; of the other pages those of one kind are looked at
NOT_ALLOWED = "style, [style]:not(svg [style], .calendarbox, .clockbox), script:not([src]):not([type='application/json'])"


def pages_of_the_desk(world):
    """The path of every page of the desk, as the URLconf has them; of what looks alike for every kind, that of one."""
    seen = set()
    for address in addresses(world):
        view = address.name.removeprefix(f"{address.model._meta.app_label}_{address.model._meta.model_name}_") if address.model else ""
        name = view if view and view not in FORMS and address.model is not User else address.name
        if name and address.is_of_the_desk and name not in seen and answers_with_a_page(world, address.path):
            seen.add(name)
            yield address.path


def answers_with_a_page(world, path):
    answer = world.clients["administrator"].get(path)
    content = b"".join(answer)  # closes the file that is sent
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html") and b"/desk/desk" in content


@pytest.mark.once
def test_every_page_of_the_desk_is_accessible_fits_a_telephone_and_obeys_the_policy(page, world):
    """A script or style that the policy stops is told in the console, and the fixture fails on it."""
    about, ada, petra = Page.objects.get(slug="about"), world.clients["administrator"], browser_of(publisher("petra"))
    for slug in ("petra", "goes on"):
        petra.post(at("change", about), typed(about, body=f"{slug}, see [Home](/).", version=about.version))
        about.refresh_from_db()
    withdraw(Page.objects.get(slug="other"), "No longer of use.")
    petra.post(at("working_copy", about), typed(about, body="Petra types.", slot="p"))
    ada.post(at("working_copy", about), typed(about, body="Ada types.", slot="a", version=about.version - 1))
    number = about.editions.get().number
    views = [at(view, about) for view in ("change", "publish", "withdraw", "history", "difference", "erase", "move", "share")]
    views += [at("version", about, 1), at("take_back", about, 1), at("restore", about, number), at("compare", about, number)]
    views += [
        at("change", about) + "?copy=use",
        "/admin/links/?q=no+such+thing",
        "/admin/auth/user/?q=nobody",
        "/admin/pages/page/?q=about",
    ]
    views += pages_of_the_desk(world)
    assert len(views) > 60
    problems = []
    page.goto("/admin/login/")
    problems += [("log-in", *violation) for violation in violations(page)]
    log_in(page, "ada")
    for address in views:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(address)
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        problems += [(address, html) for html in page.locator(NOT_ALLOWED).evaluate_all("all => all.map(one => one.outerHTML)")]
        page.evaluate(OPEN_ALL)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            problems += [(address, width, *violation) for violation in violations(page)]
            if page.evaluate(WIDER_THAN_THE_WINDOW):
                problems.append((address, width, "is wider than the window"))
    assert problems == []
