"""The Quickfinder: straight to the page, suggestions while typing, results for everything else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.moment import Moment
from search import directory
from search.models import Spelling
from tests.cdmportal.conftest import portal
from tests.reading import parsed, text_of
from tests.record import DAY, live_page, new_term
from tests.record import publish as publish_things
from tests.search.conftest import live_issue
from tests.serving import publish

__all__ = ["portal"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(clock):
    live_page("", title="CDM Home")
    board = live_page("board", title="Executive Board", body="## EB 50\n\nText.\n\n## Fees\n\nText.")
    live_issue("Board meetings", board, synonyms=["EB #"], place="h-eb-#", heading="bodies")
    live_issue("Fees", board, abbreviations=["F&E", "7/CMP.1"], place="h-fees", heading="rules")
    publish_things([new_term("Leakage", abbreviation="LKG")])


def goes_to(client, **typed):
    response = client.get("/quickfinder/", typed)
    assert response.status_code == 302
    return response["Location"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Fees", "/board/#h-fees"),
        ("fees", "/board/#h-fees"),
        ("7/CMP.1", "/board/#h-fees"),
        ("7 cmp 1", "/board/#h-fees"),
        ("f & e", "/board/#h-fees"),
        ("EB 50", "/board/#h-eb-50"),
        ("eb50", "/board/#h-eb-50"),
        ("EB 99", "/board/"),
        ("EB 0050", "/board/#h-eb-50"),
        ("Board meetings", "/board/"),
        ("Executive Board", "/board/"),
        ("decision 7/CMP.1", "/board/#h-fees"),
        ("7/CMP.1, annex", "/board/#h-fees"),
        ("annex", "/search/?q=annex"),
        ("lkg", "/glossary/leakage/"),
        ("leakage", "/glossary/leakage/"),
        ("something else", "/search/?q=something+else"),
        ("fee", "/search/?q=fee"),
        ("", "/search/"),
        ("  ", "/search/"),
    ],
)
@pytest.mark.usefixtures("site")
def test_typing_a_name_leads_to_its_page(client, typed, address):
    assert goes_to(client, q=typed) == address


@pytest.mark.usefixtures("site")
def test_equal_spelling_leads_where_its_equal_leads(client):
    page = live_page("vietnam", title="Programmes in Viet Nam")
    live_issue("Programme of activities", page)
    assert goes_to(client, q="program of activities") == "/search/?q=program+of+activities"
    publish_things([Spelling.objects.create(equals=equal) for equal in (["programme", "program"], ["Viet Nam", "Vietnam", "VNM"])])
    assert goes_to(client, q="program of activities") == "/vietnam/"
    assert goes_to(client, q="programmes in vnm") == "/vietnam/"
    assert client.get("/quickfinder/suggestions/?q=program of act").json()["suggestions"][0]["title"] == "Programme of activities"


@pytest.mark.usefixtures("site")
def test_suggestion_leads_to_no_place_that_is_not_there(client):
    urls = {typed: client.get("/quickfinder/suggestions/", {"q": typed}).json()["suggestions"][0]["url"] for typed in ("EB 50", "EB 999")}
    assert urls == {"EB 50": "/board/#h-eb-50", "EB 999": "/board/"}


@pytest.mark.usefixtures("site")
def test_name_within_what_was_typed_is_suggested(client):
    found = client.get("/quickfinder/suggestions/?q=LKG-I.D").json()["suggestions"]
    assert [suggestion["title"] for suggestion in found] == ["Leakage (LKG)"]


@pytest.mark.usefixtures("site")
def test_choosing_from_the_list_leads_to_the_page_and_typing_goes_first(client):
    assert goes_to(client, q="", issue="Fees") == "/board/#h-fees"
    assert goes_to(client, q="leakage", issue="Fees") == "/glossary/leakage/"


@pytest.mark.usefixtures("site")
def test_name_that_two_things_have_leads_to_results(client):
    live_page("one", title="Twin")
    live_page("two", title="Twin")
    assert goes_to(client, q="twin") == "/search/?q=twin"


@pytest.mark.parametrize(
    "typed", ["//evil.example", "https://evil.example/", "\\\\evil", "\r\nSet-Cookie: a=b", "a" * 100_000, '"' * 5000, "*", "\0"]
)
@pytest.mark.usefixtures("site")
def test_hostile_input_leads_to_our_own_results(client, typed):
    assert goes_to(client, q=typed).startswith("/search/?q=")


@pytest.mark.usefixtures("site")
def test_in_the_past_it_leads_to_the_past(client, clock):
    before = clock.now
    clock.tick(DAY)
    prefix = f"/@{before:%Y-%m-%dT%H:%M:%S}"
    assert client.get(f"{prefix}/quickfinder/?q=EB 50")["Location"] == f"{prefix}/board/#h-eb-50"
    assert client.get(f"/@{before - DAY:%Y-%m-%d}/quickfinder/?q=fees")["Location"].endswith("/search/?q=fees")


@pytest.mark.usefixtures("site")
def test_form_works_without_scripts_and_lists_the_issues_in_groups(client):
    document = parsed(client.get("/"))
    (form,) = document.xpath("//form[@action='/quickfinder/']")
    assert form.get("method", "get") == "get"
    assert form.xpath(".//input[@name='q']/@id") == [document.xpath("//label[contains(., 'Issues Quickfinder')]/@for")[0]]
    assert text_of(form.xpath(".//select[@name='issue']/option")[0]) == "Please choose"
    groups = {group.get("label"): [text_of(option) for option in group] for group in form.xpath(".//optgroup")}
    assert groups == {"Rules and terms": ["Fees"], "Bodies and participants": ["Board meetings"]}
    assert form.xpath(".//button")


@pytest.mark.usefixtures("site")
def test_suggestions_have_the_shape_that_is_documented(client):
    answer = client.get("/quickfinder/suggestions/?q=eb").json()
    assert answer["query"] == "eb"
    assert answer["suggestions"][0] == {
        "title": "Board meetings",
        "kind": "Issue",
        "url": "/board/",
        "why": "found by “EB …”",
    }


@pytest.mark.usefixtures("site")
def test_issues_go_first_and_no_address_is_offered_twice(client):
    found = client.get("/quickfinder/suggestions/?q=board").json()["suggestions"]
    assert [s["title"] for s in found] == ["Board meetings"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["", "&format=opensearch"])
def test_tag_of_suggestions_is_made_of_the_bytes_alone(portal, form):
    """So it does not change when something is scheduled, but with what it shows."""
    publish("fees", "Fees")
    address = f"/quickfinder/suggestions/?q=fe{form}"
    first = portal.get(address)["ETag"]
    publish("later", "Later", live_from=timezone.now() + timedelta(days=3))
    portal.cache.clear()
    assert portal.get(address)["ETag"] == first
    assert portal.get(address, If_None_Match=first).status == 304
    publish("fern", "Ferns")
    again = portal.get(address, If_None_Match=first)
    assert (again.status, again["ETag"] == first) == (200, False)


@pytest.mark.parametrize(("typed", "status"), [("", 200), ("*", 200), ("\0", 400), ("f" * 64, 200), ("f" * 65, 400), ("f" * 100_000, 400)])
@pytest.mark.usefixtures("site")
def test_suggestions_are_bounded(client, typed, status):
    assert client.get("/quickfinder/suggestions/", {"q": typed}).status_code == status


@pytest.mark.usefixtures("site")
def test_suggestions_are_made_in_memory(django_assert_num_queries):
    moment = Moment()
    directory.suggest("fees", moment)
    later = Moment()
    assert later.version == moment.version
    with django_assert_num_queries(0):
        assert directory.suggest("bord meetings", later)


@pytest.mark.usefixtures("site")
def test_list_costs_no_query_while_the_record_stays(client, django_assert_max_num_queries):
    client.get("/board/")
    with django_assert_max_num_queries(2):
        client.get("/board/")
