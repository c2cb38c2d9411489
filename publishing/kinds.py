"""Registry of kinds: all that one app knows of another's things.

Each app registers its kinds in its module `kinds`, which is imported at start-up. A kind answers questions about its things at a
moment; which ones, its base classes tell: every `Kind` is recorded and edited, an `Addressed` one has addresses, a `Searched` one is
found by the search.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from markup.plaintext import blocks
from markup.rendering import escape_markdown, links_in
from publishing import figures, preview
from publishing.dates import Precision, instant
from publishing.fields import ThingListField


@dataclass(frozen=True)
class Target:
    """A live thing as a link needs it. `address` is the path from the root, such as `/about/ccs/`; `size` like `66 kB`, or empty.

    `language` is that of its title and text, where it is not the portal's; `timeless` is what is reached at now from every moment.
    """

    thing: int
    kind: str
    title: str
    address: str
    size: str = ""
    outside: bool = False
    language: str = ""
    timeless: bool = False


@dataclass(frozen=True)
class SearchDocument:
    """Document of the search index for a live edition. `text` is plain, made of `blocks`; `facets` maps a facet's name to its exact value.

    `day` is known to `precision`, and is the last day of what is known. `words` are other names by which it is found; `names`, beside
    the title, those that are its own, such as an abbreviation or a symbol.
    """

    thing: int
    number: int
    kind: str
    title: str
    text: str
    blocks: tuple = ()
    summary: str = ""
    section: str = ""
    day: date | None = None
    precision: str = Precision.DAY
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    facets: dict[str, str] = field(default_factory=dict)


class Kind:
    """One kind of public thing, as the record, its history and the desk ask of every kind.

    Subclasses name their models. `Addressed` and `Searched` are for kinds whose things have addresses and are found by the search.
    """

    draft = None
    edition = None
    # Fields of the edition, instants or days (from midnight UTC on), from which on answers of this kind change without a new entry.
    turns_on = ()
    # Whether a dump carries its things: not where what they tell of lies in rows beside the record, which come from files of their own.
    is_dumped = True

    @cached_property
    def name(self):
        return self.edition.KIND

    @cached_property
    def label(self):
        return capfirst(self.draft._meta.verbose_name)

    @cached_property
    def label_plural(self):
        return capfirst(self.draft._meta.verbose_name_plural)

    @property
    def turns_by_itself(self):
        """Whether answers of this kind ever change by the clock alone."""
        return bool(self.turns_on) or type(self).turns is not Kind.turns

    def turns(self, edition):
        """(name, instant) of each instant from which on answers change by the clock alone while the edition is in force.

        The names, up to 64 characters, are the edition's own, each once. Asked of every edition there ever was: what tells no instant
        gives none, and nothing is raised.
        """
        values = ((name, getattr(edition, name)) for name in self.turns_on)
        return [(name, instant(value)) for name, value in values if value is not None]

    def check_record(self, things, since):
        """Raise ValidationError naming the culprit if one of the things contradicts another at the moment `since` or later.

        `things` are the ids of those that were touched, None stands for all of this kind.
        """

    def unlisted(self, moment):
        """Ids of the live things that no list and no menu of the portal leads to at the moment."""
        return frozenset()

    def branch(self, thing, at):
        """Ids of the things that go when `thing` is withdrawn at `at`, itself first."""
        return [thing]

    def title(self, content):
        """The title of a draft or edition of this kind."""
        return content.title

    def markdown(self, content):
        """The text of an edition as one Markdown document."""
        parts = (f"# {escape_markdown(self.title(content))}", getattr(content, "summary", ""), getattr(content, "body", ""))
        return "\n\n".join(part.strip() for part in parts if part)

    def is_own(self, edition):
        """Whether the portal itself made what the edition holds, so that no source lies behind it."""
        return False

    def address(self, draft, moment):
        """The root-relative path that a draft would get if it were published at the moment, or None for a kind without pages of its own."""
        return None

    def preview(self, request, draft):
        """The public page with the draft in it instead of what is live there."""
        return preview.show(request, draft, self.address(draft, request.moment) or "/")

    def targets(self, things, moment):
        """Targets of those of the thing ids that are live at the moment and can be read somewhere, as a dict by id."""
        return {}

    def drawn(self, things, moment):
        """DrawnPictures of those of the thing ids that texts show as pictures, as a dict by id."""
        return {}

    def drawn_draft(self, path, user):
        """DrawnPicture of a draft that would have the address `path`, or None; also where the user may not read it."""
        return None

    def abbreviations(self, moment):
        """Abbreviations that this kind explains at the moment, with their meanings."""
        return {}

    def addresses_linked(self, content):
        """The root-relative addresses that the text of a draft or edition links to."""
        return links_in(getattr(content, "body", ""))

    def things_linked(self, content):
        """The ids of things that a draft or edition refers to other than by links in its text."""
        values = [(field, getattr(content, field.attname)) for field in content.content_fields()]
        single = {value for field, value in values if isinstance(field, models.ForeignKey) and value}
        return single.union(*(value for field, value in values if isinstance(field, ThingListField)))


class Addressed(Kind):
    """A kind whose things have addresses of their own, as links, the sitemap and the views of any address ask."""

    def find(self, path, moment):
        """The Target whose address at the moment is `path`, or None."""
        return None

    def find_drafts(self, path, moment):
        """The ids of the drafts that would have the address `path` if they were published at the moment."""
        return []

    def owner(self, path, moment):
        """The id of the thing that owns the address `path` at the moment, withdrawn and erased ones included, or None."""
        target = self.find(path, moment)
        return target and target.thing

    def find_former(self, path, moment):
        """The id of the thing that had the address `path` at another time, or None."""
        return None

    def former_address(self, path, moment):
        """Address at the moment of the thing that had the address `path` at another time, gone or not; None where there is none."""
        thing = self.find_former(path, moment)
        target = thing and self.targets([thing], moment).get(thing)
        return target and target.address

    def find_formers(self, paths, moment):
        """The ids of the things that had the addresses at another time, as a dict by path."""
        found = {path: self.find_former(path, moment) for path in paths}
        return {path: thing for path, thing in found.items() if thing is not None}

    def serves(self, path, moment):
        """Whether the app answers the address `path` at the moment without a thing behind it, such as an archive by year or a feed."""
        return False

    def addresses(self, moment):
        """(address, since when it reads so, or None) of each live thing of this kind with a page on this site; for the sitemap."""
        since = dict(self.edition.objects.live(moment.at).values_list("thing", "live_from"))
        found = self.targets(since, moment).values()
        return [(target.address, since[target.thing]) for target in found if not target.outside]


class Searched(Kind):
    """A kind whose things are found by the search and named by the Quickfinder."""

    section = ""
    # Whether the name of a thing tells its number: then it comes before an issue that leaves a number open, such as “EB #”.
    is_numbered = False

    def search_document(self, edition, moment):
        """The SearchDocument of a live edition, or None for one that is not to be found."""
        day, section = self.day(edition), self.section_of(edition, moment)
        pieces = tuple(blocks(figures.html_of(edition.body, moment)))
        return SearchDocument(
            thing=edition.thing_id,
            number=edition.number,
            kind=self.name,
            title=self.title(edition),
            text=" ".join(block.text for block in pieces),
            blocks=pieces,
            summary=figures.in_text(self.search_summary(edition), moment),
            section=section,
            day=day,
            precision=getattr(edition, "precision", Precision.DAY),
            words=tuple(filter(None, self.words(edition))),
            names=tuple(filter(None, self.names(edition))),
            facets={"kind": self.label, "section": section, "year": str(day.year) if day and hasattr(edition, "date") else ""}
            | self.search_facets(edition),
        )

    def section_of(self, edition, moment):
        """The part of the site in which search results place the edition."""
        return self.section

    def day(self, edition):
        """The day by which search results are sorted, or None: of what has no date of its own that of its last change."""
        return edition.date if hasattr(edition, "date") else edition.live_from.date()

    def search_summary(self, edition):
        return getattr(edition, "summary", "")

    def words(self, edition):
        """Other names by which the edition is found."""
        return ()

    def names(self, edition):
        """Names that are the edition's own beside its title: who asks for one of them gets it first."""
        return ()

    def search_facets(self, edition):
        """Values of further facets by name."""
        return {}


class Unrecorded:
    """Pages of an app that no thing of the record stands behind, such as those of project activities, which come with a release."""

    def serves(self, path, moment):
        """Whether there is a page at the address at the moment."""
        return False

    def addresses(self, moment):
        """(address, since when it reads so, or None) of each page; for the sitemap."""
        return []


_registry = {}
unrecorded = []

# Addresses that an app answers without a thing behind them, such as `/search/`; links to them are always good.
served = set()
# Those outside the record, which lead to now from every moment.
timeless = set()


def register(kind_class):
    """Class decorator for kinds; each app's `kinds` module is imported at start-up, as its `admin` is."""
    kind = kind_class()
    _registry[kind.name] = kind
    return kind_class


def register_pages(pages_class):
    """Class decorator for Unrecorded pages, as `register` is for kinds."""
    unrecorded.append(pages_class())
    return pages_class


def get(name):
    return _registry[name]


def every():
    return list(_registry.values())


def addressed():
    return [kind for kind in every() if isinstance(kind, Addressed)]


def searched():
    return [kind for kind in every() if isinstance(kind, Searched)]


def origin(edition):
    """Sentence for readers about an imported edition, which is older by its date than by its entry."""
    return _("made by this portal, entered later") if get(edition.kind).is_own(edition) else _("reconstructed from sources")


def is_served(path, moment):
    """Whether an app answers the address without a thing behind it."""
    return path in served or any(pages.serves(path, moment) for pages in (*addressed(), *unrecorded))


def abbreviations(moment):
    """All abbreviations explained at the moment, with their meanings."""
    return {word: meaning for kind in every() for word, meaning in kind.abbreviations(moment).items()}


def resolve(path, moment):
    """The live Target at the root-relative address `path`, or None."""
    for kind in addressed():
        if target := kind.find(path, moment):
            return target
    return None


def resolve_formers(paths, moment):
    """Live Targets of things that had the addresses at another time, as a dict by path."""
    found = {}
    for kind in addressed():
        left = [path for path in paths if path not in found]
        formers = kind.find_formers(left, moment) if left else {}
        live = kind.targets(list(formers.values()), moment) if formers else {}
        found |= {path: live[thing] for path, thing in formers.items() if thing in live}
    return found


def former_address(path, moment):
    """Address at the moment of what had the address `path` at another time, or None."""
    return next((address for kind in addressed() if (address := kind.former_address(path, moment))), None)


def owner(path, moment):
    """The id of the thing that owns the address at the moment, or None."""
    return next((thing for kind in addressed() if (thing := kind.owner(path, moment)) is not None), None)


def drawn(found, moment):
    """DrawnPictures of Targets, as a dict by thing id; those that are no pictures have none."""
    things = {}
    for target in found:
        things.setdefault(target.kind, set()).add(target.thing)
    return {pk: picture for name, own in things.items() if name for pk, picture in get(name).drawn(own, moment).items()}


def drawn_draft(path, user):
    """DrawnPicture of a draft that would have the address `path` and that the user may read, or None."""
    return next((picture for kind in addressed() if (picture := kind.drawn_draft(path, user))), None)


def targets(references, moment):
    """Live Targets of (kind name, thing id) pairs, as a dict by thing id."""
    found = {}
    for kind in every():
        wanted = [thing for name, thing in references if name == kind.name]
        if wanted:
            found |= kind.targets(wanted, moment)
    return found
