"""Model field of a stored file, and the rows that refer to a file."""

import re

from django.apps import apps
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from files.forms import StoredFileFormField
from files.store import StoredFile

COLUMN = re.compile(r"(?P<sha256>[0-9a-f]{64}) (?P<size>\d{1,12}) (?P<name>.+)\Z")


class FileAttribute(DeferredAttribute):
    """Descriptor that turns whatever is assigned, the column's text included, into a StoredFile or None."""

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
        label = options.get("label", self.verbose_name.capitalize())
        return StoredFileFormField(required=not self.blank, label=label, help_text=options.get("help_text", self.help_text))


def fields():
    """(model, field) of every column that names stored files, of drafts and editions alike."""
    columns = ((model, field) for model in apps.get_models() for field in model._meta.local_concrete_fields)
    return [(model, field) for model, field in columns if isinstance(field, StoredFileField)]


def stored_files(row):
    """The StoredFiles that a draft or an edition names."""
    return [stored for field in row._meta.concrete_fields if isinstance(field, StoredFileField) and (stored := getattr(row, field.attname))]


def references():
    """(row, StoredFile) of every row that refers to a file."""
    for model, field in fields():
        for row in model._default_manager.exclude(**{field.name: ""}).iterator():
            yield row, getattr(row, field.attname)


def is_referred_to(stored):
    """Whether any row still refers to the same bytes."""
    return any(model._default_manager.filter(**{f"{field.name}__startswith": stored.sha256}).exists() for model, field in fields())


def forget(stored):
    """Delete the bytes of a file if no row, draft or edition, refers to them any more."""
    if not is_referred_to(stored):
        stored.path.unlink(missing_ok=True)
