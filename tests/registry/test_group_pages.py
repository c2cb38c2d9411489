"""Pages and lists of methodologies, host Parties and operational entities: what they count, at which day, where their addresses lead."""

import json
import re
from datetime import date

import pytest
from django.test import Client

from publishing.links import links
from publishing.moment import Moment
from registry import entities
from registry.importing import import_folder
from registry.methodologies import key_of
from tests.reading import parsed, text_of
from tests.record import live_page, republish
from tests.registry.made import folder_of, write_csv

pytestmark = pytest.mark.django_db
PROSE = "## What they do\n\nThey approve. See [Namibia](/parties/NA/) and [none](/parties/ZZ/)."


def read(address, status=200):
    answer = Client().get(address)
    assert answer.status_code == status, address
    return text_of(parsed(answer).xpath("//main")[0])


def row_of(address, name):
    """The numbers beside a name in the list at an address."""
    for row in parsed(Client().get(address)).xpath("//tbody/tr"):
        if text_of(row.xpath("th/a")[0]) == name:
            return [text_of(cell) for cell in row.xpath("td")]
    return None


@pytest.fixture
def release(tmp_path):
    namibia_alone = {"host_iso2": "NA"}
    namibia = namibia_alone | {"host_country_first": "Namibia"}
    activities = [
        {"project_ref": "7", "unique_id": "AAAA7", "title": "Wind farm", "methodologies": "ACM0002; AMS-I.D."},
        {
            "project_ref": "8",
            "unique_id": "AAAA8",
            "title": "In Namibia",
            "lat": "",
            "lon": "",
            **namibia,
        },
        {"unique_id": "AAAA9", "title": "Later", "validation_start": "2012-01-01", "validating_doe": "Somebody New, Ltd."},
        {"project_ref": "10", "unique_id": "AAAA10", "title": "A stove", "methodologies": "AM0003", "status_group": "Withdrawn"},
    ]
    issuances = [
        {"project_ref": "7", "cers_issued": "100", "doe": "TSUS"},
        {
            "project_ref": "7",
            "issuance_process_id": "b",
            "issuance_date": "2010-05-06",
            "cers_issued": "250",
            "host_iso2": "NA",
            "doe": "DNV",
        },
    ]
    folder = folder_of(tmp_path / "data", activities, issuances)
    methodologies = [
        {"code": "ACM0002", "family": "Consolidated", "title": "Grid electricity", "title_source": "a picklist"},
        {"code": "AMS-I.D.", "family": "Small-scale", "title": "Remembered title", "title_source": "RECALL - not found"},
        {"code": "AM0122", "family": "Large-scale"},
    ]
    write_csv(folder / "methodologies.csv", "methodologies", methodologies)
    return import_folder(folder, as_of=date(2023, 11, 3))


@pytest.mark.usefixtures("release")
def test_party_counts_any_host_and_the_cers_of_its_own_issuances():
    namibia = read("/parties/NA/")
    assert "Host Party Namibia" in namibia
    assert "250 CERs issued, rank 1 of 2 Parties" in namibia
    assert "1 activity with CERs (issuances: 1)" in namibia
    assert "7 Wind farm Brazil · ACM0002, AMS-I.D. · large scale" in namibia
    assert "Half" not in read("/parties/BR/")
    assert "100 CERs issued, rank 2 of 2 Parties" in read("/parties/BR/")
    assert row_of("/dna/", "Namibia") == ["1", "1", "250"]
    assert row_of("/dna/", "Brazil") == ["3", "2", "100"]


@pytest.mark.usefixtures("release")
def test_list_says_why_other_numbers_of_host_parties_are_printed():
    text = read("/dna/")
    assert "2 host Parties have activities that the release calls registered, each host of an activity counted." in text
    assert "Where 2 are printed, an activity counts for the name of its first host alone; by the code of the first host they are 2." in text


@pytest.mark.usefixtures("release")
def test_figures_are_those_of_the_day():
    assert row_of("/@2009-01-01/dna/", "Namibia") == ["1", "1", "0"]
    assert row_of("/@2009-01-01/dna/", "Brazil") == ["2", "1", "100"]
    assert "No CERs had been issued here by 1 January 2009." in read("/@2009-01-01/parties/NA/")
    assert "No activity had been listed yet at this moment." in read("/@2003-01-01/dna/")
    assert "No entity had validated or verified anything yet" in read("/@2003-01-01/doe/")
    assert "activities listed: validation begun, or CERs issued" in read("/@2009-01-01/parties/BR/")
    assert "activities registered (programmes: 0)" in read("/parties/BR/")
    assert Client().get("/@2003-01-01/parties/BR/").status_code == 200


@pytest.mark.usefixtures("release")
def test_titles_from_memory_are_not_shown_as_official():
    assert "Grid electricity" in read("/methodologies/ACM0002/")
    for address in ("/methodologies/AMS-I.D./", "/methodologies/", "/projects/7/", "/methodologies/AMS-I.D./index.md"):
        assert b"Remembered title" not in Client().get(address).content
    assert "Grid electricity" in read("/projects/7/")
    assert row_of("/methodologies/", "AM0122") == ["0", "0", "0"]
    assert row_of("/methodologies/", "AMS-I.D.") == ["1", "1", "350"]
    assert row_of("/methodologies/?family=small", "ACM0002") is None
    assert "No methodology is of this family." in read("/methodologies/?family=<x>")


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ams-i.d", "AMS-I.D."),
        ("AMS-I.D", "AMS-I.D."),
        ("AMS%20I.D.", "AMS-I.D."),
        ("AMS-I-D", "AMS-I.D."),
        ("amsi.d.", "AMS-I.D."),
        ("AMS-1.D.", "AMS-I.D."),
        ("ACM2", "ACM0002"),
        ("acm-02", "ACM0002"),
        ("acm0002", "ACM0002"),
        ("ACM%200002", "ACM0002"),
        ("ACM-0002", "ACM0002"),
    ],
)
def test_code_is_found_however_it_is_written(written, code):
    for below in ("", "index.md"):
        answer = Client().get(f"/@2010-03-10/methodologies/{written}/{below}")
        assert (answer.status_code, answer["Location"]) == (301, f"/@2010-03-10/methodologies/{code}/{below}")
    assert Client().get(f"/methodologies/{code}/").status_code == 200


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/parties/", "/dna/"),
        ("/entities/", "/doe/"),
        ("/parties/br/", "/parties/BR/"),
        ("/@2010-03-10/parties/na/", "/@2010-03-10/parties/NA/"),
    ],
)
def test_other_addresses_lead_to_the_lists_and_pages(address, leads_to):
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (301, leads_to)


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    "address",
    [
        "/parties/ZZ/",
        "/parties/B/",
        "/parties/BRA/",
        "/parties/%00%00/",
        "/parties/ÄÄ/",
        "/methodologies/AM9999/",
        "/methodologies/AM/",
        "/methodologies/AMS-IX.Z./",
        "/methodologies/ACM0002'/",
        "/methodologies/ACM0002/history/",
        "/methodologies/" + "A" * 900 + "/",
        "/entities/nobody/",
        "/entities/--/",
        "/entities/DNV/",
        "/entities/no-info/",
        "/parties/BR/?format=xml",
        "/dna/?page=0",
        "/dna/?page=99999999999999999999",
        "/doe/?page=x",
    ],
)
def test_hostile_addresses_are_not_found(address):
    assert Client().get(address).status_code == 404


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    "address", ["/dna/?sort=' OR 1", "/doe/?sort=__class__", "/methodologies/?sort=cers&family=", "/dna/?sort=cers&sort=x"]
)
def test_unknown_orders_are_ignored(address):
    assert Client().get(address).status_code == 200


@pytest.mark.usefixtures("release")
def test_lists_sort_by_their_numbers():
    names = [text_of(cell) for cell in parsed(Client().get("/dna/?sort=cers")).xpath("//tbody/tr/th/a")]
    assert names == ["Namibia", "Brazil"]
    assert [text_of(cell) for cell in parsed(Client().get("/dna/")).xpath("//tbody/tr/th/a")] == ["Brazil", "Namibia"]


@pytest.mark.usefixtures("release")
def test_verifier_and_validator_stand_under_one_name_with_the_raw_ones():
    text = read("/entities/dnv/")
    assert "250 CERs verified 1 issuances verified 3 activities validated" in text
    assert "Det Norske Veritas- CUK" in text
    assert "100 CERs verified" in read("/entities/deloitte-teco/")
    assert "TSUS" in read("/entities/deloitte-teco/")
    assert row_of("/doe/", "Det Norske Veritas (DNV)") == ["3", "1", "250"]
    new = read("/entities/somebody-new-ltd/")
    assert "Somebody New, Ltd." in new
    assert read("/projects/7/").count("DNV") >= 2
    assert {"/entities/dnv/", "/entities/deloitte-teco/"} <= set(parsed(Client().get("/projects/7/")).xpath("//main//a/@href"))


@pytest.mark.usefixtures("release")
def test_text_of_the_section_is_folded_below_the_list_and_lists_are_markdown_too():
    section = live_page(
        "dna", title="Authorities", body="## What they do\n\nThey approve. See [Namibia](/parties/NA/) and [none](/parties/ZZ/)."
    )
    document = parsed(Client().get("/dna/"))
    fold = document.xpath("//main//details[@class='fold']")[0]
    assert "They approve." in text_of(fold)
    assert fold.xpath(".//a/@href") == ["/parties/NA/"]
    assert text_of(document.xpath("//h1")[0]) == "Authorities"
    source = Client().get("/dna/index.md").content.decode()
    assert source.startswith("# Authorities")
    assert "/parties/NA/)" in source
    republish(section, title="Changed")
    assert "Changed" in read("/dna/")
    assert Client().get("/doe/index.md").content.startswith(b"# Designated Operational Entities")
    assert Client().get("/methodologies/ACM0002/index.md").content.startswith(b"# ACM0002")
    assert json.loads(Client().get("/parties/NA/?format=json").content)["cers_by_year"] == {"2010": 250}


@pytest.mark.usefixtures("release")
def test_links_in_texts_and_sitemap_know_the_pages():
    known = links(Moment())
    for address in (
        "/dna/",
        "/doe/",
        "/methodologies/",
        "/parties/NA/",
        "/methodologies/ACM0002/",
        "/entities/dnv/",
        "/methodologies/acm0002/",
    ):
        assert known[address], address
    for address in ("/parties/ZZ/", "/methodologies/AM0999/", "/entities/nobody/", "/parties/NA/history/"):
        assert known[address] is None, address
    named = re.findall(r"<loc>[^<]*?(/(?:parties|methodologies|entities)/[^<]+)</loc>", Client().get("/sitemap.xml").content.decode())
    assert {"/parties/NA/", "/methodologies/AMS-I.D./", "/methodologies/AM0122/", "/entities/dnv/"} <= set(named)
    assert len(named) == len(set(named))


def test_sample_counts_its_own_activities_and_gives_no_total():
    for address in ("/parties/CN/", "/methodologies/AM0001/", "/entities/dnv/", "/dna/", "/doe/", "/methodologies/"):
        text = read(address)
        assert "Sample of 110 activities from the release of 3 Nov 2023. The whole release: make registry FOLDER=…" in text
        assert "CERs issued" not in text
        assert "CERs verified" not in text
    assert "Activities in the sample" in read("/dna/")
    assert read("/parties/NA/")


@pytest.mark.parametrize("address", ["/dna/", "/methodologies/", "/doe/", "/parties/BR/", "/methodologies/ACM0002/", "/entities/dnv/"])
def test_pages_cost_at_most_three_queries_beside_the_look(release, django_assert_max_num_queries, address):
    Client().get(address)
    with django_assert_max_num_queries(4):
        Client().get(address)


def test_every_entity_has_one_slug_and_no_name_stands_twice():
    found = entities.entities()
    validators = [entity.validator for entity in found.values() if entity.validator]
    verifiers = [name for entity in found.values() for name in entity.verifiers]
    assert (len(validators), len(set(validators))) == (46, 46)
    assert (len(verifiers), len(set(verifiers))) == (43, 43)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in found)
    assert entities.verifier("No info") is None
    assert entities.validator("") is None


def test_vocabularies_of_the_release_are_mapped_whole(registry_data):
    import csv

    def names(file, column):
        with (registry_data / file).open(encoding="utf-8-sig", newline="") as rows:
            return {row[column] for row in csv.DictReader(rows)}

    found = entities.entities().values()
    assert names("cdm_doe_validation_counts.csv", "validating_doe") == {entity.validator for entity in found if entity.validator}
    assert names("cdm_doe_verification_counts.csv", "doe") - {"No info"} == {name for entity in found for name in entity.verifiers}
    codes = names("cdm_methodologies.csv", "code")
    assert len({key_of(code) for code in codes}) == len(codes)
