"""The calls that come with the portal."""

import pytest

from calls.lists import call_rows
from calls.states import CallState
from publishing.moment import Moment, fixed, parse
from tests.shipped import shipped

__all__ = ["shipped"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
OLD = {
    "/public_inputs/2011/eb62_01/index.html": "/public-inputs/2011-first-of-its-kind/",
    "/public_inputs/Accr_DOEproc_rev/": "/public-inputs/2006-accreditation-procedure/",
    "/public_inputs/2013/other/index.html": "/public-inputs/",
}


def test_shipped_calls_are_known_by_their_days_and_closed():
    rows = call_rows(Moment()).live
    assert len(rows) == 20
    assert {(row.state, row.is_of_days) for row in rows} == {(CallState.CLOSED, True)}
    assert [row.slug for row in rows][0::19] == ["2014-direct-communication", "2004-additionality-tool"]
    assert {row.slug for row in rows if row.of_meeting_id} >= {"2010-appeals", "2011-first-of-its-kind"}


def test_no_call_is_told_before_it_was_over():
    at = parse("2010-03-27")
    assert "2010-appeals" not in {row.slug for row in call_rows(fixed(at)).live}
    assert {row.state for row in call_rows(fixed(at)).live} == {CallState.CLOSED}


def test_addresses_of_the_old_site_lead_to_the_calls(client):
    assert {path: client.get(path)["Location"] for path in OLD} == OLD
