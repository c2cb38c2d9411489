"""Statistics that are tables of their own, the comparison of Parties, and charts as files."""

import csv
import io
import json
from datetime import date
from statistics import median
from xml.etree import ElementTree

import pytest
from django.test import Client

from registry.importing import import_folder
from registry.stat_tables import HEADINGS
from registry.statistics import BREAKDOWNS
from tests.reading import parsed, text_of
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db


def read(address, status=200):
    answer = Client().get(address)
    assert answer.status_code == status, address
    return text_of(parsed(answer).xpath("//main")[0])


def rows_of(address):
    return list(csv.DictReader(io.StringIO(b"".join(Client().get(address)).decode("utf-8-sig"))))


@pytest.fixture
def release(tmp_path):
    activities = [
        {"project_ref": "1", "unique_id": "A1", "title": "Wind", "host_iso2": "IN"},
        {"project_ref": "2", "unique_id": "A2", "title": "Hydro", "host_iso2": "BR"},
        {"project_ref": "3", "unique_id": "A3", "title": "Solar", "host_iso2": "BR"},
    ]
    issued = [
        ("1", "2006-03-01", "600", "IN", "2005-12-31"),
        ("1", "2007-12-31", "250", "IN", "2007-12-01"),
        ("2", "2007-01-01", "100", "BR", "2006-12-02"),
        ("3", "2009-05-05", "50", "BR", "2009-05-05"),
    ]
    issuances = [
        {
            "project_ref": ref,
            "issuance_process_id": f"P{n}",
            "issuance_date": day,
            "cers_issued": cers,
            "host_iso2": host,
            "monitoring_end": end,
        }
        for n, (ref, day, cers, host, end) in enumerate(issued)
    ]
    return import_folder(folder_of(tmp_path, activities, issuances))


def test_first_time_issuers_are_counted_in_the_year_of_their_first_cers(release):
    rows = rows_of("/statistics/?by=first&format=csv")
    assert [(row["year"], row["activities"], row["running_total"]) for row in rows][:4] == [
        ("2006", "1", "1"),
        ("2007", "1", "2"),
        ("2008", "0", "2"),
        ("2009", "1", "3"),
    ]
    assert rows_of("/@2007-06-30/statistics/?by=first&format=csv")[-1]["running_total"] == "2"


def test_delay_is_counted_from_the_end_of_monitoring(release):
    rows = {row["year"]: row for row in rows_of("/statistics/?by=delay&format=csv")}
    assert (rows["2006"]["half"], rows["2007"]["half"], rows["2009"]["half"]) == ("60", "30", "0")
    assert "Half of the issuances of 2006 came within 60 days" in read("/statistics/?by=delay")


def test_concentration_says_how_few_activities_have_half_of_all(release):
    assert "1 of 3 activities have half of all CERs" in read("/statistics/?by=concentration")
    assert rows_of("/statistics/?by=concentration&format=csv")[-1] == {
        "activities_with_most": "50 %",
        "activities": "1",
        "cers": "850",
        "share_percent": "85.0",
    }


def test_types_then_and_now_have_shares_beside_each_other_and_bars(tmp_path):
    types = {"1": "Wind", "2": "HFCs"}
    activities = [{"project_ref": ref, "unique_id": f"A{ref}", "title": name, "project_type": name} for ref, name in types.items()]
    issued = [("2", "2009-01-01", "300"), ("1", "2009-02-01", "100"), ("1", "2012-01-01", "400")]
    issuances = [
        {"project_ref": ref, "issuance_process_id": f"P{n}", "issuance_date": day, "cers_issued": cers, "project_type": types[ref]}
        for n, (ref, day, cers) in enumerate(issued)
    ]
    import_folder(folder_of(tmp_path / "data", activities, issuances), as_of=date(2023, 11, 3))
    said = read("/statistics/?by=then")
    assert "25.0 per cent of all CERs on 10 March 2010, 62.5 on 3 November 2023" in said
    rows = {row["type"]: row for row in rows_of("/statistics/?by=then&format=csv")}
    assert [(row["share_2010"], row["share"]) for row in rows.values()] == [("25.0", "62.5"), ("75.0", "37.5")]
    page = parsed(Client().get("/statistics/?by=then"))
    assert page.xpath("//td/svg/rect[2]/@width") == ["25.0%", "62.5%", "75.0%", "37.5%"]
    before = rows_of("/@2009-12-31/statistics/?by=then&format=csv")
    assert "share_2010" not in before[0]


def test_comparison_tells_two_parties_side_by_side_with_one_axis(release):
    page = parsed(Client().get("/statistics/compare/?party=IN&party=br"))
    assert "India has 5.7 times as many CERs as Brazil" in text_of(page)
    charts = page.xpath("//main//figure[@class='chart']")
    assert len(charts) == 2
    labels = [[text_of(label) for label in chart.xpath(".//*[local-name()='text'][not(@class)]")] for chart in charts]
    assert labels[0][:4] == labels[1][:4]
    assert len(set(page.xpath("//figure/h2/@id"))) == 2
    found = json.loads(Client().get("/statistics/compare/?party=IN&party=BR&format=json").content)["items"]
    assert [(row["IN"], row["BR"]) for row in found[:3]] == [(850, 150), ("85.0", "15.0"), (2, 2)]


def test_comparison_takes_four_parties_at_most_and_says_what_is_not_there(release):
    assert "Not in this release: XX" in read("/statistics/compare/?party=XX&party=IN")
    for query in (
        "",
        "party=",
        "party=IN&party=IN",
        "party=%00",
        "&".join(f"party={code}" for code in ("IN", "BR", "CN", "US", "FR", "DE")),
    ):
        assert Client().get(f"/statistics/compare/?{query}").status_code == 200
    for query in ("format=csv", "party=IN&format=csv", "party=IN&party=BR&format=x"):
        assert Client().get(f"/statistics/compare/?{query}").status_code == 404


@pytest.mark.parametrize("by", [*BREAKDOWNS, *HEADINGS])
def test_every_chart_has_a_sentence_a_table_and_files(release, by):
    page = parsed(Client().get(f"/statistics/?by={by}"))
    assert page.xpath("//main//table//tbody/tr"), by
    assert page.xpath("//main//p|//main//figure/h2"), by
    for form in ("csv", "json", "svg"):
        answer = Client().get(f"/statistics/?by={by}&format={form}")
        assert answer.status_code == 200, (by, form)
        assert f"format={form}" in " ".join(page.xpath("//main//a/@href"))
    root = ElementTree.fromstring(Client().get(f"/statistics/?by={by}&format=svg").content)  # noqa: S314 (our own)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.find("{http://www.w3.org/2000/svg}title").text


def test_picture_of_years_has_a_bar_for_each(release):
    root = ElementTree.fromstring(Client().get("/statistics/?by=year&format=svg").content)  # noqa: S314 (our own)
    bars = [node for node in root.iter("{http://www.w3.org/2000/svg}rect") if node.get("fill") == "#0f7a5a"]
    assert len(bars) == 3


def test_sample_has_no_such_statistics():
    for by in HEADINGS:
        assert "no total rests on the sample" in read(f"/statistics/?by={by}")
        assert Client().get(f"/statistics/?by={by}&format=csv").status_code == 404
    assert "no total rests on the sample" in read("/statistics/compare/?party=CN&party=IN")
    assert "Name two to four of them" in Client().get("/statistics/compare/index.md").content.decode()


def test_real_release_agrees_with_its_file(registry_data):
    import_folder(registry_data)
    with (registry_data / "cdm_issuances_2005-2023.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    first, cers, delays = {}, {}, []
    for row in rows:
        key = row["activity_type"], row["project_ref"]
        first[key] = min(first.get(key, "9"), row["issuance_date"])
        cers[key] = cers.get(key, 0) + int(row["cers_issued"])
        if row["issuance_date"].startswith("2012") and row["monitoring_end"]:
            delays.append((date.fromisoformat(row["issuance_date"]) - date.fromisoformat(row["monitoring_end"])).days)
    told = {row["year"]: int(row["activities"]) for row in rows_of("/statistics/?by=first&format=csv")}
    assert told["2012"] == sum(day.startswith("2012") for day in first.values())
    assert sum(told.values()) == len(first) == 3703
    half, together = 0, 0
    for number in sorted(cers.values(), reverse=True):
        half, together = half + 1, together + number
        if 2 * together >= sum(cers.values()):
            break
    assert f"{half} of 3,703 activities have half of all CERs" in read("/statistics/?by=concentration")
    assert {row["year"]: row for row in rows_of("/statistics/?by=delay&format=csv")}["2012"]["half"] == str(round(median(delays)))
    found = json.loads(Client().get("/@2010-03-10/statistics/compare/?party=CN&party=IN&format=json").content)["items"]
    assert found[0]["CN"] + found[0]["IN"] < 391_050_410
