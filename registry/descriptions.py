"""Descriptions of the registry's files and addresses for programmes: CSVW metadata and OpenAPI 3.1. Plain data."""

from registry.cancellations import BREAKDOWNS as CANCELLED
from registry.columns_told import FILES, columns_of
from registry.filters import DAYS, ENDS, NAMES, ORDERS, TOGETHER, YES_OR_NO
from registry.issuances import FILTERS as OF_ISSUANCES
from registry.release_changes import FIELDS
from registry.stat_tables import HEADINGS
from registry.statistics import BREAKDOWNS

CSV, JSON, NDJSON = "text/csv", "application/json", "application/x-ndjson"
GEOJSON, ATOM, SVG = "application/geo+json", "application/atom+xml", "image/svg+xml"
OF_LISTS = {"csv": CSV, "json": JSON, "ndjson": NDJSON, "geojson": GEOJSON, "atom": ATOM}
OF_TABLES = {"csv": CSV, "json": JSON, "svg": SVG}
ONE = {"json": JSON}


def csvw(site):
    """Metadata of the CSV files by the W3C's vocabulary for tabular data."""
    tables = []
    for name, (address, title, _columns) in FILES.items():
        columns = [
            {"name": column, "titles": column, "datatype": kind, "dc:description": str(told), "null": ""}
            for column, kind, told in columns_of(name)
        ]
        tables.append({"url": site + address, "dc:title": str(title), "tableSchema": {"columns": columns}})
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:source": "UNFCCC",
        "dialect": {"encoding": "utf-8", "header": True},
        "tables": tables,
    }


def openapi(site):
    """Description of all addresses of the registry that answer programmes."""
    paths = {
        "/projects/": listed("Project activities and programmes", OF_LISTS, of_activities()),
        "/programmes/": listed("Programmes of activities", OF_LISTS, [one for one in of_activities() if one["name"] != "kind"]),
        "/issuance/": listed("Issuances of CERs", {k: v for k, v in OF_LISTS.items() if k != "geojson"}, of_issuances()),
        "/projects/{key}/": listed("One activity", ONE, [part("key", "Number or unique identifier")], absent=True),
        "/methodologies/{code}/": listed("One methodology", ONE, [part("code", "Code, such as ACM0002")], absent=True),
        "/parties/{code}/": listed("One host Party", ONE, [part("code", "ISO 3166-1 alpha-2")], absent=True),
        "/entities/{slug}/": listed("One operational entity", ONE, [part("slug", "Address of the entity")], absent=True),
        "/statistics/": listed("One breakdown of CERs", OF_TABLES, [choice("by", [*BREAKDOWNS, *HEADINGS], True)], absent=True),
        "/statistics/compare/": listed("Two to four Parties", OF_TABLES, [several("party", "ISO 3166-1 alpha-2", True)], absent=True),
        "/registry/": listed("Units by serial number, or cancellations by group", {"csv": CSV, "json": JSON}, of_units(), absent=True),
        "/releases/": listed("Releases of the data", {"json": JSON, "atom": ATOM}, []),
        "/releases/{release}/": listed("One release", ONE, [part("release", "Day of the data")], absent=True),
        "/releases/{release}/changes/": listed("What a release changed", {"csv": CSV, "json": JSON}, of_changes(), absent=True),
    }
    about = {"title": "CDM portal, registry", "version": "1", "description": "Any address may begin with /@YYYY-MM-DD for a past day."}
    return {"openapi": "3.1.0", "info": about, "servers": [{"url": site}], "paths": paths}


def listed(summary, forms, parameters, absent=False):
    format_of = choice("format", list(forms), True)
    answers = {"200": {"description": "Found", "content": {kind: {} for kind in forms.values()}}}
    if absent:
        answers["404"] = {"description": "Nothing of that name at the moment, or no such form"}
    return {"get": {"summary": summary, "parameters": [*parameters, format_of], "responses": answers}}


def choice(name, values, required=False):
    return {"name": name, "in": "query", "required": required, "schema": {"type": "string", "enum": values}}


def several(name, told="", required=False):
    schema = {"type": "array", "items": {"type": "string", "maxLength": 200}}
    return {"name": name, "in": "query", "required": required, "description": told, "schema": schema, "explode": True}


def part(name, told):
    return {"name": name, "in": "path", "required": True, "description": told, "schema": {"type": "string"}}


def of_activities():
    """Parameters of the lists of activities, in their order."""
    plain = {name: choice(name, list(YES_OR_NO[name])) for name in YES_OR_NO} | {name: choice(name, ["1"]) for name in TOGETHER}
    for name, (of, _place) in ENDS.items():
        schema = {"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$"} if of in DAYS else {"type": "number", "minimum": 0}
        plain[name] = {"name": name, "in": "query", "required": False, "schema": schema}
    return [*(plain.get(name) or several(name) for name in NAMES), choice("sort", list(ORDERS))]


def of_issuances():
    return [several(facet.name) for facet in OF_ISSUANCES]


def of_units():
    serial = {"name": "serial", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 200}}
    return [serial, choice("by", list(CANCELLED))]


def of_changes():
    return [part("release", "Day of the data"), choice("what", ["added", "gone", "changed"]), choice("field", list(FIELDS))]
