"""Milestones of the registry: their days, and the drafts of news that the command makes of them."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from desk import deletion
from news.models import NewsItem, NewsItemEdition
from publishing.moment import Moment
from registry.importing import import_folder
from registry.milestones import milestones
from registry.moments import SampleRegistry, ShownRelease, registry_at
from tests.desk_client import publisher
from tests.record import clock
from tests.registry.made import folder_of

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
ROWS = [
    {"project_ref": "1", "unique_id": "ONE", "title": "Wind", "host_iso2": "CN"},
    {"project_ref": "2", "unique_id": "TWO", "title": "Hydro", "host_iso2": "IN"},
]


def issued(ref, day, cers, host):
    return {"project_ref": ref, "host_iso2": host, "issuance_date": day, "cers_issued": str(cers), "issuance_process_id": f"P{ref}{day}"}


@pytest.fixture
def release(clock, tmp_path):
    """60 million CERs a day of 2009: 1 May, 2 May (the first of India), 3 May."""
    rows = [
        issued("1", "2009-05-01", 60_000_000, "CN"),
        issued("2", "2009-05-02", 60_000_000, "IN"),
        issued("1", "2009-05-03", 90_000_000, "CN"),
    ]
    import_folder(folder_of(tmp_path, ROWS, rows))


def told(*arguments):
    out = StringIO()
    call_command("draft_milestones", *arguments, stdout=out)
    return out.getvalue()


def days():
    return {one.name: one.day for one in milestones(registry_at(Moment()))}


@pytest.mark.usefixtures("release")
def test_days_are_those_on_which_the_sums_are_reached():
    found = days()
    assert found["cers-100000000"] == date(2009, 5, 2)
    assert found["cers-200000000"] == date(2009, 5, 3)
    assert (found["first"], found["party-CN"], found["party-IN"]) == (date(2009, 5, 1), date(2009, 5, 1), date(2009, 5, 2))
    assert "cers-300000000" not in found


@pytest.mark.usefixtures("release")
def test_drafts_are_made_once_and_nothing_is_published():
    assert "Drafts made: " in told()
    assert NewsItemEdition.objects.count() == 0
    draft = NewsItem.objects.get(key="milestone-cers-100000000")
    assert (draft.title, draft.date, draft.topics) == ("100 million CERs issued", date(2009, 5, 2), ["milestones", "issuance"])
    assert draft.source_title == "UNFCCC registry data, release of 3 November 2023; computed by this portal"
    assert "120,000,000 certified emission reductions, in 2 issuances to 2 activities in 2 host Parties" in draft.body
    assert "[project 2](/projects/2/)" in NewsItem.objects.get(key="milestone-party-in").body
    before = NewsItem.objects.count()
    assert "Drafts made: 0, changed: 0" in told()
    assert NewsItem.objects.count() == before


@pytest.mark.usefixtures("release")
def test_what_an_editor_has_changed_or_deleted_stays():
    told("--of", "cers")
    assert not NewsItem.objects.filter(key__startswith="milestone-party").exists()
    draft = NewsItem.objects.get(key="milestone-cers-100000000")
    draft.title, draft.date = "A hundred million", date(2009, 5, 4)
    draft.save_if_unchanged(draft.version)
    deletion.delete(publisher("paul"), NewsItem.objects.get(key="milestone-cers-200000000"))
    said = told("--of", "cers")
    assert "an editor has changed the draft" in said
    assert "an editor has deleted the draft" in said
    assert [item.title for item in NewsItem.objects.all()] == ["A hundred million"]


@pytest.mark.usefixtures("release")
def test_day_of_which_other_news_tell_of_issuance_is_left():
    own = {"date": date(2009, 5, 2), "title": "A hundred million CERs", "topics": ["issuance"]}
    NewsItem.objects.create(slug="own", summary="Own.", body="Own.", **own)
    said = told()
    assert "left: newsitem/milestone-cers-100000000" in said
    assert "on that day there is “A hundred million CERs”" in said
    assert NewsItem.objects.filter(date=date(2009, 5, 2)).count() == 1


@pytest.mark.usefixtures("release")
def test_dry_run_writes_nothing():
    assert "2009-05-02 100 million CERs issued" in told("--dry-run")
    assert not NewsItem.objects.exists()


def test_sample_tells_no_sum_but_those_of_the_table_of_totals(clock):
    found = milestones(registry_at(Moment()))
    assert {one.sort for one in found} == {"first", "cers", "party"}
    assert [(one.value, one.day) for one in found if one.sort == "cers"] == [(10**9, date(2012, 9, 7)), (2 * 10**9, date(2019, 6, 28))]
    assert all(one.totals is None for one in found if one.sort == "party")
    assert "only what the shipped sample tells exactly" in told("--dry-run")


def test_what_the_sample_tells_is_what_the_release_tells(registry_data):
    import_folder(registry_data)
    registry = registry_at(Moment())
    exact = {one.name: one for one in milestones(registry)}
    shipped = milestones(SampleRegistry(ShownRelease(None), registry.day))
    assert len(shipped) > 80
    for one in shipped:
        assert exact[one.name].day == one.day, one.name
        assert {cers for _place, cers in one.issued} <= {cers for _place, cers in exact[one.name].issued}, one.name
    assert exact["cers-300000000"].day == date(2009, 6, 23)
    assert exact["activities-1000"].day == date(2011, 4, 6)
