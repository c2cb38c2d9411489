"""What a release changed against the one before it: activities that came, went and changed, field by field; issuances, with those apart
that correct the past. And the history of one activity.

A release closes the rows that it replaces or lacks and opens others: its changes are its opened and its closed rows, matched by key.
"""

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from markup.lru import LRU, one
from publishing import snapshots
from registry.addresses import path_of
from registry.facets import KINDS, SCALES, STATUSES
from registry.models import ActivityRow, IssuanceRow

FIELDS = {
    "status": _("Status"),
    "reference": _("Reference number"),
    "matched_reference": _("Number matched by title"),
    "title": _("Title"),
    "kind": _("Kind"),
    "hosts": _("Host Parties"),
    "subregions": _("Subregion"),
    "scopes": _("Sectoral scope"),
    "project_type": _("Type"),
    "methodologies": _("Methodologies"),
    "scale": _("Scale"),
    "validator": _("Validated by"),
    "validation_start": _("Validation began"),
    "crediting_start": _("Crediting period began"),
    "crediting_end": _("Crediting period ends"),
    "registered": _("Registered"),
    "reductions": _("Reductions expected"),
    "stated_cers": _("CERs as the file states them"),
    "capacity": _("Capacity"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "locations": _("Places"),
}
LABELS = {"status": STATUSES, "kind": KINDS, "scale": SCALES}
OF_ISSUANCES = ("date", "cers")
held = LRU(4, one)
snapshots.instances.append(held)


@dataclass(frozen=True)
class ValueChange:
    """Value of one field that a release changed."""

    name: str
    before: object
    after: object

    @property
    def label(self):
        return FIELDS[self.name]

    @property
    def shown(self):
        """(before, after) as people read them, empty for nothing."""
        return tuple(shown(self.name, value) for value in (self.before, self.after))


@dataclass(frozen=True)
class ChangedActivity:
    """Activity that came ("added"), went ("gone") or changed; its name is the newest that is known."""

    what: str
    key: str
    reference: int | None
    title: str
    changes: tuple = ()

    @property
    def path(self):
        return path_of(self.reference, self.key)


@dataclass
class IssuanceChanges:
    """Issuances that a release added and took away, as (how many, CERs). `past` are those added of days that the release before told of."""

    added: tuple = (0, 0)
    gone: tuple = (0, 0)
    past: tuple = (0, 0)

    @property
    def cers(self):
        return self.added[1] - self.gone[1]

    @property
    def is_correction(self):
        return bool(self.gone[0] or self.past[0])


@dataclass
class ReleaseChanges:
    """All that a release changed."""

    activities: list = field(default_factory=list)
    issuances: IssuanceChanges = field(default_factory=IssuanceChanges)

    def narrowed(self, what="", name=""):
        """The activities that came, went or changed; where a field is named, those of which it changed."""
        return [
            one for one in self.activities if what in ("", one.what) and (not name or any(change.name == name for change in one.changes))
        ]

    @property
    def counts(self):
        return Counter(one.what for one in self.activities)

    @property
    def by_field(self):
        """(name, label, how many activities) of the fields that changed, the most frequent first."""
        counted = Counter(change.name for one in self.activities for change in one.changes)
        return [(name, FIELDS[name], count) for name, count in counted.most_common()]

    @property
    def moves(self):
        """How many activities went from one status to another, by (before, after)."""
        return Counter((change.before, change.after) for one in self.activities for change in one.changes if change.name == "status")

    @property
    def matrix(self):
        """(labels of the statuses after, [(label before, numbers)]) of the moves."""
        moves = self.moves
        rows, columns = ([status for status in STATUSES if any(move[place] == status for move in moves)] for place in (0, 1))
        return [STATUSES[status] for status in columns], [(STATUSES[row], [moves[row, column] for column in columns]) for row in rows]

    def __bool__(self):
        return bool(self.activities or self.issuances.added[0] or self.issuances.gone[0])


def shown(name, value):
    if value in (None, ""):
        return ""
    label = LABELS.get(name, {}).get(value)
    return str(label) if label else f"{value:,}" if isinstance(value, int) and name in ("reductions", "stated_cers") else str(value)


def changes_of(release, before):
    """The ReleaseChanges of a release (edition) against the one before it."""
    return held.get_or_make((release.number, before.number), lambda: found_changes(release.thing_id, before))


def found_changes(release, before):
    names = ("key", *FIELDS)
    opened = {row[0]: row for row in ActivityRow.objects.filter(from_release=release).values_list(*names)}
    closed = {row[0]: row for row in ActivityRow.objects.filter(to_release=release).values_list(*names)}
    found = []
    for key in sorted(opened.keys() | closed.keys()):
        after, earlier = opened.get(key), closed.get(key)
        what = "changed" if after and earlier else "added" if after else "gone"
        changes = fields_changed(earlier, after) if what == "changed" else ()
        if what != "changed" or changes:
            row = dict(zip(names, after or earlier, strict=True))
            found.append(ChangedActivity(what, key, row["reference"], row["title"], changes))
    order = ("added", "gone", "changed")
    found.sort(key=lambda one: (order.index(one.what), one.reference or math.inf, one.key))
    return ReleaseChanges(found, issuance_changes(release, before))


def fields_changed(earlier, after):
    pairs = zip(FIELDS, earlier[1:], after[1:], strict=True)
    return tuple(ValueChange(name, old, new) for name, old, new in pairs if old != new)


def issuance_changes(release, before):
    """An issuance is told by kind, number, process, day, period and start of monitoring: what changes of these goes and comes."""
    opened = list(IssuanceRow.objects.filter(from_release=release).values_list(*OF_ISSUANCES))
    closed = list(IssuanceRow.objects.filter(to_release=release).values_list(*OF_ISSUANCES))
    return IssuanceChanges(summed(opened), summed(closed), summed([row for row in opened if row[0] <= before.as_of]))


def summed(rows):
    return len(rows), sum(cers for _day, cers in rows)


def history_of(row, known):
    """(release, ValueChanges) of an activity's row, the newest first, by releases (editions) in their order; the first has none."""
    by_release = {release.thing_id: release for release in known}
    names = ("from_release", *FIELDS)
    rows = list(ActivityRow.objects.filter(key=row.key, from_release__in=by_release).order_by("from_release").values_list(*names))
    told = [(by_release[rows[0][0]], ())] if rows else []
    for earlier, after in pairwise(rows):
        if changes := fields_changed(earlier, after):
            told.append((by_release[after[0]], changes))
    return told[::-1]
