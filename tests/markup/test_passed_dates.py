"""Notes on dates that have passed: sentences that speak of a day as to come, and those that only look so."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from markup.linting.dates import date_notes

TODAY = date(2026, 11, 27)


def noted(text, today=TODAY):
    return [note.line for note in date_notes(text.splitlines(), today)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The Board will decide by 31 December 2025.",
        "The form is open until 2020.",
        "The next meeting is in March 2024.",
        "Requests may be sent until 26 November 2026.",
        "The report is expected in 2025.",
        "It will end at the\nend of 2025.",
        "Registered activities remain eligible until 2025-12-31.",
    ],
)
def test_sentence_that_awaits_a_day_gone_by_gets_a_note(sentence):
    assert noted(sentence) == [1]


@pytest.mark.parametrize(
    "sentence",
    [
        "The form was open until 2020.",
        "It is open until 27 November 2026.",
        "It will begin in 2025 and end in 2030.",
        "It will use the default factors in the 2006 Guidelines.",
        "Activities that began before 2013 will be asked.",
        "The Board agreed that requests will be taken until 2015.",
        "It will come in 2020/21.",
        "Since 2013 the Board is elected.",
        "It is held until 31 February 2020.",
        "",
    ],
)
def test_history_and_the_days_to_come_get_none(sentence):
    assert noted(sentence) == []


def test_note_stands_at_the_line_where_the_sentence_begins():
    assert noted("One line.\n\n- An item.\n- It will end in 2020.\n") == [4]


def test_a_long_text_without_an_end_costs_no_more_than_its_length():
    assert noted("is will until by " * 20_000 + "2020") == []


def test_shipped_texts_in_force_make_no_note():
    newest = {}
    for kind in ("page", "term"):
        for file in sorted(Path(settings.BASE_DIR, "fixtures", kind).rglob("*.md")):
            newest[file.parent] = file
    assert len(newest) > 100
    assert {str(file): found for file in newest.values() if (found := noted(file.read_text()))} == {}
