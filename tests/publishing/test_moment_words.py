"""Moments as people write them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.moment_words import read, write


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("10 March 2010", "2010-03-10"),
        ("2010-03-10", "2010-03-10"),
        ("17:07 10 Mar 10", "2010-03-10T17:07"),
        ("23:59 01 Jan 20 UTC", "2020-01-01T23:59"),
        ("March 10, 2010", "2010-03-10"),
        ("1 sept. 2005 9:05", "2005-09-01T09:05"),
        ("2010-03-10 17:07", "2010-03-10T17:07"),
        (" 11  December 97 ", "1997-12-11"),
    ],
)
def test_people_write_a_moment_in_many_ways(words, asked):
    assert read(words) == asked


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Type a day"),
        ("03/10/2010", "can be read in two ways"),
        ("2010", "can be read in two ways"),
        ("31 February 2010", "no day or time that there is"),
        ("25:00 1 May 2010", "no day or time that there is"),
        ("10 Ma 2010", "not read as a day"),
        ("10 Marchember 2010", "not read as a day"),
        ("yesterday", "not read as a day"),
        ("Mar 2010", "not read as a day"),  # a month of a year, not the 20th of March 2010
        ("17:07 March 2010", "not read as a day"),
        ("2010-03-10/../admin", "no day or time that there is"),
    ],
)
def test_what_is_no_moment_is_told_in_words(words, said):
    with pytest.raises(ValueError, match=said):
        read(words)


@given(st.dates(min_value=date(1997, 1, 1), max_value=date(2200, 1, 1)), st.one_of(st.just(""), st.times().map("T{:%H:%M}".format)))
def test_what_is_written_is_read_again(day, clock):
    assert read(write(f"{day}{clock}")) == f"{day}{clock}"


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    with suppress(ValueError):
        assert read(write(read(text))) == read(text)
