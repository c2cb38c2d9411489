"""Table of a release against plain loops over its rows."""

import random
from datetime import date
from operator import attrgetter

import pytest

from registry.facets import FACETS, family_of
from registry.parties import party
from registry.records import NOT_GIVEN, ActivityRecord, IssuanceRecord
from registry.table import CREDITING, NOT_LISTED, REGISTERED, VALIDATION, Criteria, Table
from registry.words import MOST_WORDS, words_of
from tests.registry.made import AS_OF, FIRST, activities, issuances

ROWS = activities(1, 400)
ISSUED = issuances(2, ROWS, 700)
TABLE = Table.of(AS_OF, ROWS, ISSUED, FACETS)
BY_NUMBER = {row.number: row for row in ROWS}
OWN = {}
for one in sorted(ISSUED, key=attrgetter("day")):
    OWN.setdefault((one.kind, one.ref), []).append(one)
DAYS = [FIRST - 1, FIRST, date(2010, 3, 10).toordinal(), date(2019, 6, 28).toordinal(), AS_OF, AS_OF + 5000]


def own(row, day):
    return [one for one in OWN.get((row.kind, row.ref), ()) if one.day <= day]


def is_listed(row, day):
    known = [when for when in (row.validation, *(one.day for one in own(row, AS_OF))) if when]
    return day >= AS_OF or (bool(known) and min(known) <= day)


def cers(row, day):
    return sum(one.cers for one in own(row, day))


def in_range(value, ends):
    low, high = ends
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def has_word(row, term):
    """Whether a row has a word of the box above the list: in its title, as its number, in the name of a host, as the start of a code."""
    own, code = words_of(term), "".join(words_of(term))
    names = [words_of(row.title), *(words_of(party(host).name) for host in row.hosts)]
    if not own:
        return True
    return (
        all(any(word.startswith(one) for word in names[0]) for one in own)
        or any(all(any(word.startswith(one) for word in words) for one in own) for words in names[1:])
        or (term.isdecimal() and row.ref == int(term))
        or (len(code) >= 3 and any("".join(words_of(method)).startswith(code) for method in row.methodologies))
    )


def holds(row, criteria, day):
    """Whether a row meets the criteria beside the facets: the same said plainly."""
    values = {"validation": row.validation, "crediting": row.crediting_start, "reductions": row.reductions, "mw": row.megawatts}
    ranged = dict(criteria.ranges)
    days, totals = ranged.pop("issued", None), ranged.pop("cers", None)
    return (
        is_listed(row, day)
        and all(has_word(row, term) for term in criteria.words.split())
        and (not criteria.verifiers or any(one.verifier in criteria.verifiers for one in own(row, day)))
        and (not criteria.refs or row.ref in criteria.refs)
        and (criteria.is_numbered is None or criteria.is_numbered == (row.ref is not None))
        and (criteria.is_issued is None or criteria.is_issued == bool(own(row, day)))
        and all(in_range(values[name], ends) for name, ends in ranged.items())
        and (days is None or any(in_range(one.day, days) for one in own(row, day)))
        and (totals is None or in_range(cers(row, day), totals))
    )


def has_chosen(row, chosen, besides=None):
    by_name = {facet.name: facet for facet in FACETS}
    return all(set(values) & set(by_name[name].values_of(row)) for name, values in chosen.items() if name != besides)


CRITERIA = [
    Criteria(),
    Criteria(words="wind"),
    Criteria(words="SAO étude"),
    Criteria(words="wind " * 20 + "farm"),
    Criteria(words=" ".join(f"w{number}" for number in range(MOST_WORDS - 1)) + " wind"),
    Criteria(words="..."),
    Criteria(words="china WIND"),
    Criteria(words="acm0002 AMS-I"),
    Criteria(words="AMS"),
    Criteria(words="17"),
    Criteria(words="na am"),
    Criteria(verifiers=("SGS",)),
    Criteria(verifiers=("", "nobody"), words="wind"),
    Criteria(words="nothing"),
    Criteria(is_numbered=False),
    Criteria(is_issued=True, is_numbered=True),
    Criteria(is_issued=False),
    Criteria(refs=(3, 5, 10**9)),
    Criteria(ranges={"cers": (1, 900_000)}),
    Criteria(ranges={"cers": (None, 0), "mw": (2, None)}),
    Criteria(ranges={"issued": (DAYS[2], DAYS[3])}),
    Criteria(ranges={"issued": (None, None)}),
    Criteria(ranges={"validation": (None, DAYS[2]), "crediting": (FIRST, None)}),
    Criteria(ranges={"reductions": (5000, 1000)}),
    Criteria({"host": ("CN", "NA"), "status": ("Registered",)}, words="hydro"),
    Criteria({"scale": (NOT_GIVEN,), "ldc": ("yes",)}),
]


@pytest.mark.parametrize("criteria", CRITERIA)
@pytest.mark.parametrize("day", DAYS)
def test_rows_facets_and_cers_are_those_of_plain_loops(criteria, day):
    within = [row for row in ROWS if holds(row, criteria, day)]
    matching = TABLE.matching(criteria, day)
    found = [BY_NUMBER[TABLE.numbers[place]] for place in TABLE.places_of(matching)]
    assert sorted(found) == sorted(row for row in within if has_chosen(row, criteria.chosen))
    assert TABLE.cers_of(matching, day) == sum(cers(row, day) for row in found)
    counts = TABLE.counts(criteria, day)
    for facet in FACETS:
        beside = [row for row in within if has_chosen(row, criteria.chosen, facet.name)]
        for value, count in counts[facet.name]:
            assert count == sum(value in facet.values_of(row) for row in beside), (facet.name, value)


def test_methodologies_chosen_together_must_all_hold():
    criteria = Criteria({"method": ("ACM0002", "AMS-I.D.")}, together=frozenset(["method"]))
    found = {TABLE.numbers[place] for place in TABLE.places_of(TABLE.matching(criteria, AS_OF))}
    assert found == {row.number for row in ROWS if {"ACM0002", "AMS-I.D."} <= set(row.methodologies)}
    assert found


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("sort", ["listed", "title", "ref", "crediting", "cers", "issued", "reductions", "mw"])
def test_orders_hold_every_row_once_and_what_is_not_known_last(sort, reverse):
    day = DAYS[3]
    found = [BY_NUMBER[TABLE.numbers[place]] for place in TABLE.places_of(TABLE.index.everything, sort, day, reverse)]
    assert sorted(row.number for row in found) == sorted(BY_NUMBER)
    values = {
        "ref": [row.ref for row in found],
        "crediting": [row.crediting_start for row in found],
        "cers": [cers(row, day) or None for row in found],
        "issued": [max((one.day for one in own(row, day)), default=None) for row in found],
        "reductions": [row.reductions for row in found],
        "mw": [row.megawatts for row in found],
    }.get(sort, [])
    known = [value for value in values if value is not None]
    assert values == sorted(known, reverse=reverse) + [None] * (len(values) - len(known))


@pytest.mark.parametrize("day", DAYS)
def test_totals_of_groups_are_those_of_plain_loops(day):
    def totals(rows):
        parties = {row.host for row in rows}
        return sum(row.cers for row in rows), len(rows), len({(row.kind, row.ref) for row in rows}), len(parties)

    issued = [row for row in ISSUED if row.day <= day]
    by_ref = {row.ref: row for row in ROWS if row.ref}
    assert TABLE.totals(day)[:4] == totals(issued)
    for name, has in {
        ("host", "CN"): lambda row: row.host == "CN",
        ("ldc", "yes"): lambda row: row.host == "UG",
        ("type", "Wind"): lambda row: row.type == "Wind",
        ("kind", "PoA"): lambda row: row.kind == "PoA",
        ("method", "ACM0002"): lambda row: "ACM0002" in by_ref[row.ref].methodologies,
        ("scope", "13"): lambda row: by_ref[row.ref].scopes == ("13",),
        ("scale", NOT_GIVEN): lambda row: not by_ref[row.ref].scale,
        ("verifier", NOT_GIVEN): lambda row: not row.verifier,
        ("period", "2"): lambda row: row.period == 2,
        ("host", "ZZ"): lambda row: False,
    }.items():
        assert TABLE.totals(day, *name)[:4] == totals([row for row in issued if has(row)]), name
    for criteria in CRITERIA:
        matching = TABLE.matching(criteria, day)
        refs = {TABLE.refs[place] for place in TABLE.places_of(matching)} - {0}
        assert TABLE.totals_of(matching, day) == totals([row for row in issued if row.ref in refs])


def test_cumulative_lists_tell_ranges_and_when_a_total_was_passed():
    by_day = sorted(ISSUED, key=lambda row: row.day)
    first, last = by_day[100].day, by_day[600].day
    within = [row for row in ISSUED if first <= row.day <= last]
    lists = TABLE.dimensions["total"]
    assert lists.between(first, last) == (sum(row.cers for row in within), len(within))
    day = lists.reached(50_000_000)
    assert TABLE.totals(day - 1).cers <= 50_000_000 < TABLE.totals(day).cers
    assert lists.reached(10**15) is None
    assert len(lists.first_times()) == TABLE.totals(AS_OF).activities
    assert set(TABLE.dimensions["host"].all_at(AS_OF)) == {row.host for row in ISSUED}


def state_of(day, issued=(), **fields):
    row = ActivityRecord(1, "A", 7, "Title", **{"kind": "PA", "status": "Registered", "validation": 1000} | fields)
    rows = [IssuanceRecord(n, row.kind, 7, when, 5, "CN") for n, when in enumerate(issued)]
    return Table.of(9000, [row], rows, FACETS).state(0, day)


@pytest.mark.parametrize(
    ("day", "fields", "stage", "since"),
    [
        (999, {}, NOT_LISTED, None),
        (1000, {}, VALIDATION, 1000),
        (1000, {"crediting_start": 900}, CREDITING, 900),
        (950, {"crediting_start": 900}, CREDITING, 900),
        (1500, {"crediting_start": 1500}, CREDITING, 1500),
        (1500, {"crediting_start": 1500, "status": "Withdrawn"}, VALIDATION, 1000),
        (1500, {"crediting_start": 1500, "status": "De-registered"}, CREDITING, 1500),
        (1500, {"crediting_start": 1500, "kind": "PoA"}, REGISTERED, 1500),
        (1500, {"crediting_start": 1400, "registered": 1600}, VALIDATION, 1000),
        (1600, {"crediting_start": 1400, "registered": 1600}, REGISTERED, 1600),
        (1500, {"issued": [1500]}, REGISTERED, None),
        (1499, {"issued": [1500]}, VALIDATION, 1000),
        (900, {"issued": [900]}, REGISTERED, None),
        (8999, {"validation": None}, NOT_LISTED, None),
        (9000, {"validation": None}, VALIDATION, None),
    ],
)
def test_state_follows_the_rule(day, fields, stage, since):
    found = state_of(day, **fields)
    assert (found.stage, found.since) == (stage, since)
    assert bool(found.badges) == (fields.get("kind") == "PoA")


def test_empty_release_has_a_table():
    table = Table.of(AS_OF, [], [], FACETS)
    assert table.totals(AS_OF) == (0, 0, 0, 0, 0)
    assert table.places_of(table.matching(Criteria(words="x", is_issued=True, ranges={"cers": (1, None)}), AS_OF)) == []
    assert table.totals_of(0, AS_OF) == (0, 0, 0, 0)


def test_issuance_of_no_activity_counts_in_totals_alone():
    row = ActivityRecord(1, "A", 7, "Title", "PA", "Registered", validation=1000)
    table = Table.of(9000, [row], [IssuanceRecord(1, "PA", 8, 2000, 5, "CN"), IssuanceRecord(2, "PA", 7, 2000, 6, "CN")], FACETS)
    assert table.totals(9000).cers == 11
    assert list(table.cers_by(9000)) == [6]
    assert table.totals_of(1, 9000) == (6, 1, 1, 1)
    assert table.places_of(table.matching(Criteria(ranges={"issued": (None, None)}), 9000)) == [0]
    assert table.issued_to(0, 9000) == (6, 1, 2000, 2000)


def test_activities_are_found_by_their_numbers():
    row = random.Random(4).choice([row for row in ROWS if row.ref])
    assert TABLE.numbers[TABLE.place(row.ref)] == row.number
    assert TABLE.place_of_number(row.number) == TABLE.place(row.ref)
    assert TABLE.place(10**9) is None
    assert TABLE.kind(TABLE.place(row.ref)) == row.kind
    assert TABLE.status(TABLE.place(row.ref)) == row.status


def test_bounds_of_registration_hold_those_with_cers():
    least, most = TABLE.registered_between(DAYS[3])
    projects = [row for row in ROWS if row.kind == "PA"]
    assert least == sum(bool(own(row, DAYS[3])) for row in projects)
    assert most == sum(is_listed(row, DAYS[3]) and row.status in {"Registered", "De-registered"} for row in projects)


@pytest.mark.parametrize(
    ("code", "family"),
    [("ACM0002", "consolidated"), ("AM0001", "large"), ("AMS-I.D.", "small"), ("AR-ACM0001", "forest"), ("X", NOT_GIVEN)],
)
def test_family_of_a_methodology_is_read_from_its_code(code, family):
    assert family_of(code) == family
