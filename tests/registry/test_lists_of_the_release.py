"""Lists of the real release, where REGISTRY_DATA names it: random addresses against the ORM, files against their pages."""

import csv
import io
import json
import random
import re
from datetime import date

import pytest
from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from publishing.moment import Moment
from registry.models import ActivityRow, IssuanceRow
from registry.moments import registry_at
from registry.parties import party
from registry.records import NOT_GIVEN, SEVERAL
from tests.first_view import FIRST_VIEW, first_view
from tests.reading import parsed, text_of

pytestmark = pytest.mark.django_db
END = date(2023, 11, 3)


@pytest.fixture
def table(result):
    return registry_at(Moment()).table


def one_of_several(field, value):
    """A value of a text that joins several by `; `."""
    alone = Q(**{field: value}) | Q(**{f"{field}__startswith": f"{value}; "})
    return alone | Q(**{f"{field}__endswith": f"; {value}"}) | Q(**{f"{field}__contains": f"; {value}; "})


def with_host(test):
    """Activities with a host Party of which the test is true."""
    codes = {code for hosts in ActivityRow.objects.values_list("hosts", flat=True).distinct() for code in hosts.split("; ") if code}
    found = Q(pk=None)
    for code in codes:
        if test(party(code)):
            found |= one_of_several("hosts", code)
    return found


COLUMNS = {"status": "status", "kind": "kind", "type": "project_type", "scale": "scale", "validator": "validator"}
LISTS = {"host": "hosts", "method": "methodologies", "scope": "scopes", "subregion": "subregions"}
FIELDS = {"validation": "validation_start", "crediting": "crediting_start", "reductions": "reductions", "mw": "capacity"}


def has(name, value, issued):
    """The rows that have one value of a filter, as the ORM finds them; `issued` are their issuances up to the day."""
    if name in COLUMNS:
        return Q(**{COLUMNS[name]: "" if value == NOT_GIVEN else value})
    if name in LISTS:
        return one_of_several(LISTS[name], "" if value in (NOT_GIVEN, SEVERAL) else value)
    if name in ("ldc", "sids"):
        is_any = with_host(lambda one: getattr(one, f"is_{name}"))
        return is_any if value == "yes" else ~is_any
    if name == "un_group":
        return with_host(lambda one: one.un_group == value)
    if name == "located":
        return Q(latitude__isnull=value == "no")
    if name == "verifier":
        return Q(Exists(issued.filter(verifier=value)))
    return {"issued": Q(Exists(issued)), "numbered": Q(reference__isnull=False), "ref": Q(reference=value)}[name]


def of_orm(query, day):
    """The rows that an address chooses at a day, by the ORM."""
    issued = IssuanceRow.objects.filter(reference=OuterRef("reference"), kind=OuterRef("kind"), date__lte=day)
    totals = issued.order_by().values("reference").annotate(total=Sum("cers")).values("total")
    rows = ActivityRow.objects.annotate(cers=Coalesce(totals[:1], 0))
    if day < END:
        rows = rows.filter(Q(validation_start__lte=day) | Q(Exists(issued)))
    for name, values in query.items():
        what, _, end = name.rpartition("_")
        if end in ("from", "to", "min", "max"):
            operator = "gte" if end in ("from", "min") else "lte"
            if what != "issued":
                rows = rows.filter(**{f"{FIELDS.get(what, what)}__{operator}": values[0]})
        elif name in ("issued", "numbered") and values == ["no"]:
            rows = rows.exclude(has(name, "yes", issued))
        else:
            any_of = Q(pk=None)
            for value in values:
                any_of |= has(name, value, issued)
            rows = rows.filter(any_of)
    if "issued_from" in query:
        rows = rows.filter(Exists(issued.filter(date__gte=query["issued_from"][0], date__lte=query["issued_to"][0])))
    return rows


def drawn(chance, table):
    """A query by chance, of values that there are."""
    names = [*COLUMNS, *LISTS, "ldc", "sids", "un_group", "located"]
    query = {}
    for name in chance.sample(names, chance.randrange(4)):
        values = [value for value in table.index.bitmaps[name] if name != "un_group" or value != NOT_GIVEN]
        query[name] = chance.sample(values, min(len(values), chance.randrange(1, 4)))
    for name in chance.choices(["validation", "crediting", "issued", None], k=1):
        if name and chance.random() < 0.5:
            first = chance.randrange(date(2004, 1, 1).toordinal(), END.toordinal())
            query[f"{name}_from"] = [date.fromordinal(first).isoformat()]
            query[f"{name}_to"] = [date.fromordinal(first + chance.randrange(2500)).isoformat()]
    if chance.random() < 0.2:
        query[chance.choice(["reductions_min", "cers_min"])] = [str(chance.randrange(1, 200_000))]
    if chance.random() < 0.1:
        query["cers_max"] = [str(chance.randrange(2_000_000))]
    if chance.random() < 0.1:
        query["mw_max"] = [f"{chance.uniform(1, 100):.1f}"]
    if chance.random() < 0.15:
        query["verifier"] = chance.sample([name for name in table.names["verifier"] if name], 2)
    if chance.random() < 0.15:
        query[chance.choice(["issued", "numbered"])] = [chance.choice(["yes", "no"])]
    if chance.random() < 0.03:
        query["ref"] = [str(ref) for ref in chance.sample([ref for ref in table.refs if ref], 3)]
    return query


def counted(answer):
    words = text_of(parsed(answer).xpath("//p[@class='count-line']/strong")[0])
    return int(re.match(r"[\d,]+", words)[0].replace(",", ""))


@pytest.mark.once  # what filters choose comes from the table, which is the same on each database
def test_a_thousand_random_addresses_list_what_the_orm_chooses(client, table):
    chance, some = random.Random(21), 0
    for turn in range(1000):
        query = drawn(chance, table)
        day = END if turn % 2 else date.fromordinal(chance.randrange(date(2004, 6, 1).toordinal(), END.toordinal()))
        path = "/projects/" if day == END else f"/@{day}/projects/"
        rows = of_orm(query, day)
        keys = set(rows.values_list("key", flat=True))
        if turn % 10:
            assert counted(client.get(path, query)) == len(keys), (path, query)
        else:
            lines = b"".join(client.get(path, query | {"format": "ndjson"})).decode().splitlines()
            found = {item["unique_id"]: item["cers_issued"] for item in map(json.loads, lines)}
            assert found == dict(rows.values_list("key", "cers")), (path, query)
        some += bool(keys)
    assert some > 400


def pages(client, path, query, per=100):
    number, found = 1, []
    while True:
        document = parsed(client.get(path, query | {"per": per, "page": number}))
        found += [(text_of(row.xpath(".//h2/a")[0]), text_of(row)) for row in document.xpath("//ul[@class='results']/li")]
        if not document.xpath("//nav[@class='pagination']//a[@rel='next']"):
            return found
        number += 1


@pytest.mark.parametrize(
    ("path", "query", "size"),
    [
        ("/projects/", {"type": "Landfill gas", "status": "Registered"}, 381),
        ("/@2010-03-10/projects/", {"type": "Landfill gas", "status": "Registered"}, 230),
        ("/@2015-06-30/programmes/", {"sort": "title"}, None),
    ],
)
def test_csv_is_row_by_row_what_its_pages_say(client, result, path, query, size):
    shown = pages(client, path, query)
    text = b"".join(client.get(path, query | {"format": "csv"})).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert len(table) == len(shown)
    assert size in (None, len(table))
    for row, (title, told) in zip(table, shown, strict=True):
        assert row["title"].removeprefix("'").split() == title.split()
        assert told.startswith(row["project_ref"] or row["matched_ref"])
        assert (f" {int(row['cers_issued']):,} " in told) or row["cers_issued"] == "0"
        assert f"CERs in {row['n_issuances']} issuance" in told or (row["n_issuances"] == "0" and "CERs in" not in told)
        assert ("repaired" in told) <= ("repaired" in row["badges"])
        assert ("contradicted" in told) == ("contradicted" in row["badges"])
        for method in filter(None, row["methodologies"].split("; ")):
            assert method in told
        if row["scale"]:
            assert f"{row['scale'].lower()} scale (2018 map file)" in told


def test_whole_release_is_one_file_and_its_cers_are_those_of_the_issuances(client, result):
    text = b"".join(client.get("/projects/", {"format": "csv"})).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 13161
    assert sum(int(row["cers_issued"]) for row in rows) == 2_423_389_675
    assert sum(int(row["n_issuances"]) for row in rows) == 12_548
    assert sum(row["lat"].startswith("-") for row in rows) + sum(row["lon"].startswith("-") for row in rows) > 1000
    assert not [row["lat"] for row in rows if row["lat"].startswith("'")]
    points = json.loads(b"".join(client.get("/projects/", {"format": "geojson"})))["features"]
    plausible = ActivityRow.objects.filter(is_plausible=True, latitude__isnull=False)
    assert len(points) == plausible.count()


def test_scale_of_the_full_sheet_is_not_called_that_of_the_map_file(client, result):
    both = ActivityRow.objects.filter(**{"sheet__Project classification": "LARGE"}).exclude(scale="")
    assert both.count() == 2
    for row in both:
        answer = client.get("/projects/", {"ref": row.reference})
        told = text_of(parsed(answer).xpath("//ul[@class='results']/li")[0])
        assert "large scale" in told
        assert "2018" not in told
    assert "large scale (2018 map file)" in text_of(parsed(client.get("/projects/?ref=1")).xpath("//main")[0])


def test_number_matched_by_title_bears_its_mark(client, result):
    [told] = [text_of(row) for row in parsed(client.get("/projects/", {"q": matched(9902)})).xpath("//ul[@class='results']/li")]
    assert told.startswith("9902 matched reference ")


def matched(number):
    return ActivityRow.objects.get(matched_reference=number).title


@pytest.mark.parametrize("address", ["/projects/", "/issuance/", "/dna/", "/doe/", "/methodologies/", "/statistics/", "/projects/9181/"])
def test_first_view_of_the_release_is_small(client, result, address):
    """Activity 9181 has the most issuances, 91."""
    answer = client.get(address)
    [style] = parsed(answer).xpath("//link[@rel='stylesheet']/@href")
    assert first_view(answer.content, style.removeprefix("/static/")) <= FIRST_VIEW


def test_lists_of_the_release_cost_three_queries_at_most(client, result, django_assert_max_num_queries):
    for address in ("/projects/", "/projects/?host=CN&per=100", "/@2010-03-10/projects/?q=wind", "/projects/?facets=method"):
        client.get(address)
        with django_assert_max_num_queries(3):
            assert client.get(address).status_code == 200
