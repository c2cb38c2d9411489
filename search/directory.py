"""Directory of everything that has a name, for the Quickfinder: suggestions while typing, and where an exact name leads."""

import re
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from publishing import holdings, kinds
from publishing.anchors import ids
from publishing.moment import Moment, as_of
from publishing.occasions import MEETING, asked_meeting
from publishing.snapshots import Snapshot
from search.analysis import folded, parts, squashed
from search.autocomplete import DIGITS, SHORTEST, Fit, Name, NameIndex
from search.engine.spelling import ends_alike
from search.issues import issues
from search.models import Group
from search.spellings import spellings

MOST_TYPED = 64
MOST = 8
MOST_ISSUES = 6
LABEL, ABBREVIATION, SYNONYM = range(3)
ISSUE = "issue"
# What visitors say beside a symbol: decision 3/CMP.1, 3/CMP.1 annex.
GENERAL = re.compile(r"\b(?:decisions?|annex(?:es)?|documents?|methodology|paragraph)\b", re.IGNORECASE)


def without_request(moment):
    """The same moment, for those who hold it."""
    same = Moment()
    same.asked, same.reading = moment.asked, moment.reading
    return same


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
        self.moment, self.read_at = as_of(moment), without_request(moment)
        self.issues = issues(moment)
        self.issue_names, self.other_names = issue_names, other_names
        self._targets, self._places = {}, {}

    def target(self, owner):
        """Target of an owner, for an issue the one to which it leads; None while that is not public."""
        if owner not in self._targets:
            kind, thing = owner
            entry = self.issues.by_thing[thing] if kind == ISSUE else None
            reference = (entry.target.kind, entry.target_id) if entry else owner
            moment = self.read_at if holdings.find(reference[0]) else self.moment
            self._targets[owner] = holdings.targets([reference], moment).get(reference[1])
        return self._targets[owner]

    def suggestion(self, match, typed):
        kind, thing = match.owner
        target = self.target(match.owner)
        if kind != ISSUE:
            return Suggestion(thing, kind, target.title, target.address, why(match, typed), target.language)
        entry = self.issues.by_thing[thing]
        return Suggestion(thing, kind, entry.label, target.address + self.place(target, entry, match, typed), why(match, typed))

    def place(self, target, entry, match, typed):
        """The place on the target's page, a # in it filled with the number typed; nothing that the page does not have."""
        number = DIGITS.search(typed) if "#" in match.name.text else None
        if not entry.place or ("#" in entry.place and number is None):
            return ""
        if target.thing not in self._places:
            self._places[target.thing] = frozenset(ids(target, self.moment) or ())
        found = entry.place.replace("#", str(int(number[0])) if number else "")
        return f"#{found}" if found in self._places[target.thing] else ""

    def suggest(self, forms, most):
        """Issues first, what needs fewest errors put right first, whole names before the beginnings of others; another thing only if no
        issue leads to its address already.

        An issue that leaves a number open comes after what bears the very name with its number: ACM0002 before ACM with any number.
        """
        found = [(match, form) for form in forms for match in self.matches(form, most)]
        is_named = any(match.fit <= Fit.PLAIN and is_numbered(match) for match, _form in found)
        order = (lambda match: is_named and is_open(match.name)), (lambda match: match.owner[0] != ISSUE)
        found.sort(key=lambda pair: (*standing(*pair), *(part(pair[0]) for part in order)))
        suggested = {}
        for match, form in found or self.held(forms[0]):
            suggested.setdefault(match.owner, self.suggestion(match, form))
        taken = {s.address.partition("#")[0] for s in suggested.values() if s.kind == ISSUE}
        return [s for s in suggested.values() if s.kind == ISSUE or s.address not in taken][:most]

    def held(self, typed):
        """The matches of the longest name that stands within what was typed, which is none itself: AMS in AMS-I.D."""
        words = parts(typed)
        runs = (words[at : at + size] for size in range(len(words) - 1, 0, -1) for at in range(len(words) - size + 1))
        names = ("".join(run) for run in runs if any(len(word) > 1 for word in run))
        name = next((name for name in names if self.issue_names.has(name) or self.other_names.has(name)), "")
        return [(match, name) for match in self.matches(name, MOST) if match.fit <= Fit.PLAIN]

    def knows(self, typed):
        """Whether what was typed is part of a name: then it does not mean the one item of a holding that has it too."""
        return any(match.fit < Fit.NEAR for match in self.matches(typed, 1))

    def near(self, typed):
        """The name of the one item of a holding that was typed with one wrong letter; empty if there is none, or for a code."""
        plain = squashed(typed)
        if len(plain) < SHORTEST or not plain.isalpha():
            return ""
        near = [match for match in self.other_names.find(typed, MOST, self.target) if match.is_whole(typed, 1)]
        found = {m.owner: m.name.text for m in near if is_held(m) and ends_alike(plain, squashed(m.name.text))}
        return next(iter(found.values())) if len(found) == 1 else ""

    def matches(self, typed, most):
        yield from self.issue_names.find(typed, min(most, MOST_ISSUES), self.target)
        yield from self.other_names.find(typed, most, self.target)

    def exact(self, typed):
        """The one thing whose name this is, None if there is none or it is not clear which. Issues come first; one that leaves a number
        open comes after what bears the very name with its number: EB 53, ACM0002."""
        ranks = (
            (self.issue_names, lambda match: not is_open(match.name)),
            (self.other_names, is_numbered),
            (self.issue_names, lambda match: is_open(match.name)),
            (self.other_names, lambda match: not is_numbered(match)),
        )
        for names, counts in ranks:
            matches = [match for match in names.find(typed, MOST, self.target) if match.fit <= Fit.PLAIN and counts(match)]
            best = [m for m in matches if m.fit == Fit.EXACT] or matches
            if best:
                titled = [match for match in best if match.name.rank == LABEL] or best
                return self.suggestion(titled[0], typed) if len(titled) == 1 else None
        return None


def standing(match, typed):
    """Sort key of a match: what is typed rightly, then by errors, whole names first."""
    is_near = match.fit >= Fit.NEAR
    return is_near, match.errors, is_near and not match.is_whole(typed, match.errors)


def is_held(match):
    """Whether a match is an item of a holding."""
    return holdings.find(match.owner[0]) is not None


def is_numbered(match):
    """Whether a match is an item of a holding, or a thing of a kind whose names bear numbers."""
    name = match.owner[0]
    return is_held(match) or (name != ISSUE and kinds.get(name).is_numbered)


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
    return found if changed is not None else found | names_held(moment)


def names_held(moment):
    """The names by owner of the items of holdings that give them."""
    found, last = {}, len(kinds.searched())
    for position, holding in enumerate(holdings.every(), last):
        for place, (item, texts) in enumerate(sorted(holding.names(moment).items())):
            owner = (holding.name, item)
            found[owner] = [Name(owner, text, ABBREVIATION if n else LABEL, (position, place, n)) for n, text in enumerate(texts)]
    return found


def why(match, typed):
    """Name by which a thing was found, in words; empty if by the title that is shown anyway."""
    number = DIGITS.search(typed)
    name = match.name.text.replace("#", number[0] if number else "…")
    if match.name.rank == LABEL:
        return _("spelt differently") if match.fit >= Fit.NEAR else ""
    return _("found by “%(name)s”") % {"name": name}


def is_open(name):
    """Whether a name stands for many, with any number in it."""
    return "#" in name.text


def load_directory(moment):
    names = issue_names(moment), other_names(moment)
    return Directory(moment, *(NameIndex(chain.from_iterable(by_owner.values())) for by_owner in names))


def update_directory(before, moment, changed):
    if holdings.kinds_behind() & changed.keys():
        return load_directory(moment)
    indexed = before.issue_names.updated(issue_names(moment, changed.get(ISSUE, ())))
    return Directory(moment, indexed, before.other_names.updated(other_names(moment, changed)))


directory = Snapshot(load_directory, most=3, update=update_directory)


def suggest(typed, moment, most=MOST):
    """Suggestions for what has been typed so far, issues first, best first, items of large holdings last."""
    typed = typed[:MOST_TYPED]
    found = directory(moment).suggest(forms(typed, moment), most)
    if near := nearest(typed, moment):
        found = [*near, *(suggestion for suggestion in found if suggestion.kind != MEETING)][:most]
    for holding in holdings.every():
        found += items(holding, holding.suggested(typed, moment, most - len(found)), moment) if len(found) < most else []
    return found


def nearest(typed, moment):
    """The meetings around the number that was typed, where no meeting has it: not those whose names are merely spelt like it."""
    meant = asked_meeting(typed, moment)
    near = meant.near if meant else ()
    said = _("the nearest to {name}").format(name=meant.words) if near else ""
    return [Suggestion(target.thing, target.kind, target.title, target.address, said) for target in near]


def items(holding, found, moment):
    """Suggestions of items of a holding given by id."""
    targets = holding.targets(found, moment) if found else {}
    said = {item: holding.said(item) for item in found}
    return [Suggestion(item, holding.name, targets[item].title, targets[item].address, said[item]) for item in found if item in targets]


def exact(typed, moment):
    """The Suggestion for an exact label, title, abbreviation, symbol or other name, or one that is equal to it, or None."""
    typed = typed[:MOST_TYPED]
    if not (squashed(typed) and folded(typed)):
        return None
    names = directory(moment)
    found = next(filter(None, map(names.exact, forms(typed, moment))), None)
    if found or names.knows(typed):
        return found
    return next(chain.from_iterable(items(h, [item], moment) for h in holdings.every() if (item := h.exact(typed, moment))), None)


def is_shared_number(typed, moment):
    """Whether a bare number is a name, such as that of a meeting, and an item of a holding too, such as an activity."""
    if not (typed.isascii() and typed.isdecimal()):
        return False
    return directory(moment).exact(typed) is not None and any(holding.exact(typed, moment) for holding in holdings.every())


def near(typed, moment):
    """The name of a Party, an entity or another item that was typed with one wrong letter; empty where it is not clear."""
    return directory(moment).near(typed[:MOST_TYPED])


def forms(typed, moment):
    """Forms of what was typed: as it is, without the name beside a symbol, and with equal spellings or names in place of its own."""
    symbol = GENERAL.sub(" ", typed).strip(" ,")
    plain = [symbol] if symbol != typed and DIGITS.search(symbol) and any(map(str.isalpha, symbol)) else []
    return [typed, *plain, *spellings(moment).variants(typed)]
