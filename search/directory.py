"""What the Quickfinder knows of everything that has a name: suggestions while typing, and where an exact name leads."""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from publishing import kinds
from publishing.snapshots import Snapshot, instances
from search.analysis import folded, squashed
from search.autocomplete import DIGITS, Fit, Match, Name, NameIndex
from search.issues import issues

MOST_TYPED = 64
MOST = 8
MOST_ISSUES = 6
LABEL, ABBREVIATION, SYNONYM = range(3)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing that has the name typed. `why` tells by which of its names it was found, where that is not its title."""

    thing: int
    kind: str
    title: str
    address: str
    why: str


class Directory:
    """All names at one moment: those of the issues, and those of everything else that has an address."""

    def __init__(self, moment):
        self.issues = issues(moment)
        titles = list(titles_and_words(moment))
        references = [(e.target_kind, e.target) for e in self.issues.entries] + [(kind, thing) for kind, thing, _title, _words in titles]
        self.targets = kinds.targets(references, moment)
        reached = [entry for entry in self.issues.entries if entry.target in self.targets]
        self.issue_names = NameIndex(chain.from_iterable(names_of(entry) for entry in reached))
        self.other_names = NameIndex(chain.from_iterable(names_of_title(*row) for row in titles if row[1] in self.targets))
        self.kind_of = {thing: kind for kind, thing, _title, _words in titles}

    def suggestion(self, match, typed):
        entry = self.issues.by_thing.get(match.owner)
        if entry is None:
            target = self.targets[match.owner]
            return Suggestion(match.owner, self.kind_of[match.owner], target.title, target.address, why(match, target.title, typed))
        address = self.targets[entry.target].address + place(entry, match, typed)
        return Suggestion(entry.thing, "issue", entry.label, address, why(match, entry.label, typed))

    def suggest(self, typed, most):
        """Issues first; another thing only if no issue leads to its address already."""
        found = [self.suggestion(match, typed) for match in self.issue_names.find(typed, min(most, MOST_ISSUES))]
        taken = {suggestion.address.partition("#")[0] for suggestion in found}
        others = (self.suggestion(match, typed) for match in self.other_names.find(typed, most))
        found += [suggestion for suggestion in others if suggestion.address not in taken]
        return found[:most]

    def exact(self, typed):
        """The one thing whose name this is, issues first; None if there is none or it is not clear which."""
        for names in (self.issue_names, self.other_names):
            matches = [match for match in names.find(typed, MOST) if match.fit <= Fit.PLAIN]
            best = [m for m in matches if m.fit == Fit.EXACT] or matches
            if best:
                titled = [match for match in best if match.name.rank == LABEL] or best
                return self.suggestion(titled[0], typed) if len(titled) == 1 else None
        return None

    def named_in(self, text):
        """The issue that has a name of which the text is largely made, or None."""
        entry, name = self.issues.named_in(text) or (None, "")
        if entry is None or entry.target not in self.targets:
            return None
        return self.suggestion(Match(entry.thing, Name(entry.thing, name, SYNONYM), Fit.WORDS), text)


def names_of(entry):
    yield Name(entry.thing, entry.label, LABEL)
    yield from (Name(entry.thing, name, ABBREVIATION) for name in entry.abbreviations)
    yield from (Name(entry.thing, name, SYNONYM) for name in entry.synonyms)


def names_of_title(_kind, thing, title, words):
    yield Name(thing, title, LABEL)
    yield from (Name(thing, word, ABBREVIATION) for word in words if word)


def place(entry, match, typed):
    """The place on the target's page; a # in it is filled with the number typed."""
    if not entry.place:
        return ""
    number = DIGITS.search(typed) if "#" in match.name.text else None
    if "#" in entry.place and number is None:
        return ""
    return "#" + entry.place.replace("#", str(int(number[0])) if number else "")


def why(match, title, typed):
    """By which name a thing was found, in words; empty if by the title that is shown anyway."""
    number = DIGITS.search(typed)
    name = match.name.text.replace("#", number[0] if number else "…")
    if match.name.rank == LABEL:
        return _("spelt differently") if match.fit >= Fit.NEAR else ""
    return _("found by “%(name)s”") % {"name": name}


class Titles:
    """Titles and other names of editions by number; an edition never changes, so each is asked once."""

    def __init__(self, most=50_000):
        self.most = most
        self.kept = OrderedDict()

    def clear(self):
        self.kept.clear()

    def of(self, kind, editions, moment):
        for edition in editions:
            if edition.number not in self.kept:
                document = kind.search_document(edition, moment)
                self.kept[edition.number] = document and (document.title, tuple(document.words))
            if found := self.kept[edition.number]:
                yield kind.name, edition.thing_id, *found
        while len(self.kept) > self.most:
            self.kept.popitem(last=False)


titles = Titles()
instances.append(titles)


def titles_and_words(moment):
    """(kind, thing, title, other names) of everything searched but the issues, live at the moment."""
    for kind in kinds.searched():
        if kind.name != "issue":
            yield from titles.of(kind, kind.edition.objects.live(moment.at), moment)


directory = Snapshot(Directory, most=3)


def suggest(typed, moment, most=MOST):
    """Suggestions for what has been typed so far, issues first, best first."""
    return directory(moment).suggest(typed[:MOST_TYPED], most)


def exact(typed, moment):
    """The Suggestion for an exact label, title, abbreviation, symbol or other name, or None."""
    return directory(moment).exact(typed[:MOST_TYPED]) if squashed(typed) and folded(typed) else None


def named_in(text, moment):
    """The Suggestion for an issue with a name of which the text is largely made, or None."""
    return directory(moment).named_in(text)
