"""The issues at a moment, held in the process."""

from collections import Counter
from functools import cached_property
from operator import itemgetter

from publishing.snapshots import Snapshot
from search.analysis import TOKEN, parts, terms
from search.models import Group, IssueEdition


class Wording:
    """The terms of a text: those of its compounds apart, and joined; its words as they are spelt. A # stands for any number."""

    def __init__(self, text):
        self.spelt, self.apart, self.joined = set(parts(text)), set(), set()
        for token in TOKEN.findall(text):
            pairs, width = terms(token)
            found = [term for term, _ in pairs]
            self.apart.update(found[:-1] if width > 1 else found)
            self.joined.update(found[-1:])
        self.has_number = "#" in text or any(map(str.isdecimal, self.spelt))
        self.length = len(self.apart) + ("#" in text)

    def is_in(self, asked):
        """Whether all of this name is in what was asked."""
        every = asked.apart | asked.joined
        return (self.apart <= every or self.joined <= every) and (asked.has_number or not self.has_number)


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
    def wordings(self):
        """(issue, name, its Wording) of every name that is made of words."""
        named = [(entry, name, Wording(name)) for entry in self.entries for name in entry.names]
        return [(entry, name, wording) for entry, name, wording in named if wording.apart]

    @cached_property
    def sharing(self):
        """How many issues have a term in their names."""
        return Counter(term for _, term in {(entry.thing_id, term) for entry, _, wording in self.wordings for term in wording.apart})

    def named_in(self, text):
        """(issue, name) of the name with the most words that are all in the text, if they are a third of its words; else None.

        Of two such names, the one whose words fewer issues share, then the one that is spelt more like the text.
        """
        asked = Wording(text)
        fitting = [
            (wording.length, self.peculiarity(wording), len(wording.spelt & asked.spelt), entry, name)
            for entry, name, wording in self.wordings
            if 3 * wording.length >= asked.length and wording.is_in(asked)
        ]
        return max(fitting, key=itemgetter(0, 1, 2))[3:] if fitting else None

    def peculiarity(self, wording):
        return sum(1 / self.sharing[term] for term in sorted(wording.apart))


issues = Snapshot(lambda moment: Issues(IssueEdition.objects.live(moment.at).select_related("target")), of=["issue"])
