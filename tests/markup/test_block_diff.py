"""Differences block by block: nothing is lost on either side, and each block stands beside what became of it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup.block_diff import BlockChange, Rows, Unchanged, blocks_changed
from markup.diff import runs_changed, words_changed
from markup.plaintext import blocks
from markup.rendering import safe_html
from tests.processor import in_time


def difference(old, new):
    return blocks_changed(safe_html(old), safe_html(new))


def side(parts, without):
    """The words of one side of a difference."""
    found = []
    for part in parts:
        if isinstance(part, Unchanged):
            found += [block.text for block in part.blocks]
        for row in part.rows if isinstance(part, Rows) else [part] if isinstance(part, BlockChange) else []:
            cells = [pieces for _heading, pieces in row.cells] or [row.pieces]
            found += ["".join(piece.text for piece in pieces if not getattr(piece, without)) for pieces in cells]
    return " ".join(found).split()


def words(source):
    return sorted(" ".join(block.text for block in blocks(safe_html(source))).split())


BLOCKS = ["One.", "Two words.", "## A", "## B", "- a", "- b\n    - c", "| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |"]
BLOCKS += ["| x | z |\n|---|---|\n| 1 | 5 |", "> Said", "    code", "[l](/a/)", "[l](/b/)", "*One.*"]
TEXTS = st.lists(st.sampled_from(BLOCKS), max_size=8).map("\n\n".join)


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_both_sides_are_whole(old, new):
    parts = difference(old, new)
    if parts:
        assert sorted(side(parts, "inserted")) == words(old)
        assert sorted(side(parts, "deleted")) == words(new)
    else:
        assert words(old) == words(new)


@settings(max_examples=100)
@given(st.text("ab \n.", max_size=60), st.text("ab \n.", max_size=60))
def test_words_of_both_sides_are_whole(old, new):
    pieces = words_changed(old, new)
    assert "".join(piece.text for piece in pieces if not piece.inserted) == old
    assert "".join(piece.text for piece in pieces if not piece.deleted) == new


def test_runs_are_parts_of_their_lists():
    assert list(runs_changed([1, 2, 3], [1, 3, 4], key=str)) == [
        (False, False, [1]),
        (False, True, [2]),
        (False, False, [3]),
        (True, False, [4]),
    ]


def test_paragraph_put_in_front_crosses_no_other():
    parts = difference("One word here.\n\nTwo words here.", "Quite new.\n\nOne word there.\n\nTwo words here.")
    assert [(part.kind, [piece.inserted or piece.deleted for piece in part.pieces]) for part in parts[:2]] == [
        ("paragraph", [True]),
        ("paragraph", [False, True, True, False]),
    ]
    assert isinstance(parts[2], Unchanged)


def test_row_stands_beside_the_row_of_the_same_name():
    table = "| Party | 2008 |\n|---|---|\n| Brazil | 1 |\n| Chile | 2 |"
    (_, rows) = difference(table, "| Party | 2008 | 2009 |\n|---|---|---|\n| Brazil | 1 | 5 |\n| Chile | 3 | 6 |")
    assert rows.headings == ["Party", "2008", "2009"]
    assert [["".join(p.text for p in pieces if p.inserted) for _, pieces in row.cells] for row in rows.rows] == [
        ["", "", "5"],
        ["", "3", "6"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "links"), [("[x](/a/)", "[x](/b/)", [("/a/", "/b/")]), ("x", "[x](/b/)", [("", "/b/")]), ("x", "*x*", [])]
)
def test_link_or_form_that_alone_changed_is_told(old, new, links):
    (part,) = difference(old, new)
    assert part.links == links
    assert part.form == (not links)


def test_texts_that_have_little_in_common_are_compared_in_time():
    chance = random.Random(13)
    old, new = ("\n\n".join(" ".join(chance.choice("ab") for _word in range(1_500)) for _block in range(60)) for _text in range(2))
    parts = in_time(5, lambda: difference(old, new))
    assert sorted(side(parts, "deleted")) == words(new)


def test_long_texts_are_compared_in_time():
    old = "\n\n".join(f"Paragraph {number} of many." for number in range(4_000))
    new = "\n\n".join(f"Paragraph {number} of more." for number in range(4_000))
    old, new = safe_html(old), safe_html(new)
    assert in_time(4, lambda: blocks_changed(old, new))
