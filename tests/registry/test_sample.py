"""The shipped sample and the table of running totals; against the real files where REGISTRY_DATA names them."""

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from publishing.moment import Moment, fixed
from registry.moments import registry_at
from registry.sample import FOLDER, WHOLE, running_totals, sample, totals_by
from registry.table import Criteria
from tests.registry.made import release

pytestmark = pytest.mark.django_db
MARCH = datetime(2010, 3, 10, 12, tzinfo=UTC)


def test_activity_of_the_sample_is_told_at_a_moment_and_never_final():
    moment = fixed(MARCH)
    registry = registry_at(moment)
    place, row = registry.activity(306)
    assert registry.is_sample
    assert moment.is_open
    assert row.source == "UNFCCC release of 3 November 2023"
    assert registry.activity(row.key) == (place, row)
    assert all(issuance.date <= MARCH.date() for issuance in registry.issuances(row))
    assert registry.blocks(row)
    assert registry.activities([place]) == [row]
    assert registry.activity(4242) is None


def test_totals_come_from_the_table_of_running_totals():
    totals, day = registry_at(fixed(MARCH)).totals()
    assert (totals.cers, totals.issuances, totals.activities, totals.parties) == (391_050_410, 1568, 671, 35)
    assert day == MARCH.date().toordinal()
    totals, day = registry_at(fixed(MARCH + timedelta(days=200))).totals()
    assert (totals.cers, date.fromordinal(day)) == (420_975_784, date(2010, 6, 30))
    assert registry_at(Moment()).totals()[0].cers == 2_423_389_675
    assert totals_by(date(2001, 1, 1).toordinal())[0].cers == 0


def test_totals_of_a_release_are_its_own():
    release(a="One")
    totals, day = registry_at(Moment()).totals()
    assert (totals.cers, date.fromordinal(day)) == (0, date(2023, 11, 3))


def test_table_of_totals_is_small_and_rises():
    days, totals = running_totals()
    assert len(days) <= 40
    assert days == sorted(set(days))
    for column in zip(*totals, strict=True):
        assert list(column) == sorted(column)


def test_sample_is_no_bulk_extract_and_every_fact_has_its_source():
    assert len(sample().activities) <= 130
    assert len({row.reference for row in sample().activities}) == len(sample().activities)
    for name in ("activities", "issuances", "blocks", "totals"):
        with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
            assert all("November 2023" in row["source"] for row in csv.DictReader(file))
    counted = Counter(row.reference for row in sample().issuances if not hasattr(row, "is_sum_of"))
    assert all(counted[reference] <= 2 for reference in counted.keys() - WHOLE)
    assert {block.reference for block in sample().blocks} <= WHOLE


def test_rest_of_a_year_is_one_sum_of_so_many_issuances():
    sums = [row for row in sample().issuances if hasattr(row, "is_sum_of")]
    assert sums
    assert all(row.cers > 0 and row.is_sum_of > 0 for row in sums)
    assert not [row for row in sums if row.reference in WHOLE]


def test_sample_says_what_the_release_says(registry_data):
    def read(name):
        with (registry_data / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    issued = {}
    for row in read("cdm_issuances_2005-2023.csv"):
        issued.setdefault(int(row["project_ref"]), []).append(row)
    sums = {reference: sum(int(row["cers_issued"]) for row in own) for reference, own in issued.items()}
    real = {row["unique_id"]: row for row in read("cdm_activities_nov2023.csv")}
    own = Counter()
    for row in sample().issuances:
        own[row.reference] += row.cers
    for row in sample().activities:
        theirs = real[row.key]
        assert (str(row.reference), row.kind, row.status) == (theirs["project_ref"], theirs["activity_type"], theirs["status_group"])
        assert str(row.validation_start or "") == theirs["validation_start"]
        assert own[row.reference] == sums[row.reference]
    first = {}
    for row in sorted((row for rows in issued.values() for row in rows), key=lambda row: row["issuance_date"]):
        first.setdefault(row["host_iso2"], row["issuance_date"])
    at_first = {(row.host, str(row.date)) for row in sample().issuances}
    assert set(first.items()) <= at_first
    assert {row.reference for row in sample().activities} >= {*sorted(sums, key=lambda reference: -sums[reference])[:20], *WHOLE}
    days, totals = running_totals()
    for day, found in zip(days, totals, strict=True):
        rows = [row for rows in issued.values() for row in rows if date.fromisoformat(row["issuance_date"]).toordinal() <= day]
        parties, activities = {row["host_iso2"] for row in rows}, {row["project_ref"] for row in rows}
        assert found[:4] == (sum(int(row["cers_issued"]) for row in rows), len(rows), len(activities), len(parties))


def test_filters_over_the_sample_count_its_rows_alone():
    registry = registry_at(Moment())
    matching = registry.table.matching(Criteria({"host": ("IN",)}), registry.day)
    assert {row.host for row in registry.activities(registry.table.places_of(matching))} == {"IN"}
