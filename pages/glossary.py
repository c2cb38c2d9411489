"""The glossary at a moment, held in the process."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from pages.models import TermEdition
from publishing.models import Action
from publishing.snapshots import Snapshot

PATH = re.compile(r"/glossary/(?P<slug>[-\w]+)/?\Z", re.ASCII)
FIELDS = ("thing_id", "number", "slug", "name", "abbreviation", "synonyms", "body", "action")


@dataclass(frozen=True, slots=True)
class ListedTerm:
    thing: int
    number: int
    slug: str
    name: str
    abbreviation: str
    synonyms: list
    body: str
    is_live: bool = True

    KIND = TermEdition.KIND

    @property
    def letter(self):
        """Under which the index lists the term: its first letter without accents."""
        first = unicodedata.normalize("NFKD", self.name)[:1].upper()
        return first if first.isalpha() else "0-9"

    @property
    def title(self):
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name

    @property
    def path(self):
        return f"/glossary/{self.slug}/"


class Glossary:
    """All terms live at one moment, and the addresses of those that are withdrawn or erased."""

    def __init__(self, entries):
        found = sorted(entries, key=lambda entry: entry.number)
        live = [entry for entry in found if entry.is_live]
        self.entries = sorted(live, key=lambda entry: (entry.letter, entry.name.casefold()))
        self.by_path = {entry.path: entry for entry in self.entries}
        self.by_thing = {entry.thing: entry for entry in self.entries}
        self.gone = {entry.path: entry for entry in found if not entry.is_live and entry.path not in self.by_path}
        self.places = {entry.thing: entry.path for entry in found}

    def neighbours(self, path):
        """The terms before and after the one at this address, None at the ends and for a term that is not there."""
        row = [None, *self.entries, None]
        place = next((place for place, entry in enumerate(row) if entry and entry.path == path), None)
        return (row[place - 1], row[place + 1]) if place else (None, None)

    @cached_property
    def abbreviations(self):
        """Abbreviation to term, for `<abbr>`."""
        return {entry.abbreviation: entry.name for entry in self.entries if entry.abbreviation}


def rows(moment):
    """What `publishing.exports.markdown_list` shows of the terms."""
    return (("", entry.title, entry.path) for entry in entries(moment).entries)


def load_entries(at):
    rows = TermEdition.objects.rows_in_force(at, FIELDS)
    return Glossary(ListedTerm(*values, action == Action.PUBLISH) for *values, action in rows)


entries = Snapshot(lambda moment: load_entries(moment.at), of=["term"])


def former_owner(path, moment):
    """The id of the term that had the address `path` at another time and has another at the moment, or None."""
    match = PATH.match(path)
    if not match:
        return None
    earlier = TermEdition.objects.ever_in_force().filter(slug=match["slug"], live_from__lte=max(moment.now, moment.at))
    places = entries(moment).places
    owners = (thing for thing in earlier.order_by("-number").values_list("thing_id", flat=True) if places.get(thing, path) != path)
    return next(owners, None)
