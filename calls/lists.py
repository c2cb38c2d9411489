"""Calls and published submissions at a moment, as snapshots."""

from copy import copy
from functools import cached_property
from operator import attrgetter

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from calls.models import Audience, CallEdition, PublishedSubmissionEdition
from calls.states import CallState, last_close
from publishing import kinds
from publishing.facets import Facet, latest_first
from publishing.listing import LiveList
from publishing.snapshots import Snapshot

FACETS = (
    Facet("state", _("State"), attrgetter("state"), dict(CallState.choices)),
    Facet("asked-by", _("Asked by"), attrgetter("asker")),
    Facet("audience", _("Who is asked"), attrgetter("audience"), dict(Audience.choices)),
    Facet("year", _("Year of closing"), attrgetter("year"), key=latest_first),
)


class CallRows(LiveList):
    """The calls at one moment: those that are open, those to come, and the others, the latest first. One query.

    Each knows its state, which turns by the clock.
    """

    def __init__(self, moment):
        super().__init__(CallEdition, moment.at, FACETS)
        for row in self.all:
            row.state = row.state_at(moment.at)
        self.all.sort(key=by_state)
        self.live = [row for row in self.all if not row.is_gone]

    @cached_property
    def open(self):
        """Those that are open, the one that closes first before all others."""
        return [row for row in self.live if row.state == CallState.OPEN]

    @cached_property
    def upcoming(self):
        """Those to come, the one that opens first before all others."""
        return [row for row in self.live if row.state == CallState.UPCOMING]


def by_state(row):
    """What can be answered, or soon, comes first, by the instant that comes next; the others stay in their order."""
    if row.state == CallState.OPEN:
        return 0, last_close(row).timestamp()
    return (1, row.opens.timestamp()) if row.state == CallState.UPCOMING else (2, 0)


# What every page asks for its menu, and so without the bodies.
call_rows = Snapshot(CallRows, of=["call"])


class Calls(CallRows):
    """The calls at one moment, each with the body that asks."""

    def __init__(self, moment):
        rows = call_rows(moment)
        self.model, self.at, self.facets = rows.model, moment.at, rows.facets
        hosts = kinds.get("body").targets({row.asked_by_id for row in rows.all}, moment) if rows.all else {}
        self.all = [asked_by(row, hosts.get(row.asked_by_id)) for row in rows.all]
        self.live = [row for row in self.all if not row.is_gone]


def asked_by(row, host):
    row = copy(row)
    row.host, row.asker = host, host.title if host else ""
    return row


calls = Snapshot(Calls, of=["call", "body"])


class PublishedSubmissions(LiveList):
    """The published submissions at one moment, in the order of their numbers. What is withdrawn or erased keeps its number and counts."""

    def __init__(self, moment):
        super().__init__(PublishedSubmissionEdition, moment.at)
        hosts = calls(moment).by_thing
        self.all = [row for row in self.all if hosts.get(row.of_call_id)]
        for row in self.all:
            row.call = hosts[row.of_call_id]
            row.is_gone = row.is_gone or row.call.is_gone
        self.live = [row for row in self.all if not row.is_gone]

    @cached_property
    def by_call(self):
        """All rows of each call by its id, those that are gone too."""
        found = {}
        for row in self.all:
            found.setdefault(row.of_call_id, []).append(row)
        return found

    def of(self, call):
        return self.by_call.get(call, [])


submissions = Snapshot(PublishedSubmissions, of=["submission", "call"])


def next_number(call):
    """The number that the next submission published to the call, given by its id, bears: one more than was ever given."""
    given = PublishedSubmissionEdition.objects.filter(of_call=call).aggregate(last=Max("submission_number"))
    return (given["last"] or 0) + 1
