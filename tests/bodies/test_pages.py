"""Pages of bodies and meetings: the Board's section, the picker, officers, Markdown, past moments."""

from datetime import date, timedelta

import pytest
from lxml import html

from bodies.models import BodyMeeting
from tests.bodies.conftest import live_body, live_meeting, live_office
from tests.reading import parsed, text_of
from tests.record import DAY, live_page, republish

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(clock):
    live_page("", title="Home")
    body = live_body(short="EB")
    live_meeting(
        body, "52", start=date(2030, 2, 8), end=date(2030, 2, 12), place="Bonn", points=["1 | Elected **a Chair**. | Report, paragraph 3"]
    )
    live_meeting(body, "53", start=date(2030, 3, 22), end=date(2030, 3, 26), place="Bonn")
    live_meeting(body, "56", start=date(2030, 9, 13), end=date(2030, 9, 17), place="Brasilia")
    return body


def figures(page):
    return [" ".join(item.text_content().split()) for item in page.xpath("//dl[@id='shown']/div")]


def test_section_stays_a_page_until_the_board_is_published(client, clock):
    live_page("", title="Home")
    live_page("executive-board", title="Executive Board", body="Prose of the editor.")
    assert "Prose of the editor." in client.get("/executive-board/").text
    assert "Go to a meeting" not in client.get("/executive-board/").text
    assert client.get("/executive-board/index.md").text.count("Prose of the editor.") == 1
    then = clock.tick()
    clock.tick()
    live_meeting(live_body(), "1", start=date(2001, 11, 9))
    page = html.fromstring(client.get("/executive-board/").content)
    assert "Prose of the editor." in page.xpath("//details[@class='fold']")[-1].text_content()
    assert page.xpath("//form[@aria-label='Go to a meeting']//select")
    assert "EB 1" in client.get("/executive-board/index.md").text
    assert "Go to a meeting" not in client.get(f"/@{then:%Y-%m-%dT%H:%M:%S}/executive-board/").text


def test_next_and_last_meeting_are_those_of_the_moment(client, board, clock):
    page = html.fromstring(client.get("/executive-board/").content)
    assert figures(page) == ["Next meeting EB 53 22–26 March 2030, Bonn · Confirmed", "Last meeting known EB 52 8–12 February 2030, Bonn"]
    clock.tick(13 * DAY)
    assert figures(html.fromstring(client.get("/executive-board/").content))[0].startswith("Meeting now EB 53")
    clock.tick(365 * DAY)
    assert figures(html.fromstring(client.get("/executive-board/").content)) == [
        "Next meeting none announced in our sources",
        "Last meeting known EB 56 13–17 September 2030, Brasilia",
    ]


@pytest.mark.parametrize("query", ["number=53", "number=EB+53", "number=eb-53", "meeting=53", "meeting=EB+53", "number=53&meeting=52"])
def test_picker_leads_to_the_meeting_without_a_script(client, board, query):
    answer = client.get(f"/executive-board/?{query}")
    assert (answer.status_code, answer["Location"]) == (302, "/executive-board/meetings/53/")
    answer = client.get(f"/@2030-03-10T17:06:59/executive-board/?{query}")
    assert answer.status_code in {302, 404}


def test_number_that_is_not_listed_says_the_nearest(client, board):
    page = html.fromstring(client.get("/executive-board/?number=54").content)
    assert [link.text for link in page.xpath("//*[@role='status']/a")] == ["EB 53", "EB 56"]


@pytest.mark.parametrize("number", ["%00", "99999999999999999999", "-1", "%F0%9F%98%80", "'%22%3E%3Cb%3E", "nan", "1e400", "x" * 3000])
def test_odd_number_is_told_and_gives_no_error(client, board, number):
    answer = client.get(f"/executive-board/?number={number}")
    assert answer.status_code == 200
    assert not html.fromstring(answer.content).xpath("//*[@role='status']//b")


def test_meeting_has_its_points_at_addresses_and_its_neighbours(client, board):
    page = html.fromstring(client.get("/executive-board/meetings/52/").content)
    [point] = page.xpath("//*[@id='point-1']")
    assert " ".join(point.text_content().split()) == "1 Elected a Chair. Report, paragraph 3"
    assert point.xpath(".//strong")
    assert [link.get("href") for link in page.xpath("//nav[@class='neighbours']//a")] == ["/executive-board/meetings/53/"]
    source = client.get("/executive-board/meetings/52/index.md").text
    assert "1. Elected **a Chair**. (Report, paragraph 3)" in source
    assert "8–12 February 2030" in source


def test_sittings_are_shown_with_their_zone_and_in_utc(client, clock):
    body = live_body()
    live_meeting(
        body, "9", start=date(2030, 4, 1), end=date(2030, 4, 2), sittings=["2030-04-01 22:00 for 3:00; closed", "2030-04-02; open"]
    )
    page = html.fromstring(client.get("/executive-board/meetings/9/").content)
    [first, second] = [" ".join(item.text_content().split()) for item in page.xpath("//section[@aria-labelledby='sittings']//li")]
    assert first == "1 April 2030, 22:00–01:00 Europe/Berlin (20:00–23:00 UTC) · closed"
    assert second == "2 April 2030 · open"


def test_officers_are_those_of_the_moment_and_gaps_are_told(client, board, clock):
    live_office(board, "Ann", start=date(2026, 2, 1), end=date(2027, 2, 1), end_kind="date", on_behalf_of="India")
    live_office(board, "Ben", start=date(2029, 1, 1), end_kind="open")
    page = html.fromstring(client.get("/executive-board/").content)
    [chair, vice] = [" ".join(item.xpath("string(dd)").split()) for item in page.xpath("//section[@aria-labelledby='officers']/dl/div")]
    assert chair == "Ben from 1 January 2029, still in office"
    assert vice == "not known"
    page = html.fromstring(client.get("/panels/executive-board/").content)
    years = [item.text_content().strip() for item in page.xpath("//section[@aria-labelledby='officers']//li")]
    assert years == ["since 2029: Ben", "2028: not known", "2027: Ann (India)", "2026: Ann (India)"]


def test_gap_of_several_years_is_one_line(client, board):
    live_office(board, "Ann", start=date(2020, 1, 1), start_precision="year")
    page = html.fromstring(client.get("/panels/executive-board/").content)
    years = [item.text_content().strip() for item in page.xpath("//section[@aria-labelledby='officers']//li")]
    assert years == ["after 2020: not known", "2020: Ann"]


def test_bodies_are_listed_and_have_pages_with_what_is_around_them(client, board):
    live_body("mp", name="Methodologies Panel", short="MP", body_class="panel", parent=board, seats=[], body="Its **mandate**.")
    page = html.fromstring(client.get("/panels/").content)
    assert [link.text for link in page.xpath("//ul[@class='item-list']//h3/a")] == ["Executive Board (EB)", "Methodologies Panel (MP)"]
    panel = html.fromstring(client.get("/panels/mp/").content)
    assert panel.xpath("//*[@id='mandate']")
    assert "No meeting of this body is known" in panel.text_content()
    assert [link.get("href") for link in panel.xpath("//aside/dl//a")] == ["/executive-board/"]
    assert "Methodologies Panel" in client.get("/panels/mp/index.md").text
    assert client.get("/panels/mp/history/").status_code == client.get("/panels/mp/timemap/").status_code == 200
    assert client.get("/panels/none/").status_code == 404


def test_desk_keeps_what_was_typed_when_a_sitting_cannot_be(board, admin_client):
    draft = BodyMeeting.objects.get(slug="53")
    address = f"/admin/bodies/bodymeeting/{draft.pk}/change/"
    form = html.fromstring(admin_client.get(address).content).get_element_by_id("bodymeeting_form")
    typed = dict(form.form_values()) | {"sittings": "2030-03-31 02:30 for 1:00", "place": "Kyoto"}
    page = html.fromstring(admin_client.post(address, typed).content)
    assert "There is no 2030-03-31 02:30 in Europe/Berlin" in page.text_content()
    assert page.get_element_by_id("id_sittings").text.strip() == "2030-03-31 02:30 for 1:00"
    assert page.get_element_by_id("id_place").get("value") == "Kyoto"
    typed |= {"sittings": "2030-03-23 10:00 for 1:00; open\r\n2030-03-24; closed"}
    assert admin_client.post(address, typed).status_code == 302
    draft.refresh_from_db()
    assert (draft.sittings, draft.place) == (["2030-03-23 10:00 for 1:00; open", "2030-03-24; closed"], "Kyoto")
    republish(draft)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "Asia/Kathmandu", "America/St_Johns"])
def test_wall_times_saved_and_opened_again_stay_as_they_were_typed_in_every_zone(board, admin_client, zone):
    draft = BodyMeeting.objects.get(slug="53")
    address = f"/admin/bodies/bodymeeting/{draft.pk}/change/"
    lines = "2030-03-22 22:00 for 3:00; closed\r\n2030-03-25 09:05 for 0:30; open; Bonn"
    for _time in range(2):
        form = html.fromstring(admin_client.get(address).content).get_element_by_id("bodymeeting_form")
        assert admin_client.post(address, dict(form.form_values()) | {"sittings": lines, "zone": zone}).status_code == 302
    form = html.fromstring(admin_client.get(address).content).get_element_by_id("bodymeeting_form")
    assert form.fields["sittings"].strip().splitlines() == lines.splitlines()
    assert form.fields["zone"] == zone


def test_desk_makes_address_and_name_of_a_new_meeting(board, admin_client):
    form = html.fromstring(admin_client.get("/admin/bodies/bodymeeting/add/").content).get_element_by_id("bodymeeting_form")
    typed = dict(form.form_values()) | {"of_body": str(board.pk), "designation": "67 (ext.)", "ordinal": "67.1", "slug": "", "title": ""}
    assert admin_client.post("/admin/bodies/bodymeeting/add/", typed).status_code == 302
    draft = BodyMeeting.objects.get(ordinal=67.1)
    assert (draft.slug, draft.title) == ("67-ext", "EB 67 (ext.)")


def test_desk_says_that_a_role_is_no_seat_and_that_terms_overlap(board, admin_client):
    live_office(board, "Ann", start=date(2026, 1, 1), start_precision="year", end_kind="open")
    other = live_office(board, "Ben", start=date(2027, 1, 1), start_precision="year", end_kind="open")
    page = admin_client.get(f"/admin/bodies/office/{other.pk}/change/").text
    assert "holds this seat at the same time" in page
    odd = live_office(board, "Cat", role="member", start=date(2027, 1, 1))
    assert "has no such seat" in admin_client.get(f"/admin/bodies/office/{odd.pk}/change/").text


def test_table_has_the_latest_meetings_and_all_on_demand(client, board):
    for number in range(1, 20):
        live_meeting(board, str(number), start=date(2005, 1, number))
    address = "/panels/executive-board/"

    def numbers(query=""):
        return html.fromstring(client.get(address + query).content).xpath("//table//th[@scope='row']/a/text()")

    page = html.fromstring(client.get(address).content)
    assert numbers() == ["EB 56", "EB 53", "EB 52", *(f"EB {number}" for number in range(19, 12, -1))]
    assert page.xpath("//a[text()='All 22 meetings']/@href") == ["?all=1#meetings"]
    assert len(page.xpath("//select/optgroup/option")) == len(numbers("?all=1")) == 22


def test_what_a_meeting_came_to_is_no_correction_and_what_changes_it_later_is(client, clock):
    body = live_body()
    row = live_meeting(body, "53", start=clock.now.date(), end=clock.now.date() + timedelta(days=4), summary="The agenda is out.")
    clock.tick(timedelta(days=6))
    republish(row, summary="Three entities were accredited.")
    address = "/executive-board/meetings/53/"
    assert "Corrections" not in text_of(parsed(client.get(address)).xpath("//main")[0])
    clock.tick(timedelta(days=1))
    republish(row, summary="Two entities were accredited.")
    assert "Corrections" in text_of(parsed(client.get(address)).xpath("//main")[0])
