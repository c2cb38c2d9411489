"""The issues of the portal's digest at a moment, held in the process."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from news.entries import Entries, drafted, load_rows
from news.models import NewsletterEdition
from publishing import dates
from publishing.snapshots import Snapshot

FIELDS = ("issue_number", "date", "title", "summary", "items")
ADDRESS = re.compile(r"/newsletters/(?P<issue>[1-9][0-9]{0,8})/\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Issue:
    """A newsletter as lists and links need it."""

    thing: int
    number: int
    is_live: bool
    live_from: datetime
    issue_number: int
    date: date
    title: str
    summary: str
    items: list

    @property
    def order(self):
        return self.issue_number, self.thing

    @property
    def path(self):
        return f"/newsletters/{self.issue_number}/"

    @property
    def shown_date(self):
        return dates.shown(self.date)

    @property
    def machine_date(self):
        return dates.machine(self.date)


def load_issues(at):
    return Entries(NewsletterEdition, at, [Issue(*row) for row in load_rows(NewsletterEdition, at, FIELDS)])


def issue_of(draft, at):
    return drafted(Issue, draft, at, FIELDS)


issues = Snapshot(lambda moment: load_issues(moment.at), of=["newsletter"])


def former_owner(path, now):
    """The id of the newsletter that had the address `path` at some time up to `now`, or None."""
    match = ADDRESS.match(path)
    if not match:
        return None
    earlier = NewsletterEdition.objects.ever_in_force().filter(issue_number=match["issue"], live_from__lte=now)
    return earlier.order_by("-number").values_list("thing_id", flat=True).first()
