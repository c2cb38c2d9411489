"""List of issuances: what the filters choose at a day, sums, files and feed; of the sample no sum."""

import csv
import io
import json

import pytest
from django.test import Client
from lxml import etree

from registry.importing import import_folder
from tests.reading import parsed, text_of
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def release(tmp_path):
    """Two activities with issuances, one of them hosted by another Party than its activity, and an issuance of no activity."""
    activities = [
        {"project_ref": "1", "unique_id": "A1", "title": "=Wind farm", "methodologies": "ACM0002; AMS-I.D."},
        {"project_ref": "2", "unique_id": "A2", "title": "Small hydro", "project_type": "Hydro", "methodologies": "AMS-I.D."},
    ]
    issued = [
        {"project_ref": "1", "issuance_date": "2006-03-01", "cers_issued": "600", "host_iso2": "IN"},
        {"project_ref": "1", "issuance_date": "2007-12-31", "cers_issued": "250", "doe": "TÜV <SÜD>"},
        {"project_ref": "2", "issuance_date": "2007-01-01", "cers_issued": "100", "project_type": "Hydro"},
        {"project_ref": "9", "issuance_date": "2009-05-05", "cers_issued": "50", "host_iso2": "UG", "kp_commitment_period": "2"},
    ]
    return import_folder(folder_of(tmp_path, activities, [one | {"issuance_process_id": f"P{n}"} for n, one in enumerate(issued)]))


def read(query="", moment=""):
    answer = Client().get(f"{moment}/issuance/{query}")
    assert answer.status_code == 200, query
    return text_of(parsed(answer).xpath("//main")[0])


def found(query="", moment=""):
    """The CERs of the lines, in their order."""
    lines = parsed(Client().get(f"{moment}/issuance/{query}")).xpath("//ul[@class='results']/li")
    return [text_of(line.xpath("p[@class='amount']/b")[0]) for line in lines]


@pytest.mark.parametrize(
    ("query", "cers"),
    [
        ("", ["50", "250", "100", "600"]),
        ("?host=BR", ["250", "100"]),
        ("?host=BR&host=IN", ["250", "100", "600"]),
        ("?type=Hydro", ["100"]),
        ("?year=2007", ["250", "100"]),
        ("?period=2", ["50"]),
        ("?ldc=yes", ["50"]),
        ("?kind=PA", ["250", "100", "600"]),
        ("?kind=not-given", ["50"]),
        ("?verifier=T%C3%9CV%20%3CS%C3%9CD%3E", ["250"]),
        ("?method=ACM0002", ["250", "600"]),
        ("?method=ACM0002&host=IN", ["600"]),
        ("?q=hydro", ["100"]),
        ("?ref=1&ref=2", ["250", "100", "600"]),
        ("?issued_from=2007", ["50", "250", "100"]),
        ("?issued_to=2007-06", ["100", "600"]),
        ("?issued_from=2007&issued_to=2007", ["250", "100"]),
        ("?issued_from=2008&issued_to=2007", []),
        ("?issued_from=yesterday", []),
        ("?issued_to=2007-02-30", []),
        ("?ref=abc", []),
        ("?host=XX", []),
        ("?host=%00", ["50", "250", "100", "600"]),
        ("?host=%00I%1BN", ["600"]),
        ("?q=%1B[31m", []),
        ("?host=" + "x" * 5000, []),
        ("?nothing=1", ["50", "250", "100", "600"]),
    ],
)
def test_filters_choose(release, query, cers):
    assert found(query) == cers


def test_nothing_after_the_day_is_listed_or_summed(release):
    assert found(moment="/@2007-01-01") == ["100", "600"]
    assert "2 issuances · 700 CERs · 2 activities · 2 host Parties" in read(moment="/@2007-01-01")
    assert "No CERs had been issued by 28 Feb 2006. The first came on 1 Mar 2006." in read(moment="/@2006-02-28")


def test_value_that_the_release_lacks_stays_as_a_chip_that_says_so(release):
    assert "XX (not in this release)" in read("?host=XX")
    assert "No issuance matches all of this." in read("?host=XX")


def test_facets_count_beside_all_other_choices(release):
    text = text_of(parsed(Client().get("/issuance/?host=IN")).xpath("//nav[@class='facets']")[0])
    assert "Brazil 2" in text
    assert "India 1" in text
    text = text_of(parsed(Client().get("/issuance/?ref=1&ref=2")).xpath("//nav[@class='facets']")[0])
    assert "2007 2 2006 1" in text
    assert "2009" not in text


def test_issuance_of_an_activity_that_the_list_lacks_says_so(release):
    assert "Activity not in the list of activities" in read("?year=2009")


@pytest.mark.parametrize("query", ["?page=0", "?page=2", "?page=x", "?format=xml", "?format=geojson", "?facets=nothing", "?facets=q"])
def test_what_there_is_not_is_not_found(release, query):
    assert Client().get(f"/issuance/{query}").status_code == 404


def test_files_hold_every_issuance_of_the_filter(release):
    for query in ("", "host=BR&"):
        shown = [cers.replace(",", "") for cers in found(f"?{query}")]
        rows = list(csv.DictReader(io.StringIO(Client().get(f"/issuance/?{query}format=csv").getvalue().decode("utf-8-sig"))))
        assert [row["cers_issued"] for row in rows] == shown
        told = json.loads(Client().get(f"/issuance/?{query}format=json").getvalue())
        assert [str(item["cers_issued"]) for item in told["items"]] == shown
        assert told["total"] == len(shown)
        lines = Client().get(f"/issuance/?{query}format=ndjson").getvalue().decode().splitlines()
        assert [json.loads(line) for line in lines] == told["items"]
    assert told["filter"] == {"host": ["BR"]}


def test_feed_names_the_newest_and_spares_no_word_of_a_title(release):
    feed = etree.fromstring(Client().get("/issuance/?format=atom").content)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["250 CERs: =Wind farm", "100 CERs: Small hydro", "600 CERs: =Wind farm"]


def test_markdown_has_the_same_lines(release):
    text = Client().get("/issuance/index.md?host=BR").getvalue().decode()
    assert "2 issuances · 350 CERs · 2 activities · 1 host Party · page 1 of 1" in text
    assert "31 Dec 2007: 250 CERs" in text


def test_of_the_sample_no_sum_is_told_and_no_sum_is_listed_as_an_issuance():
    text = read("?ref=8")
    assert "13 issuances in the sample" in text
    assert "CERs ·" not in text
    assert "of 13" not in read("?ref=306")
    assert "is_sum_of" not in read()


def test_list_costs_one_query_beside_the_look(release, django_assert_max_num_queries):
    Client().get("/issuance/")
    with django_assert_max_num_queries(2):
        Client().get("/issuance/?host=BR")
