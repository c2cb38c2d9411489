"""Pasting, tables and the keyboard in a real browser: what the clipboard holds goes into the text as one step that can be undone."""

import re

import pytest
from playwright.sync_api import expect

from tests.desk.test_browser import PATIENCE, body, desk, focused, tree
from tests.desk_client import at

__all__ = ["desk", "tree"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

HTML = "<h1>Title</h1><p>Some <b>bold</b> <del>SECRET</del>words</p><ul><li>a<ul><li>b</ul></ul>"
MARKDOWN = "## Title\n\nSome **bold** words\n\n- a\n    - b"


@pytest.fixture
def text(desk, tree):
    desk.goto(at("change", tree["about"]))
    desk.get_by_role("toolbar").wait_for(timeout=PATIENCE)
    return body(desk)


def paste(field, plain="", html=""):
    """Whether the desk took a paste; a test has no clipboard of its own."""
    return field.evaluate(
        """(field, [plain, html]) => {
            const clipboardData = new DataTransfer();
            if (plain) clipboardData.setData("text/plain", plain);
            if (html) clipboardData.setData("text/html", html);
            field.focus();
            return !field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        [plain, html],
    )


def fill(field, value, place=None):
    """Fill the text and put the cursor at the `|` of it."""
    start = value.index("|") if place is None else place
    field.fill(value.replace("|", "", 1) if place is None else value)
    field.evaluate("(field, place) => field.setSelectionRange(place, place)", start)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("One.|", f"One.\n\n{MARKDOWN}"),
        ("|", MARKDOWN),
        ("One.| Two.", f"One.\n\n{MARKDOWN}\n\n Two."),
        ("- x\n- |", "- x\n- ## Title\n\n    Some **bold** words\n\n    - a\n        - b"),
    ],
)
def test_formats_go_in_as_markdown_where_the_cursor_is_and_are_undone_in_one_step(desk, text, before, after):
    fill(text, before)
    assert paste(text, "Title\nSome bold words", HTML)
    expect(text).to_have_value(after, timeout=PATIENCE)
    expect(desk.locator(".md-told")).to_have_text("Left out: 1 deletion.")
    desk.keyboard.press("Control+z")
    expect(text).to_have_value(before.replace("|", ""))


def test_what_needs_no_conversion_is_left_to_the_browser(desk, text):
    fill(text, "a |b")
    assert not paste(text, "plain words")
    assert not paste(text, "plain words", "<meta charset=utf-8><span style='color:red'>plain words</span>")
    assert not paste(text)
    fill(text, "```\n|\n```")
    assert not paste(text, "bold", "<b>bold</b>")
    fill(text, "[see](|")
    assert not paste(text, "bold", "<b>bold</b>")


def test_without_an_answer_the_words_go_in_and_the_reason_is_told(desk, text):
    told = desk.locator(".md-told")
    for answer, reason in (
        ("Promise.reject(new TypeError())", "No connection"),
        ("Promise.resolve(new Response('', {status: 403}))", "logged out"),
        ("Promise.resolve(new Response('', {status: 500}))", "did not take it"),
        ("new Promise((_, no) => signal.addEventListener('abort', () => no(new DOMException('', 'AbortError'))))", "took too long"),
    ):
        # The browser itself complains about answers that fail, and a complaint fails a test.
        desk.evaluate(f"""() => {{
            const real = window.realFetch ??= window.fetch;
            window.fetch = (address, {{signal, ...rest}} = {{}}) =>
                address.endsWith("/paste/") ? {answer} : real(address, {{signal, ...rest}});
        }}""")
        fill(text, "|")
        assert paste(text, "the words", "<b>the words</b>")
        expect(text).to_have_value("the words", timeout=PATIENCE)
        expect(told).to_contain_text(reason)
    desk.evaluate("() => { window.fetch = window.realFetch }")
    fill(text, "|")
    assert paste(text, "deep", "<b>" * 5_000)
    expect(told).to_contain_text("hundred deep", timeout=PATIENCE)
    expect(text).to_have_value("deep")


def test_a_cell_takes_one_line_and_notes_are_numbered_on(desk, text):
    fill(text, "x[^4]\n\n| a |\n|---|\n", place=9)
    assert paste(text, "b c", "<ul><li>b<li><b>c</b></ul>")
    expect(text).to_have_value(re.compile(r"\| • b<br>• \*\*c\*\*a \|"), timeout=PATIENCE)
    fill(text, "x[^4] |")
    assert paste(text, "y", "<p>y<a href='#_ftn1'>1</a></p><div id=ftn1>z</div>")
    expect(text).to_have_value("x[^4] \n\ny[^5]\n\n[^5]: z", timeout=PATIENCE)


def test_rows_of_a_spreadsheet_are_offered_as_a_table(desk, text):
    fill(text, "Year\tCERs\n2009\t1|2", place=0)
    assert not paste(text, "Year\tCERs\n2009\t1|2")
    desk.get_by_role("button", name="Make a table of them").click()
    expect(text).to_have_value("| Year | CERs |\n|---|---|\n| 2009 | 1\\|2 |")
    assert focused(desk, "id") == "id_body"


TABLES = """async () => {
    const found = performance.getEntriesByType("resource").find((one) => /desk\\/table[^/]*\\.js/.test(one.name));
    const { fromMarkdown, toMarkdown } = await import(found.name);
    let seed = 7;
    const chance = (most) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % most;
    const pieces = ["a", "|", "\\\\", "\\\\\\\\", "`x|y`", "``a`b``", " ", "*b*", "<br>", "[x](/y)", "é", "1.", "-", ":--"];
    const faults = [];
    for (let count = 0; count < 500; count += 1) {
        const [width, height] = [1 + chance(5), 1 + chance(5)];
        const cell = () => Array.from({ length: chance(4) }, () => pieces[chance(pieces.length)]).join("").trim().replaceAll("\\\\|", "|");
        const rows = Array.from({ length: height }, () => Array.from({ length: width }, cell));
        const aligns = Array.from({ length: width }, () => ["", "left", "right", "center"][chance(4)]);
        const back = fromMarkdown(toMarkdown({ rows, aligns }).split("\\n"));
        if (JSON.stringify(back) !== JSON.stringify({ rows, aligns })) faults.push([rows, back.rows]);
    }
    return faults;
}"""


def test_five_hundred_tables_survive_grid_markdown_grid(desk, text):
    assert desk.evaluate(TABLES) == []


def test_a_table_is_changed_in_a_grid_and_written_back_in_one_step(desk, text):
    fill(text, "One.\n\n| a | b |\n|---|--:|\n| c\\|d | e |\n\nTwo.", place=10)
    before = text.input_value()
    desk.get_by_role("button", name="Table…", exact=True).click()
    grid = desk.get_by_role("dialog", name="Table")
    expect(grid.get_by_label("Row 2, column 1")).to_have_value("c|d")
    expect(grid.get_by_label("Row 1, column 1")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(grid.get_by_label("Row 2, column 1")).to_be_focused()
    desk.keyboard.press("Tab")
    desk.keyboard.type("2")
    grid.get_by_role("button", name="Add column").click()
    expect(grid.get_by_label("Row 2, column 3")).to_be_focused()
    assert paste(grid.get_by_label("Row 2, column 3"), "5\t6\n7\t8")
    grid.get_by_label("Row 1, column 1").focus()
    grid.get_by_label("Column’s side").select_option("center")
    grid.get_by_role("button", name="Done").click()
    expect(text).to_have_value(re.compile(r"^One\.\n\n\| a \| b \|  \|  \|\n\|:-:\|--:\|---\|---\|\n\| c\\\|d \|"))
    expect(text).to_have_value(re.compile(r"\| 5 \| 6 \|\n\|  \|  \| 7 \| 8 \|\n\nTwo\.$"))
    desk.keyboard.press("Control+z")
    expect(text).to_have_value(before)
    text.evaluate("field => { field.value = '| a |\\n|---|\\n' + '| b |\\n'.repeat(2000); field.setSelectionRange(3, 3) }")
    desk.get_by_role("button", name="Table…", exact=True).click()
    expect(desk.locator(".md-told")).to_contain_text("CSV")


def test_tab_moves_items_where_they_begin_and_traps_nobody(desk, text):
    fill(text, "- a\n- |b")
    for key, value in (("Tab", "- a\n    - b"), ("Shift+Tab", "- a\n- b"), ("Tab", "- a\n    - b")):
        desk.keyboard.press(key)
        expect(text).to_have_value(value)
    desk.keyboard.press("Tab")
    assert focused(desk, "id") != "id_body"
    expect(text).to_have_value("- a\n    - b")
    for value, keys in (("- a\n- b|", ["Tab"]), ("words|", ["Tab"]), ("- |a", ["Tab"]), ("- a\n- |b", ["Escape", "Tab"])):
        fill(text, value)
        for key in keys:
            desk.keyboard.press(key)
        assert focused(desk, "id") != "id_body"
        expect(text).to_have_value(value.replace("|", ""))


def test_the_toolbar_is_one_stop_and_a_dozen_lead_from_the_text_to_the_save(desk, text):
    text.focus()
    desk.keyboard.press("Shift+Tab")
    assert focused(desk, "data-mark") == "strong"
    for key, mark in (("ArrowRight", "em"), ("ArrowLeft", "strong"), ("ArrowLeft", None), ("Home", "strong"), ("End", None)):
        desk.keyboard.press(key)
        assert focused(desk, "data-mark") == mark
    text.focus()
    stops = 0
    while focused(desk, "name") != "_save":
        desk.keyboard.press("Tab")
        stops += 1
        assert stops <= 12
