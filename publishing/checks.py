"""System checks of the record."""

from django.core.checks import Error, Tags, register
from django.db import connections

from publishing.immutability import armed_tables, guarded_models


@register(Tags.database)
def editions_are_protected(databases=None, **kwargs):
    """Every table of editions must carry the triggers that refuse changes."""
    for alias in databases or []:
        connection = connections[alias]
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
        expected = {model._meta.db_table for model in guarded_models()} & tables
        for table in sorted(expected - armed_tables(connection)):
            yield Error(f"The table {table} can be changed: its triggers are missing.", hint="Run manage.py migrate.", id="publishing.E001")


@register(Tags.models)
def only_editions_bear_the_word(**kwargs):
    """A table with `edition` in its name is a table of editions, and the other way round."""
    from django.apps import apps

    from publishing.models import Edition

    for model in apps.get_models():
        if ("edition" in model._meta.db_table) != issubclass(model, Edition):
            yield Error(
                f"{model._meta.label}: exactly the tables of editions have “edition” in their names.", obj=model, id="publishing.E002"
            )
