"""Cumulative lists of issuances by group: the totals of any group at any day by bisection. Pure.

A dimension (host Parties, types, methodologies ...) holds its groups one after another in six arrays, so that a page of statistics at any
day asks no database and adds nothing up.
"""

from array import array
from bisect import bisect_right
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

EVERYTHING = ""  # the one group of the dimension `total`


class Totals(NamedTuple):
    """Totals of issuances up to the end of a day. `latest` is the day (ordinal) of the last one, 0 where there is none."""

    cers: int = 0
    issuances: int = 0
    activities: int = 0
    parties: int = 0
    latest: int = 0


class Cumulative:
    """Groups of one dimension.

    `days` of the issuances in order and the `running` sum of their CERs, `activities` and `parties` by the day of their first issuance
    in the group; the n-th group lies from `starts[n]` to `starts[n + 1]` of each (`starts` has one such list for each of the three).
    """

    COLUMNS = {
        "days": "i",
        "running": "q",
        "activities": "i",
        "parties": "i",
        "starts": "I",
        "activity_starts": "I",
        "party_starts": "I",
    }

    def __init__(self, names, columns):
        self.names, self.columns = names, columns
        self.places = {name: place for place, name in enumerate(names)}
        for name in self.COLUMNS:
            setattr(self, name, columns[name])

    @classmethod
    def of(cls, rows):
        """Made of (group, (day, CERs, activity, host Party)) pairs in order of days."""
        groups = {}
        for group, row in rows:
            groups.setdefault(group, []).append(row)
        columns = {name: array(code) for name, code in cls.COLUMNS.items()}
        for name in ("starts", "activity_starts", "party_starts"):
            columns[name].append(0)
        for name in sorted(groups):
            append_group(columns, groups[name])
        return cls(sorted(groups), columns)

    def at(self, day, name=EVERYTHING):
        """Totals of a group up to the day (ordinal), that day included; zeros for a group that there is not."""
        place = self.places.get(name)
        if place is None:
            return Totals()
        first = self.starts[place]
        count = bisect_right(self.days, day, first, self.starts[place + 1]) - first
        if not count:
            return Totals()
        last = first + count - 1
        return Totals(
            self.running[last],
            count,
            begun(self.activities, self.activity_starts, place, day),
            begun(self.parties, self.party_starts, place, day),
            self.days[last],
        )

    def all_at(self, day):
        """Totals by name of the groups that have issuances by the day."""
        found = {name: self.at(day, name) for name in self.names}
        return {name: totals for name, totals in found.items() if totals.issuances}

    def between(self, first, last, name=EVERYTHING):
        """(CERs, issuances) of a group from one day (ordinal) to another, both included."""
        upto, before = self.at(last, name), self.at(first - 1, name)
        return upto.cers - before.cers, upto.issuances - before.issuances

    def first_times(self, name=EVERYTHING):
        """The days (ordinals) on which each activity of the group had its first issuance in it, in order."""
        place = self.places.get(name)
        return array("i") if place is None else self.activities[self.activity_starts[place] : self.activity_starts[place + 1]]

    def reached(self, cers, name=EVERYTHING):
        """The day (ordinal) on which the running total of a group passed a number of CERs, or None."""
        place = self.places.get(name)
        if place is None:
            return None
        end = self.starts[place + 1]
        found = bisect_right(self.running, cers, self.starts[place], end)
        return self.days[found] if found < end else None


def begun(days, starts, place, day):
    return bisect_right(days, day, starts[place], starts[place + 1]) - starts[place]


def append_group(columns, rows):
    activities, parties = {}, {}
    for day, _cers, activity, party in rows:
        activities.setdefault(activity, day)
        parties.setdefault(party, day)
    columns["days"].extend(map(itemgetter(0), rows))
    columns["running"].extend(accumulate(map(itemgetter(1), rows)))
    columns["activities"].extend(sorted(activities.values()))
    columns["parties"].extend(sorted(parties.values()))
    for name, counted in (("starts", "days"), ("activity_starts", "activities"), ("party_starts", "parties")):
        columns[name].append(len(columns[counted]))
