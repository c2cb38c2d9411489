"""Files of public things: kept once under their SHA-256, named by the rows that refer to them.

A row keeps hash, size and name in one column; nothing reaches a file but through such a row. What may come in is decided in uploads.py,
how it goes out in downloads.py.
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

CHUNK = 256 * 1024
COLUMN = re.compile(r"(?P<sha256>[0-9a-f]{64}) (?P<size>\d{1,12}) (?P<name>.+)\Z")


@dataclass(frozen=True)
class StoredFile:
    sha256: str
    size: int
    name: str

    def __str__(self):
        """For editors; the beginning of the hash tells two files of one name and size apart."""
        return f"{self.name} ({self.size_label}, SHA-256 {self.sha256[:8]}…)"

    @property
    def size_label(self):
        return size_label(self.size)

    @property
    def extension(self):
        return self.name.rpartition(".")[2].lower()

    @property
    def path(self):
        return folder() / self.sha256[:2] / self.sha256

    def open(self):
        """The bytes, for reading. Raises FileNotFoundError when the store has lost them."""
        return self.path.open("rb")

    def forget(self):
        """Delete the bytes if no row, draft or edition, refers to them any more."""
        if not is_referred_to(self):
            self.path.unlink(missing_ok=True)


def size_label(size):
    """A size as people read it, in units of 1,000: `812 B`, `66 kB`, `1.2 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{max(1, round(size / 1000))} kB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"


def folder():
    return Path(settings.MEDIA_ROOT) / "files"


def keep(file, name):
    """Write the bytes of `file` to the store while hashing them; they appear under their hash whole or not at all."""
    digest, size = hashlib.sha256(), 0
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder(), prefix="incoming-", delete=False) as incoming:
        try:
            file.seek(0)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                incoming.write(chunk)
            incoming.flush()
            os.fsync(incoming.fileno())
            stored = StoredFile(digest.hexdigest(), size, name)
            stored.path.parent.mkdir(exist_ok=True)
            Path(incoming.name).chmod(0o644)
            Path(incoming.name).replace(stored.path)
        except BaseException:
            Path(incoming.name).unlink(missing_ok=True)
            raise
    return stored


class FileAttribute(DeferredAttribute):
    """Turns whatever is assigned, the column's text included, into a StoredFile or None."""

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class StoredFileField(models.Field):
    """A StoredFile or None; in the database `<sha256> <size> <name>`, or empty. In front matter, the name of a file in `files/`."""

    descriptor_class = FileAttribute

    def __init__(self, *args, **options):
        super().__init__(*args, **{"max_length": 400, "blank": True, "default": None} | options)

    def get_internal_type(self):
        return "CharField"

    def to_python(self, value):
        if not value or isinstance(value, StoredFile):
            return value or None
        match = COLUMN.match(value)
        if not match:
            raise ValueError(f"{value!r} does not name a stored file")
        return StoredFile(match["sha256"], int(match["size"]), match["name"])

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def get_prep_value(self, value):
        stored = self.to_python(value)
        return f"{stored.sha256} {stored.size} {stored.name}" if stored else ""

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **options):
        from publishing.uploadforms import StoredFileFormField

        label = options.get("label", self.verbose_name.capitalize())
        return StoredFileFormField(required=not self.blank, label=label, help_text=options.get("help_text", self.help_text))


def fields():
    """(model, field) of every column that names stored files, of drafts and editions alike."""
    columns = ((model, field) for model in apps.get_models() for field in model._meta.local_concrete_fields)
    return [(model, field) for model, field in columns if isinstance(field, StoredFileField)]


def references():
    """(row, StoredFile) of every row that refers to a file."""
    for model, field in fields():
        for row in model._default_manager.exclude(**{field.name: ""}).iterator():
            yield row, getattr(row, field.attname)


def is_referred_to(stored):
    """Whether any row still refers to the same bytes."""
    return any(model._default_manager.filter(**{f"{field.name}__startswith": stored.sha256}).exists() for model, field in fields())
