"""Issues at a moment, as a snapshot."""

from functools import cached_property

from publishing.snapshots import Snapshot
from search.models import Group, IssueEdition


class Issues:
    """The issues live at one moment, in the order of the Quickfinder's list."""

    def __init__(self, live):
        order = Group.values
        self.live = sorted(live, key=lambda issue: (order.index(issue.heading), issue.position, issue.label.casefold()))
        self.by_thing = {issue.thing_id: issue for issue in self.live}

    @cached_property
    def groups(self):
        """(label, issues) of each group, in the order of the list."""
        return [
            (group.label, [issue for issue in self.live if issue.heading == group])
            for group in Group
            if any(issue.heading == group for issue in self.live)
        ]

    @cached_property
    def by_target(self):
        """The issues that lead to a thing, by its id."""
        found = {}
        for issue in self.live:
            found.setdefault(issue.target_id, []).append(issue)
        return found

    @cached_property
    def names_of_targets(self):
        """The names of the issues that lead to a thing, by its id; without those in which a number is left open."""
        found = {}
        for issue in self.live:
            found.setdefault(issue.target_id, []).extend(name for name in issue.names if "#" not in name)
        return found


issues = Snapshot(lambda moment: Issues(IssueEdition.objects.live(moment.at).select_related("target")), of=["issue"])
