"""Registry data made up by the tests: activities and issuances by chance, and releases with rows."""

import csv
import random
from datetime import date

from publishing.ledger import publish
from registry.models import ActivityRow, Release
from registry.records import ActivityRecord, IssuanceRecord
from registry.sources import OURS

FIRST = date(2004, 1, 1).toordinal()
AS_OF = date(2023, 11, 3).toordinal()
HOSTS = ["CN", "IN", "BR", "KE", "NA", "UG", "FJ"]
TYPES = ["Wind", "Hydro", "Solar", ""]
METHODS = ["ACM0002", "AMS-I.D.", "AM0001", "AR-AM0003", "AMS-II.G."]
STATUSES = ["Registered"] * 4 + ["Withdrawn", "Validated", "De-registered"]
WORDS = "wind windy farm Hydro São Paulo biogas Étude plant 50 MW landfill".split()


def activities(seed, size):
    """Records of activities; some lack what some real ones lack."""
    chance = random.Random(seed)
    return [activity(chance, number) for number in range(1, size + 1)]


def activity(chance, number):
    start = chance.randrange(FIRST, AS_OF)
    has_scale, is_known = chance.random() < 0.7, chance.random() < 0.97
    return ActivityRecord(
        number=1000 + number,
        key=f"KEY{number}",
        ref=number if chance.random() < 0.7 else None,
        title=" ".join(chance.sample(WORDS, 4)),
        kind=chance.choice(["PA", "PA", "PA", "PoA"]),
        status=chance.choice(STATUSES),
        hosts=tuple(chance.sample(HOSTS, chance.choice([0, 1, 1, 1, 3]))),
        subregions=("Eastern Asia",),
        scopes=(str(chance.randrange(1, 17)),) if chance.random() < 0.8 else (),
        type=chance.choice(TYPES),
        methodologies=tuple(chance.sample(METHODS, chance.choice([1, 1, 2]))),
        scale=chance.choice(["LARGE", "SMALL"]) if has_scale else "",
        validator=chance.choice(["DNV", "SGS"]),
        validation=start if is_known else None,
        crediting_start=start + chance.randrange(-400, 900) if chance.random() < 0.95 else None,
        reductions=chance.randrange(1, 100_000) if has_scale else None,
        megawatts=chance.choice([1.5, 20.0, None]),
        latitude=chance.uniform(-90, 90) if has_scale else None,
        longitude=chance.uniform(-180, 180) if has_scale else None,
    )


def issuances(seed, activities, size):
    """Issuances of those activities that have a number, to their first host or another."""
    chance = random.Random(seed)
    numbered = [row for row in activities if row.ref and row.status == "Registered"][: len(activities) // 2]
    return [issuance(chance, number, chance.choice(numbered)) for number in range(1, size + 1)] if numbered else []


def issuance(chance, number, row):
    day = chance.randrange(row.validation or FIRST, AS_OF)
    hosts = [*row.hosts[:1], "CN"] if chance.random() < 0.1 else row.hosts[:1]
    return IssuanceRecord(
        number=number,
        kind=row.kind,
        ref=row.ref,
        day=day,
        cers=chance.randrange(1, 1_000_000),
        host=(hosts or ["CN"])[-1],
        type=row.type,
        verifier=chance.choice(["DNV", "SGS", ""]),
        period=chance.choice([1, 2]),
        monitoring_start=day - 400,
        monitoring_end=day - 90,
    )


def release(as_of=date(2023, 11, 3), *, filling=None, **rows):
    """A published release with these rows: keys of activities and their titles; `filling(draft)` adds others."""
    draft = Release.objects.create(as_of=as_of, activities=len(rows))
    for key, title in rows.items():
        new_row(draft, key, title=title)
    if filling:
        filling(draft)
    publish([draft])
    return draft


def new_row(draft, key, **fields):
    values = {"kind": "PA", "status": "Registered", "title": key} | fields
    return ActivityRow.objects.create(key=key, from_release=draft.pk, **values)


ACTIVITY = {
    "activity_type": "PA",
    "status_group": "Registered",
    "host_country_first": "Brazil",
    "host_iso2": "BR",
    "subregion": "South America",
    "scope_number": "1",
    "project_type": "Wind",
    "methodologies": "ACM0002",
    "scale": "LARGE",
    "validating_doe": "Det Norske Veritas- CUK",
    "validation_start": "2005-01-02",
    "crediting_start": "2006-01-01",
    "crediting_end": "2015-12-31",
    "annual_reductions_tco2e_2018": "1000",
    "total_cers_issued": "0",
    "lat": "-10.5",
    "lon": "-50.25",
    "n_locations": "1",
}
ISSUANCE = {
    "activity_type": "PA",
    "host_iso2": "BR",
    "doe": "DNV",
    "project_type": "Wind",
    "project_subtype": "Wind",
    "issuance_process_id": "DNV1",
    "issuance_date": "2008-05-06",
    "monitoring_start": "2006-01-01",
    "monitoring_end": "2007-12-31",
    "cers_issued": "100",
    "kp_commitment_period": "1",
    "monitoring_report_no": "1",
    "source_release": "03Nov2023",
}
BLOCK = {"completed_at": "2008-05-06T10:00:00Z", "unit_type": "CER", "commitment_period": "1", "party_code": "BR", "project_ref": "7"}


def write_csv(path, sort, rows, columns=None):
    """A documented CSV of a sort with these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or OURS[sort], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def folder_of(path, activities, issuances=(), blocks=(), cancellations=()):
    """A folder with files of these rows, each given by what differs from the usual one."""
    path.mkdir(exist_ok=True)
    write_csv(path / "activities.csv", "activities", [ACTIVITY | row for row in activities])
    if issuances:
        write_csv(path / "issuances.csv", "issuances", [ISSUANCE | row for row in issuances])
    if blocks:
        write_csv(path / "blocks.csv", "blocks", [BLOCK | row for row in blocks])
    if cancellations:
        frame = BLOCK | {"transaction": "Cancellation", "voluntary_platform": "yes"}
        write_csv(path / "cancellations.csv", "cancellations", [frame | row for row in cancellations])
    return path


def write_workbook(path, rows):
    """A workbook of one sheet with these rows, the head first."""
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path
