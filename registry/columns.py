"""Columns of a table: arrays of numbers, made of the records of a release. Pure."""

import math
from array import array
from itertools import pairwise

from registry.cumulative import EVERYTHING
from registry.parties import party
from registry.records import NOT_GIVEN, SEVERAL
from registry.words import folded

NO_DAY = 0  # in columns of days: not known
NO_REF = 0
NO_PLACE = -1
UNKNOWN = math.nan  # in columns of numbers

# Columns of activities and of issuances with their type codes. Names of values lie in `Table.names`.
ACTIVITY_COLUMNS = {
    "numbers": "q",
    "refs": "i",
    "listed": "i",
    "validation": "i",
    "crediting_start": "i",
    "crediting_end": "i",
    "registered": "i",
    "first_issued": "i",
    "latest_issued": "i",
    "reductions": "d",
    "megawatts": "d",
    "latitudes": "f",
    "longitudes": "f",
    "kinds": "B",
    "statuses": "B",
    "plausible": "B",
    "badges": "B",
    "title_order": "I",
    "issuance_starts": "I",
}
ISSUANCE_COLUMNS = {
    "issuance_numbers": "q",
    "days": "i",
    "cers": "q",
    "places": "i",
    "issuance_hosts": "H",
    "issuance_types": "H",
    "verifiers": "H",
    "periods": "B",
    "monitoring_starts": "i",
    "monitoring_ends": "i",
    "of_activities": "I",
}


def first_days(issuances):
    """The day of the first issuance of each activity, by kind and reference number."""
    first = {}
    for row in issuances:
        key = (row.kind, row.ref)
        first[key] = min(row.day, first.get(key, row.day))
    return first


def listing_day(row, issued, as_of):
    """The day from which an activity is listed: that on which validation began, or the first issuance if that was earlier (ref 543).

    Where neither is known (one row, in which the file has 1970) it is known to be listed in the release alone.
    """
    return min(filter(None, (row.validation, issued)), default=as_of)


def names_in(rows, issuances):
    """The names behind the small numbers in columns, sorted."""
    found = {
        "kind": {row.kind for row in rows},
        "status": {row.status for row in rows},
        "host": {row.host for row in issuances},
        "type": {row.type for row in issuances},
        "verifier": {row.verifier for row in issuances},
    }
    return {name: sorted(values) for name, values in found.items()}


def activity_columns(rows, listed, names):
    codes = {name: {value: code for code, value in enumerate(values)} for name, values in names.items()}
    values = {
        "numbers": [row.number for row in rows],
        "refs": [row.ref or NO_REF for row in rows],
        "listed": listed,
        "validation": [row.validation or NO_DAY for row in rows],
        "crediting_start": [row.crediting_start or NO_DAY for row in rows],
        "crediting_end": [row.crediting_end or NO_DAY for row in rows],
        "registered": [row.registered or NO_DAY for row in rows],
        "reductions": [UNKNOWN if row.reductions is None else row.reductions for row in rows],
        "megawatts": [UNKNOWN if row.megawatts is None else row.megawatts for row in rows],
        "latitudes": [UNKNOWN if row.latitude is None else row.latitude for row in rows],
        "longitudes": [UNKNOWN if row.longitude is None else row.longitude for row in rows],
        "kinds": [codes["kind"][row.kind] for row in rows],
        "statuses": [codes["status"][row.status] for row in rows],
        "plausible": [row.is_plausible for row in rows],
        "badges": [row.badges for row in rows],
        "title_order": sorted(range(len(rows)), key=lambda place: (folded(rows[place].title), place)),
    }
    return {name: array(ACTIVITY_COLUMNS[name], column) for name, column in values.items()}


def issuance_columns(issuances, place_of, names, size):
    codes = {name: {value: code for code, value in enumerate(values)} for name, values in names.items()}
    places = [place_of.get((row.kind, row.ref), NO_PLACE) for row in issuances]
    own = [[] for _ in range(size)]
    for issuance, place in enumerate(places):
        if place != NO_PLACE:
            own[place].append(issuance)
    starts = [0]
    for found in own:
        starts.append(starts[-1] + len(found))
    values = {
        "issuance_numbers": [row.number for row in issuances],
        "days": [row.day for row in issuances],
        "cers": [row.cers for row in issuances],
        "places": places,
        "issuance_hosts": [codes["host"][row.host] for row in issuances],
        "issuance_types": [codes["type"][row.type] for row in issuances],
        "verifiers": [codes["verifier"][row.verifier] for row in issuances],
        "periods": [row.period for row in issuances],
        "monitoring_starts": [row.monitoring_start or NO_DAY for row in issuances],
        "monitoring_ends": [row.monitoring_end or NO_DAY for row in issuances],
        "of_activities": [issuance for found in own for issuance in found],
    }
    columns = {name: array(ISSUANCE_COLUMNS[name], column) for name, column in values.items()}
    return columns | {"issuance_starts": array(ACTIVITY_COLUMNS["issuance_starts"], starts)}


def add_issued_days(columns):
    """First and latest issuance of each activity, from its issuances."""
    starts, own, days = columns["issuance_starts"], columns["of_activities"], columns["days"]
    pairs = list(pairwise(starts))
    columns["first_issued"] = array("i", [days[own[start]] if end > start else NO_DAY for start, end in pairs])
    columns["latest_issued"] = array("i", [days[own[end - 1]] if end > start else NO_DAY for start, end in pairs])


def yes(condition):
    return ["yes" if condition else "no"]


# Groups of an issuance by dimension: functions of the issuance and its activity, which may be None.
DIMENSIONS = {
    "total": lambda _row, _activity: [EVERYTHING],
    "host": lambda row, _activity: [row.host],
    "subregion": lambda row, _activity: [party(row.host).subregion or NOT_GIVEN],
    "un_group": lambda row, _activity: [party(row.host).un_group or NOT_GIVEN],
    "ldc": lambda row, _activity: yes(party(row.host).is_ldc),
    "sids": lambda row, _activity: yes(party(row.host).is_sids),
    "kind": lambda row, _activity: [row.kind],
    "type": lambda row, _activity: [row.type or NOT_GIVEN],
    "scope": lambda _row, activity: (activity and activity.scopes) or [SEVERAL],
    "scale": lambda _row, activity: [(activity and activity.scale) or NOT_GIVEN],
    "method": lambda _row, activity: (activity and activity.methodologies) or [NOT_GIVEN],
    "verifier": lambda row, _activity: [row.verifier or NOT_GIVEN],
    "period": lambda row, _activity: [str(row.period)],
}


def counted(issuances):
    """What is counted of each issuance: (day, CERs, activity, host Party)."""
    return [(row.day, row.cers, (row.kind, row.ref), row.host) for row in issuances]


def grouped(issuances, told, rows, places, find):
    """(group, what is counted of it) of each issuance, once for each of its groups."""
    for row, own, place in zip(issuances, told, places, strict=True):
        for name in find(row, None if place == NO_PLACE else rows[place]):
            yield name, own
