"""The real files, where REGISTRY_DATA names them: figures to the unit, random filters against the ORM, what the import tells."""

import csv
import random
import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db.models import Q, Sum

from publishing.figures import in_text
from publishing.moment import Moment, fixed
from registry import cleaning, sources, tables
from registry.importing import import_folder
from registry.models import ActivityRow, IssuanceRow
from registry.moments import registry_at
from registry.records import NOT_GIVEN, SEVERAL, Badge
from registry.table import Criteria

pytestmark = pytest.mark.django_db
NOVEMBER = date(2023, 11, 3)


@pytest.fixture
def table(result):
    return registry_at(Moment()).table


MARKS = {
    "2005-10-20": "9,514 in 2 to 2 in 1; (not known) registered Figures of 20 October 2005.",
    "2010-03-10": "391,050,410 in 1,568 to 671 in 35; (not known) registered Figures of 10 March 2010.",
    "2020-01-01": "2,030,962,023 in 10,820 to 3,286 in 80; (not known) registered Figures of 1 January 2020.",
    "2024-06-01": "2,423,389,675 in 12,548 to 3,703 in 82; 8,196 registered Figures to 3 November 2023; the data end there.",
}


def test_import_tells_what_the_files_hold(result):
    assert result.difference.accepted == {
        "activities": 13161,
        "issuances": 12548,
        "blocks": 12569,
        "cancellations": 27746,
        "methodologies": 235,
    }
    assert result.report.rejects == []
    counted = Counter(re.sub(r"\d+", "n", re.sub(r"(repaired|kept): .*", r"\1", reason)) for _name, _line, reason in result.report.warnings)
    assert counted == {
        "the title holds control characters, repaired": 655,  # 648 rows, seven of them in the full sheet too
        "the process number stands in the file before, both are kept": 646,
        "coordinates are out of range, left out": 44,
        "coordinates lie outside the host Party, repaired": 168,
        "coordinates lie outside the host Party, not shown on the map": 21,
        "validation_start is n January n, taken as not given": 1,
        "PA n is listed as transitioned; its title fits n rows, left out": 1,
        "the file states other CERs than were issued: n for activity n, issued were n": 2,
    }
    assert result.as_of == NOVEMBER
    titles = ActivityRow.objects.filter(raw__has_key="title")
    assert titles.count() == 648
    assert ActivityRow.objects.filter(reference__in=[584, 1151], badges__gte=Badge.CONTRADICTED).count() == 2


def test_workbooks_hold_what_the_documented_files_hold(registry_data, result):
    found, _unread = sources.find_sources(registry_data / "original")
    assert set(found) == {"issuances", "blocks", "cancellations"}
    documented, _unread = sources.find_sources(registry_data)
    report = cleaning.Report()
    for sort, source in found.items():
        assert dict(cleaning.cleaned(source, report)) == dict(cleaning.cleaned(documented[sort], report)), sort
    assert not report.rejects


def ordinal(text):
    return date.fromisoformat(text).toordinal()


LISTS = {
    "status=Registered": Criteria({"status": ("Registered",)}),
    "kind=PA status=Registered": Criteria({"kind": ("PA",), "status": ("Registered",)}),
    "kind=PoA status=Registered": Criteria({"kind": ("PoA",), "status": ("Registered",)}),
    "host=CN status=Registered type=Wind": Criteria({"host": ("CN",), "status": ("Registered",), "type": ("Wind",)}),
    "status=Registered no reference number": Criteria({"status": ("Registered",)}, is_numbered=False),
    "status=Registered scale=SMALL": Criteria({"status": ("Registered",), "scale": ("SMALL",)}),
    "status=Registered scale unknown": Criteria({"status": ("Registered",), "scale": (NOT_GIVEN,)}),
    "crediting_start in 2009 status=Registered": Criteria({"status": ("Registered",), "crediting": ("2009",)}),
    "words": Criteria(words="wind"),
}
GROUPS = {
    "LDC hosts (issuance host)": ("ldc", "yes"),
    "methodology=ACM0002 (any of the activity)": ("method", "ACM0002"),
    "methodology=AM0001": ("method", "AM0001"),
    "scope=13 (activities with the single scope 13)": ("scope", "13"),
}


def list_figures(table, matching):
    return {"activities": matching.bit_count(), "CERs (from the issuances)": table.cers_of(matching, NOVEMBER.toordinal())}


def figures(table, where):  # one branch for each way in which a figure is named
    names = ("CERs", "issuances", "activities", "host Parties")
    day = NOVEMBER.toordinal()
    if found := re.match(r"(?:statistics )?as of (\d{4}-\d\d-\d\d)(?:, (.*))?\Z", where):
        dimension, name = GROUPS.get(found[2]) or (found[2] or "total=").split("=")
        return dict(zip(names, table.totals(ordinal(found[1]), dimension, name), strict=False))
    if where.startswith("issuance list"):
        first, last = map(ordinal, re.findall(r"\d{4}-\d\d-\d\d", where))
        places = range(*(sum(one <= end for one in table.days) for end in (first - 1, last)))
        hosts, activities = {table.issuance_host(place) for place in places}, {table.places[place] for place in places}
        return dict(zip(names, (sum(table.cers[place] for place in places), len(places), len(activities), len(hosts)), strict=True))
    if where.startswith("list words"):
        return list_figures(table, table.matching(LISTS["words"], day))
    if where.startswith("list "):
        return list_figures(table, table.matching(LISTS[where.removeprefix("list ")], day))
    if where.startswith("validation begun by"):
        criteria = Criteria(ranges={"validation": (None, ordinal("2010-03-10"))})
        assert table.matching(criteria, ordinal("2010-03-10")) == table.listed_by(ordinal("2010-03-10"))
        return list_figures(table, table.matching(criteria, day))
    if where.startswith("map: host=IN"):
        return list_figures(table, table.matching(Criteria({"host": ("IN",), "located": ("yes",)}), day))
    if where == "map: activities with usable coordinates":
        return list_figures(table, table.matching(Criteria({"located": ("yes",)}), day))
    if where == "map: coordinates out of range":
        rows = ActivityRow.objects.filter(latitude=None, raw__has_key="lat")
        return list_figures(table, sum(1 << table.place_of_number(row.pk) for row in rows))
    if where.startswith("activity"):
        cers, count, *_days = table.issued_to(table.place(int(where.split()[1])), day)
        return {"CERs from issuances": cers, "issuances": count}
    return {"date": date.fromordinal(table.dimensions["total"].reached(10**9)).isoformat()}


def test_every_figure_is_reproduced_to_the_unit(registry_data, table):
    with (registry_data / "registry_figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 107
    made = {where: figures(table, where) for where in {row["where"] for row in rows}}
    wrong = {(row["where"], row["figure"]): row["value"] for row in rows if str(made[row["where"]][row["figure"]]) != row["value"]}
    assert wrong == {}


def test_registered_at_a_day_is_told_by_its_bounds(table):
    march = ordinal("2010-03-10")
    assert table.registered_between(march) == (671, 3671)
    assert table.crediting_begun(march) == 2034


def test_status_bounds_and_ends(table):
    assert table.listed_by(NOVEMBER.toordinal()) == table.index.everything
    assert table.state(table.place(543), ordinal("2006-11-24")).stage == "registered"


def orm_filter(criteria):
    """The same choice as the ORM makes it, for values that the columns of the rows have."""
    found = Q()
    columns = {"status": "status", "kind": "kind", "type": "project_type", "scale": "scale", "validator": "validator", "scope": "scopes"}
    for name, values in criteria.chosen.items():
        any_of = Q(pk=None)
        for value in values:
            if name in ("host", "method"):
                field = {"host": "hosts", "method": "methodologies"}[name]
                any_of |= Q(**{field: value}) | Q(**{f"{field}__startswith": f"{value}; "})
                any_of |= Q(**{f"{field}__endswith": f"; {value}"}) | Q(**{f"{field}__contains": f"; {value}; "})
            elif name == "crediting":
                any_of |= Q(crediting_start__year=int(value))
            elif name == "scope" and value != SEVERAL:
                any_of |= Q(scopes=value) | Q(scopes__startswith=f"{value}; ") | Q(scopes__endswith=f"; {value}")
                any_of |= Q(scopes__contains=f"; {value}; ")
            else:
                any_of |= Q(**{columns[name]: "" if value in (NOT_GIVEN, SEVERAL) else value})
        found &= any_of
    fields = {"validation": "validation_start", "crediting": "crediting_start", "reductions": "reductions", "mw": "capacity"}
    for name, (low, high) in criteria.ranges.items():
        as_value = date.fromordinal if name in ("validation", "crediting") else (lambda value: value)
        found &= Q(**{f"{fields[name]}__gte": as_value(low), f"{fields[name]}__lte": as_value(high)})
    if criteria.is_numbered is not None:
        found &= Q(reference__isnull=not criteria.is_numbered)
    return found


def drawn(chance, table):
    """Criteria by chance, of values that there are."""
    names = ["status", "kind", "type", "scale", "validator", "scope", "host", "method", "crediting"]
    chosen = {}
    for name in chance.sample(names, chance.randrange(4)):
        values = [value for value in table.index.bitmaps[name] if name not in ("host", "crediting") or value != NOT_GIVEN]
        chosen[name] = tuple(chance.sample(values, min(len(values), chance.randrange(1, 4))))
    ranges = {}
    if chance.random() < 0.3:
        first = chance.randrange(ordinal("2004-01-01"), NOVEMBER.toordinal())
        ranges[chance.choice(["validation", "crediting"])] = (first, first + chance.randrange(2000))
    if chance.random() < 0.2:
        ranges["reductions"] = (chance.randrange(100_000), chance.randrange(100_000, 1_000_000))
    if chance.random() < 0.2:
        ranges["mw"] = (chance.uniform(0, 50), chance.uniform(50, 500))
    return Criteria(chosen, ranges=ranges, is_numbered=chance.choice([None, None, True, False]))


def test_a_thousand_filters_choose_what_the_orm_chooses(table):
    chance, day, found = random.Random(12), NOVEMBER.toordinal(), 0
    for _turn in range(1000):
        criteria = drawn(chance, table)
        matching = table.matching(criteria, day)
        own = {table.numbers[place] for place in table.places_of(matching)}
        assert own == set(ActivityRow.objects.filter(orm_filter(criteria)).values_list("pk", flat=True)), criteria
        assert sum(count for _value, count in table.counts(criteria, day)["status"] if criteria.chosen.get("status") is None) in (
            0,
            len(own),
        )
        found += bool(own)
    assert found > 200


def test_cers_of_filters_are_those_that_the_orm_adds_up(table):
    chance = random.Random(13)
    for _turn in range(100):
        criteria, day = drawn(chance, table), chance.randrange(ordinal("2006-01-01"), NOVEMBER.toordinal())
        matching = table.matching(criteria, day)
        refs = [table.refs[place] for place in table.places_of(matching) if table.refs[place]]
        issued = IssuanceRow.objects.filter(date__lte=date.fromordinal(day))
        added = sum(row["cers"] for row in issued.filter(reference__in=set(refs)).values("cers"))
        assert table.cers_of(matching, day) == added == table.totals_of(matching, day)[0]


def test_two_releases_differ_exactly_as_changed(registry_data, result, tmp_path):
    chance, folder = random.Random(14), tmp_path / "changed"
    folder.mkdir()
    path = registry_data / "cdm_activities_nov2023.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    changed = chance.sample(range(len(rows)), 40)
    for place in changed[:30]:
        rows[place]["title"] += " (changed)"
    gone = {rows[place]["unique_id"] for place in changed[30:]}
    with (folder / "activities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if row["unique_id"] not in gone)
    for name in ("cdm_multi_country_full_schema.csv", "facts/transitioned.csv"):
        (folder / name.split("/")[-1]).write_bytes((registry_data / name).read_bytes())
    second = import_folder(folder)
    come, closed = second.difference.come[ActivityRow], second.difference.closed[ActivityRow]
    assert {key for key, _values in come} == {rows[place]["unique_id"] for place in changed[:30]}
    assert set(ActivityRow.objects.filter(pk__in=closed).values_list("key", flat=True)) == {rows[place]["unique_id"] for place in changed}
    assert ActivityRow.objects.of_release(second.release.pk).count() == 13151
    assert ActivityRow.objects.of_release(result.release.pk).count() == 13161
    assert tables.load(second.release.pk, NOVEMBER).size == 13151
    assert second.seconds_of_entry < 1
    assert IssuanceRow.objects.of_release(second.release.pk).aggregate(total=Sum("cers"))["total"] == 2_423_389_675


@pytest.mark.parametrize(("day", "words"), MARKS.items())
def test_marks_in_texts_show_the_figures_of_any_day(result, day, words):
    moment = fixed(datetime.combine(date.fromisoformat(day), datetime.max.time(), UTC))
    names = ("cers", "issuances", "activities", "parties", "registered")
    text = "{} in {} to {} in {}; {} registered".format(*(f"{{{{ figure:{name} }}}}" for name in names))
    assert in_text(text, moment) == words
