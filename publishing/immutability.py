"""Triggers that make the database itself refuse any change to editions.

UPDATE, DELETE, TRUNCATE and INSERT OR REPLACE raise on every table with `edition` in its name. Two changes pass: an open or future
`live_to` may be shortened, never into the past; and the text of an edition that has been erased may be blanked.
"""

from django.apps import apps
from django.db import connections

from publishing.models import Edition

REFUSAL = "The record is append-only: editions cannot be changed or deleted."


def edition_models():
    return [model for model in apps.get_models() if issubclass(model, Edition)]


def arm(connection):
    """Lay the triggers on the tables of all edition models that exist; safe to repeat."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in edition_models():
            if model._meta.db_table in tables and "publishing_record" in tables:
                for statement in DIALECTS[connection.vendor](connection, model):
                    cursor.execute(statement)


def disarm(connection):
    """Take the triggers away. Only the test suite does this, to empty its database between tests."""
    with connection.cursor() as cursor:
        for model in edition_models():
            table = model._meta.db_table
            for name in ("insert", "update", "delete", "truncate"):
                if connection.vendor == "sqlite":
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_{name}"')
                elif table in connection.introspection.table_names(cursor):
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_{name}" ON "{table}"')


def armed_tables(connection):
    """Names of the tables whose UPDATE and DELETE are refused."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite" else "SELECT tgname FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {row[0] for row in cursor.fetchall()}
    tables = {model._meta.db_table for model in edition_models()}
    events = ("insert", "update", "delete") if connection.vendor == "sqlite" else ("update", "delete", "truncate")
    return {table for table in tables if all(f"{table}_{event}" in names for event in events)}


def arm_after_migrate(using="default", **kwargs):
    arm(connections[using])


def allowed_update(connection, model, same):
    """SQL condition under which an UPDATE of one row passes; `same` is the dialect's null-safe equality."""
    own = model._meta.local_concrete_fields
    if model is Edition:
        fixed = [f"NEW.{f.column} {same} OLD.{f.column}" for f in own if f.column != "live_to"]
        shorter = (
            "NEW.live_to IS NOT NULL AND (OLD.live_to IS NULL OR NEW.live_to < OLD.live_to)"
            " AND NEW.live_to >= (SELECT r.at FROM publishing_record r)"
        )
        return " AND ".join([*fixed, shorter])
    erasable = set(model.ERASABLE)
    pointer = model._meta.pk.column
    frame = [f"NEW.{f.column} {same} OLD.{f.column}" for f in own if f.name not in erasable]
    blank = [f"(NEW.{f.column} {same} OLD.{f.column} OR {is_blank(connection, f)})" for f in own if f.name in erasable]
    erased = f"EXISTS (SELECT 1 FROM publishing_edition e WHERE e.erases_id = OLD.{pointer})"
    return " AND ".join([*frame, *blank, erased])


def is_blank(connection, field):
    cast = "::text" if connection.vendor == "postgresql" else ""
    return f"NEW.{field.column}{cast} IN ('', '[]')"


def sqlite_statements(connection, model):
    table, pk = model._meta.db_table, model._meta.pk.column
    taken = f"EXISTS (SELECT 1 FROM {table} o WHERE o.{pk} = NEW.{pk})"
    if model is Edition:
        taken += f" OR (NEW.live_to IS NULL AND EXISTS (SELECT 1 FROM {table} o WHERE o.thing_id = NEW.thing_id AND o.live_to IS NULL))"
        taken += f" OR (NEW.erases_id IS NOT NULL AND EXISTS (SELECT 1 FROM {table} o WHERE o.erases_id = NEW.erases_id))"
    conditions = {"insert": taken, "update": f"NOT ({allowed_update(connection, model, 'IS')})", "delete": "1"}
    for name, condition in conditions.items():
        yield f'DROP TRIGGER IF EXISTS "{table}_{name}"'
        yield (
            f'CREATE TRIGGER "{table}_{name}" BEFORE {name.upper()} ON "{table}" FOR EACH ROW WHEN {condition}'
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def postgresql_statements(connection, model):
    table = model._meta.db_table
    allowed = allowed_update(connection, model, "IS NOT DISTINCT FROM")
    yield (
        f'CREATE OR REPLACE FUNCTION "{table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        f" IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF;"
        f" RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    # There is no INSERT OR REPLACE here: ON CONFLICT DO UPDATE fires the UPDATE trigger.
    for name, scope in {"update": "FOR EACH ROW", "delete": "FOR EACH ROW", "truncate": ""}.items():
        yield f'DROP TRIGGER IF EXISTS "{table}_{name}" ON "{table}"'
        yield f'CREATE TRIGGER "{table}_{name}" BEFORE {name.upper()} ON "{table}" {scope} EXECUTE FUNCTION "{table}_refuse"()'


DIALECTS = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}
