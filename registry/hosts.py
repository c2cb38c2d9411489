"""Host Parties of a release: their codes, and how many there are by other ways to count."""

from markup.lru import LRU, one
from publishing import snapshots
from registry.groups import REGISTERED
from registry.models import ActivityRow
from registry.parties import party
from registry.records import NOT_GIVEN

# Of the release shown now and the one before it.
held = LRU(2, one)
snapshots.instances.append(held)


def codes_in(table):
    """The codes of all Parties that host an activity or an issuance of a table, in the order of their names."""
    codes = {*table.index.bitmaps["host"], *table.names["host"]} - {NOT_GIVEN, ""}
    return sorted(codes, key=lambda code: (party(code).name, code))


def first_hosts(registry):
    """(by name, by code) how many first hosts the registered activities of the release have."""
    return held.get_or_make((registry.release.number, registry.release.entry), lambda: counted(registry))


def counted(registry):
    rows = registry.rows(ActivityRow).filter(status=REGISTERED).order_by().values_list("host", "host_name").distinct()
    codes, names = zip(*rows, strict=True) if rows else ((), ())
    return len({*names} - {""}), len({*codes} - {""})
