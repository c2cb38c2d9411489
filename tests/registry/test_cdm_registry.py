"""The page of the CDM registry: serial numbers and what became of them, cancellations by group, until a release is imported too."""

import csv
import io
import json

import pytest
from django.test import Client

from registry.importing import import_folder
from tests.reading import parsed, text_of
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db


def read(address, status=200):
    answer = Client().get(address)
    assert answer.status_code == status, address
    return text_of(parsed(answer).xpath("//main")[0])


def data_of(address):
    answer = Client().get(address)
    return json.loads(answer.content)


@pytest.fixture
def release(tmp_path):
    """An activity with two issuances in two blocks, of which two parts were cancelled, one through the platform."""
    activities = [{"project_ref": "7", "unique_id": "SEVEN", "title": "Wind farm", "total_cers_issued": "150"}]
    issuances = [
        {"project_ref": "7", "issuance_process_id": "P1", "issuance_date": "2008-05-06", "cers_issued": "100"},
        {"project_ref": "7", "issuance_process_id": "P2", "issuance_date": "2009-01-05", "cers_issued": "50"},
    ]
    blocks = [
        {"serial_start": "101", "serial_end": "200", "units": "100"},
        {"serial_start": "201", "serial_end": "250", "units": "50", "completed_at": "2009-01-05T10:00:00Z"},
    ]
    cancelled = [
        {"serial_start": "111", "serial_end": "120", "units": "10", "completed_at": "2012-10-27T08:00:00Z", "voluntary_platform": "no"},
        {"serial_start": "201", "serial_end": "205", "units": "5", "completed_at": "2015-12-01T08:00:00Z"},
    ]
    return import_folder(folder_of(tmp_path, activities, issuances, blocks, cancelled))


def test_unit_leads_to_its_block_activity_and_issuance(release):
    page = read("/registry/?serial=BR-5-130-1-1-0-7")
    assert "Wind farm" in page
    assert "100 CERs on 6 May 2008" in page
    assert "BR-101–200" in page
    assert "Not cancelled in the CDM registry by 1 December 2015; transfers to other registries are not in the data." in page
    links = parsed(Client().get("/registry/?serial=BR-130")).xpath("//dl//a/@href")
    assert links == ["/projects/7/", "/projects/7/#issuance-P1"]


def test_fate_of_a_unit_is_told_with_its_day_and_way(release):
    assert "Cancelled on 27 October 2012 in the CDM registry, not through the platform" in read("/registry/?serial=BR-111")
    assert "Cancelled on 1 December 2015 through the platform for voluntary cancellation." in read("/registry/?serial=BR-205")
    assert "Not cancelled" in read("/registry/?serial=BR-121")


def test_unit_is_told_as_of_the_moment(release):
    assert "Not cancelled in the CDM registry by 26 October 2012" in read("/@2012-10-26/registry/?serial=BR-111")
    assert "No block that was issued for BR by this day has these numbers." in read("/@2008-12-31/registry/?serial=BR-210")


def test_range_over_several_blocks_is_told_block_by_block(release):
    found = data_of("/registry/?serial=BR-100..203&format=json")
    assert (found["units"], found["issued"], found["cancelled"]) == (104, 103, 13)
    assert [(block["serial_start"], block["units_asked"], len(block["cancelled"])) for block in found["items"]] == [
        (101, 100, 1),
        (201, 3, 1),
    ]
    page = read("/registry/?serial=BR-100..203")
    assert "103 of these numbers were issued, in 2 blocks. 13 of them were cancelled" in page
    assert "1 number belongs to no unit" in page


def test_totals_of_a_wide_range_are_those_of_all_its_blocks(release, monkeypatch):
    whole = data_of("/registry/?serial=BR-105..203&format=json")
    monkeypatch.setattr("registry.unit_lookup.MOST_BLOCKS", 1)
    first = data_of("/registry/?serial=BR-105..203&format=json")
    names = ("blocks", "issued", "cancellations", "cancelled")
    assert [first[name] for name in names] == [whole[name] for name in names] == [2, 99, 2, 13]
    assert len(first["items"]) == 1


def test_type_of_unit_that_a_certificate_names_wrongly_is_told(release):
    assert "names units of another type (tCER)" in read("/registry/?serial=BR-6-130-1-1-0-7")
    assert "another type" not in read("/registry/?serial=BR-5-130-1-1-0-7")


def test_cancellations_by_group_agree_with_their_file(release):
    page = read("/registry/")
    assert "15 units cancelled" in page
    for by, expected in {
        "year": [("2012", 10), ("2013", 0), ("2014", 0), ("2015", 5)],
        "host": [("BR", 15)],
        "type": [("Wind", 15)],
        "platform": [("no", 10), ("yes", 5)],
        "unit": [("CER", 15)],
    }.items():
        answer = b"".join(Client().get(f"/registry/?by={by}&format=csv")).decode("utf-8-sig")
        assert [(row["value"], int(row["units"])) for row in csv.DictReader(io.StringIO(answer))] == expected, by
    assert "No unit had been cancelled" in read("/@2010-03-10/registry/")
    assert "Units cancelled by host Party" in read("/registry/?by=host")


def test_quickfinder_leads_to_a_unit_that_there_is(release):
    for typed, leads_to in {"BR-5-130-1-1-0-7": "BR-130", "br-100 to 203": "BR-100..203", "BR-130": "BR-130"}.items():
        assert Client().get("/quickfinder/", {"q": typed})["Location"] == f"/registry/?serial={leads_to}"
    assert Client().get("/quickfinder/", {"q": "BR-99999"})["Location"].startswith("/search/")
    assert "Unit BR-130" in Client().get("/quickfinder/suggestions/", {"q": "BR-130"}).content.decode()


def test_nothing_asked_of_the_registry_is_an_error(release):
    for text in (
        "",
        "x",
        "BR-" + "9" * 400,
        "BR-1..999999999999999999",
        "BR-٣٤",
        "\0",
        "BR-0",
        "<b>",
        "BR-5-5-5-5-5-5-5-5-5",
        "💶",
        "BR-٩..1",
    ):
        for form in ("", "&format=json"):
            answer = Client().get("/registry/?serial=" + text.replace("&", "%26") + form)
            assert answer.status_code in ((200, 404) if (text.isprintable() and len(text) <= 200) or not form else (400,)), text
    for query in ("by=xx", "by=host&format=xx", "format=csv", "serial=BR-1&format=csv"):
        assert Client().get(f"/registry/?{query}").status_code == 404, query


def test_sample_tells_its_blocks_and_that_cancellations_are_not_in_it():
    page = read("/registry/?serial=BR-22434931")
    assert "67,303 units (CER)" in page
    assert "Cancellations are not in the sample, so nothing is known of its fate." in page
    assert "No block of the sample has these numbers." in read("/registry/?serial=CN-188778197")
    assert "Share of proceeds" in read("/registry/")
    assert "Cancellations are not in the sample." in read("/registry/?by=host")


def test_ten_units_of_the_real_release_are_told_as_their_files_have_them(registry_data):
    """Looked up by hand in the two files of the registry: the block that holds the number, its project, the cancellation within it."""
    import_folder(registry_data)
    by_hand = {  # number: (project, first of its block, day of its issuance, day of cancellation and whether through the platform)
        "HN-1": (9, 1, "2005-10-20", None),
        "HN-9514": (28, 2211, "2005-10-20", None),
        "CN-188778197": (2039, 188752640, "2010-03-10", None),
        "BR-65142365": (2569, 63069791, "2012-04-13", ("2012-10-27", False)),
        "BR-60482913": (2486, 60445682, "2011-12-19", ("2012-10-27", False)),
        "KE-212674": (5336, 199508, "2014-11-26", ("2022-04-08", True)),
        "IN-252443492": (4489, 252437540, "2019-02-20", ("2019-07-01", True)),
        "CN-1150930660": (8344, 1149903728, "2022-08-11", ("2023-02-27", False)),
        "CL-13039325": (822, 12532551, "2013-02-04", None),
        "IN-265530571": (1167, 265522147, "2021-04-15", None),
    }
    for serial, (project, first, issued, cancelled) in by_hand.items():
        (block,) = data_of(f"/registry/?serial={serial}&format=json")["items"]
        assert (block["project_ref"], block["serial_start"]) == (project, first), serial
        assert block["issuance"]["date"] == issued, serial
        parts = [(part["completed"][:10], part["voluntary_platform"]) for part in block["cancelled"]]
        assert parts == ([cancelled] if cancelled else []), serial
    found = data_of("/registry/?by=platform&format=json")
    assert {item["value"]: item["units"] for item in found["items"]} == {"no": 155_812_271, "yes": 11_650_563}
    assert data_of("/registry/?serial=CN-1..999999999999999999&format=json")["blocks"] > 4000


def test_release_without_reports_keeps_the_day_of_those_before_it(release, tmp_path):
    import_folder(folder_of(tmp_path / "later", [{"project_ref": "7", "unique_id": "SEVEN", "title": "Wind"}]))
    assert "Registry reports to 1 Dec 2015" in read("/registry/")
    assert "Not cancelled in the CDM registry by 1 December 2015" in read("/registry/?serial=BR-130")
