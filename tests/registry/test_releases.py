"""Pages of releases: their list and feed, what each changed field by field, and the history of one activity."""

import csv
import io
import json
from datetime import date

import pytest
from django.test import Client

from registry.importing import import_folder
from tests.reading import parsed, text_of
from tests.record import clock
from tests.registry.made import folder_of, write_csv

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
ONE = {"project_ref": "1", "unique_id": "ONE", "title": "Wind"}
TWO = {"project_ref": "2", "unique_id": "TWO", "title": "Hydro", "status_group": "Validated"}
THREE = {"project_ref": "3", "unique_id": "THREE", "title": "Solar"}
FOUR = {"unique_id": "FOUR", "title": "Biomass"}
CHANGES = "/releases/2023-12-31/changes/"


def read(address, status=200):
    answer = Client().get(address)
    assert answer.status_code == status, address
    return text_of(parsed(answer).xpath("//main")[0])


def issued(process, day, cers="100"):
    return {"project_ref": "1", "issuance_process_id": process, "issuance_date": day, "cers_issued": cers}


@pytest.fixture
def two_releases(tmp_path):
    """The second adds FOUR, lacks THREE, registers TWO, renames ONE, adds an issuance and corrects one of the past."""
    import_folder(folder_of(tmp_path / "first", [ONE, TWO, THREE], [issued("P1", "2008-05-06"), issued("P2", "2009-05-06")]))
    second = folder_of(
        tmp_path / "second",
        [ONE | {"title": "Wind farm"}, TWO | {"status_group": "Registered"}, FOUR],
        [issued("P1", "2008-05-06"), issued("P2", "2009-05-06", "90"), issued("P3", "2023-12-01", "7"), issued("P4", "2010-01-01", "5")],
    )
    import_folder(second, as_of=date(2023, 12, 31), note="The last of the year.")


def test_list_has_the_releases_with_the_newest_first(two_releases):
    titles = parsed(Client().get("/releases/")).xpath("//main//h2/a/@href")
    assert titles == ["/releases/2023-12-31/", "/releases/2023-11-03/"]
    assert "The last of the year." in read("/releases/")
    page = read("/releases/2023-12-31/")
    assert "/releases/" in parsed(Client().get("/releases/2023-12-31/")).xpath("//h1//a/@href")
    assert "/releases/2023-12-31/" in parsed(Client().get(CHANGES)).xpath("//h1//a/@href")
    assert "Rows left out: 0" in page
    assert "activities.csv" in page


def test_markdown_of_releases_says_what_the_pages_say(two_releases):
    texts = {address: Client().get(f"{address}index.md").content.decode() for address in ("/releases/", "/releases/2023-12-31/", CHANGES)}
    assert "Activities: 3" in texts["/releases/"]
    release = texts["/releases/2023-12-31/"]
    for part in ("Published here on", "The last of the year.", "- Issuances: 4", "activities.csv", "SHA-256 `", "Rows left out: 0"):
        assert part in release, part
    assert "[What changed against: " in release
    changes = texts[CHANGES]
    for part in ("- Added: 1", "Status: 1", "Validated → Registered: 1", "Title: Wind → Wind farm", "/projects/FOUR/", "page 1 of 1"):
        assert part in changes, part
    assert "nothing to compare it with" in Client().get("/releases/2023-11-03/index.md").content.decode()


def test_changes_are_exactly_those_between_the_files(two_releases):
    answer = b"".join(Client().get(f"{CHANGES}?format=csv")).decode("utf-8-sig")
    rows = [(row["what"], row["unique_id"], row["field"], row["before"], row["after"]) for row in csv.DictReader(io.StringIO(answer))]
    assert rows == [
        ("added", "FOUR", "", "", ""),
        ("gone", "THREE", "", "", ""),
        ("changed", "ONE", "title", "Wind", "Wind farm"),
        ("changed", "TWO", "status", "Validated", "Registered"),
    ]


def test_page_tells_fields_moves_of_status_and_corrections_of_the_past(two_releases):
    page = read(CHANGES)
    assert "Changed by field" in page
    table = parsed(Client().get(CHANGES)).xpath("//section[@aria-labelledby='moves']//table")[0]
    assert [text_of(cell) for cell in table.xpath(".//th|.//td")] == ["From, to", "Registered", "Under or after validation", "1"]
    assert "Of days up to 3 November 2023, of which the release before told, 2 came (95 CERs) and 1 went (100 CERs)." in page
    found = json.loads(Client().get(f"{CHANGES}?format=json").content)
    assert found["activities"] == {"added": 1, "changed": 2, "gone": 1}
    assert found["moves_of_status"] == [{"before": "Validated", "after": "Registered", "activities": 1}]
    assert found["issuances_added"] == {"count": 3, "cers": 102}
    assert found["issuances_added_of_the_past"] == {"count": 2, "cers": 95}


def test_changes_are_narrowed_to_a_field_or_a_sort(two_releases):
    assert [item["unique_id"] for item in json.loads(Client().get(f"{CHANGES}?format=json&field=title").content)["items"]] == ["ONE"]
    assert [item["unique_id"] for item in json.loads(Client().get(f"{CHANGES}?format=json&what=gone").content)["items"]] == ["THREE"]
    assert "1 activity: Status" in read(f"{CHANGES}?field=status")
    for query in ("what=x", "field=x", "format=x", "page=999", "page=x"):
        assert Client().get(f"{CHANGES}?{query}").status_code in (200, 404), query


def test_activity_tells_what_releases_changed_of_it(two_releases):
    page = read("/projects/1/")
    assert "Title: Wind → Wind farm" in page
    assert "the first that tells of it" in page
    assert "What releases changed here" in read("/projects/2/")


def test_gone_activity_is_still_reached_from_the_changes(two_releases):
    assert "/projects/3/" in parsed(Client().get(CHANGES)).xpath("//main//h3/a/@href")
    assert "no longer has this activity" in read("/projects/3/")


def test_first_release_has_nothing_to_be_compared_with(two_releases):
    assert "nothing to compare it with" in read("/releases/2023-11-03/changes/")
    assert Client().get("/releases/2023-11-03/changes/?format=csv").status_code == 404
    assert "This is the first release published here." in read("/releases/2023-11-03/")


def test_feed_has_an_entry_for_each_release(two_releases):
    answer = Client().get("/releases/?format=atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert answer.content.decode().count("<entry>") == 2


def test_correction_of_the_same_day_has_an_address_of_its_own(two_releases, tmp_path):
    import_folder(folder_of(tmp_path / "third", [ONE, TWO]), as_of=date(2023, 12, 31), note="A slip.")
    assert "A slip." in read("/releases/2023-12-31.2/")
    assert "Gone" in read("/releases/2023-12-31.2/changes/")
    for address in ("/releases/2023-12-31.1/", "/releases/2023-12-31.3/", "/releases/2023-13-99/", "/releases/2010-01-01/changes/"):
        assert Client().get(address).status_code == 404, address


def test_moment_before_the_first_release_says_that_none_was_there():
    assert "No release had been published here yet." in read("/releases/")


def test_sitemap_and_links_know_the_pages_of_releases(two_releases):
    sitemap = Client().get("/sitemap.xml").content.decode()
    assert "/releases/2023-12-31/changes/" in sitemap
    assert "/releases/2023-11-03/changes/" not in sitemap


def test_changed_copy_of_the_real_release_differs_exactly_as_changed(registry_data, tmp_path):
    import_folder(registry_data)
    name = "cdm_activities_nov2023.csv"
    with (registry_data / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    kept, gone = rows[5:], rows[:5]
    moved = [row for row in kept if row["status_group"] == "Validated"][:40]
    for row in moved:
        row["status_group"] = "Registered"
    write_csv(tmp_path / name, "activities", [*kept, rows[9] | {"unique_id": "QUITENEW", "project_ref": "", "title": "New"}], list(rows[0]))
    import_folder(tmp_path, as_of=date(2023, 12, 1))
    found = json.loads(Client().get("/releases/2023-12-01/changes/?format=json").content)
    assert found["activities"] == {"gone": len(gone), "changed": len(moved), "added": 1}
    assert found["fields"] == {"status": len(moved)}
    assert found["moves_of_status"] == [{"before": "Validated", "after": "Registered", "activities": len(moved)}]
