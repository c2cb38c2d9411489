"""The library at a moment: all documents and versions in force, held in the process."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from urllib.parse import urlsplit

from django.utils.encoding import escape_uri_path

from documents.models import SHORT_BODIES, Body, DocumentClass, DocumentEdition, DocumentVersionEdition, Language
from documents.selection import Index
from files.formats import FORMATS
from files.store import StoredFile
from publishing import dates
from publishing.models import Action
from publishing.snapshots import Snapshot

CLASSES, BODIES, LANGUAGES = dict(DocumentClass.choices), dict(Body.choices), dict(Language.choices)
DOCUMENT_FIELDS = (
    "thing_id number action slug symbol title summary document_class issued_by meeting annex paragraph "
    "date precision language subjects live_from"
).split()
VERSION_FIELDS = (
    "thing_id number action of_document_id version_number valid_from valid_to file outside_address is_page_about outside_size live_from"
).split()


@dataclass(slots=True, eq=False)
class Version:
    """A version in force; `edition` is the number of its edition."""

    thing: int
    edition: int
    action: str
    document_id: int
    number: str
    valid_from: date | None
    valid_to: date | None
    file: StoredFile | None
    outside_address: str
    is_page_about: bool
    outside_size: str
    live_from: datetime
    document: "Document | None" = None

    @property
    def is_live(self):
        return self.action == Action.PUBLISH and self.document is not None and self.document.is_live

    @property
    def order(self):
        return self.valid_from or date.min, [int(part) for part in self.number.split(".")]

    @property
    def size(self):
        return self.file.size_label if self.file else self.outside_size

    @property
    def path(self):
        return f"{self.document.path}{self.number}/"

    @property
    def address(self):
        """The permanent address of the file, or the version's own address if it lies elsewhere."""
        return f"{self.path}{self.file.name}" if self.file else self.path

    @property
    def address_as_link(self):
        """The address with its file name escaped for an `href`."""
        return escape_uri_path(self.address)

    @property
    def outside_host(self):
        return urlsplit(self.outside_address).hostname or ""

    @property
    def type_label(self):
        return FORMATS[self.file.extension].label

    @property
    def title(self):
        return f"{self.document.label}, version {self.number}"

    def holds(self, day):
        return self.valid_from is None or self.valid_from <= day


@dataclass(slots=True, eq=False)
class Document:
    """A document in force, withdrawn and erased ones included; `edition` is the number of its edition."""

    thing: int
    edition: int
    action: str
    slug: str
    symbol: str
    title: str
    summary: str
    document_class: str
    issued_by: str
    meeting: str
    annex: str
    paragraph: str
    date: date | None
    precision: str
    language: str
    subjects: list
    live_from: datetime
    versions: list = field(default_factory=list)

    @property
    def is_live(self):
        return self.action == Action.PUBLISH

    @property
    def path(self):
        return f"/documents/{self.slug}/"

    @property
    def label(self):
        return f"{self.symbol}: {self.title}" if self.symbol else self.title

    @property
    def short_label(self):
        return self.symbol or self.title

    @property
    def class_label(self):
        return CLASSES[self.document_class]

    @property
    def body_label(self):
        return BODIES[self.issued_by]

    @property
    def short_body(self):
        """The abbreviation of who issued it, or nothing where there is none."""
        return SHORT_BODIES.get(self.issued_by, "")

    @property
    def language_label(self):
        return LANGUAGES[self.language]

    @property
    def year(self):
        return str(self.date.year) if self.date else ""

    @property
    def shown_date(self):
        return dates.shown(self.date, self.precision) if self.date else ""

    @property
    def machine_date(self):
        return dates.machine(self.date, self.precision) if self.date else ""

    def current(self, day):
        """The newest live version that already holds on `day`, or None. Not kept: it changes with the day, not with the record alone."""
        return max((version for version in self.versions if version.holds(day)), key=lambda version: version.order, default=None)


class Library:
    """Documents and versions at one moment, by thing and by address."""

    def __init__(self, documents, versions):
        documents, versions = (sorted(found, key=attrgetter("edition")) for found in (documents, versions))
        self.by_thing = {document.thing: document for document in documents}
        self.versions = {version.thing: version for version in versions}
        for version in versions:
            version.document = self.by_thing.get(version.document_id)
            if version.is_live:
                version.document.versions.append(version)
        self.live = [document for document in documents if document.is_live]
        # What is to be read owns an address before what is gone.
        self.by_slug = {document.slug: document for document in sorted(documents, key=lambda document: document.is_live)}
        placed = sorted((v for v in versions if v.document), key=lambda version: version.is_live)
        self.by_place = {(version.document.slug, version.number): version for version in placed}

    @cached_property
    def index(self):
        return Index(self.live)


def load(at):
    """The Library at `at` in two queries."""
    return Library(
        [Document(*row) for row in DocumentEdition.objects.rows_in_force(at, DOCUMENT_FIELDS)],
        [Version(*row) for row in DocumentVersionEdition.objects.rows_in_force(at, VERSION_FIELDS)],
    )


library = Snapshot(lambda moment: load(moment.at), most=6, of=["document", "documentversion"])


def document_with_former_slug(slug, now):
    """The id of the document that had the slug at some time up to `now`, the latest if there were several, or None."""
    return latest(DocumentEdition.objects.filter(slug=slug), now)


def version_with_former_place(document, number, name, now):
    """The id of the version that had the number, and a file of that name if one is given, at some time up to `now`, or None."""
    editions = DocumentVersionEdition.objects.filter(of_document=document, version_number=number).ever_in_force()
    found = editions.filter(live_from__lte=now).order_by("-number").values_list("thing_id", "file")
    return next((thing for thing, file in found if not name or (file and file.name == name)), None)


def latest(editions, now):
    return editions.ever_in_force().filter(live_from__lte=now).order_by("-number").values_list("thing_id", flat=True).first()
