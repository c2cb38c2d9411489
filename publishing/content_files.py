"""Load and dump of the record as Markdown files with front matter, one an edition: `<kind>/<key of the thing>/<name>.md`.

What a hand-written file leaves out (`number`, `recorded`, `live_to`) is found when it is loaded; a dump writes it all, and a `draft.md`
where a draft differs from the newest edition. Relations between things are references such as `page/about/ccs`; files lie in `files/`
and are referred to by their names there.
"""

import re
import shutil
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path

import frontmatter
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from yaml import YAMLError

from files import uploads
from files.fields import StoredFileField
from publishing import kinds
from publishing.fields import ThingListField
from publishing.ledger import import_editions, publish
from publishing.models import Action, Edition, Record, Thing

# What an edition bears beside its content, in the order of a dump, with what a file may leave out.
FRAME = {
    "number": None,
    "live_from": None,
    "live_to": None,
    "recorded": None,
    "imported": True,
    "action": Action.PUBLISH,
    "reason": "",
    "successor": None,
    "erases": None,
    "author": "",
    "note": "",
    "minor": False,
}


FILES = "files"
KEY = re.compile(r"[a-z0-9]+(?:[-/.][a-z0-9]+)+\Z")
TYPES = {"number": int, "erases": int, "version": int, "imported": bool, "minor": bool}
TYPES |= dict.fromkeys(("action", "reason", "successor", "author", "note"), str)


class ContentFileError(Exception):
    """Folder that cannot be loaded; says which file and why."""


@transaction.atomic
def load(folder):
    """Fill an empty record from a folder and return the number of editions. Raises ContentFileError, and then nothing is loaded."""
    posts = posts_in(folder)
    if Thing.objects.exists():
        raise ContentFileError("The record is not empty. Content can only be loaded into an empty one.")
    drafts = {post.reference: post for post in posts if post.is_draft}
    posts = sorted((post for post in posts if not post.is_draft), key=Post.order)
    refuse_contradictions(posts)
    ids = new_things([*posts, *drafts.values()])
    erased = {post.values.get("erases") for post in posts} - {None}
    editions = [post.edition(ids, erased) for post in posts]
    close_intervals(editions)
    refuse_overlaps(posts, editions)
    save_drafts(ids, editions, erased, drafts)
    try:
        import_editions(editions)
    except ValidationError as error:
        raise ContentFileError(f"{folder}: {'; '.join(error.messages)}") from error
    return len(editions)


def posts_in(folder):
    if not Path(folder).is_dir():
        raise ContentFileError(f"There is no folder {folder}.")
    return [Post(Path(folder), path) for path in sorted(Path(folder).glob("*/**/*.md")) if path.relative_to(folder).parts[0] != FILES]


def shipped_posts(folder):
    """The files of a folder that bear editions."""
    return [post for post in posts_in(folder) if not post.is_draft]


@transaction.atomic
def add(folder, name):
    """Publish now the shipped things of a kind that a record of an earlier release has never held; returns how many there were."""
    if Thing.objects.filter(kind=name).exists():
        return 0
    drafts = []
    for post in (Post(Path(folder), path) for path in sorted(Path(folder, name).glob("*/*.md"))):
        draft = kinds.get(name).draft(key=post.reference.partition("/")[2])
        draft.put_content(post.content(draft, {}))
        draft.save()
        drafts.append(draft)
    return len(publish(drafts, note=_("Came with a new release of the portal."), minor=True)) if drafts else 0


class Post:
    """One file: its front matter, its body and its place."""

    def __init__(self, folder, path):
        self.path, self.files = path, folder / FILES
        self.kind, *key = path.relative_to(folder).parent.parts
        self.reference = f"{self.kind}/{'/'.join(key)}"
        self.is_draft = path.name == "draft.md"
        try:
            post = frontmatter.load(path)
        except (OSError, TypeError, ValueError, YAMLError) as error:
            raise self.wrong(f"the front matter cannot be read: {error}") from error
        self.values = post.metadata | {"body": post.content}
        self.check()

    def wrong(self, what):
        return ContentFileError(f"{self.path}: {what}")

    def check(self):
        if self.kind not in {kind.name for kind in kinds.every()}:
            raise self.wrong(f"there is no kind of things called {self.kind}")
        if not KEY.match(self.reference):
            raise self.wrong("the folder's name must be made of small letters, digits, hyphens and dots")
        for name, what in TYPES.items():
            value = self.values.get(name, FRAME.get(name))
            if value is not None and (not isinstance(value, what) or isinstance(value, bool) != (what is bool)):
                raise self.wrong(f"{name} cannot be {value!r}")
        if not self.is_draft and self.values.get("action", Action.PUBLISH) not in Action.values:
            raise self.wrong(f"there is no action {self.values['action']!r}")

    def order(self):
        """Numbered files by number; others by the moment from which they are live, then by kind and place."""
        names = [kind.name for kind in kinds.every()]
        return self.values.get("number") or 0, self.moment("live_from"), names.index(self.kind), self.reference

    def moment(self, name):
        value = self.values.get(name)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if value is None and name != "live_from":
            return None
        raise self.wrong(f"{name} must be a date and time, not {value!r}")

    def edition(self, ids, erased):
        """An unsaved edition of the kind's model."""
        frame = {name: self.values.get(name, default) for name, default in FRAME.items()}
        frame |= {name: self.moment(name) for name in ("live_from", "live_to", "recorded")}
        successor = frame.pop("successor")
        if successor and successor not in ids:
            raise self.wrong(f"there is no {successor}")
        frame |= {"successor_id": ids.get(successor), "erases_id": frame.pop("erases")}
        edition = kinds.get(self.kind).edition(thing_id=ids[self.reference], kind=self.kind, **frame)
        edition.put_content(self.content(edition, ids))
        if frame["action"] == Action.PUBLISH and frame["number"] not in erased:
            self.clean(edition)
        return edition

    def clean(self, edition):
        """Validate an edition that bears a text as a form would."""
        own, recorded = {field.name for field in edition.content_fields()}, edition.content()
        try:
            edition.clean_fields(exclude={field.name for field in edition._meta.fields} - own)
            edition.clean()
            if self.values.get("number"):  # of a dump: as the record had it, capitals in addresses of long ago too
                edition.put_content(recorded)
        except ValidationError as error:
            raise self.wrong(described(error)) from error

    def content(self, model, ids):
        """Content values by attribute name; raises ContentFileError for a field that the kind does not have or a dangling reference."""
        fields = {field.name: field for field in model.content_fields()}
        unknown = set(self.values) - set(fields) - set(FRAME) - {"version"} - ({"body"} if not self.values["body"] else set())
        if unknown:
            raise self.wrong(f"a {self.kind} has no field {', '.join(sorted(map(str, unknown)))}")
        given = {name: field for name, field in fields.items() if name in self.values}
        return {field.attname: self.value(field, self.values[name], ids) for name, field in given.items()}

    def value(self, field, value, ids):
        try:
            if isinstance(field, models.ForeignKey):
                return ids[value] if value else None
            if isinstance(field, ThingListField):
                return [ids[reference] for reference in value or []]
            if isinstance(field, StoredFileField):
                return uploads.accept_shipped(self.files, value) if value else None
            return field.to_python(value)
        except KeyError as error:
            raise self.wrong(f"there is no {error.args[0]}") from error
        except (ValidationError, OSError, TypeError, ValueError) as error:
            raise self.wrong(f"{field.name}: {described(error)}") from error


def described(error):
    if hasattr(error, "error_dict"):
        return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
    return "; ".join(getattr(error, "messages", [str(error)]))


def refuse_contradictions(posts):
    """Numbers must be given to all or none, once each, and erasures must name one that is there."""
    numbered = {}
    for post in posts:
        number = post.values.get("number")
        if (number is None) != (posts[0].values.get("number") is None):
            raise post.wrong("either all files bear a number, as in a dump, or none")
        if number is not None and numbered.setdefault(number, post) is not post:
            raise post.wrong(f"number {number} is also that of {numbered[number].path}")
    for post in posts:
        if (erases := post.values.get("erases")) is not None and erases not in numbered:
            raise post.wrong(f"there is no edition {erases} that could have been erased")


def refuse_overlaps(posts, editions):
    """At every moment at most one edition of a thing may be in force."""
    rows = zip(posts, editions, strict=True)
    in_force = sorted((e.thing_id, e.live_from, e.number or 0, e.live_to, post.path) for post, e in rows if not e.is_dropped())
    for (thing, _from, _number, end, path), (following, start, _later, _to, other) in pairwise(in_force):
        if thing == following and (end is None or end > start):
            raise ContentFileError(f"{other}: it is in force from {start:%Y-%m-%d %H:%M} on, while {path} still is")


def new_things(posts):
    """Make a Thing for each folder; returns their ids by reference."""
    versions = {}
    for post in posts:
        versions[post.reference] = max(post.values.get("version", 1), versions.get(post.reference, 1))
    parts = {reference: reference.split("/", 1) for reference in sorted(versions)}
    Thing.objects.bulk_create(Thing(kind=kind, key=key, version=versions[reference]) for reference, (kind, key) in parts.items())
    return {thing.reference: thing.pk for thing in Thing.objects.all()}


def close_intervals(editions):
    """Give each hand-written edition of a thing the end that its successor sets."""
    for _thing, own in groupby(sorted(editions, key=lambda e: e.thing_id), key=lambda e: e.thing_id):
        for edition, following in pairwise(own):
            if edition.number is None:
                edition.live_to = following.live_from


def save_drafts(ids, editions, erased, drafts):
    """Write each thing's draft: from its `draft.md`, else from its newest edition (twin of `Draft.newest_edition`)."""
    kept = [e for e in editions if e.action == Action.PUBLISH and e.number not in erased and not e.is_dropped()]
    newest = {edition.thing_id: edition.content() for edition in kept}
    for thing in Thing.objects.all():
        draft = kinds.get(thing.kind).draft(pk=thing.pk, kind=thing.kind, key=thing.key, version=thing.version)
        post = drafts.get(thing.reference)
        draft.put_content(post.content(draft, ids) if post else newest.get(thing.pk, {}))
        draft.save_base(raw=True, force_insert=True)


@transaction.atomic
def dump(folder):
    """Write the whole record, but for kinds that are not dumped, into an empty or new folder; returns the number of editions.

    Nothing is published meanwhile.
    """
    folder = Path(folder)
    Record.objects.select_for_update().get()
    if folder.exists() and any(folder.iterdir()):
        raise ContentFileError(f"{folder} is not empty; a dump never overwrites anything.")
    references = {thing.pk: thing.reference for thing in Thing.objects.all()}
    versions = dict(Thing.objects.values_list("pk", "version"))
    count = 0
    for kind in filter(attrgetter("is_dumped"), kinds.every()):
        for edition in kind.edition.objects.order_by("number").iterator():
            name = f"{edition.number:06}-{edition.live_from:%Y-%m-%d}.md"
            frame = {name: getattr(edition, Edition._meta.get_field(name).attname) for name in FRAME}
            frame["successor"] = references.get(edition.successor_id)
            place = Path(references[edition.thing_id], name)
            write(folder, place, edition, {"version": versions[edition.thing_id], **frame}, references)
            count += 1
        for draft in kind.draft.objects.iterator():
            if draft.is_changed():
                write(folder, Path(draft.reference, "draft.md"), draft, {"version": draft.version}, references)
    return count


def write(folder, place, content, frame, references):
    values = {name: plain(value) for name, value in frame.items() if value != FRAME.get(name, "")}
    for field in content.content_fields():
        value = getattr(content, field.attname)
        if isinstance(field, models.ForeignKey):
            value = references.get(value)
        elif isinstance(field, ThingListField):
            value = [references[thing] for thing in value]
        elif isinstance(field, StoredFileField) and value:
            value = copy_of(value, folder / FILES)
        if value != field.get_default() or (field.name == "body" and value):
            values[field.name] = plain(value)
    body = values.pop("body", "")
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(frontmatter.dumps(frontmatter.Post(body, **values), sort_keys=False, width=1000) + "\n", encoding="utf-8")


def copy_of(stored, folder):
    """The name of a stored file's copy in the dump's folder of files; versions that share a name stay apart by their hash."""
    name = f"{stored.sha256[:12]}/{stored.name}"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(stored.path, folder / name)
    except FileNotFoundError as error:
        raise ContentFileError(f"{stored} is missing from the store; manage.py check_files lists where it belongs.") from error
    return name


def plain(value):
    """A value as YAML knows it."""
    return str(value) if isinstance(value, str) else value
