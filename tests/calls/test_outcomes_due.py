"""Reminders of outcomes that are due: once a promised day, to whoever wrote the call or else to those who publish."""

import pytest

from calls.jobs import tell_outcomes_due
from desk.models import DeskNotice
from publishing import draft_versions
from tests.calls.conftest import CLOSES, live_call, republished
from tests.desk_client import author, browser_of, publisher
from tests.record import DAY

pytestmark = pytest.mark.django_db
PROMISED = (CLOSES + 30 * DAY).date()


def told():
    return sorted(DeskNotice.objects.values_list("user__username", "event"))


def test_reminded_once_when_the_day_has_come(board, clock):
    call = live_call(board, title="Drafts", outcome_due=PROMISED)
    anna = author("anna", call)
    publisher("paul")
    draft_versions.begin(call, user=anna)
    tell_outcomes_due()
    assert told() == []
    clock.set(CLOSES + 31 * DAY)
    for _run in range(3):
        tell_outcomes_due()
    assert told() == [("anna", "outcome_due")]
    page = browser_of(anna).get("/admin/notices/").text
    assert "“Drafts”" in page
    assert "promised an outcome by a day that has come" in page
    republished(call, outcome_due=(CLOSES + 40 * DAY).date())
    tell_outcomes_due()
    assert len(told()) == 1
    clock.set(CLOSES + 41 * DAY)
    tell_outcomes_due()
    assert len(told()) == 2


CHANGES = [{"outcome": "It was adopted."}, {"is_cancelled": True, "cancelled_reason": "No need."}, {"outcome_due": None}]


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_is_reminded_of_what_is_there_or_will_not_come(board, clock, change):
    call = live_call(board, outcome_due=PROMISED)
    publisher("paul")
    republished(call, note="So.", **change)
    clock.set(CLOSES + 31 * DAY)
    tell_outcomes_due()
    assert told() == []
