"""Notes on a text: what is found, at which line, and what is left in peace."""

import pytest

from markup import lint
from publishing.fields import BODY_LIMIT
from tests.processor import in_time

KNOWN = {"/about/", "/about/ccs/", "/media/a.png"}


def lines(source):
    return [note.line for note in lint.notes(source, lambda path: path if path in KNOWN else None)]


def texts(source):
    return " ".join(note.text for note in lint.notes(source, lambda path: path if path in KNOWN else None))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("[the cycle](/about/ccs/#steps) and [it](/about/?x=1)", []),
        ("One\n\n[gone](/about/gone/)", [3]),
        ("[gone][g]\n\n[g]: /gone/", [1]),
        ("[g]\n\n[g]: /gone/", [1]),
        ('<a href="/gone/">a page</a>', [1]),
        ("[x](//about/)", [1]),
        ("[a place](#nowhere)", [1]),
        ("## Some place\n\n[a place](#some-place) and [one](#h-some-place)", []),
        ("Text[^1]\n\n[^1]: Source.", []),
        ("[a page](ccs/)", [1]),
        ("[a page](www.example.org)", [1]),
        ("[a page](javascript:alert)", [1]),
        ("[a page]()", [1]),
        ("[a page](https://example.org/(x))", []),
        ("[](https://example.org/)", [1]),
        ("[**  **](https://example.org/)", [1]),
        ("[more >>](/about/)", []),
        ("[more »](/about/)", []),
    ],
)
def test_links_that_lead_nowhere_or_say_nothing(source, found):
    assert lines(source) == found


@pytest.mark.parametrize("words", ["here", "Click here", "click here!", "*more*", "Read more", "this page", "this link"])
def test_link_whose_words_say_nothing(words):
    assert lines(f"See [{words}](/about/).") == [1]


@pytest.mark.parametrize("words", ["the project cycle", "hereafter", "more on the cycle", "this decision"])
def test_link_whose_words_say_where_it_leads(words):
    assert lines(f"See [{words}](/about/).") == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("## A\n\n### B\n\n## C", []),
        ("# A\n\n## B", []),
        ("### A", [1]),
        ("## A\n\n#### B\n\n##### C", [3]),
        ("A\n=\n\nB\n-\n\n### C", []),
        ("##Tight\n\n#### B", [1, 3]),
        ("##\n", [1]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\n### C", [5]),
    ],
)
def test_heading_levels_are_not_skipped(source, found):
    assert lines(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("![A turbine](/media/a.png)", []),
        ("![](/media/a.png)", [1]),
        ("![ ][a]\n\n[a]: /media/a.png", [1]),
        ('<img src="/media/a.png">', [1]),
        ('<img src="/media/a.png" alt="A turbine">', []),
        ('<img src="/media/a.png" alt="">', [1]),
        ("[![A turbine](/media/a.png)](/about/)", []),
    ],
)
def test_pictures_have_words(source, found):
    assert lines(source) == found


@pytest.mark.parametrize(
    "code", ["```\n[here](/gone/)\n```", "~~~\n#### Deep\n~~~", "`[here](/gone/)`", "``![](x)``", "<!-- [here](/gone/) -->"]
)
def test_code_is_left_in_peace(code):
    assert lines(code) == []


def test_note_quotes_words_and_address():
    assert "“a page” leads to /gone/" in texts("[a page](/gone/)")


def test_own_full_address_is_to_be_written_from_the_first_slash(settings):
    settings.SITE_ADDRESS = "https://cdm.example.org"
    assert "full address" in texts("[a page](https://cdm.example.org/about/)")


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "![",
        "[a](",
        "<a ",
        "<img ",
        "`",
        "` ",
        "[[](",
        "](",
        "[a][",
        "# ",
        "<!--",
        "[x]: ",
        "(",
        "[a](b(",
        "<a href='",
        "<!---->",
        "`a`",
        "``a`",
        "- a\n",
        "- ",
        "> ",
        "> - a\n",
        "    - a\n",
        "```\n",
        "- ```\n",
        "| a |\n",
        "|---|\n",
        "|",
        "[^1]",
        "[^1]: x\n",
        "1. ",
        "2. a\n\nb\n\n",
        "\\",
        "\\<",
        "a\n-\n",
        "<i>",
        "<a b='",
        "![a](/b)",
    ],
)
def test_hostile_texts_cost_little(unit):
    """The longest text takes up to 0.8 s of processor time on a quiet core, twice that where its neighbour is at work."""
    lines = (unit * BODY_LIMIT)[:BODY_LIMIT].splitlines()
    in_time(2, lambda: list(lint.every_note(lines, lambda path: None, lambda path: None, set())))
