"""Calls and published submissions at a moment, as snapshots."""

from copy import copy
from functools import cached_property
from operator import attrgetter

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from calls.models import Audience, CallEdition, PublishedSubmissionEdition
from calls.states import CallState
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


class Calls(LiveList):
    """The calls at one moment, those that close last first. Each knows its state, which turns by the clock, and the body that asks."""

    def __init__(self, moment, known=None):
        """`known` are the rows of an earlier moment since which no call has changed; they stay as they are."""
        if known is None:
            super().__init__(CallEdition, moment.at, FACETS)
            self.known = self.all
        else:
            self.model, self.at, self.facets, self.known = CallEdition, moment.at, FACETS, known
        hosts = kinds.get("body").targets({row.asked_by_id for row in self.known}, moment) if self.known else {}
        self.all = [placed(row, hosts.get(row.asked_by_id), moment.at) for row in self.known]
        self.live = [row for row in self.all if not row.is_gone]

    @cached_property
    def open(self):
        """Those that are open, the one that closes first before all others."""
        return [row for row in reversed(self.live) if row.state == CallState.OPEN]

    @cached_property
    def upcoming(self):
        """Those to come, the one that opens first before all others."""
        return sorted((row for row in self.live if row.state == CallState.UPCOMING), key=lambda row: (row.opens, row.thing_id))


def placed(known, host, at):
    row = copy(known)
    row.state, row.host, row.asker = row.state_at(at), host, host.title if host else ""
    return row


def calls_after(before, moment, changed):
    return Calls(moment, None if "call" in changed else before.known)


calls = Snapshot(Calls, of=["call", "body"], update=calls_after)


class PublishedSubmissions(LiveList):
    """The published submissions at one moment, in the order of their numbers. What is withdrawn or erased keeps its number and counts."""

    def __init__(self, moment):
        super().__init__(PublishedSubmissionEdition, moment.at)
        hosts = calls(moment).by_thing
        self.all = [row for row in self.all if hosts.get(row.of_call_id)]
        for row in self.all:
            row.call = hosts[row.of_call_id]
        self.live = [row for row in self.all if not row.is_gone and not row.call.is_gone]

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
