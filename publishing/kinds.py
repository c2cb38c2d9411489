"""The registry of kinds: all that one app knows of another's things.

Each app registers its kinds when it starts (`AppConfig.ready`). A kind answers questions about its things at a moment;
`Kind` gives the answers of a kind that has no address and no rules of its own.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext as _

from markup.rendering import escape_markdown
from publishing import preview
from publishing.fields import ThingListField
from publishing.models import Thing


@dataclass(frozen=True)
class Target:
    """A live thing as a link needs it. `address` is the path from the root, such as `/about/ccs/`; `size` like `66 kB`, or empty."""

    thing: int
    kind: str
    title: str
    address: str
    size: str = ""
    outside: bool = False


@dataclass(frozen=True)
class SearchDocument:
    """What the search index keeps of a live edition. `text` is plain; `facets` maps a facet's name to its exact value."""

    thing: int
    number: int
    kind: str
    title: str
    text: str
    summary: str = ""
    section: str = ""
    day: date | None = None
    words: tuple[str, ...] = ()
    facets: dict[str, str] = field(default_factory=dict)


class Kind:
    """One kind of public thing. Subclasses set the names and models and override what their things can do."""

    name = ""
    label = ""
    label_plural = ""
    draft = None
    edition = None
    # A date field of the edition from whose midnight (UTC) on the answers of this kind change without a new entry in the record, or empty.
    turns_on = ""

    def find(self, path, moment):
        """The Target whose address at the moment is `path`, or None."""
        return None

    def owner(self, path, moment):
        """The id of the thing that owns the address `path` at the moment, withdrawn and erased ones included, or None."""
        target = self.find(path, moment)
        return target and target.thing

    def find_former(self, path, moment):
        """The id of the thing that had the address `path` at another time, or None."""
        return None

    def find_formers(self, paths, moment):
        """The ids of the things that had the addresses at another time, as a dict by path."""
        found = {path: self.find_former(path, moment) for path in paths}
        return {path: thing for path, thing in found.items() if thing is not None}

    def serves(self, path, moment):
        """Whether the app answers the address `path` at the moment without a thing behind it, such as an archive by year or a feed."""
        return False

    def targets(self, things, moment):
        """Targets of those of the thing ids that are live at the moment, as a dict by id."""
        return {}

    def addresses(self, moment):
        """(address, since when it reads so) of each live thing of this kind with a page on this site; for the sitemap."""
        since = dict(self.edition.objects.live(moment.at).values_list("thing", "live_from"))
        found = self.targets(since, moment).values()
        return [(target.address, since[target.thing]) for target in found if not target.outside]

    def markdown(self, content):
        """The text of an edition as one Markdown document."""
        parts = (f"# {escape_markdown(self.title(content))}", getattr(content, "summary", ""), getattr(content, "body", ""))
        return "\n\n".join(part.strip() for part in parts if part)

    def abbreviations(self, moment):
        """Abbreviations that this kind explains at the moment, with their meanings."""
        return {}

    def check_record(self, at):
        """Raise ValidationError naming the culprit if the things of this kind contradict each other at `at`."""

    def branch(self, thing, at):
        """Ids of the things that go when `thing` is withdrawn at `at`, itself first."""
        return [thing]

    def title(self, content):
        """The title of a draft or edition of this kind."""
        return content.title

    def is_own(self, edition):
        """Whether the portal itself made what the edition holds, so that no source lies behind it."""
        return False

    def shown(self, field, value, moment):
        """The value of a content field as text, for people who compare editions."""
        return as_text(field, value, moment)

    def address(self, draft, moment):
        """The root-relative path that a draft would get if it were published at the moment, or None for a kind without pages of its own."""
        return None

    def preview(self, request, draft):
        """The public page with the draft in it instead of what is live there."""
        return preview.show(request, draft, self.address(draft, request.moment) or "/")

    def addresses_linked(self, content):
        """The root-relative addresses that a draft or edition links to."""
        return set()

    def things_linked(self, content):
        """The ids of things that a draft or edition refers to other than by links in its text."""
        return set()

    def search_document(self, edition, moment):
        """The SearchDocument of a live edition, or None if the kind is not searched."""
        return None


def as_text(field, value, moment):
    """A content field's value as people read it; things are named by their titles at the moment, flags by yes and no."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, models.ForeignKey):
        return titles([value], moment)
    if isinstance(field, ThingListField):
        return titles(value, moment)
    return "\n".join(map(getattr(field, "label_of", str), value)) if isinstance(value, list) else str(value)


def titles(things, moment):
    """The titles of things, one a line; what is not public at the moment is not named."""
    references = Thing.objects.filter(pk__in=things).values_list("kind", "pk")
    live = targets(references, moment)
    return "\n".join(live[thing].title if thing in live else "(not public)" for thing in things)


_registry = {}

# Addresses that an app answers without a thing behind them, such as `/search/`; links to them are always good.
served = set()


def register(kind):
    _registry[kind.name] = kind


def get(name):
    return _registry[name]


def every():
    return list(_registry.values())


def turns():
    """(edition model, date field) of the kinds whose things change by themselves on a day that an edition names."""
    return [(kind.edition, kind.turns_on) for kind in every() if kind.turns_on]


def origin(edition):
    """How readers are told that an imported edition is older by its date than by its entry."""
    return _("made by this portal, entered later") if get(edition.kind).is_own(edition) else _("reconstructed from sources")


def is_served(path, moment):
    """Whether an app answers the address without a thing behind it."""
    return path in served or any(kind.serves(path, moment) for kind in every())


def abbreviations(moment):
    """All abbreviations explained at the moment, with their meanings."""
    return {word: meaning for kind in every() for word, meaning in kind.abbreviations(moment).items()}


def resolve(path, moment):
    """The live Target at the root-relative address `path`, or None."""
    for kind in every():
        if target := kind.find(path, moment):
            return target
    return None


def resolve_former(path, moment):
    """The live Target that had the address `path` at another time and lives elsewhere at the moment, or None."""
    return resolve_formers([path], moment).get(path)


def resolve_formers(paths, moment):
    """Live Targets of things that had the addresses at another time, as a dict by path."""
    found = {}
    for kind in every():
        left = [path for path in paths if path not in found]
        formers = kind.find_formers(left, moment) if left else {}
        live = kind.targets(list(formers.values()), moment) if formers else {}
        found |= {path: live[thing] for path, thing in formers.items() if thing in live}
    return found


def owner(path, moment):
    """The id of the thing that owns the address at the moment, or None."""
    return next((thing for kind in every() if (thing := kind.owner(path, moment)) is not None), None)


def targets(references, moment):
    """Live Targets of (kind name, thing id) pairs, as a dict by thing id."""
    found = {}
    for kind in every():
        wanted = [thing for name, thing in references if name == kind.name]
        if wanted:
            found |= kind.targets(wanted, moment)
    return found
