"""Days that publications tell: registrations, and the list of activities gone over to Article 6.4."""

from datetime import date

import pytest
from django.test import Client

from registry.published_days import BY, MONTH, published_days, registration, transition
from tests.reading import parsed, text_of


def main_of(address):
    return text_of(parsed(Client().get(address)).xpath("//main")[0])


def test_each_day_has_a_source_and_those_transitioned_their_day_of_registration():
    known = published_days()
    assert all(told.source and told.source_address.startswith("http") for told in known.values())
    listed = {key[1:] for key in known if key[0] == "transitioned"}
    assert len(listed) == 38
    assert sum(kind == "PoA" for kind, _number in listed) == 15
    assert all(registration(*key).day < transition(*key, date(2026, 10, 2)).day for key in listed)
    assert {known["transitioned", kind, number].precision for kind, number in listed - {("PA", 6560), ("PA", 10660)}} == {BY}
    assert registration("PoA", 2535)[:2] == (date(2009, 7, 31), MONTH)


def test_transition_is_told_from_the_day_on_which_it_was_seen():
    assert transition("PA", 6560, date(2026, 9, 21)) is None
    assert transition("PA", 6560, date(2026, 9, 22)).day == date(2026, 9, 22)
    assert transition("PoA", 6560, date(2026, 9, 22)) is None


@pytest.mark.django_db
def test_activity_says_its_day_of_registration_where_a_publication_tells_it_and_not_before():
    now = main_of("/projects/8/")
    assert "Registered18 November 2004 from a publication Report of November 2004 on the first registration" in now
    assert "18 Nov 2004 Registered from a publication" in now
    assert "not in the data" not in now
    past = main_of("/@2004-12-01/projects/8/")
    assert "Registered on 18 November 2004." in past
    assert "On 1 Dec 2004: registered 18 Nov 2004 from a publication" in main_of("/@2004-12-01/projects/?ref=8")
    before = main_of("/@2004-11-17/projects/8/")
    assert "Validation began on 5 April 2004." in before
    assert "18 Nov" not in before
    assert "not in the data" not in before


@pytest.mark.django_db
def test_month_of_a_registration_is_told_as_a_month():
    page = main_of("/projects/2535/")
    assert "RegisteredJuly 2009 from a publication" in page
    assert "Jul 2009 Registered" in page
    assert "31 Jul 2009 Registered" not in page
    assert "registered from a publication" in main_of("/@2009-08-10/projects/?ref=2535")


@pytest.mark.django_db
def test_transitioned_activity_bears_a_badge_on_its_page_and_in_the_list():
    now = main_of("/projects/10471/")
    assert "Transitioned" in now
    assert "Transitioned to Article 6.4on the list by 20 September 2026, its first reading" in now
    assert "20 Sep 2026 Listed as transitioned to Article 6.4" in now
    assert "transitioned to Article 6.4, listed 20 Sep 2026" in main_of("/projects/?ref=10471")
    assert Client().get("/projects/10471/?format=json").json()["transitioned_by"] == "2026-09-20"
    before = main_of("/@2026-09-19/projects/10471/")
    assert "Transitioned" not in before
    assert "transitioned" not in main_of("/@2026-09-19/projects/?ref=10471")
