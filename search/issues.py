"""The issues at a moment, held in the process."""

from functools import cached_property

from publishing.snapshots import Snapshot
from search.models import Group, IssueEdition


class Issues:
    """All issues live at one moment."""

    def __init__(self, entries):
        order = Group.values
        self.entries = sorted(entries, key=lambda e: (order.index(e.heading), e.position, e.label.casefold()))
        self.by_thing = {entry.thing_id: entry for entry in self.entries}

    @cached_property
    def groups(self):
        """(label, issues) of each group, in the order of the list."""
        return [
            (group.label, [e for e in self.entries if e.heading == group])
            for group in Group
            if any(e.heading == group for e in self.entries)
        ]

    @cached_property
    def by_target(self):
        """The issues that lead to a thing, by its id."""
        found = {}
        for entry in self.entries:
            found.setdefault(entry.target_id, []).append(entry)
        return found

    @cached_property
    def names_of_targets(self):
        """The names of the issues that lead to a thing, by its id; without those in which a number is left open."""
        found = {}
        for entry in self.entries:
            found.setdefault(entry.target_id, []).extend(name for name in entry.names if "#" not in name)
        return found


issues = Snapshot(lambda moment: Issues(IssueEdition.objects.live(moment.at).select_related("target")), of=["issue"])
