"""Turns: the instants at which answers change by the clock alone, kept beside the record (docs/adr/0015-turns-beside-the-record.md).

The table holds just those that turn something: of each published edition the instants at which it is in force. What ends an edition takes
its later ones away, so that whoever asks for the latest or the next one looks at nothing else.
"""

from datetime import UTC, datetime

from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from publishing import clock, kinds
from publishing.models import Action, Edition, Record, Turn, erased_numbers

FOREVER = datetime.max.replace(tzinfo=UTC)


def of(edition):
    """Unsaved Turns of an edition: those instants that its kind names at which it is in force, but for its beginning."""
    if edition.action != Action.PUBLISH:
        return []
    named = kinds.get(edition.kind).turns(edition)
    end = edition.live_to or FOREVER
    return [Turn(edition_id=edition.number, field=name, instant=instant) for name, instant in named if edition.live_from < instant < end]


def write(editions):
    """Keep the turns of editions that have just been written; what is erased among them is not given."""
    Turn.objects.bulk_create([turn for edition in editions for turn in of(edition)])


def end(things, moment):
    """Forget what would turn later: at the moment the editions of the things end, or those scheduled are dropped."""
    Turn.objects.filter(edition__thing__in=things, instant__gte=moment).delete()


def forget(number):
    """Forget the turns of an edition that has been erased."""
    Turn.objects.filter(edition=number).delete()


def turned(after, until):
    """Turns with `after` < instant <= `until`."""
    return Turn.objects.filter(instant__gt=after, instant__lte=until)


def renew(using="default", **signal):
    """Bring the table up to the kinds of this release and the rules of time zones: after each migrate, and safe to repeat.

    The coming turns are made anew. Of those that have passed, only what is missing is added: of editions of before there was the table,
    or a field that turns. A turn that has passed stays, as it was seen.
    """
    turning = [kind for kind in kinds.every() if kind.turns_by_itself]
    if not has_editions(using, [kind.name for kind in turning]) or not is_migrated(using):
        return
    with transaction.atomic(using):
        record = Record.objects.using(using).select_for_update().get()
        now = max(clock.now(), record.at)
        kept = {(turn.edition_id, turn.field): turn for turn in Turn.objects.using(using)}
        wanted = {}
        for kind in turning:
            editions = kind.edition.objects.using(using).ever_in_force().exclude(number__in=erased_numbers())
            for edition in editions.defer(*kind.edition.bodies()).iterator():
                wanted |= {(turn.edition_id, turn.field): turn for turn in of(edition)}
        stale = [turn.pk for key, turn in kept.items() if turn.instant > now and not is_same(turn, wanted.get(key))]
        Turn.objects.using(using).filter(pk__in=stale).delete()
        there = {key for key, turn in kept.items() if turn.pk not in stale}
        Turn.objects.using(using).bulk_create([turn for key, turn in wanted.items() if key not in there])


def has_editions(using, names):
    is_there = Edition._meta.db_table in connections[using].introspection.table_names()
    return is_there and Edition.objects.using(using).filter(kind__in=names).exists()


def is_migrated(using):
    """Whether all tables are as this release has them; a single app may be migrated, and back too."""
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def is_same(turn, other):
    return other is not None and turn.instant == other.instant
