"""Carries a portal to another database, such as from SQLite to PostgreSQL: every row of every table, as it is."""

from pathlib import Path

import dj_database_url
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from publishing import immutability
from publishing.models import Edition

SOURCE = "copied"


class Command(BaseCommand):
    help = "Copy another portal's database (a file of SQLite, or postgres://...) into the empty one that DATABASE_URL names."

    def add_arguments(self, parser):
        parser.add_argument("source", help="the database to copy: the path of a file of SQLite, or postgres://user:password@host/name")

    def handle(self, source, **options):
        connect(source)
        try:
            self.copy()
        finally:
            connections[SOURCE].close()

    def copy(self):
        call_command("migrate", interactive=False, verbosity=0)
        refuse(DEFAULT_DB_ALIAS, SOURCE)
        target = connections[DEFAULT_DB_ALIAS]
        models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
        with transaction.atomic():  # relations are checked at its end, so tables may come in any order
            immutability.disarm(target)
            empty(target, models)
            counts = {model: copy_rows(model) for model in models}
            set_sequences(target, models)
            immutability.arm(target)
        self.stdout.write(f"{sum(counts.values())} rows copied, {counts[Edition]} of them editions. Files in MEDIA_ROOT go by themselves.")


def connect(source):
    """Make the source known to Django. Raises CommandError where there is none."""
    is_file = "://" not in source
    if is_file and not Path(source).is_file():
        raise CommandError(f"There is no file {source}.")
    settings = dj_database_url.parse(f"sqlite:///{Path(source).resolve()}" if is_file else source)
    connections.settings[SOURCE] = connections[DEFAULT_DB_ALIAS].settings_dict | {"OPTIONS": {}} | settings


def refuse(target, source):
    """Raise CommandError unless the target has no editions and the source all migrations."""
    if Edition.objects.using(target).exists():
        raise CommandError("The database that DATABASE_URL names has editions already. Copying is only possible into an empty one.")
    executor = MigrationExecutor(connections[source])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database to copy is of another release: run manage.py prepare beside it first.")


def empty(connection, models):
    """Take away what migrations have put in: the source has it too."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - names of our own tables


def copy_rows(model):
    """Copy a table's rows, those of a child model apart from those of its parents; returns how many there are."""
    count = 0
    for row in model._base_manager.using(SOURCE).order_by("pk").iterator():
        row.save_base(raw=True, force_insert=True, using=DEFAULT_DB_ALIAS)
        count += 1
    return count


def set_sequences(connection, models):
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
