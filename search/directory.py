"""What the Quickfinder knows of everything that has a name: suggestions while typing, and where an exact name leads."""

from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from publishing import kinds
from publishing.moment import as_of
from publishing.snapshots import Snapshot
from search.analysis import folded, squashed
from search.autocomplete import DIGITS, Fit, Name, NameIndex
from search.issues import issues
from search.models import Group

MOST_TYPED = 64
MOST = 8
MOST_ISSUES = 6
LABEL, ABBREVIATION, SYNONYM = range(3)
ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing that has the name typed. `why` tells by which of its names it was found, where that is not its title."""

    thing: int
    kind: str
    title: str
    address: str
    why: str
    language: str = ""


class Directory:
    """All names at one moment: those of the issues, and those of everything else that is searched. An owner is a kind and a thing."""

    def __init__(self, moment, issue_names, other_names):
        self.moment = as_of(moment)
        self.issues = issues(moment)
        self.issue_names, self.other_names = issue_names, other_names
        self._targets = {}

    def target(self, owner):
        """Where an owner is found, for an issue where it leads; None while that is not public."""
        if owner not in self._targets:
            kind, thing = owner
            entry = self.issues.by_thing[thing] if kind == ISSUE else None
            reference = (entry.target.kind, entry.target_id) if entry else owner
            self._targets[owner] = kinds.targets([reference], self.moment).get(reference[1])
        return self._targets[owner]

    def suggestion(self, match, typed):
        kind, thing = match.owner
        target = self.target(match.owner)
        if kind != ISSUE:
            return Suggestion(thing, kind, target.title, target.address, why(match, typed), target.language)
        entry = self.issues.by_thing[thing]
        return Suggestion(thing, kind, entry.label, target.address + place(entry, match, typed), why(match, typed))

    def suggest(self, typed, most):
        """Issues first; another thing only if no issue leads to its address already."""
        found = [self.suggestion(match, typed) for match in self.issue_names.find(typed, min(most, MOST_ISSUES), self.target)]
        taken = {suggestion.address.partition("#")[0] for suggestion in found}
        others = (self.suggestion(match, typed) for match in self.other_names.find(typed, most, self.target))
        found += [suggestion for suggestion in others if suggestion.address not in taken]
        return found[:most]

    def exact(self, typed):
        """The one thing whose name this is, issues first; None if there is none or it is not clear which."""
        for names in (self.issue_names, self.other_names):
            matches = [match for match in names.find(typed, MOST, self.target) if match.fit <= Fit.PLAIN]
            best = [m for m in matches if m.fit == Fit.EXACT] or matches
            if best:
                titled = [match for match in best if match.name.rank == LABEL] or best
                return self.suggestion(titled[0], typed) if len(titled) == 1 else None
        return None


def issue_names(moment, things=None):
    """The names of the issues by owner, or of those among the things alone."""
    by_thing = issues(moment).by_thing
    return {(ISSUE, thing): names_of(by_thing[thing]) if thing in by_thing else () for thing in (by_thing if things is None else things)}


def names_of(entry):
    """An issue's names, in the order of the list of issues."""
    named = [
        (entry.label, LABEL),
        *((name, ABBREVIATION) for name in entry.abbreviations),
        *((name, SYNONYM) for name in entry.other_names),
    ]
    order = (Group.values.index(entry.heading), entry.position, entry.label.casefold(), entry.number)
    return [Name((ISSUE, entry.thing_id), text, rank, (*order, n)) for n, (text, rank) in enumerate(named)]


def other_names(moment, changed=None):
    """The names by owner of everything searched but the issues, or of what `changed` has of it alone."""
    found = {}
    for position, kind in enumerate(kinds.searched()):
        if changed is not None and kind.name not in changed:
            continue
        narrowed = {}
        if changed is not None:
            found |= dict.fromkeys(((kind.name, thing) for thing in changed[kind.name]), ())
            narrowed = {"thing__in": changed[kind.name]}
        for edition in kind.edition.objects.live(moment.at, **narrowed).defer(*kind.edition.long_texts()):
            texts = enumerate([kind.title(edition), *filter(None, kind.words(edition))])
            owner = (kind.name, edition.thing_id)
            found[owner] = [Name(owner, text, ABBREVIATION if n else LABEL, (position, edition.number, n)) for n, text in texts]
    return found


def place(entry, match, typed):
    """The place on the target's page; a # in it is filled with the number typed."""
    if not entry.place:
        return ""
    number = DIGITS.search(typed) if "#" in match.name.text else None
    if "#" in entry.place and number is None:
        return ""
    return "#" + entry.place.replace("#", str(int(number[0])) if number else "")


def why(match, typed):
    """By which name a thing was found, in words; empty if by the title that is shown anyway."""
    number = DIGITS.search(typed)
    name = match.name.text.replace("#", number[0] if number else "…")
    if match.name.rank == LABEL:
        return _("spelt differently") if match.fit >= Fit.NEAR else ""
    return _("found by “%(name)s”") % {"name": name}


def load_directory(moment):
    names = issue_names(moment), other_names(moment)
    return Directory(moment, *(NameIndex(chain.from_iterable(by_owner.values())) for by_owner in names))


def update_directory(before, moment, changed):
    indexed = before.issue_names.updated(issue_names(moment, changed.get(ISSUE, ())))
    return Directory(moment, indexed, before.other_names.updated(other_names(moment, changed)))


directory = Snapshot(load_directory, most=3, update=update_directory)


def suggest(typed, moment, most=MOST):
    """Suggestions for what has been typed so far, issues first, best first."""
    return directory(moment).suggest(typed[:MOST_TYPED], most)


def exact(typed, moment):
    """The Suggestion for an exact label, title, abbreviation, symbol or other name, or None."""
    return directory(moment).exact(typed[:MOST_TYPED]) if squashed(typed) and folded(typed) else None
