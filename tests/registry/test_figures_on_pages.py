"""The figures of the real release, each read where a visitor reads it: on a page or in a file. Needs REGISTRY_DATA."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.test import Client

from tests.reading import parsed, text_of

pytestmark = pytest.mark.django_db
NAMES = {"CERs": "CERs", "issuances": "issuances?", "activities": "activit(?:y|ies)", "host Parties": "host Part(?:y|ies)"}
OF_LISTS = {
    "status=Registered": "status=Registered",
    "kind=PA status=Registered": "kind=PA&status=Registered",
    "kind=PoA status=Registered": "kind=PoA&status=Registered",
    "host=CN status=Registered type=Wind": "host=CN&status=Registered&type=Wind",
    "status=Registered no reference number": "status=Registered&numbered=no",
    "status=Registered scale=SMALL": "status=Registered&scale=SMALL",
    "status=Registered scale unknown": "status=Registered&scale=not-given",
    "crediting_start in 2009 status=Registered": "crediting_from=2009&crediting_to=2009&status=Registered",
    'words "wind" as a word prefix': "q=wind",
}
OF_ISSUANCES = {
    "host=CN": "host=CN",
    "host=IN": "host=IN",
    "host=NA": "host=NA",
    "host=ZA": "host=ZA",
    "type=Wind": "type=Wind",
    "kind=PoA": "kind=PoA",
    "LDC hosts (issuance host)": "ldc=yes",
    "methodology=ACM0002 (any of the activity)": "method=ACM0002",
    "methodology=AM0001": "method=AM0001",
    "scope=13 (activities with the single scope 13)": "scope=13",
}


def words(address, where="//main"):
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return " ".join(text_of(found) for found in parsed(answer).xpath(where))


def number(text):
    return int(text.replace(",", ""))


def told(text, name):
    """The number that stands before the name of a figure; zero where nothing is told of it."""
    found = re.search(rf"([\d,]+) {NAMES[name]}\b", text)
    return number(found[1]) if found else 0


def of_statistics(day, name):
    return told(words(f"/@{day}/statistics/", "//ul[@class='figures']"), name)


def of_issuances(day, query, name):
    return told(words(f"{f'/@{day}' if day else ''}/issuance/?{query}", "//p[@class='count-line']"), name)


def of_list(query, name):
    return told(words(f"/projects/?{query}", "//p[@class='count-line']"), "CERs" if name.startswith("CERs") else name)


def of_map(where, name):
    """Activities with coordinates of this world; of those out of range the file of rows tells, which gives none."""
    query = "located=yes&host=IN" if "host=IN" in where else "located=yes"
    return of_list(query, name)


def of_activity(number_, name):
    text = words(f"/projects/{number_}/", "//ul[@class='figures']")
    return (
        number(re.search(r"([\d,]+) CERs in", text)[1]) if name.startswith("CERs") else number(re.search(r"in ([\d,]+) issuance", text)[1])
    )


def day_of_a_total(most):
    """The day on which the running total passed a number, from the file of issuances."""
    rows = csv.DictReader(io.StringIO(Client().get("/issuance/?format=csv").getvalue().decode("utf-8-sig")))
    running = 0
    for row in sorted(rows, key=lambda row: row["issuance_date"]):
        running += int(row["cers_issued"])
        if running > most:
            return row["issuance_date"]
    return None


def read(where, name):
    """A figure by its name in the table, read from the portal. None for one that no page tells."""
    if match := re.fullmatch(r"statistics as of (\S+)", where):
        return of_statistics(match[1], name)
    if match := re.fullmatch(r"as of (\S+), (.+)", where):
        return of_issuances(match[1], OF_ISSUANCES[match[2]], name)
    if match := re.fullmatch(r"issuance list (\S+) to (\S+)", where):
        return of_issuances("", f"issued_from={match[1]}&issued_to={match[2]}", name)
    if match := re.fullmatch(r"list (.+)", where):
        return of_list(OF_LISTS[match[1]], name)
    if where.startswith("validation begun by 2010-03-10"):
        return of_list("validation_to=2010-03-10", name)
    if match := re.fullmatch(r"activity (\d+)", where):
        return of_activity(match[1], name)
    if where.startswith("day the running total passed"):
        return day_of_a_total(10**9)
    return of_map(where, name)


def test_every_figure_is_read_on_a_page_or_in_a_file(registry_data, result):
    with (registry_data / "registry_figures.csv").open(encoding="utf-8", newline="") as file:
        figures = list(csv.DictReader(file))
    outside = {"map: coordinates out of range"}  # no page tells of these; the report of the import does
    wanted = {(row["where"], row["figure"]): row["value"] for row in figures if row["where"] not in outside}
    found = {key: str(read(*key)) for key in wanted}
    assert len(wanted) == len(figures) - 2
    assert {key: (found[key], value) for key, value in wanted.items() if found[key] != value} == {}


def test_points_of_the_map_file_are_those_that_the_list_calls_located(result):
    located = of_list("located=yes", "activities")
    points = json.loads(Client().get("/projects/?format=geojson").getvalue())["features"]
    hidden = 21  # which the import's report tells: they lie outside their host Party and could not be repaired
    assert len(points) == located - hidden


def test_registration_is_told_by_bounds(result):
    text = words(f"/@{date(2010, 3, 10)}/statistics/")
    assert "Between 671 and 3,671 project activities were registered" in text
    assert "crediting had begun for 2,034" in text
