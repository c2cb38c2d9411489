"""The query language, and what becomes of everything that is not in it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.queries import LONGEST, MOST_TERMS, AllOf, AnyOf, Beginning, Phrase, Word, parse


def shape(text):
    query = parse(text)
    return [type(node).__name__ for node in query.wanted], [type(node).__name__ for node in query.unwanted], query.filters


def test_words_phrases_exclusion_beginnings_and_filters():
    assert shape('fees "letter of approval" -china verif* kind:page class:"other kind" year:2010') == (
        ["Word", "Phrase", "Beginning"],
        ["Word"],
        {"kind": ["page"], "class": ["other kind"], "year": ["2010"]},
    )


def test_stop_words_keep_their_place_in_a_phrase():
    (phrase,) = parse('"letter of approval"').wanted
    assert phrase.pairs == (("letter", 0), ("approv", 2))


def test_phrase_of_one_word_is_a_word():
    assert parse('"fees"').wanted == (Word("fee", "fees"),)


def test_compound_is_found_together_or_in_a_row():
    (node,) = parse("small-scale").wanted
    both = AllOf((Word("small", "small-scale"), Word("scale", "small-scale")), "small-scale")
    assert node == AnyOf((Word("smallscal", "small-scale"), Phrase((("small", 0), ("scale", 1)), "small-scale")), "small-scale", both)


def test_name_and_number_typed_together_are_found_apart_as_well():
    (node,) = parse("eb50").wanted
    assert node == AnyOf((Word("eb50", "eb50"), Phrase((("eb", 0), ("50", 1)), "eb 50")), "eb50")
    assert [parse(text).wanted for text in ("CO2", "an50")] == [(Word("co2", "CO2"),), (Word("an50", "an50"),)]


def test_exclusion_needs_a_blank_before():
    assert shape("small-scale")[1] == []
    assert shape("small -scale") == (["Word"], ["Word"], {})


@pytest.mark.parametrize("text", ["", " ", "*", "-", '"', '""', "kind:", "(", "[.*", "\\", "what is it", "- -", "***", "a" * 100_000])
def test_nothing_to_look_for(text):
    assert not parse(text) or parse(text).wanted == (Word("kind", "kind"),)


MALFORMED = ['"unclosed words', '"unclosed" words" again', "[unclosed] (words)", "unclosed AND words", "unclosed || words"]


@pytest.mark.parametrize("text", [*MALFORMED, "colour:unclosed words"])
def test_malformed_queries_are_words(text):
    assert {"unclos", "word"} <= {node.term for node in parse(text).wanted}


def test_first_letter_alone_does_not_make_a_beginning():
    assert not any(isinstance(node, Beginning) for node in parse("v* x*").wanted)


def test_long_queries_are_cut_and_say_so():
    query = parse("word " * 5000)
    assert len(query.text) <= LONGEST
    assert len(query.wanted) == MOST_TERMS
    assert query.is_cut
    assert not parse("a short query").is_cut


@pytest.mark.parametrize(("count", "enough"), [(1, 1), (2, 2), (3, 2), (5, 4), (6, 5), (10, 7)])
def test_long_queries_may_miss_some_words(count, enough):
    words = " ".join(string.ascii_lowercase[n : n + 4] for n in range(3, count + 3))
    assert parse(words).enough == enough


@given(st.text(max_size=300))
def test_no_text_fails(text):
    query = parse(text)
    assert len(query.wanted) + len(query.unwanted) <= MOST_TERMS
