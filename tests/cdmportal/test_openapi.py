"""The description of all addresses that answer programmes: complete, valid, closed, and true of what they answer."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from bench import formats
from cdmportal.openapi.addresses import addresses
from cdmportal.openapi.description import CSV, JSON, document
from publishing.parameters import declared
from registry.importing import import_folder
from tests.registry.made import folder_of
from tests.shipped import shipped
from tests.test_access_matrix import path_of

__all__ = ["shipped"]
pytestmark = pytest.mark.django_db
HOST = {"host": "localhost"}
OF_PROGRAMMES = re.compile(r"\\\.(?:csv|json|ndjson|geojson|atom|rss|ics|xml|txt|webmanifest)|feed/|timemap/")
# What is sent to people, and files as they were uploaded.
OF_PEOPLE = re.compile(r"text/(?:html|markdown)|(?:image|audio)/|application/(?:pdf|octet-stream)")
SORTS = [
    "/documents/",
    "/issuance/",
    "/news/feed/json/",
    "/news/{year}/",
    "/panels/calendar.ics",
    "/parties/{code}/",
    "/quickfinder/suggestions/",
    "/registry/",
    "/releases/{release}/changes/",
    "/search/",
    "/statistics/",
    "/{address}/timemap/",
]
NOT_PUBLIC = ("/admin/", "/shared/", "/styles/")
REMEDY = """
{route} (view {view!r}) {why}, but /data/openapi.json does not have it.
Add to cdmportal/openapi/addresses.py, in the function of its app, a few lines such as
    forms = {{"csv": (CSV, TEXT), "json": (JSON, schemas.SOMETHING)}}
    yield MachineAddress({view!r}, "/path/{{slug}}/", "What it is", forms, (step("slug", ...), choice("sort", ...)))
with the closed schema of its JSON in cdmportal/openapi/schemas.py, then try it: make try-formats ARGS="--only /path/"."""


def every_pattern(resolver=None, route="", space=""):
    """(route, name with its namespace, view) of each address of the URLconf, its Markdown apart."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_pattern(pattern, whole, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif not re.search(r"index\\?\.md", whole):
            yield whole, f"{space}{pattern.name or ''}", pattern.callback


def example(address):
    """The path of an address with its examples, and the query that it asks for."""
    path, query = address.path, {}
    for one in address.parameters:
        if one.place == "path":
            path = path.replace(f"{{{one.name}}}", one.example)
        elif one.example is not None:
            query[one.name] = one.example
    return path, query


def content(answer):
    return b"".join(answer) if answer.streaming else answer.content


def test_every_address_that_answers_programmes_stands_in_the_description(shipped):
    """By what its view reads, by its name, and by what it answers to each format."""
    known, missing = {address.view: address for address in addresses()}, {}
    for route, view, callback in every_pattern():
        path = example(known[view])[0] if view in known else path_of(route, {})
        is_plain = "(?P<" not in route and "<" not in route
        if path.startswith(NOT_PUBLIC) or (is_plain and resolve(path).view_name in known and view not in known):
            continue  # or another pattern answers at the address
        # A view that does not say that it reads `format` never gets it.
        whys = ["reads `format`"] if "format" in (declared(callback) or ()) else []
        whys += ["has the name of a file for programmes"] if OF_PROGRAMMES.search(route) else []
        if is_plain:
            whys += [f"answers {found}" for found in answered(path) if view not in known]
        if whys and view not in known:
            missing[view] = REMEDY.format(route=route, view=view, why=" and ".join(whys))
    assert not missing, "\n".join(missing.values())


def answered(path):
    """The media type that the path gives, where it is one for programmes, as a list."""
    answer = Client().get(path, headers=HOST)
    kind = answer.get("Content-Type", "").partition(";")[0]
    return [kind] if answer.status_code == 200 and not OF_PEOPLE.match(kind) else []


def test_every_described_address_is_one_of_the_urlconf_and_its_view_reads_what_is_described():
    for address in addresses():
        match = resolve(example(address)[0])
        assert match.view_name == address.view, address.path
        read = declared(match.func)
        assert {one.name for one in address.query} <= set(read), address.path


def test_description_is_valid_openapi_and_each_object_in_it_closed():
    found = json.loads(Client().get("/data/openapi.json", headers=HOST).content)
    assert found == json.loads(json.dumps(document(settings.SITE_ADDRESS, addresses())))
    validate(found)
    answers = [one for path in found["paths"].values() for one in path["get"]["responses"].values()]
    schemas = [kind["schema"] for one in answers for kind in one.get("content", {}).values()] + [*found["components"]["schemas"].values()]
    own = found["paths"]["/data/openapi.json"]["get"]["responses"]["200"]["content"][JSON]["schema"]["properties"]
    open_ones = [one for schema in schemas for one in objects_of(schema) if "additionalProperties" not in one and one not in own.values()]
    assert not open_ones
    assert all(len(operation["get"]["summary"]) > 3 for operation in found["paths"].values())


def objects_of(schema):
    """All schemas of objects within one."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects_of(part)


@pytest.fixture
def releases(shipped, tmp_path):
    """Two releases with all sorts of rows, whose activities are of two Parties, beside the shipped content."""
    wind = {"project_ref": "1", "unique_id": "ONE", "title": "Wind"}
    hydro = {"project_ref": "2", "unique_id": "TWO", "title": "Hydro", "host_iso2": "IN", "host_country_first": "India"}
    issued = [{"project_ref": "1"}, {"project_ref": "2", "host_iso2": "IN", "issuance_process_id": "DNV2"}]
    import_folder(folder_of(tmp_path / "first", [wind], issued[:1]))
    block = {"project_ref": "1", "serial_start": "1", "serial_end": "100", "units": "100"}
    cancelled = block | {"serial_end": "10", "units": "10", "completed_at": "2012-05-06T10:00:00Z"}
    second = folder_of(tmp_path / "second", [wind | {"title": "Wind farm"}, hydro], issued, [block], [cancelled])
    import_folder(second, as_of=date(2023, 12, 31))


def test_answers_are_as_described_in_type_columns_and_members(releases):
    described = document(settings.SITE_ADDRESS, addresses())
    made = {"key": "1", "release": "2023-12-31"}
    seen, asked = set(), set()
    for address in addresses():
        for form, (kind, _schema) in address.formats.items():
            for path, query in asked_for(address, made):
                answer = Client().get(path, query | ({"format": form} if form else {}), headers=HOST)
                body = content(answer)
                asked.add((address.path, form))
                assert str(answer.status_code) in address.statuses(), (path, query, form, answer.status_code)
                if answer.status_code == 200:
                    seen.add((address.path, form))
                    assert answer["Content-Type"].partition(";")[0] == kind, (path, form)
                    check_body(described, address, kind, body)
    assert asked == seen


def asked_for(address, made):
    """(path, query) pairs: the examples, and each value of a parameter that names what is asked for."""
    path, query = example(address)
    for name, value in made.items():
        path = path.replace(next((one.example for one in address.parameters if one.name == name and one.place == "path"), "\0"), value)
    yield path, query
    if address.view == "registry:registry":
        yield from ((path, {"serial": text}) for text in ("BR-1", "BR-1000", "none"))
    for one in address.query:
        if "enum" in one.schema and (one.is_named or one.name == "by") and one.name != "format":
            yield from ((path, query | {one.name: value}) for value in one.schema["enum"])


def check_body(described, address, kind, body):
    """The members of a JSON, the lines of NDJSON, the columns of a CSV."""
    schema = address.content()[kind]["schema"] | {"components": described["components"]}
    if kind == CSV and address.columns:
        assert next(csv.reader(io.StringIO(body.decode("utf-8-sig")))) == list(address.columns)
    elif kind.endswith("json") and kind != "application/x-ndjson":
        errors = list(Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(json.loads(body)))
        assert not errors, (address.path, errors[0].json_path, errors[0].message[:300])


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/projects/?format=json&sort=size", "sort: one of cers, issued"),
        ("/projects/?format=csv&cers_min=many", "cers_min: a number, such as"),
        ("/projects/?format=csv&issued_from=2010-03-10&issued_from=2011-03-10", "issued_from: given more than once"),
        ("/projects/?format=ndjson&q=a%00b", "q: at most 128 characters in UTF-8, without control characters"),
        ("/projects/?format=atom&host=%ff", "host: at most 100 characters in UTF-8"),
        ("/documents/?format=json&words=" + "a" * 129, "words: at most 128 characters"),
        ("/search/?format=json&q=%ed%a0%80", "q: at most 1000 characters in UTF-8"),
        ("/issuance/?format=csv&" + "&".join(f"host=A{n}" for n in range(31)), "host: more than 30 values"),
    ],
)
def test_programme_is_told_what_is_wrong_with_a_parameter(address, told):
    answer = Client().get(address, headers=HOST)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert told in answer.content.decode()


def test_page_for_people_forgives_what_a_programme_is_told_of(shipped):
    assert Client().get("/projects/?sort=size&q=a%00b&cers_min=many", headers=HOST).status_code == 200


def test_no_method_but_get_and_head_is_allowed_where_programmes_are_answered(shipped):
    for address in ("/projects/?format=csv", "/news/feed/atom/", "/healthz", "/about/timemap/"):
        for method in ("post", "put", "delete", "patch", "options"):
            answer = getattr(Client(enforce_csrf_checks=True), method)(address, headers=HOST)
            assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD"), (method, address)


def test_requests_made_from_the_description_find_nothing(releases):
    """Schemathesis in all phases, the same requests every time, on an address of each sort; `make try-formats` takes all of them."""
    schema = formats.loaded(get_wsgi_application(), examples=2).include(path=SORTS)
    schema.config.phases.coverage.unexpected_methods = {"post"}
    trial = formats.run(schema)
    assert not trial.found, trial
    assert not trial.errors, trial
    assert trial.requests["coverage"] > 200
    assert trial.requests["fuzzing"] > len(SORTS)
