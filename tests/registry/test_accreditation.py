"""Changes of accreditation: our table, and the pages of entities at a day."""

import pytest
from django.test import Client

from registry.accreditation import EVENTS, changes
from registry.entities import entities
from tests.reading import parsed, text_of


def test_every_change_is_of_an_entity_and_an_event_that_we_know_with_its_source():
    assert len(changes()) > 30
    for change in changes():
        assert change.slug in entities(), change
        assert change.event in EVENTS, change
        assert change.source.startswith(("http", "decision ")), change


@pytest.mark.django_db
def test_page_of_an_entity_tells_its_changes_up_to_the_day():
    now = text_of(parsed(Client().get("/entities/dnv/")).xpath("//main")[0])
    assert "28 November 2008: Suspended" in now
    assert "17 November 2016: Withdrew, of its own accord (decision 3/CMP.12, annex)" in now
    past = text_of(parsed(Client().get("/@2010-03-10/entities/dnv/")).xpath("//main")[0])
    assert "28 November 2008: Suspended" in past
    assert "2016" not in past
    assert "Changes of accreditation" not in text_of(parsed(Client().get("/@2008-01-01/entities/dnv/")))


@pytest.mark.django_db
def test_month_without_a_day_is_told_as_a_month():
    assert "September 2009: Suspended" in text_of(parsed(Client().get("/entities/sgs/")))
