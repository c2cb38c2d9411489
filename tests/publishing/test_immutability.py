"""The database itself keeps the record append-only: each table is attacked by SQL, past Django."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection, models, transaction

from calls.models import Call
from documents.models import Picture
from pages.models import Notice, PageEdition, TermEdition
from publishing import content_files
from publishing.checks import editions_are_protected
from publishing.immutability import arm, armed_tables, disarm, edition_models, guarded_models
from publishing.ledger import erase, publish
from publishing.models import Edition, Record
from registry.models import Release
from tests.calls.conftest import live_submission
from tests.documents.conftest import kept
from tests.files import samples
from tests.publishing.later_migrations import NEWEST
from tests.record import DAY, HOUR, START, edit, live_page, new_term, republish

pytestmark = pytest.mark.django_db
SQLITE, POSTGRESQL = (pytest.mark.skipif(connection.vendor != vendor, reason=f"{vendor} only") for vendor in ("sqlite", "postgresql"))


def run(sql, values=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def refused():
    """The statements within raise, and the rows of every edition stay as they were."""
    before = everything()
    with pytest.raises(Error, match="append-only"):
        yield
    assert everything() == before


def everything():
    """All rows of all guarded tables, as the database has them."""
    with connection.cursor() as cursor:
        return [rows_of(cursor, model._meta) for model in guarded_models()]


def rows_of(cursor, meta):
    cursor.execute(f"SELECT * FROM {meta.db_table} ORDER BY {meta.pk.column}")
    return cursor.fetchall()


def stored(at):
    return at.replace(tzinfo=None) if connection.vendor == "sqlite" else at


def columns(model):
    return [field.column for field in model._meta.local_concrete_fields]


def quoted(names):
    return ", ".join(f'"{name}"' for name in names)


def row(model, **changed):
    """The columns and values of the first row of the table, some of them changed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted(columns(model))} FROM {model._meta.db_table} ORDER BY {model._meta.pk.column} LIMIT 1")
        return dict(zip(columns(model), cursor.fetchone(), strict=True)) | changed


def insert(model, values, how="INSERT", end=""):
    marks = ", ".join(["%s"] * len(values))
    run(f"{how} INTO {model._meta.db_table} ({quoted(values)}) VALUES ({marks}) {end}", list(values.values()))


def test_every_table_of_every_kind_refuses_all_changes(clock):
    content_files.load(settings.BASE_DIR / "fixtures")
    picture = Picture.objects.create(slug="chart", title="Chart", alternative="Bars", licence="cc0", file=kept("chart.png", samples.png()))
    publish([Notice.objects.create(title="Maintenance", body="Tonight."), Release.objects.create(as_of=date(2023, 11, 3)), picture])
    live_submission(Call.objects.first())
    for model in edition_models():
        table, pk = model._meta.db_table, model._meta.pk.column
        assert model.objects.exists(), f"nothing shipped fills {table}"
        for field in model._meta.local_concrete_fields:
            column = f'"{field.column}"'
            other = f"{column} + 1" if isinstance(field, models.BigIntegerField | models.ForeignKey) else "NULL"
            with refused():
                run(f"UPDATE {table} SET {column} = {other} WHERE {pk} = (SELECT MIN({pk}) FROM {table})")
        with refused():
            run(f"DELETE FROM {table}")
        with refused():
            run(f"UPDATE {table} SET {pk} = {pk} + 1000")


@pytest.fixture
def pair(clock):
    page = live_page("about")
    republish(page, body="Second.")
    publish([new_term("Unit", synonyms=["share"])])
    return page


@POSTGRESQL
@pytest.mark.parametrize("what", ["publishing_edition CASCADE", "pages_pageedition", "publishing_thing CASCADE", "publishing_record"])
def test_truncate_is_refused(pair, what):
    run("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL itself refuses, because of foreign keys still to be checked
    with refused():
        run(f"TRUNCATE {what}")


@SQLITE
@pytest.mark.parametrize("how", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT"])
@pytest.mark.parametrize("model", [Edition, PageEdition, TermEdition])
def test_replacing_a_row_is_refused(pair, model, how):
    with refused():
        insert(model, row(model), how)


@SQLITE
@pytest.mark.parametrize("model", [Edition, PageEdition])
def test_replacing_a_row_by_its_hidden_number_is_refused(pair, model):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {model._meta.db_table} LIMIT 1")
        (hidden,) = cursor.fetchone()
    fresh = {model._meta.pk.column: 99, "rowid": hidden} | ({"live_to": START + DAY} if model is Edition else {})
    if model is PageEdition:
        insert(Edition, row(Edition, number=99, live_from="2040-01-01", live_to="2040-01-01", recorded="2040-01-01"))
    with refused():
        insert(model, row(model) | fresh, "INSERT OR REPLACE")
    with refused():
        run(f"UPDATE OR REPLACE {model._meta.db_table} SET rowid = {hidden} WHERE rowid <> {hidden}")


@SQLITE
def test_replacing_the_open_edition_of_a_thing_is_refused(pair):
    fresh = {"number": 99, "live_from": "2040-01-01", "live_to": None, "recorded": "2040-01-01"}
    with refused():
        insert(Edition, row(Edition) | fresh, "INSERT OR REPLACE")


@pytest.mark.parametrize("model", [Edition, PageEdition])
@pytest.mark.parametrize("end", ["DO UPDATE SET {column} = 'x'", "DO NOTHING"])
def test_upsert_changes_nothing(pair, model, end):
    before = everything()
    column = "note" if model is Edition else "body"
    with pytest.raises(Error, match="append-only"):
        insert(model, row(model), end=f"ON CONFLICT ({model._meta.pk.column}) " + end.format(column=column))
    assert everything() == before


def later(**changed):
    """A row that would be a fair continuation of the record, but for what is changed."""
    at = Record.objects.get().at + HOUR
    fair = {"number": 50, "recorded": stored(at), "live_from": stored(at), "live_to": stored(at)}
    return row(Edition) | fair | {name: stored(value) if hasattr(value, "tzinfo") else value for name, value in changed.items()}


def test_row_that_continues_the_record_passes(pair):
    insert(Edition, later())


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 2},
        {"recorded": START - DAY, "live_from": START - DAY},
        {"recorded": START - DAY},
        {"imported": True, "live_from": START - DAY},
        {"imported": True},
    ],
)
def test_row_that_reaches_into_the_past_is_refused(pair, changed):
    with refused():
        insert(Edition, later(**changed))


def test_content_cannot_be_added_to_an_edition_recorded_before(pair):
    with refused():
        insert(TermEdition, row(TermEdition, edition_ptr_id=1))


@pytest.mark.parametrize("shift", [timedelta(0), HOUR])
def test_open_end_may_be_shortened_to_now_or_later(pair, shift):
    at = Record.objects.get().at + shift
    run("UPDATE publishing_edition SET live_to = %s WHERE number = 2", [stored(at)])
    assert Edition.objects.get(number=2).live_to == at
    with refused():
        run("UPDATE publishing_edition SET live_to = %s WHERE number = 2", [stored(at + HOUR)])
    with refused():
        run("UPDATE publishing_edition SET live_to = NULL WHERE number = 2")


def test_end_cannot_be_shortened_into_the_past(pair):
    at = Record.objects.get().at - timedelta(microseconds=1)
    with refused():
        run("UPDATE publishing_edition SET live_to = %s WHERE number = 2", [stored(at)])
    with refused():
        run("UPDATE publishing_edition SET live_to = %s WHERE number = 1", [stored(at)])


def test_end_shortened_with_another_change_is_refused(pair):
    at = Record.objects.get().at + HOUR
    with refused():
        run("UPDATE publishing_edition SET live_to = %s, note = 'other' WHERE number = 2", [stored(at)])


@pytest.mark.parametrize("sql", ["UPDATE publishing_record SET at = '2000-01-01'", "UPDATE publishing_record SET last = 0"])
def test_record_cannot_be_set_back(pair, sql):
    with refused():
        run(sql)


def test_record_cannot_be_deleted_nor_doubled(pair):
    with refused():
        run("DELETE FROM publishing_record")
    with refused():
        insert(Record, row(Record, id=2))


@SQLITE
def test_record_cannot_be_replaced(pair):
    with refused():
        insert(Record, row(Record, at="2000-01-01"), "INSERT OR REPLACE")


def test_text_may_be_blanked_only_once_it_is_erased(pair):
    blank = "UPDATE pages_pageedition SET body = '', title = '', summary = '', menu_title = '' WHERE edition_ptr_id = 1"
    with refused():
        run(blank)
    erase(Edition.objects.get(number=1), "Court order.")
    run(blank)
    for change in ("body = 'other'", "slug = ''", "position = 7"):
        with refused():
            run(f"UPDATE pages_pageedition SET {change} WHERE edition_ptr_id = 1")
    with refused():
        run("DELETE FROM pages_pageedition WHERE edition_ptr_id = 1")


def test_lists_may_be_blanked_once_they_are_erased(pair):
    erase(Edition.objects.get(number=3), "Court order.")
    assert list(TermEdition.objects.filter(number=3).values_list("name", "synonyms", "body")) == [("", [], "")]


def test_bulk_methods_of_the_orm_are_refused_too(pair):
    with refused(), transaction.atomic():
        PageEdition.objects.update(body="Other.")
    with refused(), transaction.atomic():
        PageEdition.objects.all()._raw_delete("default")
    with refused(), transaction.atomic():
        edit(PageEdition.objects.get(number=1), body="Other.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("event", ["insert", "update", "delete"])
def test_check_finds_a_missing_trigger(event):
    assert list(editions_are_protected(["default"])) == []
    place = "" if connection.vendor == "sqlite" else " ON pages_pageedition"
    run(f"DROP TRIGGER pages_pageedition_{event}{place}")
    (error,) = editions_are_protected(["default"])
    assert "pages_pageedition" in error.msg
    arm(connection)
    assert list(editions_are_protected(["default"])) == []


@pytest.mark.django_db(transaction=True)
def test_later_migration_that_rebuilds_a_table_leaves_the_triggers(settings):
    page = live_page("about")
    settings.MIGRATION_MODULES = {"publishing": "tests.publishing.later_migrations"}
    try:
        call_command("migrate", "publishing", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT added FROM publishing_edition")
            assert cursor.fetchall() == [("x",)]
        assert armed_tables(connection) == {model._meta.db_table for model in guarded_models()}
        with refused():
            run("UPDATE publishing_edition SET note = 'other'")
        publish([page])
    finally:
        call_command("migrate", "publishing", NEWEST, verbosity=0)
        settings.MIGRATION_MODULES = {}
        call_command("migrate", verbosity=0)
    assert armed_tables(connection) == {model._meta.db_table for model in guarded_models()}


@pytest.mark.django_db(transaction=True)
def test_tables_without_triggers_are_attackable_so_the_attacks_above_prove_them():
    live_page("about")
    disarm(connection)
    try:
        run("UPDATE pages_pageedition SET body = 'changed'")
    finally:
        arm(connection)
    assert PageEdition.objects.get().body == "changed"
