"""JSON Schemas of what the addresses for programmes answer. Closed: an answer has these members and no others.

Columns come from where the files are made; a test holds every schema against an answer.
"""

from calls.states import CallState
from calls.views import COLUMNS as OF_SUBMISSIONS
from documents.exports import HEADER as OF_DOCUMENTS
from documents.models import DocumentClass
from publishing.dates import Precision
from publishing.readiness import checks
from registry import columns_told, exports
from registry.release_changes import FIELDS
from registry.stat_tables import SHARES
from registry.views import cdm_registry, issuance, releases, statistics
from search.facet_labels import FACETS as OF_SEARCH

TEXT, COUNT, FLAG = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "boolean"}
ADDRESS = {"type": "string", "format": "uri"}
PATH = {"type": "string", "pattern": "^/"}
DAY, INSTANT = {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}
# A day, or the month or year that alone is known; empty where nothing is.
KNOWN_DAY = {"type": "string", "pattern": "^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$"}
YEAR = {"type": "string", "pattern": "^[0-9]{4}$"}
PER_CENT = {"type": "string", "pattern": r"^[0-9]{1,3}\.[0-9]$"}
LANGUAGE = {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"}
UNIT_PARTY = {"type": "string", "maxLength": 10}


def closed(properties, optional=()):
    """An object of these members and no others; all but the `optional` are always there."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def list_of(items):
    return {"type": "array", "items": items}


def or_null(schema):
    return schema | {"type": [schema["type"], "null"]} if isinstance(schema.get("type"), str) else {"oneOf": [schema, {"type": "null"}]}


def part(name):
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(values):
    return {"type": "string", "enum": [str(value) for value in values]}


def by(pattern, schema):
    """An object whose members are named by data, such as by years."""
    return {"type": "object", "patternProperties": {pattern: schema}, "additionalProperties": False}


def columns(names):
    """A row of a file of the registry, by the types that registry.columns_told gives its columns."""
    types = {columns_told.INTEGER: {"type": "integer"}, columns_told.NUMBER: {"type": "number"}, columns_told.DATE: DAY}
    return closed(
        {name: or_null(types.get(columns_told.TOLD[name][0], TEXT)) | {"description": str(columns_told.TOLD[name][1])} for name in names}
    )


def of_fields(kind):
    """A row of the file of a ListedKind, by the fields of its edition; what is made for the file is a text."""
    fields = {field.name: field for field in kind.edition._meta.get_fields()}
    return closed({name: of_field(fields.get(name)) for name in kind.columns} | {"address": ADDRESS})


def of_field(field):
    if field is None or not hasattr(field, "get_internal_type"):
        return or_null(TEXT)
    made = {"DateField": DAY, "DateTimeField": INSTANT, "BooleanField": FLAG, "JSONField": list_of(TEXT)}
    schema = made.get(field.get_internal_type(), {"type": "integer"} if "Integer" in field.get_internal_type() else TEXT)
    return or_null(schema) if field.null else schema


# The registry's lists

LIST_HEAD = {"source": TEXT, "release": or_null(DAY), "as_of": DAY, "is_sample": FLAG}
OF_POINTS = tuple(name for name in exports.HEADER if name not in ("lat", "lon"))
POINT = closed({"type": {"const": "Point"}, "coordinates": list_of({"type": "number"}) | {"minItems": 2, "maxItems": 2}})
OF_ISSUANCE = (*issuance.COLUMNS, "address")


def filters_of(names):
    return closed({name: list_of(TEXT) for name in names}, optional=names)


def list_of_rows(row, names):
    return closed(LIST_HEAD | {"filter": filters_of(names), "total": COUNT, "items": list_of(part(row))})


def points(names):
    feature = {"type": {"const": "Feature"}, "id": TEXT, "geometry": POINT, "properties": part("PlacedActivity")}
    about = {"type": {"const": "FeatureCollection"}} | LIST_HEAD | {"filter": filters_of(names), "total": COUNT}
    return closed(about | {"features": list_of(closed(feature))})


FACT = closed(
    {"name": TEXT, "label": TEXT, "values": list_of(TEXT), "source": TEXT, "marks": list_of(TEXT), "note": TEXT, "source_address": ADDRESS},
    optional=["source_address"],
)
ONE_ISSUANCE = closed(
    {
        "date": DAY,
        "cers": COUNT,
        "running_total": COUNT,
        "is_sum_of": or_null(COUNT),
        "monitoring_start": or_null(DAY),
        "monitoring_end": or_null(DAY),
        "commitment_period": or_null(COUNT),
        "host": TEXT,
        "verifier": TEXT,
        "process": TEXT,
    }
)
UNITS = closed(
    {
        "completed": or_null(INSTANT),
        "what": one_of(["issued", "cancelled"]),
        "voluntary_platform": or_null(FLAG),
        "unit_type": TEXT,
        "commitment_period": or_null(COUNT),
        "party": UNIT_PARTY,
        "serial_start": COUNT,
        "serial_end": COUNT,
        "units": COUNT,
    }
)
ACTIVITY_HEAD = {
    "address": ADDRESS,
    "as_of": DAY,
    "figures_to": DAY,
    "release": or_null(TEXT),
    "is_sample": FLAG,
    "title": TEXT,
    "listed": FLAG,
    "state": TEXT,
    "registered": or_null(DAY),
    "transitioned_by": or_null(DAY),
}
OF_LISTED = {
    "facts": list_of(part("Fact")),
    "cers_issued": COUNT,
    "issuances": list_of(ONE_ISSUANCE),
    "units": list_of(UNITS),
    "official_page": ADDRESS,
}
ACTIVITY = closed(ACTIVITY_HEAD | OF_LISTED, optional=OF_LISTED)
ACCREDITATION = closed(
    {"date": KNOWN_DAY, "event": TEXT, "what": TEXT, "sectoral_scopes": TEXT, "note": TEXT, "named": TEXT, "source": TEXT}
)
GROUP = closed(
    {
        "address": ADDRESS,
        "title": TEXT,
        "as_of": DAY,
        "figures_to": DAY,
        "is_sample": FLAG,
        "release": or_null(TEXT),
        "facts": by("^[a-z_]+$", list_of(TEXT)),
        "figures": list_of(closed({"value": {"type": ["integer", "string"]}, "what": TEXT})),
        "cers_by_year": by("^[0-9]{4}$", COUNT),
        "activities": list_of(closed({"address": PATH, "title": TEXT, "cers": or_null(COUNT)})),
        "accreditation": list_of(part("Accreditation")),
    },
    optional=["accreditation"],
)


def groups(numbers, **more):
    """A list of groups: `numbers` are the names of its columns, `more` further members of each."""
    named = {"address": ADDRESS, "name": TEXT} | more
    row = closed(named | {"detail": TEXT} | dict.fromkeys(numbers, or_null(COUNT)), optional=numbers)
    head = {"title": TEXT, "figures_to": DAY, "is_sample": FLAG, "release": or_null(TEXT)}
    return closed(head | {"items": list_of(row), "others": list_of(closed(named))}, optional=["others"])


# Statistics and the CDM registry

CELLS = {
    "value": TEXT,
    "label": TEXT,
    "cers": COUNT,
    "issuances": COUNT,
    "activities": COUNT,
    "host_parties": COUNT,
    "share_percent": PER_CENT,
    "running_total": COUNT,
    "is_part": one_of(["yes", "no"]),
    "units": COUNT,
    "blocks": COUNT,
}


def groups_of(names, total, day):
    rows = closed({name: CELLS[name] for name in names})
    return closed({"source": TEXT, "as_of": day, "by": TEXT, total: COUNT, "items": list_of(rows)})


def table_of(row):
    return closed({"source": TEXT, "as_of": DAY, "finding": TEXT, "items": list_of(row)})


FIRST = closed({"year": YEAR, "activities": COUNT, "running_total": COUNT})
DELAY = closed({"year": YEAR, "issuances": COUNT, "quarter": COUNT, "half": COUNT, "three_quarters": COUNT})
CONCENTRATION = closed(
    {"activities_with_most": one_of(f"{share} %" for share in SHARES), "activities": COUNT, "cers": COUNT, "share_percent": PER_CENT}
)
THEN = closed({"type": TEXT, "cers": COUNT, "share_2010": PER_CENT, "share": PER_CENT}, optional=["share_2010"])
# Any of them: before the first CERs a list of rows is empty, and could be of each.
STATISTICS = {
    "anyOf": [
        groups_of(statistics.COLUMNS, "cers", DAY),
        groups_of(statistics.COLUMNS_BY_TIME, "cers", DAY),
        *map(table_of, (FIRST, DELAY, CONCENTRATION, THEN)),
    ]
}
# CERs by year of one activity or group, at `?by=year` below its address.
OWN_YEAR = closed({"year": YEAR, "cers": COUNT, "issuances": COUNT, "running_total": COUNT})
OWN_YEARS = closed({"subject": TEXT, "source": TEXT, "as_of": DAY, "finding": TEXT, "items": list_of(OWN_YEAR)})
COMPARED = by("^[A-Z]{2}$", {"oneOf": [COUNT, PER_CENT]})
COMPARISON = table_of(COMPARED | {"properties": {"figure": TEXT}, "required": ["figure"]})
LOOKED_UP = {"as_of": DAY, "registry_reports_to": or_null(DAY), "is_sample": FLAG}
CANCELLED_PART = closed({"serial_start": COUNT, "serial_end": COUNT, "completed": or_null(INSTANT), "voluntary_platform": or_null(FLAG)})
BLOCK = closed(
    {
        "serial_start": COUNT,
        "serial_end": COUNT,
        "units": COUNT,
        "unit_type": TEXT,
        "commitment_period": or_null(COUNT),
        "project_ref": or_null(COUNT),
        "completed": or_null(INSTANT),
        "units_asked": COUNT,
        "issuance": or_null(closed({"date": DAY, "cers": COUNT, "process": TEXT})),
        "cancelled": list_of(CANCELLED_PART),
    }
)
NUMBERS = ("first", "last", "units", "blocks", "issued", "cancellations", "cancelled")
FOUND_UNITS = closed(LOOKED_UP | {"party": UNIT_PARTY} | dict.fromkeys(NUMBERS, COUNT) | {"items": list_of(BLOCK)})
NO_SERIAL = closed(LOOKED_UP | {"problem": TEXT})
REGISTRY = {"oneOf": [groups_of(cdm_registry.COLUMNS, "units", or_null(DAY)), FOUND_UNITS, NO_SERIAL]}

# Releases

FILE_READ = closed(
    {"name": TEXT, "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "holds": TEXT, "rows": COUNT, "until": DAY},
    optional=["until"],
)
RELEASE = closed(
    {"address": ADDRESS, "as_of": DAY, "revision": COUNT, "published": INSTANT}
    | dict.fromkeys((*releases.COUNTED, "rejected", "warned"), COUNT)
    | {"note": TEXT, "files": list_of(FILE_READ)}
)
VALUE = {"type": ["string", "number", "boolean", "null"]}
CHANGE = closed(
    {"what": one_of(releases.WHAT), "unique_id": TEXT, "project_ref": or_null(COUNT), "title": TEXT}
    | {"field": one_of(["", *FIELDS]), "before": VALUE, "after": VALUE}
)
COUNT_AND_CERS = closed({"count": COUNT, "cers": COUNT})
CHANGES = closed(
    {
        "release": ADDRESS,
        "before": ADDRESS,
        "activities": closed(dict.fromkeys(releases.WHAT, COUNT), optional=releases.WHAT),
        "fields": closed(dict.fromkeys(FIELDS, COUNT), optional=FIELDS),
        "moves_of_status": list_of(closed({"before": TEXT, "after": TEXT, "activities": COUNT})),
        "issuances_added": COUNT_AND_CERS,
        "issuances_gone": COUNT_AND_CERS,
        "issuances_added_of_the_past": COUNT_AND_CERS,
        "items": list_of(CHANGE),
    }
)

# Documents, news, feeds

DOCUMENT = closed(
    dict.fromkeys(OF_DOCUMENTS, TEXT)
    | {
        "class": one_of(DocumentClass.values),
        "date": KNOWN_DAY,
        "date_precision": one_of(["", *Precision.values]),
        "subjects": list_of(TEXT),
        "valid_from": or_null(DAY),
        "valid_to": or_null(DAY),
        "address": ADDRESS,
    }
)
NEWS_ITEM = closed(
    {
        "date": KNOWN_DAY,
        "date_precision": one_of(Precision.values),
        "title": TEXT,
        "summary": TEXT,
        "topics": list_of(TEXT),
        "address": ADDRESS,
    }
)
# An instant of the end of a call, or the day that alone is known.
DAY_OR_MINUTE = {"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}Z)?)?$"}
CALL = closed(
    {
        "state": one_of(CallState.values),
        "opens": DAY_OR_MINUTE,
        "closes": DAY_OR_MINUTE,
        "closing_in_words": TEXT,
        "title": TEXT,
        "asked_by": TEXT,
        "audience": TEXT,
        "summary": TEXT,
        "address": ADDRESS,
    }
)
SUBMISSION = closed(
    dict.fromkeys(OF_SUBMISSIONS, TEXT) | {"number": COUNT, "submitted_utc": INSTANT, "like": or_null(COUNT), "address": ADDRESS}
)


def list_at(row):
    """A list of things of the record, as the JSON of publishing.exports."""
    return closed({"as_at": or_null(INSTANT), "count": COUNT, "items": list_of(row)})


def documents(facets):
    chosen = {facet.name: list_of(TEXT) for facet in facets} | {"words": TEXT}
    head = {"as_at": or_null(INSTANT), "filters": closed(chosen, optional=chosen), "sort": TEXT, "count": COUNT}
    return closed(head | {"documents": list_of(DOCUMENT)})


ENTRY = closed(
    {
        "id": TEXT,
        "url": ADDRESS,
        "title": TEXT,
        "summary": TEXT,
        "content_html": TEXT,
        "date_published": INSTANT,
        "date_modified": INSTANT,
        "tags": list_of(TEXT),
    },
    optional=["title", "summary", "content_html", "tags"],
)
FEED = closed(
    {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": TEXT,
        "description": TEXT,
        "home_page_url": ADDRESS,
        "feed_url": ADDRESS,
        "next_url": ADDRESS,
        "language": LANGUAGE,
        "authors": list_of(closed({"name": TEXT, "url": ADDRESS})),
        "items": list_of(ENTRY),
    },
    optional=["next_url"],
)

# Search

LINK = closed({"title": TEXT, "url": ADDRESS})
HIT = closed(
    LINK["properties"]
    | {
        "kind": TEXT,
        "section": TEXT,
        "date": or_null(KNOWN_DAY),
        "date_precision": or_null(TEXT),
        "passage": TEXT,
        "part": or_null(LINK),
        "language": LANGUAGE,
    }
)
COUNTED_VALUE = closed({"value": TEXT, "label": TEXT, "count": COUNT})
RESULTS = closed(
    {
        "query": TEXT,
        "count": COUNT,
        "page": COUNT,
        "pages": COUNT,
        "partial": FLAG,
        "source": one_of(["index", "past", "missing", "damaged", "behind"]),
        "corrected": or_null(TEXT),
        "best_bets": list_of(closed(LINK["properties"] | {"text": TEXT, "language": LANGUAGE})),
        "nearest": list_of(LINK),
        "results": list_of(HIT),
        "list": or_null(ADDRESS),
        "facets": closed({facet.name: list_of(COUNTED_VALUE) for facet in OF_SEARCH}, optional=[facet.name for facet in OF_SEARCH]),
    }
)
ERROR = closed({"error": TEXT})
SUGGESTION = closed({"title": TEXT, "kind": TEXT, "url": PATH, "why": TEXT, "language": LANGUAGE}, optional=["language"])
SUGGESTIONS = closed({"query": TEXT, "suggestions": list_of(SUGGESTION) | {"maxItems": 8}})
TEXTS = list_of(TEXT) | {"maxItems": 8}
# What was typed, then titles, why they were found, and addresses, in the same order.
SUGGESTIONS_OF_BROWSERS = list_of({"oneOf": [TEXT, TEXTS]}) | {"minItems": 4, "maxItems": 4}

# The portal itself

ALIVE = closed({"alive": {"const": True}})


def ready():
    """Of each check whether it passed; what it counts, or why it failed, is for operators on the portal's own machine."""
    fact = {"type": ["string", "integer", "boolean", "array", "null"]}
    facts = {"type": "object", "properties": {"ok": FLAG}, "required": ["ok"], "additionalProperties": fact}
    return closed({"ready": FLAG, "checks": closed(dict.fromkeys(sorted(checks), facts), optional=checks)})


ICON = closed({"src": PATH, "sizes": TEXT, "type": TEXT})
MANIFEST = closed({"name": TEXT, "short_name": TEXT, "start_url": PATH, "display": TEXT, "theme_color": TEXT, "icons": list_of(ICON)})
COLUMN = closed({"name": TEXT, "titles": TEXT, "datatype": TEXT, "dc:description": TEXT, "null": TEXT})
TABLE = closed({"url": ADDRESS, "dc:title": TEXT, "tableSchema": closed({"columns": list_of(COLUMN)})})
CSVW = closed(
    {
        "@context": {"type": "array"},
        "dc:source": TEXT,
        "dialect": closed({"encoding": TEXT, "header": FLAG}),
        "tables": list_of(TABLE),
    }
)
OPENAPI = closed(
    {
        "openapi": {"const": "3.1.0"},
        "info": {"type": "object"},
        "servers": {"type": "array"},
        "paths": {"type": "object"},
        "components": {"type": "object"},
    }
)


def components():
    """The schemas that others refer to by name."""
    return {
        "Activity": columns(exports.HEADER),
        "PlacedActivity": columns(OF_POINTS),
        "Issuance": columns(OF_ISSUANCE),
        "Fact": FACT,
        "Accreditation": ACCREDITATION,
        "Release": RELEASE,
    }
