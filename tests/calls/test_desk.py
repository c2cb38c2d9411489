"""The desk's form of calls: instants in UTC, and what it says of deadlines that readers know."""

import pytest

from calls.models import Call
from tests.calls.conftest import CLOSES, OPENS, live_call, new_call, new_submission
from tests.desk_client import browser_of, publisher
from tests.record import HOUR

pytestmark = pytest.mark.django_db


def test_form_shows_and_keeps_instants_in_utc(board, clock):
    draft, mark = live_call(board), publisher()
    desk = browser_of(mark)
    address = f"/admin/calls/call/{draft.pk}/change/"
    assert f'value="{CLOSES:%Y-%m-%dT%H:%M}"' in desk.get(address).text
    values = {"title": "Drafts", "slug": "drafts", "asked_by": board.pk, "audience": "public", "accepts": "both", "late": "refuse"}
    values |= {"names": "shown", "publish": "as-they-come", "privacy_version": "1", "retention_months": 12, "version": draft.version}
    values |= {"opens": f"{OPENS:%Y-%m-%dT%H:%M}", "closes": "2030-05-01T00:00", "topics": "one | First | 2030-05-02 24:00"}
    answer = desk.post(address, values)
    assert answer.status_code == 302, answer.text
    saved = Call.objects.get()
    assert (f"{saved.closes:%Y-%m-%d %H:%M %Z}", saved.topics) == ("2030-05-01 00:00 UTC", ["one | First | 2030-05-02 24:00"])
    assert "has to tell readers why" in desk.get(address).text
    clock.set(OPENS + HOUR)
    desk = browser_of(mark)  # a session does not last so long
    desk.post(address, values | {"closes": "2030-04-01T00:00", "topics": "", "version": saved.version})
    assert "only an administrator may publish that" in desk.get(address).text


def test_form_says_what_is_wrong_and_keeps_what_was_typed(board, clock):
    desk = browser_of(publisher())
    values = {"title": "Drafts", "asked_by": board.pk, "topics": "no topic\nother line", "body": "All my words.", "version": 0}
    told = desk.post("/admin/calls/call/add/", values).text
    for words in ("Write a topic as", "All my words.", "no topic", "other line"):
        assert words in told, words


def test_drafts_of_calls_and_submissions_are_shown_before_they_are_published(board):
    call, desk = new_call(board), browser_of(publisher())
    for draft in (call, new_submission(live_call(board, "another"))):
        answer = desk.get(f"/admin/calls/{draft._meta.model_name}/{draft.pk}/preview/")
        assert answer.status_code == 200, draft
        assert "Draft, not published." in answer.text
