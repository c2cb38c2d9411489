"""Rows of files made into values of our rows: each value checked, what can be repaired repaired with a badge, the rest told with its line.

What the UNFCCC's files are known to hold, and what is right then, is in docs/registry.md.
"""

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db import models
from django.utils.translation import gettext as _

from markup.characters import FORBIDDEN
from registry.models import ActivityRow, CancelledBlockRow, IssuanceRow, IssuedBlockRow, MethodologyRow
from registry.parties import parties, party
from registry.records import ActivityKind, Badge
from registry.words import folded

JOIN = "; "
C1 = re.compile("[\x80-\x9f]")  # bytes of Windows-1252 read as Latin-1
NO_DAY = date(1970, 1, 1)  # the zero of a clock, not a day of the CDM
EARLIEST, LATEST = date(1990, 1, 1), date(2150, 1, 1)
MOST_UNITS, MOST_REFERENCE = 10**12, 10**6  # the units of all rows of a sheet together are held in 64 bits
MOST_MEGAWATTS = 10**6
CODE = re.compile(r"[A-Z]{2}\Z")
WHOLE = re.compile(r"(-?\d{1,40})(?:\.0*)?\Z", re.ASCII)
DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?\Z", re.ASCII)
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ][\d:.]+Z?)?\Z", re.ASCII)
IDENTIFIER = re.compile(r"(?=.*[A-Z])[A-Za-z0-9_]{1,64}\Z", re.ASCII)  # what an address of the page takes
SERIALS = re.compile(r"(\d+) - (\d+)\Z", re.ASCII)
PROJECT = re.compile(r"([A-Z]{2})-?(\d+)\Z", re.ASCII)
# Statuses of the website as the documented CSV groups them.
STATUSES = {
    "Rejected": "Withdrawn",
    "Validation Terminated": "Withdrawn",
    "Provisional": "Validated",
    "Validation Public": "Validated",
    "Validation Replaced": "Validated",
}


class RejectedRowError(Exception):
    """Row that is left out; says why."""


@dataclass
class Report:
    """Rejects and warnings of an import, as (file, line, reason)."""

    rejects: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    place: tuple = ("", 0)

    def reject(self, reason):
        self.rejects.append([*self.place, reason])

    def warn(self, reason):
        self.warnings.append([*self.place, reason])


def cleaned(source, report):
    """(key, values by field) of each row of a source that is accepted; the same key twice is rejected, as is what does not fit."""
    clean, model = CLEANERS[source.sort]
    limits = {f.name: f.max_length for f in model._meta.local_concrete_fields if isinstance(f, models.CharField)}
    seen, processes = set(), set()
    for line, row in source.rows():
        report.place = (source.name, line)
        try:
            key, values = clean(row, report)
            check_lengths({"key": key} | values, limits)
            if key in seen:
                raise RejectedRowError(_("{key} stands in the file before").format(key=key))
        except RejectedRowError as error:
            report.reject(str(error))
            continue
        seen.add(key)
        if process := values.get("process"):
            if process in processes:
                report.warn(_("the process number stands in the file before, both are kept: {number}").format(number=process))
            processes.add(process)
        yield key, values


def check_lengths(values, limits):
    """SQLite would take a longer text, PostgreSQL would not."""
    for name, limit in limits.items():
        if len(values.get(name) or "") > limit:
            raise RejectedRowError(_("{name} is longer than {limit} letters").format(name=name, limit=limit))


# Values


def text(value, name):
    value = " ".join(value.split())
    if FORBIDDEN.search(value):
        raise RejectedRowError(_("{name} holds a character that cannot be shown").format(name=name))
    return value


def required(value, name):
    value = text(value, name)
    if not value:
        raise RejectedRowError(_("{name} is empty").format(name=name))
    return value


def whole(value, name, most=MOST_UNITS, least=0):
    """A whole number, also where the file has 4.0; None for nothing."""
    if not (value := value.strip()):
        return None
    match = WHOLE.match(value)
    if not match:
        raise RejectedRowError(_("{name} is no whole number: {value}").format(name=name, value=value[:40]))
    number = int(match[1])
    if not least <= number <= most:
        raise RejectedRowError(_("{name} is out of range: {value}").format(name=name, value=value[:40]))
    return number


def needed(number, name):
    if number is None:
        raise RejectedRowError(_("{name} is empty").format(name=name))
    return number


def decimal(value, name):
    if not (value := value.strip()):
        return None
    number = float(value) if DECIMAL.match(value) else math.nan
    if not math.isfinite(number):
        raise RejectedRowError(_("{name} is no number: {value}").format(name=name, value=value[:40]))
    return number


def megawatts(value):
    found = decimal(value, "capacity_mw")
    if found is not None and not 0 <= found <= MOST_MEGAWATTS:
        raise RejectedRowError(_("capacity_mw is out of range: {value}").format(value=value[:40]))
    return found


def day(value, name):
    """A date, of which a time of day may follow; None for nothing."""
    if not (value := value.strip()):
        return None
    match = DAY.match(value)
    try:
        found = date.fromisoformat(match[1] if match else "")
    except ValueError as error:
        raise RejectedRowError(_("{name} is no date like 2010-03-10: {value}").format(name=name, value=value[:40])) from error
    if found != NO_DAY and not EARLIEST <= found <= LATEST:
        raise RejectedRowError(_("{name} is out of range: {value}").format(name=name, value=value[:40]))
    return found


def instant(value, name):
    """A time in UTC; those of workbooks bear no zone."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise RejectedRowError(_("{name} is no time like 2010-03-10T17:07:00Z: {value}").format(name=name, value=value[:40])) from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def code(value, name):
    if not CODE.match(value):
        raise RejectedRowError(_("{name} is no code of a Party: {value!r}").format(name=name, value=value[:40]))
    return value


def identifier(value):
    value = required(value, "unique_id")
    if not IDENTIFIER.match(value):
        raise RejectedRowError(_("unique_id is no identifier: {value!r}").format(value=value[:40]))
    return value


def kind(value):
    if value not in list(ActivityKind):
        raise RejectedRowError(_("activity_type is neither PA nor PoA: {value!r}").format(value=value[:40]))
    return value


def joined(value, name):
    """Several values, each once, joined in one way."""
    return JOIN.join(dict.fromkeys(filter(None, (text(part, name) for part in value.split(";")))))


def repaired_letters(value):
    """The text with what Windows-1252 has at the places of control characters: quotes, dashes."""
    return C1.sub(lambda found: found[0].encode("latin-1").decode("cp1252", "ignore"), value)


# Sorts of rows


def activity(row, report):
    values = described(row, report)
    values |= {
        "host_name": text(row["host_country_first"], "host_country_first"),
        "reference_source": text(row["ref_source"], "ref_source"),
        "reductions": whole(row["annual_reductions_tco2e_2018"], "annual_reductions_tco2e_2018"),
        "locations": whole(row["n_locations"], "n_locations", 10**6),
        "host": code(row["host_iso2"], "host_iso2") if row["host_iso2"] else "",
    }
    values["hosts"] = values["host"]
    values |= located(row, [values["host"]] if values["host"] else [], values, report)
    if values["reference_source"].startswith("title"):
        values["badges"] |= Badge.MATCHED_REFERENCE
    if values["scale"] or values["reductions"] is not None or values["latitude"] is not None:
        values["badges"] |= Badge.MAP_FILE_2018
    warn_of_hosts(values["hosts"], report)
    return identifier(row["unique_id"]), values


def full_sheet(row, report):
    """A row of the UNFCCC's sheet of 65 columns, which has all hosts, the date of registration and more."""
    values = described(row, report)
    hosts = joined(row["hosts"], "List of host countries")
    for host in filter(None, hosts.split(JOIN)):
        code(host, "List of host countries")
    values |= {
        "hosts": hosts,
        "host": hosts[:2],
        "host_name": party(hosts[:2]).name if hosts else "",
        "reductions": whole(row["reductions"], "reductions"),
        "registered": day(row["registered"], "Registered or rejected") if values["status"] == "Registered" else None,
        "sheet": {text(name, "column"): text(repaired_letters(value), name) for name, value in row["all"].items()},
    }
    warn_of_hosts(hosts, report)
    return identifier(row["unique_id"]), values


def described(row, report):
    """Values that both files of activities have."""
    title, status = " ".join(row["title"].split()), text(row["status_group"], "status")
    values = {
        "reference": whole(row["project_ref"], "project_ref", MOST_REFERENCE) or None,
        "title": required(repaired_letters(title), "title"),
        "kind": kind(row["activity_type"]),
        "status": required(STATUSES.get(status, status), "status"),
        "subregions": joined(row["subregion"], "subregion"),
        "scopes": joined(row["scope_number"], "scope_number"),
        "project_type": text(row["project_type"], "project_type"),
        "methodologies": joined(row["methodologies"], "methodologies"),
        "scale": text(row["scale"], "scale"),
        "validator": text(row["validating_doe"], "validating_doe"),
        "validation_start": day(row["validation_start"], "validation_start"),
        "crediting_start": day(row["crediting_start"], "crediting_start"),
        "crediting_end": day(row["crediting_end"], "crediting_end"),
        "stated_cers": whole(row["total_cers_issued"], "total_cers_issued"),
        "capacity": megawatts(row["capacity_mw"]),
        "badges": 0,
        "raw": {},
    }
    if values["title"] != title:
        values["badges"] |= Badge.REPAIRED
        report.warn(_("the title holds control characters, repaired: {title}").format(title=values["title"][:80]))
        values["raw"]["title"] = title.encode("unicode_escape").decode()
    if values["validation_start"] == NO_DAY:
        values["validation_start"], values["raw"]["validation_start"] = None, row["validation_start"]
        report.warn(_("validation_start is 1 January 1970, taken as not given"))
    return values


def warn_of_hosts(hosts, report):
    for host in filter(None, hosts.split(JOIN)):
        if host not in parties():
            report.warn(_("host Party {host} is in no list of Parties: shown by its code").format(host=host))


def located(row, hosts, values, report):
    """The point of an activity. Out of range it is left out; outside the host Party it is repaired or marked as not plausible."""
    latitude, longitude = decimal(row["lat"], "lat"), decimal(row["lon"], "lon")
    nowhere = {"latitude": None, "longitude": None, "is_plausible": True}
    if latitude is None or longitude is None:
        return nowhere
    if abs(latitude) > 90 or abs(longitude) > 180:
        values["raw"] |= {"lat": row["lat"], "lon": row["lon"]}
        report.warn(_("coordinates are out of range, left out"))
        return nowhere
    found = {"latitude": latitude, "longitude": longitude, "is_plausible": True}
    if not hosts or any(party(host).holds(latitude, longitude) for host in hosts):
        return found
    values["raw"] |= {"lat": row["lat"], "lon": row["lon"]}
    for other, across in candidates(latitude, longitude):
        if abs(other) <= 90 and any(party(host).holds(other, across) for host in hosts):
            values["badges"] |= Badge.REPAIRED
            report.warn(_("coordinates lie outside the host Party, repaired"))
            return found | {"latitude": other, "longitude": across}
    report.warn(_("coordinates lie outside the host Party, not shown on the map"))
    return found | {"is_plausible": False}


def candidates(latitude, longitude):
    """What may have been meant: a sign lost, or latitude and longitude exchanged."""
    signs = ((1, 1), (-1, 1), (1, -1), (-1, -1))
    return [
        *((latitude * one, longitude * other) for one, other in signs[1:]),
        *((longitude * one, latitude * other) for one, other in signs),
    ]


def issuance(row, report):
    date_of = needed(day(row["issuance_date"], "issuance_date"), "issuance_date")
    values = {
        "kind": kind(row["activity_type"]),
        "reference": needed(whole(row["project_ref"], "project_ref", MOST_REFERENCE, 1), "project_ref"),
        "process": text(row["issuance_process_id"], "issuance_process_id"),
        "date": date_of,
        "cers": needed(whole(row["cers_issued"], "cers_issued"), "cers_issued"),
        "host": code(row["host_iso2"], "host_iso2"),
        "verifier": text(row["doe"], "doe"),
        "project_type": text(row["project_type"], "project_type"),
        "subtype": text(row["project_subtype"], "project_subtype"),
        "period": needed(whole(row["kp_commitment_period"], "kp_commitment_period", 9, 1), "kp_commitment_period"),
        "monitoring_start": day(row["monitoring_start"], "monitoring_start"),
        "monitoring_end": day(row["monitoring_end"], "monitoring_end"),
        "report_number": whole(row["monitoring_report_no"], "monitoring_report_no", 10**6),
    }
    warn_of_hosts(values["host"], report)
    parts = ("kind", "reference", "process", "date", "period", "monitoring_start")
    return "|".join(str(values[name] or "") for name in parts), values


def block(row, _report):
    """A block of units: its serials apart, or joined as in `1 - 2210`."""
    if "serials" in row:
        match = SERIALS.match(row["serials"])
        if not match:
            raise RejectedRowError(_("the serial range is not like 1 - 2210: {value!r}").format(value=row["serials"][:40]))
        first, last = whole(match[1], "serial"), whole(match[2], "serial")
    else:
        first, last = whole(row["serial_start"], "serial_start", least=1), whole(row["serial_end"], "serial_end", least=1)
    if row.get("status", "4 - Completed") != "4 - Completed":
        raise RejectedRowError(_("the transaction is not completed: {value!r}").format(value=row["status"][:40]))
    held, reference = block_of(row)
    values = {
        "completed": instant(row["completed_at"], "completed_at"),
        "unit_type": required(row["unit_type"], "unit_type"),
        "period": needed(whole(row["commitment_period"], "commitment_period", 9, 1), "commitment_period"),
        "party": code(held, "party_code"),
        "reference": whole(reference, "project_ref", 10**9) or None,
        "first": needed(first, "serial_start"),
        "last": needed(last, "serial_end"),
        "units": needed(whole(row["units"], "units"), "units"),
    }
    if values["last"] - values["first"] + 1 != values["units"]:
        raise RejectedRowError(
            _("{units} units do not fill the serials {first} to {last}").format(
                units=values["units"], first=values["first"], last=values["last"]
            )
        )
    return f"{held}-{first}", values


def block_of(row):
    """(Party, number of the project), apart in one file and joined as in `BR-2569` in the other."""
    if "project_identifier" not in row:
        return row["party_code"], row["project_ref"]
    match = PROJECT.match(row["project_identifier"])
    if not match:
        raise RejectedRowError(_("the project is not like BR-2569: {value!r}").format(value=row["project_identifier"][:40]))
    return match[1], match[2]


def cancellation(row, report):
    if not row["transaction"].startswith("Cancellation"):
        raise RejectedRowError(_("the transaction is no cancellation: {value!r}").format(value=row["transaction"][:40]))
    key, values = block(row, report)
    platform = row["voluntary_platform"].lower()
    if platform not in ("yes", "no"):
        raise RejectedRowError(_("voluntary_platform is neither yes nor no: {value!r}").format(value=platform[:40]))
    return key, values | {"is_voluntary": platform == "yes"}


def methodology(row, _report):
    source = text(row["title_source"], "title_source")
    values = {
        "family": text(row["family"], "family"),
        "title": text(row["title"], "title"),
        "latest_version": text(row["latest_version_seen"], "latest_version_seen"),
        "title_source": source,
        "is_official": "RECALL" not in source,
    }
    return required(row["code"], "code"), values


def transitioned(row, _report):
    """An activity of the list of those that went over to the Paris Agreement, with its date of registration."""
    values = {
        "kind": kind(row["type"]),
        "reference": needed(whole(row["ref"], "ref", MOST_REFERENCE, 1), "ref"),
        "title": required(row["title"], "title"),
        "registered": day(row["registered"], "registered"),
    }
    return str(values["reference"]), values


CLEANERS = {
    "activities": (activity, ActivityRow),
    "sheet": (full_sheet, ActivityRow),
    "issuances": (issuance, IssuanceRow),
    "blocks": (block, IssuedBlockRow),
    "cancellations": (cancellation, CancelledBlockRow),
    "methodologies": (methodology, MethodologyRow),
    "transitioned": (transitioned, ActivityRow),
}


# Files brought together


def with_sheet(activities, sheet):
    """Add to the activities, a dict of values by key, what the full sheet says of them: all hosts, scopes, the date of registration."""
    for key, more in sheet.items():
        if own := activities.get(key):
            own |= {name: more[name] for name in ("hosts", "registered", "sheet") if more[name]}
            own["scopes"] = own["scopes"] or more["scopes"]


def with_transitioned(activities, listed, report):
    """Add the dates of registration of the transitioned activities, by number or, where the file has none, by a title of one row."""
    by_reference = {values["reference"]: values for values in activities.values() if values["reference"]}
    by_title = {}
    for values in activities.values():
        if not values["reference"]:
            by_title.setdefault((values["kind"], folded(values["title"])), []).append(values)
    for more in listed.values():
        own = by_reference.get(more["reference"])
        if own is None:
            matching = by_title.get((more["kind"], folded(more["title"])), [])
            if len(matching) != 1:
                report.warn(
                    _("{kind} {reference} is listed as transitioned; its title fits {count} rows, left out").format(
                        kind=more["kind"], reference=more["reference"], count=len(matching)
                    )
                )
                continue
            own = matching[0]
            own["matched_reference"] = more["reference"]
            own["badges"] |= Badge.MATCHED_REFERENCE
        own["registered"] = own.get("registered") or more["registered"]


def with_what_was_told(activities, rows, without_sheet, without_list):
    """Add what the release before had from the full sheet, or from the list of transitioned activities, where a folder is without it."""
    for row in rows:
        own = activities.get(row.key)
        if own is None or not (without_sheet if row.sheet else without_list):
            continue
        own["registered"] = own.get("registered") or row.registered
        if row.sheet:
            own |= {"hosts": row.hosts, "sheet": row.sheet, "scopes": own["scopes"] or row.scopes}
        if row.matched_reference and without_list and not own["reference"]:
            own["matched_reference"] = row.matched_reference
            own["badges"] |= Badge.MATCHED_REFERENCE


def contradicted(activities, issuances, report):
    """Mark the activities of which the file states another total than their issuances have."""
    totals = {}
    for values in issuances:
        totals[values["kind"], values["reference"]] = totals.get((values["kind"], values["reference"]), 0) + values["cers"]
    for values in activities.values():
        total = totals.get((values["kind"], values["reference"]), 0)
        if values["stated_cers"] is not None and values["stated_cers"] != total:
            values["badges"] |= Badge.CONTRADICTED
            name = values["reference"] or values["title"]
            report.warn(
                _("the file states other CERs than were issued: {stated} for activity {name}, issued were {total}").format(
                    stated=values["stated_cers"], name=name, total=total
                )
            )
