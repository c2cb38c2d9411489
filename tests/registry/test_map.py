"""The map: its file, its colours and dots by the filters and the day, the table beside it."""

import gzip
import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from registry.equal_earth import HEIGHT, WIDTH, projected
from registry.importing import import_folder
from registry.parties import parties
from tests.reading import parsed, text_of
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db
WORLD = settings.BASE_DIR / "static" / "world.svg"


@pytest.fixture
def release(tmp_path):
    activities = [
        {"project_ref": "1", "unique_id": "A1", "title": "Wind", "validation_start": "2005-01-02"},
        {"project_ref": "2", "unique_id": "A2", "title": "Hydro", "project_type": "Hydro", "validation_start": "2012-01-02", "lat": "60"},
        {"project_ref": "3", "unique_id": "A3", "title": "Solar", "host_iso2": "IN", "lat": "", "lon": ""},
    ]
    return import_folder(folder_of(tmp_path, activities), as_of=date(2023, 11, 3))


def shown(address):
    page = parsed(Client().get(address))
    table = {text_of(row.xpath("th")[0]): int(text_of(row.xpath("td")[0])) for row in page.xpath("//main//table/tbody/tr")}
    steps = {use.get("href").partition("#")[2]: use.get("class") for use in page.xpath("//main//figure/svg//use")}
    return page, table, steps


def test_map_colours_the_parties_of_its_table(release):
    page, table, steps = shown("/projects/map/")
    assert table == {"Brazil": 2, "India": 1}
    assert steps == {"land": None, "BR": "s1", "IN": "s1"}
    links = page.xpath("//main//figure/svg[@aria-hidden='true']/a[@tabindex='-1'][use]/@href")
    assert links == page.xpath("//main//table//th/a/@href") == ["/parties/BR/", "/parties/IN/"]
    assert "Dots: 1 activities with a place in the data" in text_of(page)
    assert "1 whose place lies outside their host Party are not shown" in text_of(page)


def test_map_follows_filters_and_the_day(release):
    assert shown("/projects/map/?host=IN")[1] == {"India": 1}
    assert shown("/projects/map/?type=Hydro")[1] == {"Brazil": 1}
    assert shown("/@2008-01-01/projects/map/")[1] == {"Brazil": 1, "India": 1}
    assert shown("/projects/map/?host=XX")[1] == {}
    links = shown("/projects/map/?host=IN")[0].xpath("//main//a/@href")
    assert "/projects/?host=IN" in links
    assert "/projects/?host=IN&format=geojson" in links
    assert "/projects/map/?host=IN" in parsed(Client().get("/projects/?host=IN")).xpath("//main//a/@href")


def test_nothing_asked_of_the_map_is_an_error(release):
    for query in ("all=1", "all=", "host=%00", "page=x", "mw_min=x", "q=" + "x" * 900, "format=csv", "validation_from=9999999"):
        assert Client().get(f"/projects/map/?{query}").status_code == 200, query


def test_file_of_the_world_has_every_party_and_is_small():
    text = WORLD.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 (our own)
    assert {node.get("id") for node in root.iter() if node.get("id")} == {"land", *parties()}
    assert len(gzip.compress(text.encode(), 9)) < 9_500


def test_no_country_is_drawn_as_a_stripe_across_the_map():
    text = WORLD.read_text(encoding="utf-8")
    for path in re.findall(r' d="([^"]*)"', text):
        for ring in re.findall(r"M(\d+) (\d+)l([^zMa]*)z", path):
            numbers = list(map(int, re.findall(r"-?\d+", ring[2])))
            assert max(map(abs, numbers[::2])) < WIDTH / 3, ring


def test_projection_keeps_to_its_plane():
    assert projected(-180, 0)[0] == pytest.approx(0)
    assert projected(180, 0)[0] == pytest.approx(WIDTH)
    assert projected(0, -58)[1] == pytest.approx(HEIGHT, abs=1)


def test_sample_has_a_map_that_says_what_it_is():
    page = Client().get("/projects/map/")
    assert "in the sample" in text_of(parsed(page).xpath("//main")[0])


def test_real_release_has_as_many_dots_as_plausible_points(registry_data):
    import_folder(registry_data)
    page = text_of(parsed(Client().get("/projects/map/?all=1")))
    assert "Dots: 5,408 activities" in page  # 5,429 within range
    assert "21 whose place lies outside" in page
