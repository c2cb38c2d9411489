"""Changes of accreditation: our table, and the pages of entities at a day."""

import pytest
from django.test import Client

from registry.accreditation import EVENTS, changes
from registry.entities import entities
from tests.reading import parsed, text_of


def test_every_change_is_of_an_entity_and_an_event_that_we_know_with_its_source():
    assert len(changes()) == 147
    for change in changes():
        assert change.slug in entities(), change
        assert change.event in EVENTS, change
        assert change.source.startswith(("http", "decision ")), change


@pytest.mark.django_db
def test_page_of_an_entity_tells_its_changes_up_to_the_day():
    now = text_of(parsed(Client().get("/entities/dnv/")).xpath("//main")[0])
    assert "28 November 2008: Suspended" in now
    assert "17 November 2016: Withdrew, of its own accord, sectoral scopes 1, 3, 5, 13 (decision 3/CMP.12, annex)" in now
    past = text_of(parsed(Client().get("/@2010-03-10/entities/dnv/")).xpath("//main")[0])
    assert "28 November 2008: Suspended" in past
    assert "2016" not in past
    assert "Changes of accreditation" not in text_of(parsed(Client().get("/@2008-01-01/entities/dnv/")))


@pytest.mark.django_db
def test_month_without_a_day_is_told_as_a_month():
    assert "September 2009: Suspended" in text_of(parsed(Client().get("/entities/sgs/")))


@pytest.mark.django_db
def test_entity_that_only_decisions_name_has_a_page_from_then_on_in_the_list():
    page = text_of(parsed(Client().get("/entities/ampere/")).xpath("//main")[0])
    assert "20 November 2022: Accredited for five years, sectoral scopes 1, 3, 13 (decision 2/CMP.17, annex)" in page
    assert "Ampere for Renewable Energy" in text_of(parsed(Client().get("/doe/")).xpath("//main")[0])
    assert "Ampere for Renewable Energy" not in text_of(parsed(Client().get("/@2022-11-19/doe/")).xpath("//main")[0])


@pytest.mark.django_db
def test_changes_are_there_for_programmes_and_as_markdown():
    listed = Client().get("/doe/?format=json").json()
    told = {one["address"].rsplit("/", 2)[1]: one["accreditation"] for one in [*listed["items"], *listed["others"]]}
    assert sum(map(len, told.values())) == 147
    assert told["ampere"] == Client().get("/entities/ampere/?format=json").json()["accreditation"]
    assert told["ampere"][0]["date"] == "2022-11-20"
    assert "- 20 November 2022: Accredited for five years" in Client().get("/entities/ampere/index.md").content.decode()
    assert Client().get("/doe/?format=csv").status_code == 404


@pytest.mark.django_db
def test_entity_that_only_decisions_name_is_found_by_its_name():
    found = text_of(parsed(Client().get("/search/?q=ampere")).xpath("//main")[0])
    assert "Ampere for Renewable Energy" in found
    assert "/entities/ampere/" in Client().get("/quickfinder/suggestions/?q=ampere").text
    assert "Ampere" not in text_of(parsed(Client().get("/@2022-11-19/search/?q=renewable")).xpath("//main")[0])
