"""The glossary at a moment, held in the process."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from pages.models import TermEdition
from publishing.held import Held
from publishing.markdown import plain_text

# Up to a full stop that follows a word or bracket, not a single letter as in "e.g.", with a capital or nothing after it.
FIRST_SENTENCE = re.compile(r".+?(?<=[\w)%]{2})[.!?](?=\s+[A-Z]|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    thing: int
    number: int
    slug: str
    name: str
    abbreviation: str
    synonyms: list
    body: str

    KIND = TermEdition.KIND

    @property
    def letter(self):
        """Under which the index lists the term: its first letter without accents."""
        first = unicodedata.normalize("NFKD", self.name)[:1].upper()
        return first if first.isalpha() else "0-9"

    @property
    def short(self):
        """The first sentence of the definition, as plain text."""
        text = plain_text(self.body)
        match = FIRST_SENTENCE.match(text)
        return match[0] if match else text

    @property
    def title(self):
        return f"{self.name} ({self.abbreviation})" if self.abbreviation else self.name

    @property
    def path(self):
        return f"/glossary/{self.slug}/"


class Glossary:
    """All terms live at one moment."""

    def __init__(self, entries):
        self.entries = sorted(entries, key=lambda entry: (entry.letter, entry.name.casefold()))
        self.by_path = {entry.path: entry for entry in self.entries}
        self.by_thing = {entry.thing: entry for entry in self.entries}

    @cached_property
    def abbreviations(self):
        """Abbreviation to term, for `<abbr>`."""
        return {entry.abbreviation: entry.name for entry in self.entries if entry.abbreviation}

    def problems(self):
        """Sentences about terms that clash, each naming the culprits."""
        seen = {}
        for entry in self.entries:
            for what, value in (("address", entry.slug), ("abbreviation", entry.abbreviation)):
                other = seen.setdefault((what, value), entry) if value else entry
                if other is not entry:
                    yield f"“{entry.title}” and “{other.title}” would both have the {what} “{value}”."


def load_entries(at):
    fields = ("thing_id", "number", "slug", "name", "abbreviation", "synonyms", "body")
    return Glossary([Entry(*row) for row in TermEdition.objects.live(at).values_list(*fields)])


entries = Held(lambda moment: load_entries(moment.at))


def former_owner(path, now):
    """The id of the term that had the address `path` at some time up to `now`, or None."""
    if not path.startswith("/glossary/"):
        return None
    slug = path.removeprefix("/glossary/").strip("/")
    earlier = TermEdition.objects.ever_in_force().filter(slug=slug, live_from__lte=now).order_by("-number")
    return earlier.values_list("thing_id", flat=True).first()
