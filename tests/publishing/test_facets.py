"""Facets against a plain count, and how they stand in an address."""

import random
from dataclasses import dataclass

import pytest
from django.http import QueryDict

from publishing.facets import LONGEST_VALUE, MOST_CHOSEN, Facet, FacetIndex, Selection, latest_first, offered

COLOURS = ["red", "green", "blue", "grey"]
FACETS = (
    Facet("colour", "Colour", lambda row: row.colour, {"red": "Red", "green": "Green", "blue": "Blue"}),
    Facet("year", "Year", lambda row: row.year, key=latest_first),
    Facet("tags", "Tags", lambda row: row.tags),
)


@dataclass
class ColouredRow:
    colour: str
    year: str
    tags: list


def rows_of(seed, size):
    chance = random.Random(seed)
    years = [str(year) for year in range(2001, 2012)] + [""]
    return [
        ColouredRow(chance.choice([*COLOURS, ""]), chance.choice(years), chance.sample("abcdef", chance.randrange(4))) for _ in range(size)
    ]


def has(row, name, values):
    own = getattr(row, name)
    return bool(set(values) & set(own if isinstance(own, list) else [own]))


def passes(row, chosen, besides=None):
    return all(has(row, name, values) for name, values in chosen.items() if values and name != besides)


CHOICES = [
    {},
    {"colour": ("red",)},
    {"colour": ("red", "blue"), "year": ("2004",)},
    {"colour": ("green",), "year": ("2003", "2009"), "tags": ("a", "f")},
    {"colour": ("no such colour",), "tags": ("a",)},
]


@pytest.mark.parametrize(
    "chosen", [*CHOICES, {"tags": ("a", "f")}, {"tags": ("a", "no such tag")}, {"colour": ("red", "blue"), "tags": ()}]
)
def test_values_chosen_together_must_all_hold(chosen):
    rows = rows_of(2, 400)
    index = FacetIndex(rows, FACETS)

    def holds(row, besides=None, **further):
        asked = {name: [*values, *further.get(name, ())] for name, values in {**dict.fromkeys(further, ()), **chosen}.items()}
        tags = set(asked.pop("tags", ()))
        return tags <= set(row.tags) and passes(row, asked, besides)

    assert index.rows_of(index.matches(chosen, together={"tags"})) == [row for row in rows if holds(row)]
    counted = dict(index.counts(chosen, together={"tags"})["tags"])
    assert counted == {
        tag: found for tag in {*"abcdef", *chosen.get("tags", ())} if (found := sum(holds(row, tags=[tag]) for row in rows))
    } | {tag: sum(holds(row, tags=[tag]) for row in rows) for tag in chosen.get("tags", ())}
    for colour, found in index.counts(chosen, together={"tags"})["colour"]:
        assert found == sum(holds(row, besides="colour") and row.colour == colour for row in rows)


def test_bitmaps_made_before_serve_as_those_of_the_rows():
    rows = rows_of(3, 50)
    made = FacetIndex(rows, FACETS)
    held = FacetIndex(range(50), FACETS, made.bitmaps)
    assert held.counts({"colour": ("red",)}) == made.counts({"colour": ("red",)})
    assert [rows[place] for place in held.rows_of(held.matches({"tags": ("a",)}))] == made.rows_of(made.matches({"tags": ("a",)}))


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 500])
@pytest.mark.parametrize("chosen", CHOICES)
def test_rows_and_counts_are_those_of_a_plain_count(size, chosen):
    rows = rows_of(1, size)
    index = FacetIndex(rows, FACETS)
    assert index.rows_of(index.matches(chosen)) == [row for row in rows if passes(row, chosen)]
    for facet in FACETS:
        beside = [row for row in rows if passes(row, chosen, besides=facet.name)]
        values = {value for row in beside for value in facet.values_of(row)} | set(chosen.get(facet.name, ()))
        expected = {value: sum(has(row, facet.name, [value]) for row in beside) for value in values}
        assert dict(index.counts(chosen)[facet.name]) == expected


def test_rows_within_a_bitmap_in_another_order():
    rows = rows_of(2, 50)
    index = FacetIndex(rows, FACETS)
    within, backwards = index.where(lambda place: place % 2), list(reversed(range(50)))
    chosen = {"colour": ("red",)}
    expected = [row for place, row in enumerate(rows) if place % 2 and row.colour == "red"]
    assert index.rows_of(index.matches(chosen, within)) == expected
    assert index.rows_of(index.matches(chosen, within), backwards) == expected[::-1]
    assert dict(index.counts({}, within)["colour"])["red"] == len(expected)


def test_values_stand_in_the_order_of_their_labels_and_years_from_the_latest():
    counts = FacetIndex(rows_of(3, 300), FACETS).counts({})
    assert [value for value, _count in counts["colour"]] == ["red", "green", "blue", "grey"]
    assert [value for value, _count in counts["year"]] == [str(year) for year in range(2011, 2000, -1)]
    assert FACETS[1].ordered(["unknown", "1999", "2001", "٢"]) == ["2001", "1999", "unknown", "٢"]


def test_offer_has_the_most_frequent_values_and_those_chosen():
    index = FacetIndex([ColouredRow("", "", [tag]) for tag in "aaabbcdef"], FACETS)
    chosen = {"tags": ("f",)}
    [facet] = offered(FACETS, index.counts(chosen), chosen, lambda name, value: f"?{name}={value}", most=2)
    assert [(c["value"], c["count"], c["is_chosen"]) for c in facet["choices"]] == [("a", 3, False), ("b", 2, False), ("f", 1, True)]
    assert (facet["label"], facet["more"], facet["choices"][0]["address"]) == ("Tags", 3, "?tags=a")
    assert offered(FACETS, index.counts({}), {}, lambda *_: "")[0]["more"] == 0


def test_facet_without_a_choice_is_left_out_unless_it_is_chosen():
    index = FacetIndex([ColouredRow("red", "2001", []), ColouredRow("red", "2002", [])], FACETS)
    assert [facet["name"] for facet in offered(FACETS, index.counts({}), {}, lambda *_: "")] == ["year"]
    chosen = {"colour": ("red",)}
    assert [facet["name"] for facet in offered(FACETS, index.counts(chosen), chosen, lambda *_: "")] == ["colour", "year"]


def test_selection_stands_in_the_address():
    selection = Selection.from_query(QueryDict("colour=red&colour=red&colour=+&year=2001&other=1"), FACETS)
    assert selection.chosen == {"colour": ("red",), "year": ("2001",), "tags": ()}
    assert selection.query(format="csv") == "?colour=red&year=2001&format=csv"
    assert selection.changed("colour", "red") == "?year=2001"
    assert selection.changed("colour", "blue") == "?colour=red&colour=blue&year=2001"
    assert selection.chips(FACETS) == [{"label": "Red", "address": "?year=2001"}, {"label": "2001", "address": "?colour=red"}]
    assert selection
    assert not Selection.from_query(QueryDict(""), FACETS)


def test_selection_has_nothing_that_cannot_be_shown():
    chosen = Selection.from_query(QueryDict("colour=%00red&year=%1B&year=%E2%80%AE20%EF%BF%BF01&tags=%C2%9D%20%00"), FACETS).chosen
    assert chosen == {"colour": ("red",), "year": ("2001",), "tags": ()}


def test_selection_is_bounded():
    query = QueryDict("&".join(f"tags={'x' * 100}{number}" for number in range(100)) + "".join(f"&year={n}" for n in range(100)))
    chosen = Selection.from_query(query, FACETS).chosen
    assert chosen["tags"] == ("x" * LONGEST_VALUE,)
    assert len(chosen["year"]) == MOST_CHOSEN
