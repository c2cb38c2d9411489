"""Figures of the real data, where REGISTRY_DATA names them, as a reader finds them on the pages: to the unit."""

import csv
import re

import pytest
from django.test import Client

from tests.reading import parsed, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("result")]
WHERE = re.compile(r"as of (\d{4}-\d\d-\d\d), (host|methodology)=(\w+)")
PAGES = {"host": "/parties/{}/", "methodology": "/methodologies/{}/"}


@pytest.fixture(scope="module")
def printed(registry_data):
    """(where, figure) of the shared table with its value."""
    with (registry_data / "registry_figures.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(row["where"], row["figure"]): row["value"] for row in csv.DictReader(file)}


def main_of(address):
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return parsed(answer).xpath("//main")[0]


def figures_of(main):
    """The large figures of a page, by what stands below them."""
    return {text_of(one.xpath("span")[0]): text_of(one.xpath("b")[0]).replace(",", "") for one in main.xpath("//ul[@class='figures']/li")}


def found(figures, words):
    return next((value for label, value in figures.items() if label.startswith(words)), None)


def test_pages_of_parties_and_methodologies_print_the_figures_of_their_day(printed):
    wheres = {where: WHERE.match(where) for where, _figure in printed}
    wheres = {where: match for where, match in wheres.items() if match}
    assert len(wheres) == 6
    for where, match in wheres.items():
        figures = figures_of(main_of(f"/@{match[1]}" + PAGES[match[2]].format(match[3])))
        issuances = next(re.search(r"issuances: ([\d,]+)", label) for label in figures if label.startswith("activities with CERs"))
        read = {
            "CERs": found(figures, "CERs issued"),
            "activities": found(figures, "activities with CERs"),
            "issuances": issuances[1].replace(",", ""),
            "host Parties": found(figures, "host Parties of its issuances") or ("0" if found(figures, "CERs issued") == "0" else "1"),
        }
        assert read == {figure: printed[where, figure] for figure in read}, where


@pytest.mark.parametrize("number", [8, 306, 584, 1151])
def test_pages_of_activities_print_their_cers_and_issuances(printed, number):
    main = main_of(f"/projects/{number}/")
    (label,) = [label for label in figures_of(main) if label.startswith("CERs in")]
    assert figures_of(main)[label] == printed[f"activity {number}", "CERs from issuances"]
    assert re.search(r"\d+", label)[0] == printed[f"activity {number}", "issuances"]
    assert len(main.xpath(".//section[@aria-labelledby='issuances']//tbody/tr")) == int(printed[f"activity {number}", "issuances"])


def test_contradicted_totals_are_told():
    for number, stated in ((584, "74,920"), (1151, None)):
        text = text_of(main_of(f"/projects/{number}/"))
        assert "its list of issuances adds up to" in text
        assert stated is None or stated in text or "The release states" in text


def test_list_of_parties_adds_up_and_says_the_numbers_printed_elsewhere():
    cers = 0
    for page in (1, 2, 3):
        cers += sum(int(text_of(row.xpath("td")[2]).replace(",", "")) for row in main_of(f"/dna/?page={page}").xpath(".//tbody/tr"))
    assert cers == 2_423_389_675
    text = text_of(main_of("/dna/"))
    assert "113 host Parties have activities that the release calls registered" in text
    assert (
        "Where 105 are printed, an activity counts for the name of its first host alone; by the code of the first host they are 104."
        in text
    )


def test_list_of_entities_counts_what_the_release_counts():
    rows = {text_of(row.xpath("th/a")[0]): [text_of(cell) for cell in row.xpath("td")] for row in main_of("/doe/").xpath(".//tbody/tr")}
    assert rows["Det Norske Veritas (DNV)"] == ["2,892", "1,796", "228,798,216"]
    assert rows["TÜV NORD (listed as RWTÜV)"] == ["1,491", "1,913", "322,369,604"]
    assert len(rows) == 48


def test_transitioned_activity_bears_its_date_and_the_number_that_was_matched():
    answer = Client().get("/projects/9902/")
    text = text_of(main_of(answer["Location"]))
    assert "9902 matched reference UNFCCC, list of transitioned activities" in text
    assert re.search(r"Registered ?\d+ \w+ 20\d\d UNFCCC, list of transitioned activities", text)


def test_no_page_of_an_activity_says_none_or_nan(registry_data):
    with (registry_data / "cdm_activities_nov2023.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows[::450]:
        key = row["project_ref"] or row["unique_id"]
        for address in (f"/projects/{key}/", f"/@2012-06-01/projects/{key}/"):
            text = text_of(main_of(address))
            assert not re.search(r"\bNone\b(?! of its units)|\bnan\b|\{|%\(", text), address
