"""Filters as they stand in an address."""

import random
from datetime import date

import pytest
from django.http import QueryDict

from registry.facets import FACETS
from registry.filters import ENDS, MOST_VALUES, NAMES, ORDERS, Filters, day, number
from registry.table import Table
from registry.words import MOST_WORDS
from tests.registry.made import AS_OF, activities, issuances

ROWS = activities(1, 60)
TABLE = Table.of(AS_OF, ROWS, issuances(2, ROWS, 90), FACETS)


def filters(query, **fixed):
    return Filters.from_query(QueryDict(query), fixed)


def test_parameters_stand_in_one_order_whatever_theirs_was():
    assert (
        filters("sort=title&kind=PA&per=50&host=IN&q=wind&host=CN&color=red&page=2").query()
        == "?q=wind&host=IN&host=CN&kind=PA&sort=title&per=50"
    )
    assert filters("").query() == "."
    assert filters("sort=cers&per=25&page=3&x=y").query() == "."
    for seed in range(50):
        chance = random.Random(seed)
        pairs = [(name, chance.choice(["1", "yes", "CN", "2010", "x y&z"])) for name in chance.choices(NAMES, k=6)]
        query = QueryDict(mutable=True)
        for name, value in pairs:
            query.appendlist(name, value)
        once = Filters.from_query(query).query()
        assert Filters.from_query(QueryDict(once.removeprefix("?"))).query() == once


def test_choosing_a_value_in_a_facet_keeps_all_other_filters_in_order():
    found = filters("q=wind&host=CN&status=Registered&sort=title")
    change = found.changes("host")
    assert change("IN") == "?q=wind&host=CN&host=IN&status=Registered&sort=title"
    assert change("CN") == "?q=wind&status=Registered&sort=title"
    assert found.changes("type")("A & B") == "?q=wind&host=CN&type=A%20%26%20B&status=Registered&sort=title"
    assert filters("host=CN").changes("host")("CN") == "."


def test_repeated_keys_are_or_and_all_of_them_are_asked_for_apart():
    criteria = filters("scope=1&scope=13&scope_all=1&method=ACM0002&ref=7&ref=8").criteria
    assert criteria.chosen == {"scope": ("1", "13"), "method": ("ACM0002",)}
    assert criteria.together == {"scope"}
    assert criteria.refs == (7, 8)


@pytest.mark.parametrize(
    ("query", "ranges"),
    [
        ("validation_from=2010-03-10", {"validation": ("2010-03-10", None)}),
        ("validation_from=2010-02&validation_to=2010-02", {"validation": ("2010-02-01", "2010-02-28")}),
        ("crediting_to=2012", {"crediting": (None, "2012-12-31")}),
        ("issued_from=2012&issued_from=2010&issued_to=2013", {"issued": ("2010-01-01", "2013-12-31")}),
    ],
)
def test_days_may_be_months_and_years(query, ranges):
    told = {name: tuple(end and date.fromordinal(end).isoformat() for end in ends) for name, ends in filters(query).criteria.ranges.items()}
    assert told == ranges


def test_numbers_may_have_separators():
    assert filters("cers_min=1,000,000&mw_max=2.5").criteria.ranges == {"cers": (1_000_000, None), "mw": (None, 2.5)}


@pytest.mark.parametrize(
    "query", ["validation_from=x", "cers_min=1e9", "issued=maybe", "numbered=1", "ref=x", "ref=0", "mw_min=nan", "issued_to=2010-02-30"]
)
def test_what_cannot_be_read_is_kept_and_matches_nothing(query):
    found = filters(query)
    [chip] = found.chips(TABLE)
    assert chip["label"].endswith("(not in this release)")
    assert chip["address"] == "."
    assert TABLE.matching(found.criteria, AS_OF) == 0


def test_unknown_value_beside_a_known_one_changes_nothing():
    assert TABLE.matching(filters("host=CN&host=XX").criteria, AS_OF) == TABLE.matching(filters("host=CN").criteria, AS_OF) != 0
    labels = [chip["label"] for chip in filters("host=CN&host=XX").chips(TABLE)]
    assert labels == ["China", "Host Party: XX (not in this release)"]


@pytest.mark.parametrize(
    "text", ["٢٠١٠", "²", "2010-3-1", "20100310", "2010-W01", "0000", "9999999999", "-2010", "2010-13", "2010-00-10", " ", ""]
)
def test_what_is_no_day_is_none(text):
    assert day(text, 0) is None


@pytest.mark.parametrize("text", ["١", "²", "1e3", "nan", "inf", "--1", "1.2.3", "9" * 40, "0x1", "1_0", ""])
def test_what_is_no_number_is_none(text):
    assert number(text, 0) is None


def test_what_is_too_much_is_cut():
    found = filters("&".join(f"host={n}" for n in range(500)) + "&q=" + "+".join(f"w{n}" for n in range(100)))
    assert len(found.values["host"]) == MOST_VALUES
    assert len(found.words.split()) == MOST_WORDS
    assert len(filters(f"type={'x' * 9999}").values["type"][0]) == 100


def test_kind_that_the_list_sets_is_not_the_visitors():
    found = filters("kind=PA&host=CN", kind=("PoA",))
    assert found.criteria.chosen == {"host": ("CN",), "kind": ("PoA",)}
    assert [chip["label"] for chip in found.chips(TABLE)] == ["China"]
    assert found.query() == "?host=CN"


def test_every_name_has_a_chip_in_words():
    values = dict.fromkeys(ENDS, "2010") | {"issued": "yes", "numbered": "no", "scope_all": "1", "method_all": "1"}
    for name in NAMES:
        [chip] = filters(f"{name}={values.get(name, '1')}").chips(TABLE)
        assert chip["label"].strip(), name
        assert "_" not in chip["label"], name
    assert filters("issued_from=2010").chips(TABLE)[0]["label"] == "Issuance from: 1 Jan 2010"
    assert filters("reductions_min=1000000").chips(TABLE)[0]["label"] == "Reductions a year from: 1,000,000"


def test_every_order_is_one_of_the_table():
    for name in ORDERS:
        sort, is_turned = filters(f"sort={name}").order
        assert len(TABLE.places_of(TABLE.index.everything, sort, AS_OF, is_turned)) == len(ROWS)
