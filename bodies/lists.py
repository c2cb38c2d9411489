"""Bodies, meetings and terms of office at a moment, as snapshots."""

from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from bodies.models import BOARD, BodyEdition, MeetingEdition, OfficeEdition
from publishing import dates
from publishing.listing import LiveList, live_list
from publishing.occasions import folded
from publishing.snapshots import Snapshot


class Bodies(LiveList):
    @cached_property
    def by_slug(self):
        return {row.slug: row for row in reversed(self.all) if not row.is_gone}

    @property
    def board(self):
        return self.by_slug.get(BOARD)

    def below(self, thing):
        return [row for row in self.live if row.parent_id == thing]

    def live_ones(self, things):
        """Those of the bodies that are to be read."""
        return [row for thing in things if (row := self.by_thing.get(thing)) and not row.is_gone]


bodies = live_list(BodyEdition, Bodies)


class Meetings(LiveList):
    """The meetings at one moment. Each knows its body and its state, which turns by the clock.

    Each is found below its own address alone, but listed under all that met.
    """

    def __init__(self, moment, known=None):
        """`known` are the rows of an earlier moment since which no meeting has changed; they stay as they are."""
        if known is None:
            super().__init__(MeetingEdition, moment.at)
            self.known = self.all
        else:
            self.model, self.at, self.facets, self.known = MeetingEdition, moment.at, (), [copy(row) for row in known]
        hosts = bodies(moment).by_thing
        self.all = [row for row in self.known if hosts.get(row.of_body_id)]
        for row in self.all:
            row.host, row.state = hosts.get(row.of_body_id), row.state_at(moment.at)
        self.live = [row for row in self.all if not row.is_gone]

    @cached_property
    def by_body(self):
        """The meetings of each body, by its id, in the order of their numbers; those with neither number nor date last."""
        found = {}
        for row in self.live:
            for body in row.present:
                found.setdefault(body, []).append(row)
        return {body: in_order(rows, body) for body, rows in found.items()}

    def of(self, body):
        return self.by_body.get(body, [])

    def beside(self, row):
        """The meetings before and after one in its body; None at either end, and for what has neither number nor date."""
        own = [other for other in self.of(row.of_body_id) if is_placed(other, row.of_body_id)]
        place = next((place for place, other in enumerate(own) if other.thing_id == row.thing_id), None)
        if place is None:
            return None, None
        return own[place - 1] if place else None, own[place + 1] if place + 1 < len(own) else None

    def numbered(self, body, text):
        """The meeting of a body that a label, a number or a step of an address names, or None."""
        wanted = folded(text)
        return next(
            (row for row in self.of(body) if wanted and wanted in {folded(row.designation), folded(row.title), folded(row.slug)}), None
        )

    @cached_property
    def by_name(self):
        """The id of the meeting that each folded name belongs to; a name of several leads nowhere."""
        found = {}
        for row in self.live:
            for name in row.folded_names:
                found[name] = None if name in found else row.thing_id
        return found

    def nearest(self, body, number):
        """The meetings of a body around a number: the last up to it and the first above it, as far as there are any."""
        own = [row for row in self.of(body) if row.of_body_id == body and row.ordinal is not None]
        below = [row for row in own if row.ordinal <= number]
        return [*below[-1:], *next(([row] for row in own if row.ordinal > number), [])]


def is_placed(row, body):
    return row.start is not None or (row.ordinal is not None and row.of_body_id == body)


def in_order(rows, body):
    """Meetings of a body by their numbers; one without a number goes before the first numbered one that began later."""
    numbered = sorted(
        (row for row in rows if row.ordinal is not None and row.of_body_id == body), key=lambda row: (row.ordinal, row.thing_id)
    )
    others = [row for row in rows if not (row.ordinal is not None and row.of_body_id == body)]
    dated = sorted((row for row in others if row.start), key=lambda row: (row.start, row.thing_id))
    for row in dated:
        later = (place for place, other in enumerate(numbered) if other.start and last_start(other) > row.start)
        place = next(later, len(numbered))
        numbered.insert(place, row)
    return numbered + [row for row in others if not row.start]


def last_start(row):
    """The last day on which a meeting may have begun: 31 December where no more than its year is known."""
    return dates.last_day(row.start, row.start_precision)


def meetings_after(before, moment, changed):
    return Meetings(moment, None if "meeting" in changed else before.known)


meetings = Snapshot(Meetings, of=["meeting", "body"], update=meetings_after)


@dataclass
class Offices:
    """The terms of office at one moment, by the id of their body."""

    by_thing: dict = field(default_factory=dict)
    by_body: dict = field(default_factory=dict)

    def of(self, body):
        return self.by_body.get(body, [])


def read_offices(moment):
    found = Offices()
    for row in sorted(OfficeEdition.objects.live(moment.at).order_by(), key=lambda row: row.order):
        row.is_gone = False
        found.by_thing[row.thing_id] = row
        found.by_body.setdefault(row.of_body_id, []).append(row)
    return found


offices = Snapshot(read_offices, of=["office"])
