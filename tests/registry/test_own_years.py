"""The chart of one activity, Party, methodology or entity at an address of its own: page, table, CSV, JSON, SVG, Markdown."""

import csv
import io

import pytest
from django.test import Client
from lxml import etree

from registry.importing import import_folder
from tests.reading import parsed, text_of
from tests.record import clock
from tests.registry.made import folder_of

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


def issued(day, cers):
    return {"project_ref": "1", "issuance_process_id": f"P{day}", "issuance_date": day, "cers_issued": cers}


@pytest.fixture
def release(clock, tmp_path):
    rows = [issued("2008-05-06", "100"), issued("2010-01-06", "30"), issued("2010-02-06", "20")]
    import_folder(folder_of(tmp_path, [{"project_ref": "1", "unique_id": "ONE", "title": "Wind & <farm>"}], rows))


ADDRESSES = ["/projects/1/", "/parties/BR/", "/methodologies/ACM0002/", "/entities/dnv/"]


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize("address", ADDRESSES[:3])
def test_chart_has_an_address_with_its_finding_table_and_files(address):
    main = parsed(Client().get(f"/@2010-03-10{address}?by=year")).xpath("//main")[0]
    assert "More than half of its CERs came in 2008" in text_of(main.xpath(".//figure/h2")[0])
    rows = [[text_of(cell) for cell in row] for row in main.xpath(".//table//tbody/tr")]
    assert rows == [["2008", "100", "1", "100"], ["2009", "0", "0", "100"], ["2010", "50", "2", "150"]]
    links = main.xpath(".//a[contains(@href, 'format=')]/@href")
    assert [link.rpartition("=")[2] for link in links] == ["csv", "json", "svg"]
    assert all("by=year" in link for link in links)


@pytest.mark.usefixtures("release")
def test_files_and_markdown_say_the_same():
    def asked(form):
        answer = Client().get(f"/@2010-03-10/projects/1/?by=year&format={form}")
        return b"".join(answer).decode("utf-8-sig")

    assert [row["running_total"] for row in csv.DictReader(io.StringIO(asked("csv")))] == ["100", "100", "150"]
    data = Client().get("/@2010-03-10/projects/1/?by=year&format=json").json()
    assert (data["subject"], data["as_of"], data["items"][0]["cers"]) == ("Project activity 1", "2010-03-10", 100)
    picture = etree.fromstring(asked("svg").encode())
    assert picture.find("{*}title").text == "Project activity 1: More than half of its CERs came in 2008"
    source = Client().get("/@2010-03-10/projects/1/index.md?by=year").content.decode()
    assert "| 2010 | 50 | 2 | 150 |" in source
    assert "?by=year>" in source


@pytest.mark.usefixtures("release")
def test_page_leads_to_its_chart():
    for address in ADDRESSES[:3]:
        assert parsed(Client().get(address)).xpath("//figure//a[@href='?by=year']"), address


@pytest.mark.usefixtures("release")
def test_what_there_is_not_is_not_found():
    for query in ("by=month", "by=", "by=year&format=xml"):
        assert Client().get(f"/projects/1/?{query}").status_code == 404, query
    assert Client().get("/@2008-01-01/projects/1/?by=year&format=csv").status_code == 404
    assert "No CERs had been issued" in text_of(parsed(Client().get("/@2008-01-01/projects/1/?by=year")).xpath("//main")[0])


def test_chart_of_an_activity_of_the_sample_is_exact_and_of_a_party_it_needs_the_release(clock):
    items = Client().get("/projects/8/?by=year&format=json").json()["items"]
    assert items[-1]["running_total"] == Client().get("/projects/8/?format=json").json()["cers_issued"]
    assert "no total rests on the sample" in text_of(parsed(Client().get("/parties/CN/?by=year")).xpath("//main")[0])
    assert Client().get("/parties/CN/?by=year&format=csv").status_code == 404
