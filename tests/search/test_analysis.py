"""Words are compared without case, diacritics and endings; compounds are found by their parts and whole."""

import unicodedata

import pytest

from search.analysis import folded, positions, squashed, terms
from tests.processor import in_time


@pytest.mark.parametrize(
    ("one", "other"),
    [("Poznań", "poznan"), ("São Tomé", "sao tome"), ("GROSS", "groß"), ("İstanbul", "istanbul"), ("Ångström", "angstrom")],
)
def test_case_and_diacritics_make_no_difference(one, other):
    assert folded(one) == folded(other)


ALIKE = [("registration", "register"), ("verification", "verify"), ("forestry", "forests"), ("reduction", "reduced")]


@pytest.mark.parametrize("text", ["HFC-23", "hfc 23", "HFC23", "h-f-c 23"])
def test_marks_make_no_difference_to_a_whole_name(text):
    assert squashed(text) == "hfc23"


@pytest.mark.parametrize(("one", "other"), [("methodologies", "methodology"), ("registered", "registering"), ("Parties", "party"), *ALIKE])
def test_endings_make_no_difference(one, other):
    assert terms(one) == terms(other)


def test_short_abbreviations_keep_their_endings():
    assert terms("AMS")[0] != terms("AM")[0]


def test_capitals_make_an_abbreviation_of_a_stop_word():
    assert terms("does")[0] == ()
    assert terms("DOEs")[0] == terms("DOE")[0] == (("doe", 0),)


def test_compound_has_its_parts_in_a_row_and_its_whole():
    assert list(positions("in 3/CMP.1 annex")) == [("3", 1), ("cmp", 2), ("1", 3), ("3cmp1", 1), ("annex", 4)]


def test_endless_words_are_left_out():
    assert list(positions("a" * 100_000)) == []


@pytest.mark.parametrize(
    "written",
    [
        *(
            "meth\u00adod\u00adology",
            "method\u200bology",
            "method\u2060ology",
            "\ufeffmethodology",
            "method\u200cology\u200d",
            "methodology\ufe0f",
        ),
        *("m\u0301ethodology", "method\u034fology"),
    ],
)
def test_what_nobody_sees_parts_no_word(written):
    assert [term for term, _ in positions(f"a {written} b")] == [term for term, _ in positions("a methodology b")]
    assert squashed(written) == "methodology"


@pytest.mark.parametrize("text", ["São Tomé", "Poznań", "İstanbul", "Ångström", "한국어", "हिन्दी भाषा", "Việt Nam", "й ё"])
def test_normal_forms_make_no_difference(text):
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    assert len({tuple(positions(form)) for form in forms}) == 1
    assert len(list(positions(text))) == len(text.split())


@pytest.mark.parametrize("text", ["HFC\u201123", "HFC\u201023", "HFC-\u200b23", "HFC\u00ad-23"])
def test_compound_is_found_whatever_hyphen_it_has(text):
    assert list(positions(text)) == list(positions("HFC-23"))


def test_marks_without_end_are_read_in_time():
    for unit in ("a\u00ad", "\u0301", "a-\u00ad", "\u200b"):
        in_time(0.5, lambda unit=unit: list(positions("a" + unit * 100_000)))
