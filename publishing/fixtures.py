"""The record as a folder of Markdown files with front matter, one file an edition: `<kind>/<key of the thing>/<name>.md`.

What a hand-written file leaves out (`number`, `recorded`, `live_to`) is found when it is loaded; a dump writes it all, and a `draft.md`
where a draft differs from the newest edition. Relations between things are references such as `page/about/ccs`; files lie in `files/`
and are referred to by their names there.
"""

import shutil
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from pathlib import Path

import frontmatter
from django.core.exceptions import ValidationError
from django.db import models, transaction

from publishing import kinds, uploads
from publishing.fields import ThingListField
from publishing.files import StoredFileField
from publishing.ledger import import_editions
from publishing.models import Action, Edition, Thing

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


class FixtureError(Exception):
    """A folder that cannot be loaded; says which file and why."""


@transaction.atomic
def load(folder):
    """Fill an empty record from a folder and return the number of editions. Raises FixtureError, and then nothing is loaded."""
    known = {kind.name for kind in kinds.every()}
    posts = [Post(Path(folder), path) for path in sorted(Path(folder).rglob("*.md"))]
    posts = [post for post in posts if post.kind in known]
    references = sorted({post.reference for post in posts})
    things = {reference: new_thing(reference, posts) for reference in references}
    ids = {reference: thing.pk for reference, thing in things.items()}
    editions = [post.edition(ids) for post in sorted(posts, key=Post.order) if not post.is_draft]
    close_intervals(editions)
    save_drafts(things, editions, {post.reference: post for post in posts if post.is_draft}, ids)
    try:
        import_editions(editions)
    except ValidationError as error:
        raise FixtureError("; ".join(error.messages)) from error
    return len(editions)


class Post:
    """One file: its front matter, its body and its place."""

    def __init__(self, folder, path):
        self.path, self.files = path, folder / "files"
        self.kind, *key = path.relative_to(folder).parent.parts or [""]
        self.reference = f"{self.kind}/{'/'.join(key)}"
        self.is_draft = path.name == "draft.md"
        try:
            post = frontmatter.load(path)
        except Exception as error:
            raise FixtureError(f"{path}: the front matter cannot be read: {error}") from error
        self.values = post.metadata | {"body": post.content}

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
        raise FixtureError(f"{self.path}: {name} must be a date and time, not {value!r}")

    def edition(self, ids):
        """An unsaved edition of the kind's model."""
        frame = {name: self.values.get(name, default) for name, default in FRAME.items()}
        frame |= {name: self.moment(name) for name in ("live_from", "live_to", "recorded")}
        frame["successor_id"] = ids[frame.pop("successor")] if frame["successor"] else frame.pop("successor")
        frame["erases_id"] = frame.pop("erases")
        edition = kinds.get(self.kind).edition(thing_id=ids[self.reference], kind=self.kind, **frame)
        edition.put_content(self.content(edition, ids))
        try:
            edition.clean()
        except ValidationError as error:
            raise FixtureError(f"{self.path}: {'; '.join(error.messages)}") from error
        return edition

    def content(self, model, ids):
        """Content values by attribute name; raises FixtureError for a field that the kind does not have or a dangling reference."""
        fields = {field.name: field for field in model.content_fields()}
        unknown = set(self.values) - set(fields) - set(FRAME) - {"version"} - ({"body"} if not self.values["body"] else set())
        if unknown:
            raise FixtureError(f"{self.path}: a {self.kind} has no field {', '.join(sorted(unknown))}")
        try:
            return {field.attname: self.value(field, self.values[name], ids) for name, field in fields.items() if name in self.values}
        except KeyError as error:
            raise FixtureError(f"{self.path}: there is no {error.args[0]}") from error
        except (ValidationError, OSError) as error:
            raise FixtureError(f"{self.path}: {'; '.join(getattr(error, 'messages', [str(error)]))}") from error

    def value(self, field, value, ids):
        if isinstance(field, models.ForeignKey):
            return ids[value] if value else None
        if isinstance(field, ThingListField):
            return [ids[reference] for reference in value or []]
        if isinstance(field, StoredFileField):
            return uploads.accept_shipped(self.files, value) if value else None
        return field.to_python(value)


def new_thing(reference, posts):
    kind, key = reference.split("/", 1)
    version = max(post.values.get("version", 1) for post in posts if post.reference == reference)
    return Thing.objects.create(kind=kind, key=key, version=version)


def close_intervals(editions):
    """Give each hand-written edition of a thing the end that its successor sets."""
    for _, own in groupby(sorted(editions, key=lambda e: e.thing_id), key=lambda e: e.thing_id):
        for edition, following in pairwise(own):
            if edition.number is None:
                edition.live_to = following.live_from


def save_drafts(things, editions, drafts, ids):
    """Write each thing's draft: from its `draft.md`, else from its newest edition."""
    newest = {edition.thing_id: edition.content() for edition in editions if edition.action == Action.PUBLISH}
    for reference, thing in things.items():
        draft = kinds.get(thing.kind).draft(pk=thing.pk, kind=thing.kind, key=thing.key, version=thing.version)
        if post := drafts.get(reference):
            draft.put_content(post.content(draft, ids))
        else:
            draft.put_content(newest.get(thing.pk, {}))
        draft.save_base(raw=True, force_insert=True)


def dump(folder):
    """Write the whole record into an empty or new folder; returns the number of editions."""
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise FixtureError(f"{folder} is not empty; a dump never overwrites anything.")
    references = {thing.pk: thing.reference for thing in Thing.objects.all()}
    versions = dict(Thing.objects.values_list("pk", "version"))
    count = 0
    for kind in kinds.every():
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
            value = copy_of(value, folder / "files")
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
        raise FixtureError(f"{stored} is missing from the store; manage.py check_files lists where it belongs.") from error
    return name


def plain(value):
    """A value as YAML knows it."""
    return str(value) if isinstance(value, str) else value
