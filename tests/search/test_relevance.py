"""What visitors type finds what they mean. The words and thresholds were set before the code that is measured by them."""

from itertools import islice
from pathlib import Path

import pytest
import yaml

from bench.misspelling import misspelt
from bench.suggestions import misses
from publishing.moment import Moment
from search import directory, indexer
from search.issues import issues

SEEDS = range(5)
QUESTIONS = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text())


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def names(moment):
    """(issue, name) pairs; a number stands for the # of a name."""
    return [(entry.thing_id, name.replace("#", "47")) for entry in issues(moment).live for name in entry.names]


def recall(pairs, moment):
    """The share of (issue, typed) pairs whose issue is among the first five suggestions."""
    found = [thing in {s.thing for s in islice(directory.suggest(typed, moment), 5)} for thing, typed in pairs]
    return sum(found) / len(found)


def test_misspelt_names_of_issues_are_suggested_like_right_ones(capsys):
    moment = Moment()
    exact = recall(names(moment), moment)
    found = {seed: recall([(thing, misspelt(name, seed)) for thing, name in names(moment)], moment) for seed in SEEDS}
    with capsys.disabled():
        shown = ", ".join(f"{share:.3f}" for share in found.values())
        print(f"\nRecall at 5 of {len(names(moment))} names of issues: {exact:.3f}, misspelt by {len(SEEDS)} seeds: {shown}")
    assert exact >= 0.99
    assert {seed: share for seed, share in found.items() if share < 0.95 * exact} == {}


@pytest.mark.parametrize(("errors", "bar"), [(1, 1), (2, 0.8)])
def test_long_names_with_wrong_letters_are_suggested(errors, bar):
    missed = misses(Moment(), errors, 300)
    assert 1 - len(missed) / 300 >= bar, missed


def reached(client, question):
    """The addresses of the first three answers, without places on the page."""
    answer = client.get("/search/", {"q": question, "format": "json"}).json()
    shown = [*answer["best_bets"], *answer["results"]]
    return list(dict.fromkeys(hit["url"].partition("#")[0].partition("://")[2].partition("/")[2] for hit in shown))[:3]


def test_questions_of_visitors_reach_their_page(client, capsys):
    indexer.catch_up()
    missed = {question: found for question, page in QUESTIONS if page.lstrip("/") not in (found := reached(client, question))}
    reaching = 1 - len(missed) / len(QUESTIONS)
    with capsys.disabled():
        print(f"\nRecall at 3 of {len(QUESTIONS)} questions: {reaching:.3f}; missed: {list(missed)}")
    assert len(QUESTIONS) == 60
    assert reaching >= 0.9, missed
