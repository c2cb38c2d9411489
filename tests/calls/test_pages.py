"""Calls on the public site: states on every page, feeds and calendar, submissions and what becomes of them."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from calls.lists import call_rows, next_number
from calls.models import CallEdition
from files import store
from publishing import kinds
from publishing.ledger import erase, withdraw
from publishing.models import Edition
from publishing.moment import Moment, fixed
from publishing.snapshots import clear_all
from tests.bodies.conftest import live_meeting
from tests.calls.conftest import CLOSES, OPENS, live_call, live_submission, new_submission, republished
from tests.record import DAY, HOUR, SECOND, live_page

pytestmark = pytest.mark.django_db
AT = "/@{:%Y-%m-%dT%H:%M:%S}{}"


@pytest.fixture
def site(board, clock):
    live_page("", title="Home")
    live_page("public-inputs", title="Specific Call for Public Inputs", in_menu=True, position=1)
    return board


def flat(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return " ".join(response.text.split())


def states(client, prefix=""):
    """What each page says of the call: its own, the list, the facet, the menu, CDM Home, the feed and the file."""
    own, listed, home = (flat(client, prefix + path) for path in ("/public-inputs/drafts/", "/public-inputs/", "/"))
    return {
        "page": re.search(r"Call for public inputs · ([^<]+)</span>", own)[1],
        "way to answer": "How to answer" in own,
        "list": re.search(r"<b>([^<]+)</b>(?: · closes [^<]*)? · Executive Board", listed)[1],
        "count": re.search(r"(No call is|none is|\d calls? (?:is|are)) open", listed)[1],
        "menu": re.findall(r'<span class="visually-hidden">(\d calls? open)</span>', listed),
        "home": "closes 10 April 2030, 17:07 UTC" in home,
        "feed": json.loads(client.get(prefix + "/public-inputs/feed/json/").text)["items"][0]["tags"],
        "file": [row["state"] for row in json.loads(client.get(prefix + "/public-inputs/?format=json").text)["items"]],
    }


def expected(state, is_open, is_now=True):
    return {
        "page": state,
        "way to answer": is_open and is_now,
        "list": state,
        "count": "1 call is" if is_open else "No call is" if is_now else "none is",
        "menu": ["1 call open"] if is_open else [],
        "home": is_open,
        "feed": [state],
        "file": [state.lower()],
    }


def test_head_of_an_open_call_is_that_of_every_page_but_home(site, clock, client):
    """Parts of a page are drawn once for all pages, so nothing that one page knows may change them."""
    live_call(site)
    clock.set(OPENS + SECOND)
    heads = [
        client.get(path).text.partition("<header")[2].partition("</header>")[0] for path in ("/public-inputs/drafts/", "/public-inputs/")
    ]
    assert heads[0] == heads[1]
    assert 'class="find" popover' in heads[0]
    assert 'class="find open"' in client.get("/").text


def test_call_opens_and_closes_everywhere_at_its_instant(site, clock, client):
    """T14: a second before each instant and at it, at now and at every moment since; without the way to answer in the past."""
    live_call(site, other_ways="By post.")
    times = [
        (OPENS - SECOND, "Upcoming", False),
        (OPENS, "Open", True),
        (CLOSES - SECOND, "Open", True),
        (CLOSES, "Closed", False),
    ]
    for at, state, is_open in times:
        clock.set(at)
        assert states(client) == expected(state, is_open)
    clock.set(CLOSES + DAY)
    for at, state, is_open in times:
        assert states(client, AT.format(at, "")) == expected(state, is_open, is_now=False)
        clear_all()  # as on another worker, which has not seen the call before
        assert call_rows(fixed(at)).live[0].state.label == state


def test_call_that_a_reader_saw_closed_stays_closed_when_the_clock_is_set_back(site, clock, client):
    """T48: half an hour back across the closing, and forward again."""
    live_call(site)
    for at in (CLOSES - SECOND, CLOSES + SECOND, CLOSES - 30 * 60 * SECOND, CLOSES + 2 * SECOND):
        clock.set(at)
        told = flat(client, "/public-inputs/drafts/")
    assert "· Closed</span>" in told


def test_menu_costs_no_query_where_the_calls_are_held(site, clock, client, django_assert_num_queries):
    live_call(site)
    clock.set(OPENS)
    call_rows(Moment())
    moment = Moment()
    moment.version  # noqa: B018 - read before anything is counted
    with django_assert_num_queries(0):
        assert len(call_rows(moment).open) == 1


def test_topics_tell_their_own_deadlines(site, clock, client):
    """T16: the call closes, one topic later."""
    live_call(site, topics=["one | First topic", "two | Second topic | 2030-04-20 24:00"])
    clock.set(CLOSES)
    told = flat(client, "/public-inputs/drafts/")
    assert "· Open</span>" in told
    assert 'Second topic <span class="meta">open until 20 April 2030, 24:00 UTC' in told
    assert 'First topic <span class="meta">closed 10 April 2030, 17:07 UTC' in told


def test_list_is_narrowed_by_state_and_year(site, clock, client):
    live_call(site, "open-one", opens=None)
    live_call(site, "to-come")
    live_call(site, "long-over", opens=None, closes=None, closes_day=date(2012, 10, 16), closes_as_stated="16 October 2012 (24:00 GMT)")
    for query, slugs in {"state=open": ["open-one"], "state=upcoming": ["to-come"], "year=2012": ["long-over"]}.items():
        assert re.findall(r'<h2><a href="/public-inputs/([^/]+)/">', client.get(f"/public-inputs/?{query}").text) == slugs
    assert "Closed 16 October 2012 (24:00 GMT)" in flat(client, "/public-inputs/long-over/")
    rows = list(csv.DictReader(io.StringIO(client.get("/public-inputs/?format=csv&year=2012").getvalue().decode().removeprefix("\ufeff"))))
    assert [(row["closes"], row["closing_in_words"]) for row in rows] == [("2012-10-16", "16 October 2012 (24:00 GMT)")]


def test_calendar_has_calls_and_topics_with_instants_and_days(site, clock, client):
    live_call(site, topics=["one | First; with, marks | 2030-04-20 24:00"])
    live_call(site, "long-over", opens=None, closes=None, opens_day=date(2012, 9, 26), closes_day=date(2012, 10, 16))
    raw = client.get("/public-inputs/calendar.ics?all=1").content
    events = {str(event["summary"]): event for event in Calendar.from_ical(raw).walk("VEVENT")}
    assert events["Drafts"]["dtstart"].dt == OPENS
    assert events["Drafts"]["dtend"].dt == CLOSES
    assert events["Drafts: “First; with, marks” closes"]["dtstart"].dt == datetime(2030, 4, 21, tzinfo=UTC)
    assert b"DTSTART;VALUE=DATE:20120926\r\nDTEND;VALUE=DATE:20121017\r\n" in raw
    assert "Long over" not in client.get("/public-inputs/calendar.ics").text


def test_calendar_counts_changes_of_deadlines(site, clock, client):
    draft = live_call(site)
    uid = re.search(r"UID:\S+", client.get("/public-inputs/calendar.ics").text)[0]
    clock.set(OPENS + HOUR)
    republished(draft, body="Other words.")
    assert "SEQUENCE:0" in client.get("/public-inputs/calendar.ics").text
    republished(draft, note="Longer.", closes=CLOSES + DAY)
    told = client.get("/public-inputs/calendar.ics").text
    assert "SEQUENCE:1" in told
    assert uid in told


def test_meeting_lists_its_calls(site, clock, client):
    meeting = live_meeting(site, "53")
    live_call(site, of_meeting=meeting)
    assert '<a href="/public-inputs/drafts/">Drafts</a>' in client.get("/executive-board/meetings/53/").text
    assert re.search(r'<dt>Meeting</dt><dd><a href="/executive-board/meetings/53/">', flat(client, "/public-inputs/drafts/"))


def test_call_without_submissions_says_so(site, clock, client):
    live_call(site)
    assert "No submission has been published here." in flat(client, "/public-inputs/drafts/")


def test_table_and_its_files_tell_the_same(site, clock, client):
    call = live_call(site, topics=["one | First topic"])
    kept = store.keep(io.BytesIO(b"words\n"), "drafts-submission-2.txt")
    live_submission(call, 1, topic="one", organisation="=Formula Ltd", submitted_as_stated="24 Oct 2012 10:59 GMT+2", is_late=True)
    live_submission(call, 2, name="", is_withheld=True, file_1=kept, body="")
    told = flat(client, "/public-inputs/drafts/")
    for words in ("2 submissions were published", "24 Oct 2012 10:59 GMT+2 <small>late", "Name withheld", "6 B", "First topic"):
        assert words in told, words
    rows = json.loads(client.get("/public-inputs/drafts/?format=json").text)["items"]
    assert [(row["number"], row["name"], row["topic"], row["late"]) for row in rows] == [
        (1, "Person 1", "First topic", "late"),
        (2, "Name withheld", "", ""),
    ]
    assert "'=Formula Ltd" in client.get("/public-inputs/drafts/?format=csv").getvalue().decode()
    file = client.get("/public-inputs/drafts/submissions/2/drafts-submission-2.txt")
    assert b"".join(file.streaming_content) == b"words\n"
    assert client.get("/public-inputs/drafts/submissions/2/other.txt").status_code == 404


def test_table_is_sorted_and_paged(site, clock, client):
    call = live_call(site)
    for number in range(1, 53):
        live_submission(call, number, name=f"Person {100 - number}", submitted=OPENS + number % 7 * HOUR)
    numbers = [
        re.findall(r'scope="row">(\d+)\.', client.get(f"/public-inputs/drafts/{query}").text) for query in ("", "?page=2", "?sort=name")
    ]
    assert numbers[0] == [str(number) for number in range(1, 51)]
    assert numbers[1] == ["51", "52"]
    assert numbers[2][0] == "52"
    assert {client.get(f"/public-inputs/drafts/?{query}").status_code for query in ("sort=x", "page=3", "format=xml")} == {404}


def test_erased_submission_is_gone_at_every_moment_and_still_counts(site, clock, client):
    """T26: 451 at now and in the past, for its file too; the count stays, and its number is not given again."""
    call = live_call(site)
    kept = store.keep(io.BytesIO(b"words\n"), "drafts-submission-1.txt")
    draft = live_submission(call, 1, file_1=kept)
    live_submission(call, 2)
    then = clock.tick(HOUR)
    clock.tick(HOUR)
    erase(Edition.objects.get(thing=draft.pk), "Consent was withdrawn.")
    told = flat(client, "/public-inputs/drafts/")
    assert "2 submissions were published. 1 of them is not here any more." in told
    assert "Person 1" not in told
    for prefix in ("", AT.format(then, "")):
        for below in ("", "drafts-submission-1.txt"):
            assert client.get(f"{prefix}/public-inputs/drafts/submissions/1/{below}").status_code == 451
        assert "Person 1" not in client.get(f"{prefix}/public-inputs/drafts/?format=json").text
    assert next_number(call.pk) == 3


def test_submissions_are_numbered_without_gaps(site, clock):
    call = live_call(site)
    live_submission(call, 1)
    with pytest.raises(Exception, match="the next one is number 2"):
        live_submission(call, 3)
    new_submission(call, 2)


def test_submission_leads_from_a_former_address_of_its_call(site, clock, client):
    call = live_call(site)
    live_submission(call, 1)
    republished(call, slug="renamed")
    response = client.get("/public-inputs/drafts/submissions/1/")
    assert (response.status_code, response["Location"]) == (301, "/public-inputs/renamed/submissions/1/")


def test_withdrawn_call_is_gone_with_its_submissions(site, clock, client):
    call = live_call(site)
    live_submission(call, 1)
    withdraw(call, "Published by mistake.")
    assert client.get("/public-inputs/drafts/").status_code == 410
    assert client.get("/public-inputs/drafts/submissions/1/").status_code == 410


def test_search_finds_a_call_by_its_topics_questions_and_outcome(site, clock):
    live_call(site, topics=["one | Leakage upstream"], questions=["Which *fuels*?"], outcome="The tool was [adopted](/documents/x/).")
    edition = CallEdition.objects.get()
    found = kinds.get("call").search_document(edition, Moment())
    assert "Leakage upstream" in found.words
    assert ("Which *fuels*?" in found.text, "The tool was adopted." in found.text, edition.body) == (True, True, "Text.")


def test_page_stands_alone_until_a_call_is_published(site, clock, client):
    """As in a record of an earlier release: its text is no fold below an empty list."""
    before = flat(client, "/public-inputs/")
    assert "Text of public-inputs." in before
    assert '<details class="fold"' not in before
    live_call(site)
    assert '<details class="fold"' in flat(client, "/public-inputs/")
