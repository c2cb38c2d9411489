"""The issues at a moment, held in the process."""

from dataclasses import dataclass
from functools import cached_property

from publishing.held import Held
from search.models import Group, IssueEdition
from search.words import folded


@dataclass(frozen=True, slots=True)
class Entry:
    thing: int
    number: int
    label: str
    synonyms: list
    abbreviations: list
    heading: str
    position: int
    target: int
    target_kind: str
    place: str
    best_bet: str

    @property
    def names(self):
        """Every name of the issue, its label first."""
        return [self.label, *self.abbreviations, *self.synonyms]


class Issues:
    """All issues live at one moment."""

    def __init__(self, entries):
        order = Group.values
        self.entries = sorted(entries, key=lambda e: (order.index(e.heading), e.position, e.label.casefold()))
        self.by_thing = {entry.thing: entry for entry in self.entries}

    @cached_property
    def groups(self):
        """(label, issues) of each group, in the order of the list."""
        return [
            (group.label, [e for e in self.entries if e.heading == group])
            for group in Group
            if any(e.heading == group for e in self.entries)
        ]

    def problems(self):
        """Sentences about names that two issues share, each naming the culprits."""
        owners = {}
        for entry in self.entries:
            for name in entry.names:
                other = owners.setdefault(folded(name), entry)
                if other is not entry:
                    yield f"“{entry.label}” and “{other.label}” would both be found by “{name}”."


FIELDS = (
    "thing_id",
    "number",
    "label",
    "synonyms",
    "abbreviations",
    "heading",
    "position",
    "target_id",
    "target__kind",
    "place",
    "best_bet",
)


def load_issues(at):
    return Issues([Entry(*row) for row in IssueEdition.objects.live(at).values_list(*FIELDS)])


issues = Held(lambda moment: load_issues(moment.at))
