"""Names are found by their beginnings, in any order of words, and with one typing error."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.autocomplete import Fit, Name, NameIndex, near_beginnings, near_names

NAMES = NameIndex(
    [
        Name(1, "Designated operational entities"),
        Name(1, "DOE", 1),
        Name(2, "Designated national authorities"),
        Name(3, "Executive Board"),
        Name(3, "EB", 1),
        Name(4, "Board meetings"),
        Name(4, "EB #", 2),
        Name(5, "Höhne's limit"),
        Name(6, "Small-scale project activities"),
    ]
)
WORDS = st.text(string.ascii_lowercase, min_size=1, max_size=8)


def owners(typed):
    return [match.owner for match in NAMES.find(typed, 5)]


@pytest.mark.parametrize(
    ("typed", "owner", "fit"),
    [
        ("DOE", 1, Fit.EXACT),
        ("doe", 1, Fit.EXACT),
        ("d.o.e.", 1, Fit.PLAIN),
        ("small scale project activities", 6, Fit.PLAIN),
        ("hohnes limit", 5, Fit.PLAIN),
        ("EB 50", 4, Fit.PLAIN),
        ("eb50", 4, Fit.PLAIN),
        ("executive b", 3, Fit.BEGINNING),
        ("auth nat", 2, Fit.WORDS),
        ("meeting board", 4, Fit.WORDS),
        ("xecutive board", 3, Fit.NEAR),
        ("executiveboard", 3, Fit.PLAIN),
        ("exeuctive board", 3, Fit.NEAR),
        ("nationl auth", 2, Fit.NEAR_WORDS),
    ],
)
def test_name_is_found(typed, owner, fit):
    best = NAMES.find(typed, 5)[0]
    assert (best.owner, best.fit) == (owner, fit)


def test_exact_name_goes_before_beginnings():
    assert owners("EB")[0] == 3


def test_owner_is_found_once():
    assert len(owners("designated")) == len(set(owners("designated"))) == 2


@pytest.mark.parametrize("typed", ["", " ", "-", "zzzz", "EB 50 and more", "qx"])
def test_nothing_fits(typed):
    assert owners(typed) == []


def edits(word, letters="z"):
    """Every text one typing error away, with letters of the word and the given ones put in."""
    letters = sorted({*word, *letters})
    for at in range(len(word) + 1):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
        for letter in letters:
            yield word[:at] + letter + word[at:]
            yield word[:at] + letter + word[at + 1 :]


@given(WORDS, WORDS)
def test_near_is_at_most_one_typing_error(one, other):
    assert bool(near_names(one, [other])) == (one == other or other in set(edits(one, other)))


@given(WORDS)
def test_every_typing_error_is_near(word):
    assert all(near_names(edited, [word]) for edited in edits(word))


@given(st.text(string.ascii_lowercase, min_size=5, max_size=10), st.text(string.ascii_lowercase, max_size=4))
def test_beginning_with_every_typing_error_is_near(start, rest):
    assert all(list(near_beginnings(edited, [start + rest], 1)) for edited in edits(start))


@settings(max_examples=40)
@given(st.lists(st.text("abcd ", min_size=4, max_size=12), min_size=1, max_size=8))
def test_every_name_is_found_by_itself_and_by_every_typing_error(texts):
    texts = [text for text in texts if len(text.replace(" ", "")) > 3]
    names = NameIndex([Name(owner, text) for owner, text in enumerate(texts)])
    for owner, text in enumerate(texts):
        same = {n for n, other in enumerate(texts) if other.split() == text.split()}
        assert {match.owner for match in names.find(text, 20)} >= same
        for edited in edits(text):
            near = names._near(edited.replace(" ", ""))
            assert owner in {one.name.owner for one, _errors in near} | {m.owner for m in names.find(edited, 20)}


@settings(max_examples=60)
@given(st.text(string.ascii_lowercase, min_size=9, max_size=14), st.text(string.ascii_lowercase, max_size=6), st.randoms())
def test_beginning_with_two_typing_errors_is_near(start, rest, chance):
    edited = chance.choice(list(edits(chance.choice(list(edits(start))))))
    ((_name, errors),) = near_beginnings(edited, [start + rest], 2)
    assert errors <= 2


def test_fewest_errors_go_first():
    names = NameIndex([Name(1, "Accreditation"), Name(2, "Accreditations"), Name(3, "Acredytatyon")])
    assert [(match.owner, match.errors) for match in names.find("Acreditation", 5)] == [(1, 1), (2, 1), (3, 2)]
