"""Tables of releases: made of the rows in the database, or loaded from the bytes that were kept beside the release."""

from django.db import transaction

from markup.lru import LRU, one
from publishing import clock, snapshots
from registry import packing
from registry.facets import FACETS
from registry.models import ActivityRow, IssuanceRow, PackedTable, ReleaseEdition
from registry.records import ActivityRecord, IssuanceRecord
from registry.table import Table

JOIN = "; "
# What a table is made of.
ACTIVITY_FIELDS = (
    "pk key reference title kind status hosts subregions scopes project_type methodologies scale validator validation_start crediting_start"
    " crediting_end registered reductions capacity latitude longitude is_plausible badges"
).split()
ISSUANCE_FIELDS = "pk kind reference date cers host project_type verifier period monitoring_start monitoring_end".split()
# The release shown now and the one before it; each takes some 7 MB.
held = LRU(2, one)
snapshots.instances.append(held)


def table_of(edition):
    """The table of a published release; held in the process for as long as its entry stands."""
    return held.get_or_make((edition.number, edition.entry), lambda: load(edition.thing_id, edition.as_of))


def load(release, as_of):
    """The table of a release (the id of its thing, the last day of its data), from its bytes or, without good ones, from its rows."""
    kept = PackedTable.objects.filter(release=release, form=packing.form(FACETS)).values_list("data", flat=True).first()
    try:
        return packing.unpack(kept, FACETS) if kept else make(release, as_of)
    except ValueError:
        return make(release, as_of)


def make(release, as_of, without=frozenset()):
    """The table made of the release's rows, which takes a second or two. `without` has (model, number) of rows that it will close."""
    activities = ActivityRow.objects.of_release(release).values_list(*ACTIVITY_FIELDS, named=True).iterator()
    issuances = IssuanceRow.objects.of_release(release).values_list(*ISSUANCE_FIELDS, named=True).iterator()
    return Table.of(
        as_of.toordinal(),
        [activity_record(row) for row in activities if (ActivityRow, row.pk) not in without],
        [issuance_record(row) for row in issuances if (IssuanceRow, row.pk) not in without],
        FACETS,
    )


def keep(release, as_of, without=frozenset()):
    """Make the bytes of a release's table and keep them beside it; returns how many."""
    data = packing.pack(make(release, as_of, without))
    with transaction.atomic():
        PackedTable.objects.update_or_create(release=release, defaults={"form": packing.form(FACETS), "data": data})
    return len(data)


def renew(release, as_of):
    """Keep the bytes of a release in today's form, where they are of an earlier one: after an upgrade. Whether that was needed."""
    if PackedTable.objects.filter(release=release, form=packing.form(FACETS)).exists():
        return False
    keep(release, as_of)
    return True


def renew_shown():
    """Renew the bytes of the release that is shown now, if there is one."""
    shown = ReleaseEdition.objects.defer("report").live(clock.now()).order_by("-thing_id").first()
    if shown:
        renew(shown.thing_id, shown.as_of)


def several(text):
    return tuple(text.split(JOIN)) if text else ()


def ordinal(day):
    return day.toordinal() if day else None


def activity_record(row):
    return ActivityRecord(
        number=row.pk or 0,
        key=row.key,
        ref=row.reference,
        title=row.title,
        kind=row.kind,
        status=row.status,
        hosts=several(row.hosts),
        subregions=several(row.subregions),
        scopes=several(row.scopes),
        type=row.project_type,
        methodologies=several(row.methodologies),
        scale=row.scale,
        validator=row.validator,
        validation=ordinal(row.validation_start),
        crediting_start=ordinal(row.crediting_start),
        crediting_end=ordinal(row.crediting_end),
        registered=ordinal(row.registered),
        reductions=row.reductions,
        megawatts=row.capacity,
        latitude=row.latitude,
        longitude=row.longitude,
        is_plausible=row.is_plausible,
        badges=row.badges,
    )


def issuance_record(row):
    return IssuanceRecord(
        number=row.pk or 0,
        kind=row.kind,
        ref=row.reference,
        day=row.date.toordinal(),
        cers=row.cers,
        host=row.host,
        type=row.project_type,
        verifier=row.verifier,
        period=row.period,
        monitoring_start=ordinal(row.monitoring_start),
        monitoring_end=ordinal(row.monitoring_end),
    )
