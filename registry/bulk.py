"""Bulk writing of rows: in batches, each a transaction of its own, so that editors and the indexer never wait long for the database."""

import json
import time

from django.db import IntegrityError, connection, models, transaction

from registry.models import Release

BATCH = 500
LONGEST_HOLD = 0.4  # seconds that a batch may hold the database; a batch that takes longer is followed by smaller ones
PAUSE = 0.002  # seconds between two batches, in which others get the lock
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def in_batches(items, write):
    """Call `write` with slices of a list, each in a transaction of its own."""
    start, size = 0, BATCH
    while start < len(items):
        began = time.monotonic()
        with transaction.atomic():
            write(items[start : start + size])
        start += size
        if time.monotonic() - began > LONGEST_HOLD:
            size = max(size // 2, 50)
        time.sleep(PAUSE)


def insert(model, release, rows):
    """Write (key, values by field) rows of a model under the draft of a release. Raises IntegrityError once that is gone."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    adapt = {field.name: adapter(field) for field in fields}
    write = copy if connection.vendor == "postgresql" else execute
    frame = {"from_release": release, "to_release": None}

    def tuples(batch):
        for key, values in batch:
            own = values | frame | {"key": key}
            yield [adapt[field.name](own[field.name] if field.name in own else field.get_default()) for field in fields]

    def write_batch(batch):
        hold(release)
        write(model._meta.db_table, [field.column for field in fields], list(tuples(batch)))

    in_batches(rows, write_batch)


def hold(release):
    """Keep the draft of a release from being removed before the transaction ends, so that no row of it comes after."""
    if not Release.objects.select_for_update(of=("self",)).only("pk").filter(pk=release).first():
        raise IntegrityError(f"Release {release} has been taken away.")


def adapter(field):
    """Function that makes a value of a field what the database takes."""
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return lambda value: value and value.isoformat()
    if isinstance(field, models.IntegerField):
        return lambda value: value if value is None else int(value)
    return lambda value: value


def execute(table, columns, rows):
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({quoted(columns)}) VALUES ({marks})', rows)  # noqa: S608 - names of our own


def copy(table, columns, rows):
    """COPY in PostgreSQL's text format, which a row's trigger sees like an INSERT."""
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f'COPY "{table}" ({quoted(columns)}) FROM STDIN', TextReader(rows))


class TextReader:
    """File in PostgreSQL's text format, as `copy_expert` reads it."""

    def __init__(self, rows):
        self.lines = ("\t".join(map(plain, row)).encode() + b"\n" for row in rows)
        self.left = b""

    def read(self, size):
        while len(self.left) < size and (line := next(self.lines, None)):
            self.left += line
        found, self.left = self.left[:size], self.left[size:]
        return found


def plain(value):
    return r"\N" if value is None else str(value).translate(ESCAPES)


def quoted(columns):
    return ", ".join(f'"{column}"' for column in columns)


def delete(model, **which):
    """Delete the rows of a model that the conditions choose."""
    in_batches(list(model.objects.filter(**which).values_list("pk", flat=True)), lambda batch: model.objects.filter(pk__in=batch).delete())
