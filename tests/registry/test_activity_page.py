"""Page of an activity: what it says at a day and why, its other forms, where its addresses lead."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from publishing import kinds
from publishing.ledger import publish
from publishing.links import links
from publishing.moment import Moment, fixed
from registry.activity_page import covered, degrees
from registry.importing import import_folder
from registry.models import Release
from tests.reading import parsed, text_of
from tests.record import DAY, clock
from tests.registry.made import folder_of, new_row

__all__ = ["clock"]
pytestmark = pytest.mark.django_db


def read(address, status=200):
    answer = Client().get(address)
    assert answer.status_code == status, address
    return text_of(parsed(answer).xpath("//main")[0])


def fact(address, label):
    """What the page says beside a label, with source and marks."""
    for row in parsed(Client().get(address)).xpath("//dl[@class='facts']/div"):
        if text_of(row.xpath("dt")[0]) == label:
            return text_of(row.xpath("dd")[0])
    return None


@pytest.fixture
def release(tmp_path):
    """A release with an activity of each sort."""
    by_title = {"ref_source": "title match (WRI GPPD)"}
    activities = [
        {
            "project_ref": "7",
            "unique_id": "AAAA7",
            "title": "One \x93wind\x94 farm",
            "total_cers_issued": "350",
            "ref_source": "issuance join",
        },
        {
            "project_ref": "8",
            "unique_id": "AAAA8",
            "title": "By title",
            **by_title,
            "lat": "10.5",
            "lon": "50.25",
        },
        {"unique_id": "AAAA9", "title": "Without a number", "status_group": "Validated", "crediting_start": "", "crediting_end": ""},
        {"project_ref": "10", "unique_id": "AAAA10", "title": "A programme", "activity_type": "PoA", "scale": "", "lat": "", "lon": ""},
        {"project_ref": "11", "unique_id": "AAAA11", "title": "Far off", "lat": "80", "lon": "100", "annual_reductions_tco2e_2018": ""},
        {"project_ref": "12", "unique_id": "AAAA12", "title": "Off the globe", "lat": "-99.5", "lon": "1"},
    ]
    issuances = [
        {"project_ref": "7", "issuance_process_id": "LRQA Ltd1", "cers_issued": "100", "doe": "LRQA"},
        {
            "project_ref": "7",
            "issuance_process_id": "LRQA Ltd1",
            "issuance_date": "2010-05-06",
            "cers_issued": "200",
            "doe": "No info",
            "host_iso2": "NA",
            "monitoring_start": "2008-01-01",
            "monitoring_end": "2008-12-31",
        },
        {"project_ref": "8", "monitoring_start": "2009-01-01", "monitoring_end": "", "doe": "<i>New</i> & Co"},
    ]
    blocks = [{"project_ref": "7", "serial_start": "1", "serial_end": "300", "units": "300"}]
    cancellations = [{"project_ref": "7", "serial_start": "11", "serial_end": "20", "units": "10", "completed_at": "2012-01-02T00:00:00Z"}]
    return import_folder(folder_of(tmp_path / "data", activities, issuances, blocks, cancellations), as_of=date(2023, 11, 3))


@pytest.mark.usefixtures("release")
def test_page_tells_what_the_release_holds():
    text = read("/projects/7/")
    assert "Project activity 7 Registered One “wind” farm" in text
    assert "300 CERs in 2 issuances" in text
    assert "6 May 2010 monitored 1 Jan 2008 – 31 Dec 2008, not given, NA200300" in text
    assert "Figures to 3 Nov 2023, the end of the data" in text
    assert "1 block of units issued" in text
    assert "10 units were cancelled, 10 of them through the platform for voluntary cancellation." in text
    assert "The day of its registration is not in the data." in text
    assert not re.search(r"\bNone\b|nan\b", text)


@pytest.mark.usefixtures("release")
def test_each_mark_stands_beside_its_value_and_is_explained():
    assert "In the file: One \\x93wind\\x94 farm" in fact("/projects/7/", "Title")
    assert "repaired" in fact("/projects/7/", "Title")
    assert fact("/projects/7/", "Reference number") == "7 UNFCCC, list of issuances"
    assert fact("/projects/8/", "Reference number") == "8 matched reference WRI, Global Power Plant Database, by the title"
    assert fact("/projects/7/", "Scale") == "Large 2018 map file UNFCCC, map file of 2018"
    assert fact("/projects/8/", "Place") == "10.5° S, 50.25° W 2018 map file repaired UNFCCC, map file of 2018. In the file: 10.5, 50.25."
    assert "lies outside the host Party" in fact("/projects/11/", "Place")
    assert fact("/projects/12/", "Place").startswith("not given")
    assert "outside the range of the globe" in fact("/projects/12/", "Place")
    text = read("/projects/7/")
    assert "The release states 350 CERs in all; its list of issuances adds up to 300. The issuances decide. contradicted" in text
    for address in ("/projects/7/", "/projects/8/", "/projects/11/"):
        document = parsed(Client().get(address))
        ids = document.xpath("//@id")
        assert {href[1:] for href in document.xpath("//a[@class='tag']/@href")} <= set(ids)


@pytest.mark.usefixtures("release")
def test_what_the_map_file_does_not_have_bears_no_mark_of_it():
    assert fact("/projects/10/", "Scale") == "not given Release of 3 Nov 2023"
    assert fact("/projects/11/", "Reductions expected") == "not given Release of 3 Nov 2023"
    assert "2018 map file" not in fact("/projects/10/", "Type")


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("address", "state", "because"),
    [
        ("/@2009-01-01/projects/7/", "Registered", "CERs had been issued, which only a registered activity can receive."),
        ("/@2007-01-01/projects/7/", "Crediting period begun", "Its first crediting period began on 1 January 2006."),
        ("/@2005-06-01/projects/7/", "Validation begun", "Validation began on 2 January 2005."),
        (
            "/@2007-01-01/projects/10/",
            "Registered",
            "a registration precedes. The day of its registration is not in the data. derived",
        ),
        ("/@2007-01-01/projects/AAAA9/", "Validation begun", "Validation began on 2 January 2005."),
        ("/projects/AAAA9/", "Under or after validation", "Status in the release of 3 November 2023."),
    ],
)
def test_state_at_a_day_is_told_with_its_reason_and_no_invented_date(address, state, because):
    document = parsed(Client().get(address))
    assert text_of(document.xpath("//h1//*[@class='tag']")[0]) == state
    text = text_of(document.xpath("//main")[0])
    assert because in text
    assert not re.search(r"Registered on \d", text)


@pytest.mark.usefixtures("release")
def test_nothing_after_the_day_is_told():
    text = read("/@2009-01-01/projects/7/")
    assert "100 CERs in 1 issuance" in text
    assert "6 May 2010" not in text
    assert "cancelled, 10" not in text
    assert "None of its units had been cancelled" in text
    assert "The release states" not in text


@pytest.mark.usefixtures("release")
def test_before_it_was_listed_the_page_says_so_and_leads_to_now():
    answer = Client().get("/@2004-12-31/projects/7/")
    assert answer.status_code == 200
    document = parsed(answer)
    assert "Not yet listed on this date" in text_of(document.xpath("//main")[0])
    assert {"/projects/7/", "/@2005-01-02/projects/7/"} <= set(document.xpath("//main//a/@href"))
    assert "Landfill" not in read("/@2004-12-31/projects/7/")
    assert Client().get("/@2005-01-02/projects/7/").status_code == 200
    assert b"Not yet listed on" in Client().get("/@2004-12-31/projects/7/index.md").content


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/projects/AAAA7/", "/projects/7/"),
        ("/projects/007/", "/projects/7/"),
        ("/projects/AAAA7/index.md", "/projects/7/index.md"),
        ("/@2010-03-10/projects/AAAA7/", "/@2010-03-10/projects/7/"),
        ("/projects/AAAA7/?format=json", "/projects/7/?format=json"),
    ],
)
def test_identifier_of_a_numbered_activity_leads_to_its_number(address, leads_to):
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (301, leads_to)


@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    "key",
    [
        "999999999",
        "0",
        "9999999999",
        "aaaa7",
        "AAAA77",
        "A" * 64,
        "A" * 65,
        "7'",
        "7%00",
        "%D9%A7",
        "-1",
        "7.0",
        "A%20OR%201=1",
        "..",
        "<script>A",
        "history",
        "A/history",
        "7/history",
        "7/timemap",
    ],
)
def test_hostile_keys_are_answered_without_an_error(key):
    for prefix in ("", "/@2010-03-10"):
        assert Client().get(f"{prefix}/projects/{key}/").status_code in {301, 404}
        assert Client().get(f"{prefix}/projects/{key}/index.md").status_code in {301, 404}


@pytest.mark.usefixtures("release")
def test_unknown_form_is_not_found_and_json_says_what_the_page_says():
    assert Client().get("/projects/7/?format=xml").status_code == 404
    data = json.loads(Client().get("/projects/7/?format=json").content)
    assert (data["cers_issued"], len(data["issuances"]), len(data["units"])) == (300, 2, 2)
    assert data["issuances"][0]["running_total"] == 300
    assert {
        "name": "scale",
        "label": "Scale",
        "values": ["Large"],
        "source": "UNFCCC, map file of 2018",
        "marks": ["2018 map file"],
        "note": "",
    } in data["facts"]
    assert json.loads(Client().get("/@2004-12-31/projects/7/?format=json").content)["listed"] is False
    source = Client().get("/projects/7/index.md").content.decode()
    assert source.startswith("# One “wind” farm\n")
    assert "- Scale: Large (UNFCCC, map file of 2018; 2018 map file)" in source
    assert "- 2010-05-06: 200 CERs, 2008-01-01 – 2008-12-31; in all 300" in source


@pytest.mark.usefixtures("release")
def test_registration_on_an_unknown_day_stands_before_the_first_cers():
    steps = [text_of(step) for step in parsed(Client().get("/projects/7/")).xpath("//ol[@class='steps']/li")]
    places = [next(place for place, step in enumerate(steps) if words in step) for words in ("not known Registered", "First CERs")]
    assert places == sorted(places)
    assert [step for step in steps if "Validation began" in step] == steps[:1]


@pytest.mark.usefixtures("release")
def test_two_issuances_of_one_process_number_share_one_place():
    ids = parsed(Client().get("/projects/7/")).xpath("//tr/@id")
    assert ids == ["issuance-LRQA-Ltd1"]
    feed = Client().get("/projects/?format=atom&ref=7").content.decode()
    assert set(re.findall(r'/projects/7/(#[^"]+)"', feed)) == {"#issuance-LRQA-Ltd1"}


@pytest.mark.usefixtures("release")
def test_issuance_monitored_from_a_day_on_tells_no_days_and_its_verifier_stays_text():
    text = read("/projects/8/")
    assert "<i>New</i> & Co" in text
    assert "monitored" not in text.replace("days monitored", "")
    assert "None" not in Client().get("/projects/8/index.md").content.decode()


@pytest.mark.usefixtures("release")
def test_links_in_texts_know_the_pages():
    known = links(Moment())
    assert known["/projects/7/"].address == "/projects/7/"
    assert known["/projects/AAAA9/"]
    for dead in ("/projects/4242/", "/projects/ZZZZ/", "/projects/x/"):
        assert known[dead] is None
    assert not kinds.is_served("/projects/7/history/", Moment())


@pytest.mark.usefixtures("release")
def test_sitemap_names_every_activity_once():
    named = re.findall(r"<loc>[^<]*(/projects/[^<]+)</loc>", Client().get("/sitemap.xml").content.decode())
    assert sorted(named) == sorted(f"/projects/{key}/" for key in ("7", "8", "AAAA9", "10", "11", "12"))


def test_activity_costs_three_queries_beside_the_looks_for_changes_and_releases(release, django_assert_num_queries):
    Client().get("/projects/7/")
    with django_assert_num_queries(5):
        Client().get("/projects/7/")


def test_what_a_later_release_lacks_stays_readable(clock):
    first = Release.objects.create(as_of=date(2023, 11, 3))
    row = new_row(first, "GONE1", title="Left out later", validation_start=date(2005, 1, 2))
    publish([first])
    clock.tick(DAY)
    second = Release.objects.create(as_of=date(2024, 11, 3))
    new_row(second, "STAY1")
    publish([second], alongside=lambda editions: type(row).objects.filter(pk=row.pk).update(to_release=second.pk))
    assert "The release of 3 November 2024 no longer has this activity." in read("/projects/GONE1/")
    assert kinds.is_served("/projects/GONE1/", Moment())


def test_in_the_sample_the_page_says_so_and_is_never_final():
    text = read("/projects/306/")
    assert "Sample of 110 activities from the release of 3 Nov 2023. The whole release: make registry FOLDER=…" in text
    assert "63,011,172 CERs in 22 issuances" in text
    assert "Cancellations are not in the sample." in text
    assert Client().get("/@2010-03-10/projects/306/")["Cache-Control"] != Client().get("/@2010-03-10/robots.txt").get("Cache-Control", "")
    assert "Activity 4242 is not among the activities" in read("/projects/4242/", 404)
    assert links(fixed(datetime(2010, 3, 10, tzinfo=UTC)))["/projects/4242/"]
    assert b"/projects/" not in Client().get("/sitemap.xml").content


def test_rest_of_a_year_in_the_sample_is_one_row():
    assert re.search(r"\d+ more in 2008, together", read("/projects/1/"))


def test_days_are_counted_once_and_coordinates_read():
    assert (
        covered([(date(2010, 1, 1), date(2010, 1, 10)), (date(2010, 1, 5), date(2010, 1, 12)), (date(2011, 1, 1), date(2011, 1, 1))]) == 13
    )
    assert (degrees(-22.75, "N", "S"), degrees(0.0, "E", "W")) == ("22.75° S", "0° E")
