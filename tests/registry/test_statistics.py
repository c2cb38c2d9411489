"""Statistics at any day: the page, its breakdowns, its files; until a release is imported, totals and years alone."""

import csv
import io
import json
from datetime import date

import pytest
from django.test import Client

from registry.importing import import_folder
from registry.moments import SampleRegistry, ShownRelease
from registry.statistics import BREAKDOWNS, BY_TIME, breakdown, label_of, of_months, of_years, share_of
from tests.reading import parsed, text_of
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db


def read(address, status=200):
    answer = Client().get(address)
    assert answer.status_code == status, address
    return text_of(parsed(answer).xpath("//main")[0])


def table_of(address):
    """Rows of the first table of a page as texts."""
    table = parsed(Client().get(address)).xpath("//main//table")[0]
    return [[text_of(cell) for cell in row.xpath("th|td")] for row in table.xpath("tbody/tr")]


@pytest.fixture
def release(tmp_path):
    """Three activities of two Parties with five issuances in 2006, 2007 and 2009."""
    activities = [
        {"project_ref": "1", "unique_id": "A1", "title": "Wind", "methodologies": "ACM0002; AMS-I.D."},
        {
            "project_ref": "2",
            "unique_id": "A2",
            "title": "Hydro",
            "host_iso2": "BR",
            "host_country_first": "Brazil",
            "project_type": "Hydro",
        },
        {"project_ref": "3", "unique_id": "A3", "title": "No CERs", "status_group": "Withdrawn"},
    ]
    issued = [
        ("1", "2006-03-01", "600", "IN"),
        ("1", "2007-12-31", "250", "IN"),
        ("2", "2007-01-01", "100", "BR"),
        ("2", "2009-05-05", "50", "BR"),
    ]
    issuances = [
        {"project_ref": ref, "issuance_process_id": f"P{number}", "issuance_date": day, "cers_issued": cers, "host_iso2": host}
        for number, (ref, day, cers, host) in enumerate(issued)
    ]
    return import_folder(folder_of(tmp_path, activities, issuances))


def test_page_tells_totals_chart_and_leading_groups(release):
    text = read("/statistics/")
    for words in (
        "1,000 CERs issued",
        "4 issuances",
        "2 activities with CERs",
        "2 host Parties with CERs",
        "Half of all CERs were issued by",
    ):
        assert words in text
    assert "More than half of all CERs: India, 85.0 %" in text


@pytest.mark.parametrize("address", ["/statistics/", "/statistics/?by=host"])
def test_page_with_charts_links_their_styles(release, address):
    assert [sheet for sheet in parsed(Client().get(address)).xpath("//link[@rel='stylesheet']/@href") if "css/registry" in sheet]


def test_nothing_after_the_day_is_counted(release):
    assert "600 CERs issued" in read("/@2006-12-31/statistics/")
    assert "850 CERs issued" not in read("/@2007-12-30/statistics/")
    assert "No CERs had been issued by 28 February 2006. The first came on 1 March 2006." in read("/@2006-02-28/statistics/")
    assert table_of("/@2007-06-30/statistics/?by=year") == [
        ["2006", "600", "1", "600", "85.7"],
        ["2007 (in part)", "100", "1", "700", "14.3"],
    ]


def test_groups_lead_to_what_they_count_on_the_host_and_day_that_were_asked(release):
    for address, prefix in (("/statistics/?by=host", ""), ("/@2007-12-31/statistics/?by=host", "/@2007-12-31")):
        links = parsed(Client().get(address)).xpath("//main//table//a/@href")
        assert sorted(links) == [f"{prefix}/parties/BR/", f"{prefix}/parties/IN/"]


def test_months_follow_one_another_without_a_gap(release):
    rows = table_of("/@2007-02-03/statistics/?by=month")
    assert [row[0] for row in rows] == [
        *("March 2006", "April 2006", "May 2006", "June 2006", "July 2006", "August 2006", "September 2006", "October 2006"),
        *("November 2006", "December 2006", "January 2007", "February 2007 (in part)"),
    ]
    assert [row[3] for row in rows] == ["600"] * 10 + ["700"] * 2


def test_after_the_data_end_they_are_told_as_of_their_end(release):
    assert "Figures to 3 Nov 2023, the end of the data" in read("/@2026-01-01/statistics/")
    assert table_of("/@2026-01-01/statistics/?by=year")[-1][0] == "2023 (in part)"


def test_issuance_of_several_methodologies_counts_in_each_and_the_page_says_so(release):
    assert "counts in each methodology" in read("/statistics/?by=method")
    assert {row[0]: row[1] for row in table_of("/statistics/?by=method")}["AMS-I.D."] == "850"


@pytest.mark.parametrize("name", BREAKDOWNS)
def test_page_csv_and_json_say_the_same(release, name):
    page = [row[:3] for row in table_of(f"/statistics/?by={name}")]
    lines = csv.DictReader(io.StringIO(Client().get(f"/statistics/?by={name}&format=csv").getvalue().decode("utf-8-sig")))
    told = json.loads(Client().get(f"/statistics/?by={name}&format=json").content)
    for rows in (lines, told["items"]):
        found = [[row["label"], f"{int(row['cers']):,}", str(row["issuances"])] for row in rows]
        assert [[label.removesuffix(" (in part)"), cers, issuances] for label, cers, issuances in page] == found
    markdown = Client().get(f"/statistics/index.md?by={name}").getvalue().decode()
    assert all(f" {cers} | {issuances} |" in markdown for _label, cers, issuances in page)


@pytest.mark.parametrize(
    "query", ["by=", "by=nothing", "by=host&format=xml", "format=csv", "by=host&by=%00", "by=" + "x" * 5000, "by=host&format="]
)
def test_what_there_is_not_is_not_found(release, query):
    assert Client().get(f"/statistics/?{query}").status_code == 404


def test_registration_is_told_by_its_bounds_and_by_what_others_published(release):
    text = read("/@2010-03-10/statistics/")
    assert "Between 2 and 2 project activities were registered" in text
    assert "1,899 (annual report 2009 of the Board), 2,453 (annual report 2010 of the Board, 26 October 2010)" in text
    assert "Figures as of 10 Mar 2010 · Titles, status, " in text


def test_from_the_day_of_the_release_on_its_statuses_tell_what_is_registered(release):
    for address in ("/@2023-11-03/statistics/", "/statistics/"):
        text = read(address)
        assert "Between" not in text
        assert "Activities by status on 3 November 2023 Registered2 " in text
    assert "Between" in read("/@2023-11-02/statistics/")


def test_until_a_release_is_imported_totals_come_from_the_table_and_breakdowns_are_not_told():
    text = read("/@2010-03-10/statistics/")
    assert "391,050,410 CERs issued" in text
    assert "make registry FOLDER=" in text
    assert "by host Party" not in text
    years = table_of("/@2010-03-10/statistics/?by=year")
    assert years[:2] == [["2005", "103,732", "4", "103,732", "0.0"], ["2006", "25,688,774", "126", "25,792,506", "6.6"]]
    assert "no total rests on the sample" in read("/statistics/?by=host")
    assert Client().get("/statistics/?by=host&format=csv").status_code == 404
    assert "immutable" not in Client().get("/@2010-03-10/statistics/")["Cache-Control"]


def test_days_before_the_first_cers_have_neither_years_nor_months():
    registry = SampleRegistry(ShownRelease(None), date(2005, 10, 19).toordinal())
    assert of_years(registry).groups == of_months(registry).groups == []
    assert [breakdown(registry, name) for name in BREAKDOWNS if name not in BY_TIME] == [None] * (len(BREAKDOWNS) - len(BY_TIME))


def test_shares_are_rounded_half_up_and_labels_named():
    assert [share_of(cers, 2000) for cers in (0, 1, 2, 1999, 2000)] == [0, 1, 1, 1000, 1000]
    assert label_of("scope", "13").startswith("13 ")
    assert label_of("host", "BR") == "Brazil"


def test_statistics_cost_no_query_beside_the_look(release, django_assert_max_num_queries):
    Client().get("/statistics/")
    with django_assert_max_num_queries(1):
        Client().get("/statistics/?by=host")
