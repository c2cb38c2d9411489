"""Who may what, as administrators read it."""

import csv

import pytest
from django.contrib.auth.models import User

from accounts.models import Phone
from publishing.models import SectionGrant
from publishing.roles import Can, can
from tests.accounts.logging_in import with_phone
from tests.bodies.conftest import live_body
from tests.calls.conftest import live_call
from tests.desk_client import administrator, author, browser_of, person, publisher
from tests.record import live_page, new_page

pytestmark = pytest.mark.django_db
PAGE = "/admin/who/"


@pytest.fixture
def tree():
    home = live_page("", title="Home")
    about = live_page("about", title="About CDM")
    return {"home": home, "about": about, "ccs": live_page("ccs", about, title="Capture"), "new": new_page("new", about, title="Fresh")}


@pytest.fixture
def people(tree):
    anna, otto = author("anna", tree["about"]), author("otto")
    SectionGrant.objects.create(user=otto, kind="term")
    return {"anna": anna, "otto": otto, "paul": publisher(), "ada": administrator()}


@pytest.fixture
def ada(people):
    return browser_of(people["ada"])


def rows(text):
    """What the page says may be done at an address, as names by action."""
    import lxml.html

    pairs = lxml.html.document_fromstring(text).xpath("//section[@id='at-address']//dl/div")
    return {pair.xpath("string(dt)"): {name.strip() for name in pair.xpath("string(dd)").split(",")} for pair in pairs}


@pytest.mark.parametrize("address", ["/about/ccs/", "about/ccs", " /about/ccs/ ", "/about/new/"])
def test_page_names_who_may_do_what_at_an_address_published_or_not(ada, address):
    found = rows(ada.get(PAGE, {"address": address}).text)
    assert found["write"] == {"ada", "anna", "paul"}
    assert found["publish and schedule"] == {"ada", "paul"}
    assert found["erase"] == {"ada"}


def test_page_says_what_the_rules_say(ada, people, tree):
    found = rows(ada.get(PAGE, {"address": "/about/ccs/"}).text)
    words = {Can.READ_DRAFT: "read the draft", Can.WRITE: "write", Can.PUBLISH: "publish and schedule", Can.ERASE: "erase"}
    for action, label in words.items():
        assert found[label] == {name for name, user in people.items() if can(user, action, tree["ccs"])}


@pytest.mark.parametrize("address", ["/nowhere/", "x", "/", "?", "//", "/about/ccs/?x=1", "/\0/", "é" * 900])
def test_any_address_is_answered(ada, address):
    assert ada.get(PAGE, {"address": address}).status_code == ada.get(PAGE, {"person": address}).status_code == 200


def test_page_says_what_a_person_may(ada):
    text = ada.get(PAGE, {"person": "anna"}).text
    assert "Author" in text
    assert "write (3 of them)" in text
    assert "publish" not in text.partition('id="of-person"')[2].partition("</section>")[0]
    assert "also manages accounts" in ada.get(PAGE, {"person": "ada"}).text
    assert "no such account" in ada.get(PAGE, {"person": "nobody"}).text


def test_who_may_decide_on_submissions_stands_with_calls_alone(ada):
    live_call(live_body(), "drafts")
    User.objects.get(username="otto").section_grants.create(kind="call")
    at_call = ada.get(PAGE, {"address": "/public-inputs/drafts/"}).text
    assert "decide on submissions" in at_call
    assert "otto" in at_call.partition("decide on submissions")[2].partition("</dd>")[0]
    assert "anna" not in at_call.partition("decide on submissions")[2].partition("</dd>")[0]
    assert "submissions" not in ada.get(PAGE, {"address": "/about/"}).text.partition("<h1>")[2]
    assert "decide on submissions" in ada.get(PAGE, {"person": "otto"}).text
    assert "submissions" not in ada.get(PAGE, {"person": "anna"}).text.partition("<h1>")[2]


def test_table_tells_role_sections_factor_and_state(ada, people, settings):
    settings.SECOND_FACTOR = {"Publisher"}
    with_phone(people["ada"])
    User.objects.filter(username="otto").update(is_active=False)
    text = ada.get(PAGE).text
    for words in ("About CDM", "phone, 10 recovery codes left", "owed at the next log-in", "switched off", "never"):
        assert words in text


def test_table_costs_no_query_a_person(ada, django_assert_max_num_queries):
    for number in range(30):
        person(f"more{number}", "Author")
    with django_assert_max_num_queries(20):
        assert ada.get(PAGE).status_code == 200


def test_csv_opens_safely_and_holds_everybody(ada):
    User.objects.create_user("@SUM(1)", first_name='=HYPERLINK("x")', is_staff=True)
    answer = ada.get("/admin/who/people.csv")
    table = list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines()))
    assert {row[0] for row in table} == {"user name", "anna", "otto", "paul", "ada", "'@SUM(1)"}
    assert [row[1] for row in table if row[0] == "'@SUM(1)"] == ['\'=HYPERLINK("x")']
    assert "no-store" in answer["Cache-Control"]


def test_page_is_for_administrators(people):
    for name in ("anna", "paul"):
        for address in (PAGE, "/admin/who/people.csv"):
            assert browser_of(people[name]).get(address).status_code == 403
        assert "Who may what" not in browser_of(people[name]).get("/admin/").text
    assert "Who may what" in browser_of(people["ada"]).get("/admin/").text


def test_clock_of_the_server_is_doubted_when_most_phones_differ(ada, people):
    for user in people.values():
        with_phone(user)
    Phone.objects.update(last_t=1)
    assert "Is the server" not in ada.get(PAGE).text
    Phone.objects.exclude(user=people["ada"]).update(drift=-1)
    assert "about -30 seconds" in ada.get(PAGE).text
