"""The issues at a moment, held in the process."""

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from publishing.held import Held
from search.models import Group, IssueEdition
from search.words import folded, positions


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

    @cached_property
    def roots(self):
        """(terms of the name, issue) of every name that is made of words."""
        named = [(frozenset(term for term, _ in positions(name)), entry) for entry in self.entries for name in entry.names]
        return [(terms, entry) for terms, entry in named if terms]

    def named_in(self, terms):
        """The issue of which the longest name is among the terms of a query, if that name makes up a third of it; else None."""
        least = max(len(terms) / 3, 1)
        fitting = [(len(name), entry) for name, entry in self.roots if len(name) >= least and name <= terms]
        return max(fitting, key=itemgetter(0))[1] if fitting else None

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


issues = Held(lambda moment: load_issues(moment.at), of=["issue"])
