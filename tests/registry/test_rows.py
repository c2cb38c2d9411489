"""Rows of releases under attack: the database keeps them as they were published."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import Error, connection, transaction

from publishing.immutability import armed_tables, row_models
from publishing.ledger import publish
from publishing.models import Edition
from registry.models import ActivityRow, IssuanceRow, Release
from tests.record import clock
from tests.registry.made import new_row, release

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TABLE = ActivityRow._meta.db_table


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def refused():
    before = list(ActivityRow.objects.order_by("pk").values())
    with pytest.raises(Error, match="append-only"):
        yield
    assert list(ActivityRow.objects.order_by("pk").values()) == before


def test_every_table_of_rows_bears_its_triggers():
    assert {"ActivityRow", "IssuanceRow", "IssuedBlockRow", "CancelledBlockRow", "MethodologyRow"} == {m.__name__ for m in row_models()}
    assert {model._meta.db_table for model in row_models()} <= armed_tables(connection)


def test_published_row_refuses_every_change():
    release(a="One")
    for field in ActivityRow._meta.local_concrete_fields:
        other = "NULL" if field.null or field.name == "key" else f"{field.column}"
        if field.get_internal_type() in {"PositiveBigIntegerField", "BigAutoField", "PositiveSmallIntegerField"}:
            other = "99"
        with refused():
            run(f"UPDATE {TABLE} SET {field.column} = {other}")
    with refused():
        run(f"DELETE FROM {TABLE}")
    with refused(), transaction.atomic():
        ActivityRow.objects.update(title="Other")


def test_row_is_added_only_to_a_release_that_nobody_sees():
    first = release(a="One")
    with refused(), transaction.atomic():
        new_row(first, "b")
    with refused(), transaction.atomic():
        new_row(Release(pk=first.pk + 5), "b")
    draft = Release.objects.create(as_of=date(2024, 1, 1))
    new_row(draft, "b")
    with refused(), transaction.atomic():
        new_row(draft, "c", to_release=draft.pk + 1)


def test_row_of_a_broken_import_may_be_deleted():
    release(a="One")
    draft = Release.objects.create(as_of=date(2024, 1, 1))
    new_row(draft, "b")
    ActivityRow.objects.filter(from_release=draft.pk).delete()
    assert [row.key for row in ActivityRow.objects.all()] == ["a"]


def test_row_is_closed_by_the_entry_of_a_later_release_alone():
    first = release(a="One")
    draft = Release.objects.create(as_of=date(2024, 1, 1))
    new_row(draft, "a", title="Two")
    close = ActivityRow.objects.filter(from_release=first.pk)
    with refused(), transaction.atomic():
        close.update(to_release=draft.pk)
    publish([draft], alongside=lambda editions: close.update(to_release=draft.pk))
    assert [row.title for row in ActivityRow.objects.of_release(first.pk)] == ["One"]
    assert [row.title for row in ActivityRow.objects.of_release(draft.pk)] == ["Two"]
    with refused(), transaction.atomic():
        close.update(to_release=None)
    with refused(), transaction.atomic():
        ActivityRow.objects.filter(from_release=draft.pk).update(to_release=draft.pk)


def test_row_closed_with_another_change_or_by_what_is_no_release_is_refused():
    first = release(a="One")
    draft = Release.objects.create(as_of=date(2024, 1, 1))
    for change in ({"to_release": draft.pk, "title": "Other"}, {"to_release": first.pk}, {"to_release": draft.pk + 7}):
        with refused():
            publish([draft], alongside=lambda editions, change=change: ActivityRow.objects.update(**change))
    assert Edition.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="sqlite only")
def test_row_cannot_be_replaced():
    first = release(a="One")
    columns = [field.column for field in ActivityRow._meta.local_concrete_fields]
    chosen = ", ".join("'Other'" if column == "title" else column for column in columns)
    with refused():
        run(f"INSERT OR REPLACE INTO {TABLE} ({', '.join(columns)}) SELECT {chosen} FROM {TABLE}")
    draft = Release.objects.create(as_of=date(2024, 1, 1))
    new_row(draft, "a")
    chosen = ", ".join(str(draft.pk) if column == "from_release" else column for column in columns)
    with refused():
        run(f"INSERT OR REPLACE INTO {TABLE} ({', '.join(columns)}) SELECT {chosen} FROM {TABLE} WHERE from_release = {first.pk}")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="postgresql only")
def test_rows_cannot_be_truncated():
    release(a="One")
    with refused():
        run(f"TRUNCATE {TABLE}")


def test_no_two_rows_of_a_release_have_one_key():
    draft = Release.objects.create(as_of=date(2024, 1, 1))
    new_row(draft, "a")
    with pytest.raises(Error), transaction.atomic():
        new_row(draft, "a")
    assert not IssuanceRow.objects.exists()
