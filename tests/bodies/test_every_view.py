"""A meeting in every view of it: zones of times, what is told of each status, caches that must not hold on, figures of its last day."""

import json
import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from icalendar import Calendar

from bodies.models import CALLED_OFF
from documents.models import Document
from publishing.ledger import withdraw
from publishing.moment import Moment, fixed
from registry.importing import import_folder
from registry.moments import registry_at
from tests.bodies.conftest import live, live_body, live_meeting, live_office
from tests.record import DAY, HOUR, live_page, republish
from tests.registry.made import folder_of

pytestmark = pytest.mark.django_db
PAGE = "/executive-board/meetings/54/"
VIEWS = {
    "page": PAGE,
    "page as Markdown": f"{PAGE}index.md",
    "section": "/executive-board/",
    "section as Markdown": "/executive-board/index.md",
    "body": "/panels/executive-board/",
    "body as Markdown": "/panels/executive-board/index.md",
    "bodies": "/panels/",
    "calendar": "/executive-board/calendar.ics",
    "calendar of all": "/panels/calendar.ics",
    "atom": "/executive-board/feed/atom/",
    "rss": "/executive-board/feed/rss/",
    "json feed": "/panels/feed/json/",
    "search": "/search/?q=EB+54",
    "search as JSON": "/search/?q=EB+54&format=json",
    "search as Markdown": "/search/index.md?q=EB+54",
    "document": "/documents/agenda/",
    "documents": "/documents/?format=csv",
    "history": f"{PAGE}history/",
}
TIME = r"(?<![\d:.@T-])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!\d|:)"
BETWEEN = rf"(?:[\s–,]|{TIME}|\d{{1,2}} \w{{3,9}} \d{{2,4}})*"
ZONE = r"\(?(?:UTC|GMT|Z\b|[+-]\d\d:?\d\d|[A-Z]\w+/[\w/+-]+)"
ZONED = re.compile(rf"{TIME}{BETWEEN}{ZONE}")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)?")


def told(client, address):
    """What people and programmes read at an address: without marks and addresses, whose moments are of UTC by their form."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.getvalue().decode().replace("\r\n ", "")
    if "json" in answer["Content-Type"]:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    if "html" in answer["Content-Type"] or "xml" in answer["Content-Type"]:
        text = unescape(re.sub(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", " ", unescape(text), flags=re.DOTALL))
    return re.sub(r"(?:https?://\S*|/@)[^\s\"<>)]*", " ", text.replace("\\n", " ").replace("\\,", ","))


def unzoned(text):
    """The times in a text that no zone follows."""
    left = ZONED.sub(" ", text)
    return re.findall(rf".{{0,30}}{TIME}.{{0,30}}", ISO.sub(" ", left)) + [m[0] for m in ISO.finditer(left) if not m["zone"]]


@pytest.fixture
def board(clock):
    live_page("", title="Home")
    return live_body(short="EB")


@pytest.fixture
def met(board):
    sittings = ["2030-05-24 22:00 for 3:00; closed", "2030-05-28 10:00; open"]
    meeting = live_meeting(board, "54", start=date(2030, 5, 24), end=date(2030, 5, 28), place="Bonn", sittings=sittings, summary="It met.")
    live(Document.objects.create(slug="agenda", title="Agenda", document_class="report", issued_by="eb", of_meeting=meeting, role="agenda"))
    return meeting


@pytest.mark.parametrize("view", VIEWS)
def test_every_time_is_followed_by_its_zone(client, met, clock, view):
    republish(met, status="moved", status_reason="Rooms.")
    clock.tick(HOUR)
    assert unzoned(told(client, VIEWS[view])) == []


def test_checker_of_zones_finds_what_lacks_one():
    bare = ["It begins at 22:00.", "22:00–01:00 (Bonn)", "2030-05-24T22:00:00", "10:00 h", "9:30, then lunch"]
    assert [text for text in bare if not unzoned(text)] == []
    good = ["22:00–01:00 Europe/Berlin (20:00–23:00 UTC)", "00:00 27 Feb 26 UTC", "2030-05-24T22:00:00Z", "Fri, 24 May 2030 22:00:00 +0000"]
    good += ["24 May 2030 22:00 – 25 May 2030 01:00 (Europe/Berlin)", "paragraph 12:3"]
    assert [text for text in good if unzoned(text)] == []


WITHOUT = {"bodies", "document", "documents", "history", "section"}


@pytest.mark.parametrize("status", ["tentative", *sorted(CALLED_OFF)])
@pytest.mark.parametrize("view", [name for name in VIEWS if name not in WITHOUT])
def test_each_status_is_told_with_its_reason_and_days_in_each_view(client, met, status, view):
    republish(met, status=status, status_reason="The host withdrew")
    text = told(client, VIEWS[view])
    if "calendar" not in view:
        assert re.search(f"{status}(?:: |\n- Why: )The host withdrew", text, re.IGNORECASE), text[:3000]
        assert "24–28 May 2030" in text
        return
    events = Calendar.from_ical(client.get(VIEWS[view]).content).walk("VEVENT")
    assert {str(event["status"]) for event in events} == {"TENTATIVE" if status == "tentative" else "CANCELLED"}
    assert all("The host withdrew" in event["description"] for event in events)


@pytest.mark.parametrize("status", ["tentative", *sorted(CALLED_OFF)])
def test_section_tells_the_next_meeting_with_its_status_and_none_that_was_called_off(client, met, status):
    republish(met, status=status, status_reason="The host withdrew.")
    [following] = re.findall(r"Next meeting</dt>\s*<dd>(.*?)</dd>", client.get("/executive-board/").text, re.DOTALL)
    assert ("Tentative" in following, "none announced" in following) == (status == "tentative", status != "tentative")


@pytest.mark.parametrize("address", ["/executive-board/feed/atom/", "/executive-board/calendar.ics", "/panels/executive-board/", PAGE])
def test_client_that_knows_the_date_alone_gets_the_new_bytes_after_a_withdrawal(client, board, clock, address):
    live_meeting(board, "53", start=date(2030, 5, 1))
    newest = live_meeting(board, "54", start=date(2030, 6, 1))
    before = client.get(address)
    known = before.headers.get("Last-Modified", "Sun, 10 Mar 2030 17:07:30 GMT")
    clock.tick(DAY)
    withdraw(newest, "It was never called.")
    after = client.get(address, headers={"if-modified-since": known})
    assert after.status_code == (410 if address == PAGE else 200)
    assert after.content != before.content


def test_one_person_in_two_spellings_and_a_party_under_two_names_are_told_as_printed(client, board):
    key = {"person_key": "jose-miguez"}
    live_office(
        board, "José Domingos Miguez", start=date(2026, 1, 1), end_kind="date", end=date(2028, 1, 1), on_behalf_of="Swaziland", **key
    )
    live_office(board, "J. D. Miguez", start=date(2028, 1, 1), end_kind="open", on_behalf_of="Eswatini", **key)
    live_office(board, "J. D. Miguez", role="vice-chair", start=date(2029, 1, 1), end_kind="open", on_behalf_of="Eswatini", **key)
    page = client.get("/panels/executive-board/").text
    assert "José Domingos Miguez (Swaziland)" in page
    assert page.count("J. D. Miguez (Eswatini)") >= 2
    assert "Eswatini" not in client.get("/panels/executive-board/").text.split("Swaziland")[1].split("</li>")[0]


def figure(client, address):
    [words] = re.findall(r"<dt>CERs issued</dt><dd>([\d,]+)</dd>", client.get(address).text)
    return int(words.replace(",", ""))


def test_figures_of_a_meeting_are_those_that_the_registry_shows_of_its_last_day(client, board, clock, tmp_path):
    live_meeting(board, "40", start=date(2008, 6, 16), end=date(2008, 6, 17))
    issued = [{"project_ref": "1", "issuance_date": day, "cers_issued": count, "issuance_process_id": f"P{day}"} for day, count in
              (("2008-06-01", "100"), ("2008-06-17", "20"), ("2008-06-18", "3"))]  # fmt: skip
    (tmp_path / "one").mkdir(), (tmp_path / "two").mkdir()
    activities = [{"project_ref": "1", "unique_id": "A1", "title": "Wind farm"}]
    import_folder(folder_of(tmp_path / "one", activities, issued))
    clock.tick(HOUR)
    before = f"/@{clock.now:%Y-%m-%dT%H:%M:%S}"
    address = "/executive-board/meetings/40/"
    assert figure(client, address) == 120
    assert "The CDM on 17 June 2008" in client.get(address).text
    clock.tick(HOUR)
    issued[0]["cers_issued"] = "90"
    import_folder(folder_of(tmp_path / "two", activities, issued))
    clock.tick(HOUR)
    of_that_day = registry_at(fixed(datetime(2008, 6, 17, 23, 59, 59, tzinfo=UTC))).totals()[0].cers
    assert figure(client, address) == figure(client, f"{before}{address}") == of_that_day
    assert registry_at(Moment()).totals()[0].cers == 113
