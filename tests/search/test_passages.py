"""What is shown below a hit: whole sentences, rows with their headings, or the summary; never notes, columns or code."""

import json
import re
from pathlib import Path

import pytest

from bench import relevance
from bench.passages import passages, what_it_is
from markup.rendering import text_blocks
from news.models import NewsItemEdition
from publishing.moment import Moment
from search import indexer
from search.highlight import MOST, Highlighter
from search.passages import pieces, sentences
from search.queries import parse
from tests.processor import in_time

TABLE = "| Year | CERs |\n|---|---|\n| 2008 | 5 okapis |\n| 2009 | |\n"
TEXT = f"""No. 5 of Mr. Stripe says e.g. this. Zebras graze (by night). Do they?

## Rules

The Board:

- counts zebras and okapis;
- [a zebra](/x/)

{TABLE}

Read more:[^1]

    zebra okapi giraffe

[^1]: Zebra okapi giraffe.
"""


def shown(query, source=TEXT, title="", summary=""):
    return re.sub("</?mark>", "", Highlighter(parse(query)).passage(title, summary, pieces(text_blocks(source))).html)


@pytest.mark.parametrize(
    ("query", "passage"),
    [
        ("stripe", "No. 5 of Mr. Stripe says e.g. this. Zebras graze (by night). Do they?"),
        ("night", "No. 5 of Mr. Stripe says e.g. this. Zebras graze (by night). Do they?"),
        ("zebra okapi", "The Board: counts zebras and okapis;"),
        ("2008", "Year: 2008; CERs: 5 okapis"),
        ("giraffe", "No. 5 of Mr. Stripe says e.g. this."),
        ("cers", "Year: 2008; CERs: 5 okapis"),
    ],
)
def test_passage_is_whole(query, passage):
    assert shown(query) == passage


def test_summary_is_shown_where_it_or_the_title_says_as_much():
    assert shown("zebra", summary="Of zebras.") == "Of zebras."
    assert shown("zebra", title="Zebras", summary="Of animals.") == "Of animals."
    assert shown("zebra okapi", title="Zebras", summary="Of animals.") == "The Board: counts zebras and okapis;"


def test_symbol_is_marked_whole():
    html = Highlighter(parse("EB 50 hfc")).marked("At EB 50, HFC-23; EB or 50")
    assert html == "At <mark>EB 50</mark>, <mark>HFC-23</mark>; <mark>EB</mark> or <mark>50</mark>"


def test_sentence_without_end_is_cut_and_says_so():
    text = shown("zebra", "A zebra " + "and another " * 200 + "ran.")
    assert text.endswith(" …")
    assert len(text) <= MOST + 2
    assert len(shown("zebra", "a" * 5000 + "-zebra.")) <= MOST + 2


def test_long_paragraph_full_of_the_words_is_looked_through_in_time():
    text = pieces(text_blocks("Zebra okapi. " * 4000))
    highlighter = Highlighter(parse("zebra okapi"))
    assert in_time(1, lambda: highlighter.passage("", "", text)).html.count("<mark>") > 2


@pytest.mark.parametrize("text", ["", "One", "One. Two", "一。二！", "A. b. C", "5. Five. Six!", "(One.) Two"])
def test_sentences_cover_a_text(text):
    found = [text[start:end] for start, end in sentences(text)]
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert len(found) <= 2


@pytest.mark.parametrize(
    "passage", ["", "5 of Mr. Stripe", "Year CERs", "2008 5 okapis", "Zebra okapi giraffe.", "graze (by night).", "The Board:"]
)
def test_measure_refuses_pieces(passage):
    assert what_it_is(passage, NewsItemEdition(body=TEXT, summary="Of zebras.")) == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_passages_of_shipped_hits_are_whole():
    indexer.catch_up()
    queries = json.loads(Path(relevance.__file__).with_name("search_queries.json").read_text())
    found = list(passages(queries, Moment()))
    pieces_alone = [row for row in found if not row[-1]]
    assert len(found) > 300
    assert len(pieces_alone) <= 0.05 * len(found), pieces_alone
