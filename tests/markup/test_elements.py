"""Angle brackets: what is no element of HTML is shown as it was written, and nothing behind it is lost or left unformatted."""

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from markup.conversion import TAGS
from markup.elements import KNOWN, as_written
from markup.rendering import safe_html
from tests.processor import in_time


def words(source):
    return lxml_html.fragment_fromstring(safe_html(source), create_parent="main").text_content()


@pytest.mark.parametrize(
    "placeholder",
    [
        *(
            "<host Party>",
            "<F-CDM-PDD>",
            "<Party>",
            "<host Party's name>",
            "<name of the person>",
            "<name @ place>",
            "<A/B>",
            "<x.y>",
            "<1>",
        ),
        *(
            "<title>",
            "<title of the project>",
            "<form number>",
            "<section>",
            "<table>",
            "<table of contents>",
            "<code>",
            "<address of the DNA>",
        ),
        *("<a number>", "<data>", "<time of day>", "<object>", "<script>", "<style>", "<!host Party>", "<?host Party?>", "<![CDATA[x]]>"),
        *("</host Party>", "</3>", "<!-- never closed", "<b", "< b >", "<>", "<<Party>>", "<o:p></o:p>", "<title of x>a</title>", "<é>"),
    ],
)
@pytest.mark.parametrize("around", ["Fill in {} and go on.", "{}", "- {}", "| a |\n|---|\n| {} |", "> {}", "Note[^1]\n\n[^1]: {}", "`{}`"])
def test_what_is_no_element_is_shown_as_it_was_written(placeholder, around):
    assert placeholder in words(around.format(placeholder))


@pytest.mark.parametrize("line", ["<form number>", "<section>", "<!host>", "<?host", "<title of x>", "<div", "<table>", "<script>"])
def test_text_below_what_is_no_element_is_formatted(line):
    assert '<h2 id="h-next">Next</h2>' in safe_html(f"{line}\n\n## Next\n\n- *a*")
    assert "<em>a</em>" in safe_html(f"{line}\n\n## Next\n\n- *a*")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("H<sub>2</sub>O", "<p>H<sub>2</sub>O</p>"),
        ("one<br>two<br/>three", "<p>one<br>two<br>three</p>"),
        ('<a href="/about/">About</a>', '<p><a href="/about/">About</a></p>'),
        ("a <!-- said to nobody --> b", "<p>a  b</p>"),
        ("a <i>b</i> <span class=x>c</span>", "<p>a b c</p>"),
        ("a <iframe src=x></iframe><script>alert(1)</script> b", "<p>a  b</p>"),
        ("</div>a", "<p>a</p>"),
        ("<h1>a</h1>", "a"),
    ],
)
def test_elements_are_kept_or_dropped_as_ever(source, html):
    assert safe_html(source).strip() == html


@settings(max_examples=150)
@given(st.text("<>/!?-abp Pé'\"=1\n", max_size=40))
def test_no_letter_in_brackets_is_lost_but_those_of_elements(text):
    """`p`, `a`, `b` and their like are elements; whatever else is in brackets keeps its letters."""
    assert as_written(text).count("P") == text.count("P")
    assert unescape(as_written(text)) == text


def test_allowed_elements_are_known():
    assert TAGS <= KNOWN


@pytest.mark.parametrize("unit", ["<", "<a ", "<a b='", "<a b=\"x' ", "<!--", "<b>", "</a", "<a/", "<a b=\"<c d='", "<a x "])
def test_brackets_at_the_limit_are_read_in_time(unit):
    in_time(0.5, lambda: as_written(unit * (200_000 // len(unit))))
