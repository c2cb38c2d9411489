"""Bulk writing of rows: in batches, each a transaction of its own, so that editors and the indexer never wait long for the database."""

import csv
import json
import time
from io import StringIO

from django.db import IntegrityError, connection, models, transaction

from registry.models import Release

BATCH = 500
LONGEST_HOLD = 0.4  # seconds that a batch may hold the database; a batch that takes longer is followed by smaller ones
PAUSE = 0.002  # seconds between two batches, in which others get the lock
NULL = "\x01"  # stands for no value in CSV; no text of a row has it (registry/cleaning.py)


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
    """COPY in PostgreSQL, which a row's trigger sees like an INSERT."""
    file = StringIO()
    csv.writer(file, lineterminator="\n").writerows([NULL if value is None else value for value in row] for row in rows)
    file.seek(0)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY \"{table}\" ({quoted(columns)}) FROM STDIN (FORMAT csv, NULL '{NULL}')", file)


def quoted(columns):
    return ", ".join(f'"{column}"' for column in columns)


def delete(model, **which):
    """Delete the rows of a model that the conditions choose."""
    in_batches(list(model.objects.filter(**which).values_list("pk", flat=True)), lambda batch: model.objects.filter(pk__in=batch).delete())
