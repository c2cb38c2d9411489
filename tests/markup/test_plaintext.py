"""The words of a text are those of its page, in blocks that say what they are."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from markup.plaintext import Block
from markup.rendering import plain_text, safe_html, text_blocks

TABLE = "| Year | CERs |\n|:--|--:|\n| 2008 | 5 * 3 |\n| 2009 | |"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("~5 to ~10 % of CO~2~", "~5 to ~10 % of CO2"),
        ("5 * 3 * 2 and 2*3*4", "5 * 3 * 2 and 234"),
        ("a_b_c and _d_", "a_b_c and d"),
        (TABLE, "Year CERs 2008 5 * 3 2009"),
        ("a | b\n:--|--:\n1 | 2", "a b 1 2"),
        ("[A](https://example.org/(b)) and [B](</x y/> 'title')", "A and B"),
        ("In the years until\n1990. That was all.", "In the years until 1990. That was all."),
        ("Emissions\n- of gas", "Emissions - of gas"),
        ("# A\n\n[x]: /about/\n\n[x] <!-- no --> y[^1]\n\n[^1]: Note.", "A x y Note."),
        ("one<br>two  \nthree", "one two three"),
        ("![A turbine](/a.png) &amp; `<b>` \\* <host Party>", "A turbine & <b> * <host Party>"),
        ("```python\na = 1\n```", "a = 1"),
        ("https://example.org/a_b_c <https://example.org/>", "https://example.org/a_b_c https://example.org/"),
        ("Term\n:   Meaning", "Term Meaning"),
        ("H<sub>2</sub>O, m^2^, ~~old~~ **b**old", "H2O, m2, old bold"),
        ("> a\n> > b\n\n***\n\nc", "a b c"),
    ],
)
def test_text_is_what_the_page_says(source, text):
    assert plain_text(source) == text


def test_blocks_say_what_they_are_and_below_which_heading():
    source = (
        f"Before.\n\n## Years\n\n- a\n\n    more\n\n    - b\n- c\n\n{TABLE}\n\n> Said[^1]\n\n    code\n\n[^1]: Note one.\n\n    Note two."
    )
    assert text_blocks(source) == [
        Block("paragraph", "Before."),
        Block("heading", "Years", "h-years"),
        Block("item", "a", "h-years"),
        Block("item", "more", "h-years"),
        Block("item", "b", "h-years"),
        Block("item", "c", "h-years"),
        Block("columns", "Year CERs", "h-years"),
        Block("row", "2008 5 * 3", "h-years", (("Year", "2008"), ("CERs", "5 * 3"))),
        Block("row", "2009", "h-years", (("Year", "2009"), ("CERs", ""))),
        Block("paragraph", "Said", "h-years"),
        Block("code", "code", "h-years"),
        Block("footnote", "Note one.", "h-years"),
        Block("footnote", "Note two.", "h-years"),
    ]


PIECES = ["a", "b c", "\n", "\n\n", "- ", "    ", "| x | y |\n|---|---|\n", "| 1 | 2 |\n", "> ", "## ", "[^1]", "\n\n[^1]: n\n\n"]
PIECES += [
    "**",
    "`",
    "~",
    "[l](/x/)",
    "<b>",
    "<div>",
    "</div>",
    "<table>",
    "<td>",
    "</table>",
    "<li>",
    "<ul>",
    "<p>",
    "&lt;",
    "1. ",
    "![i](/p)",
]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("<table><td>a<table><td>b</td></table>c</td></table>d")
def test_no_word_of_a_page_is_lost_or_added(source):
    root = lxml_html.fragment_fromstring(safe_html(source), create_parent="main")
    for mark in root.find_class("footnote-ref") + root.find_class("footnote-backref"):
        mark.text = ""
    for picture in root.iter("img"):
        picture.text = picture.get("alt")
    shown = "".join(root.itertext())
    assert sorted("".join(plain_text(source).split())) == sorted("".join(shown.split()))


def test_converter_of_a_thread_keeps_nothing_of_an_earlier_text():
    source = "## A\n\n## A\n\nx[^1] [y]\n\n[^1]: n\n\n[y]: /y/"
    first = safe_html(source)
    assert safe_html("## A\n\n[y] z[^1]") == '<h2 id="h-a">A</h2>\n<p>[y] z[^1]</p>'
    assert safe_html(source + "\n\n") == first
