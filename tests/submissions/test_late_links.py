"""Personal links of the desk for who comes late: for one submission, for one call, for as long as they say."""

import re
from html import unescape

import pytest

from calls.models import LateRule
from submissions.models import Submission
from tests.calls.conftest import CLOSES, OPENS, live_call, republished
from tests.desk_client import author, browser_of, publisher
from tests.record import DAY, HOUR, SECOND
from tests.submissions.conftest import filled, stranger, ticket_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(board, clock):
    call = live_call(board, has_form=True, late=LateRule.LINK)
    clock.set(CLOSES + HOUR)
    return call


def queue_of(call):
    return f"/admin/submissions/submission/call/{call.pk}/"


def link(call, days=7, user=None):
    answer = browser_of(user or publisher()).post(queue_of(call), {"days": days})
    found = re.search(r"<code>https?://[^/]+([^<]+)</code>", answer.text)
    return unescape(found[1]) if found else None


def sent_by(address, clock, **changes):
    browser = stranger()
    ticket = ticket_of(browser.get(address))
    clock.tick(20 * SECOND)
    return browser.post(address, filled(ticket=ticket) | changes)


def test_link_takes_one_late_submission_and_leads_to_its_receipt_afterwards(closed, clock):
    plain = f"/public-inputs/{closed.slug}/submit/"
    assert "This call has closed" in stranger().get(plain).text
    address = link(closed)
    for _time in range(3):
        assert "bear a mark" in stranger().get(address).text, "opening it changes nothing"
    assert sent_by(address, clock).status_code == 303
    assert Submission.objects.get().is_late
    again = stranger().get(address)
    assert (again.status_code, Submission.objects.count()) == (303, 1)
    assert "/receipt/" in again["Location"]


def test_form_with_an_error_keeps_the_time_of_the_link(closed, clock):
    browser, address = stranger(), link(closed, 1)
    ticket = ticket_of(browser.get(address))
    clock.tick(20 * SECOND)
    again = browser.post(address, filled(ticket=ticket, name=""))
    assert again.status_code == 422
    clock.tick(20 * SECOND)
    assert browser.post(address, filled(ticket=ticket_of(again))).status_code == 303


def test_link_ends_is_of_its_call_and_cannot_be_changed(closed, board, clock):
    address = link(closed, 1)
    other = live_call(board, "other", has_form=True, late=LateRule.LINK, opens=OPENS, closes=CLOSES)
    for changed in (address.replace(f"/{closed.slug}/", f"/{other.slug}/"), address[:-1] + ("A" if address[-1] != "A" else "B")):
        assert "This call has closed" in stranger().get(changed).text
    clock.tick(DAY)
    assert "This call has closed" in stranger().get(address).text


def test_link_is_worth_nothing_once_the_call_takes_no_late_ones_or_is_cancelled(closed, clock):
    address = link(closed)
    republished(closed, note="No more.", is_cancelled=True, cancelled_reason="No need.")
    assert 'name="ticket"' not in stranger().get(address).text


def test_links_are_made_by_moderators_for_closed_calls_that_say_so(closed, board, clock):
    assert link(closed, user=author("mona", closed))
    other = live_call(board, "other", has_form=True)
    assert browser_of(author("otto", other)).post(queue_of(closed), {"days": 7}).status_code == 403
    assert link(other, user=publisher("pia")) is None, "it refuses what is late"
    for days in (0, 31, "", "x"):
        assert link(closed, days, publisher(f"p{days}")) is None
