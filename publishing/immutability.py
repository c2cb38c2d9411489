"""Triggers by which the database itself keeps the record append-only.

UPDATE, DELETE, TRUNCATE and INSERT OR REPLACE raise on every table with `edition` in its name. Two changes pass: an open or future
`live_to` may be shortened, never into the past; and the text of an edition that has been erased may be blanked. What is appended must
come after what was recorded last, in number and time; only into an empty record may rows be imported. The record's own row only moves on.

The rows of releases are kept likewise: they come and go only before their release is recorded; the entry of another may close them.
"""

from django.apps import apps
from django.db import connections
from django.db.models import UniqueConstraint

from publishing.models import Edition, IntervalRow, Record, Thing

REFUSAL = "The record is append-only: editions cannot be changed or deleted."


def edition_models():
    return [model for model in apps.get_models() if issubclass(model, Edition)]


def row_models():
    """Models of the rows of releases."""
    return [model for model in apps.get_models() if issubclass(model, IntervalRow)]


def guarded_models():
    return [Record, *edition_models(), *row_models()]


def arm(connection):
    """Lay the triggers on the tables that exist; safe to repeat."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in guarded_models():
            if model._meta.db_table in tables and Record._meta.db_table in tables:
                for statement in statements(connection, model):
                    cursor.execute(statement)


def disarm(connection):
    """Take the triggers away: for a migration on SQLite, and for the test suite, which empties its database."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in guarded_models():
            if model._meta.db_table in tables:
                for event in EVENTS[connection.vendor]:
                    cursor.execute(drop_trigger(connection, model._meta.db_table, event))


def armed_tables(connection):
    """Names of the tables that bear all their triggers."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite" else "SELECT tgname FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {row[0] for row in cursor.fetchall()}
    tables = {model._meta.db_table for model in guarded_models()}
    return {table for table in tables if all(f"{table}_{event}" in names for event in EVENTS[connection.vendor])}


def disarm_before_migrate(using="default", plan=(), **kwargs):
    """SQLite cannot rebuild a table that a trigger names. PostgreSQL can, and keeps refusing."""
    if plan and connections[using].vendor == "sqlite":
        disarm(connections[using])


def arm_after_migrate(using="default", **kwargs):
    arm(connections[using])


def allowed(connection, model):
    """SQL conditions on NEW and OLD under which an INSERT, an UPDATE and a DELETE of one row of the model pass."""
    if model is Record:
        return f"NOT EXISTS (SELECT 1 FROM {RECORD})", "NEW.last >= OLD.last AND NEW.at >= OLD.at AND NEW.id = OLD.id", NEVER
    if model is Edition:
        return APPENDED, shortened(connection), NEVER
    if issubclass(model, IntervalRow):
        return UNSEEN, closed(connection, model), f"NOT {recorded('OLD.from_release')}"
    return begun(model), blanked(connection, model), NEVER


RECORD, EDITION, THING = Record._meta.db_table, Edition._meta.db_table, Thing._meta.db_table
NEVER = "1 = 0"
# The lock's row is written after the rows of an entry, so it still tells what was recorded before.
APPENDED = (
    f"EXISTS (SELECT 1 FROM {RECORD} r WHERE NEW.number > r.last"
    " AND (r.last = 0 OR (NEW.recorded > r.at AND NEW.live_from >= NEW.recorded AND NOT NEW.imported)))"
)


def recorded(thing):
    return f"EXISTS (SELECT 1 FROM {EDITION} e WHERE e.thing_id = {thing})"


UNSEEN = (
    f"NEW.to_release IS NULL AND EXISTS (SELECT 1 FROM {THING} t WHERE t.id = NEW.from_release AND t.kind = 'release')"
    f" AND NOT {recorded('NEW.from_release')}"
)


def closed(connection, model):
    """SQL condition that a row of an earlier release is closed by the one that is being recorded now."""
    kept = [unchanged(connection, field) for field in model._meta.local_concrete_fields if field.name != "to_release"]
    own = f"SELECT 1 FROM {EDITION} e, {RECORD} r WHERE e.thing_id = NEW.to_release AND e.number > r.last AND e.kind = 'release'"
    return " AND ".join([*kept, "OLD.to_release IS NULL", "NEW.to_release > OLD.from_release", f"EXISTS ({own})"])


def begun(model):
    """SQL condition that the row completes an edition that is being recorded now."""
    own = f"SELECT 1 FROM {EDITION} e, {RECORD} r WHERE e.number = NEW.{model._meta.pk.column} AND e.number > r.last"
    return f"EXISTS ({own} AND e.kind = '{model.KIND}')"


def shortened(connection):
    kept = [unchanged(connection, field) for field in Edition._meta.local_concrete_fields if field.name != "live_to"]
    shorter = "NEW.live_to IS NOT NULL AND (OLD.live_to IS NULL OR NEW.live_to < OLD.live_to)"
    return " AND ".join([*kept, shorter, f"NEW.live_to >= (SELECT r.at FROM {RECORD} r)"])


def blanked(connection, model):
    """Erasable fields may become empty once the edition has been erased; all others stay."""
    own = model._meta.local_concrete_fields
    frame = [unchanged(connection, field) for field in own if field.name not in model.ERASABLE]
    text = [f"({unchanged(connection, field)} OR {is_blank(connection, field)})" for field in own if field.name in model.ERASABLE]
    erased = f"EXISTS (SELECT 1 FROM {EDITION} e WHERE e.erases_id = OLD.{model._meta.pk.column})"
    return " AND ".join([*frame, *text, erased])


def unchanged(connection, field):
    same = "IS" if connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
    return f'NEW."{field.column}" {same} OLD."{field.column}"'


def is_blank(connection, field):
    cast = "::text" if connection.vendor == "postgresql" else ""
    return f"COALESCE(NEW.\"{field.column}\"{cast}, '') IN ('', '[]', '{{}}')"


def taken(model):
    """SQL condition under which a row of the table already holds one of the new row's unique values, so that REPLACE would delete it."""
    table, rows = model._meta.db_table, ["o.rowid = NEW.rowid"]
    rows += [f'o."{field.column}" = NEW."{field.column}"' for field in model._meta.local_concrete_fields if field.unique]
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            columns = [model._meta.get_field(name).column for name in constraint.fields]
            rows.append(" AND ".join(f'o."{column}" = NEW."{column}"' for column in columns))
    if model is Edition:
        rows[-1] += " AND o.live_to IS NULL AND NEW.live_to IS NULL"
    return f"EXISTS (SELECT 1 FROM {table} o WHERE {' OR '.join(f'({row})' for row in rows)})"


def drop_trigger(connection, table, event):
    place = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    return f'DROP TRIGGER IF EXISTS "{table}_{event}"{place}'


def statements(connection, model):
    """The SQL that lays the triggers on the model's table, after taking away those of an earlier form."""
    table = model._meta.db_table
    for event in EVENTS[connection.vendor]:
        yield drop_trigger(connection, table, event)
    yield from DIALECTS[connection.vendor](connection, model, table)


def sqlite_statements(connection, model, table):
    insert, update, delete = allowed(connection, model)
    # COALESCE: a condition that NULL makes unknown does not pass.
    passing = {"insert": f"({insert}) AND NOT {taken(model)}", "update": f"({update}) AND NEW.rowid = OLD.rowid", "delete": delete}
    for event in EVENTS["sqlite"]:
        yield (
            f'CREATE TRIGGER "{table}_{event}" BEFORE {event.upper()} ON "{table}" FOR EACH ROW'
            f" WHEN NOT COALESCE(({passing[event]}), 0) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def postgresql_statements(connection, model, table):
    insert, update, delete = allowed(connection, model)
    # There is no INSERT OR REPLACE here: ON CONFLICT DO UPDATE fires the UPDATE trigger.
    yield (
        f'CREATE OR REPLACE FUNCTION "{table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        f" IF TG_OP = 'INSERT' THEN IF {insert} THEN RETURN NEW; END IF;"
        f" ELSIF TG_OP = 'UPDATE' THEN IF {update} THEN RETURN NEW; END IF;"
        f" ELSIF TG_OP = 'DELETE' THEN IF {delete} THEN RETURN OLD; END IF; END IF;"
        f" RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for event in EVENTS["postgresql"]:
        scope = "" if event == "truncate" else "FOR EACH ROW"
        yield f'CREATE TRIGGER "{table}_{event}" BEFORE {event.upper()} ON "{table}" {scope} EXECUTE FUNCTION "{table}_refuse"()'


DIALECTS = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}
EVENTS = {"sqlite": ("insert", "update", "delete"), "postgresql": ("insert", "update", "delete", "truncate")}
