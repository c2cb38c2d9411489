"""Registry: import, first load, memory, counting, pages and files, one release's worth of rows and ten times that: `make bench-registry`.

Rows are generated in the numbers of the release of November 2023. With `ARGS="--data FOLDER"` those of a folder are imported too. Each size
has a database and a process of its own.
"""

import csv
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import date, timedelta
from pathlib import Path

ACTIVITIES, ISSUANCES, BLOCKS, CANCELLATIONS = 13_161, 12_548, 12_569, 27_746
ROUNDS = 30
FIRST, DAYS = date(2004, 1, 1), 7000


def main():
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
        return
    from scripts.postgres import throwaway_database

    data = Path(sys.argv[2]) if sys.argv[1:2] == ["--data"] else None
    for vendor in ("SQLite", "PostgreSQL"):
        print(f"\n{vendor}")
        if data:
            show("the folder", vendor, data, throwaway_database)
        for times in (1, 10):
            with tempfile.TemporaryDirectory(prefix="cdm-registry-") as folder:
                generate(Path(folder), times)
                show(f"{times}x generated", vendor, folder, throwaway_database)


def show(name, vendor, folder, throwaway_database):
    """Print what a process with a database of its own has measured."""
    with tempfile.TemporaryDirectory(prefix="cdm-bench-") as var:
        own = {**os.environ, "VAR_DIR": var, "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-W", "ignore", "-m", "bench.registry", "--measure", str(Path(folder).resolve())]
        if vendor == "SQLite":
            said = subprocess.run(command, env={**own, "DATABASE_URL": ""}, capture_output=True, text=True, check=True).stdout
        else:
            with throwaway_database() as address:
                said = subprocess.run(command, env={**own, "DATABASE_URL": address}, capture_output=True, text=True, check=True).stdout
    found = json.loads(said.splitlines()[-1])
    print(f"  {name}: " + ", ".join(f"{what} {value:,.4g}" for what, value in found.items()), flush=True)


# Rows by chance


def generate(folder, times):
    chance = random.Random(1)
    types, scales = ["Wind", "Hydro", "Biomass Energy", "Landfill gas", "Solar", "N2O", ""], ["LARGE", "SMALL", ""]
    hosts = "CN IN BR VN MX ID TH MY CL KR ZA PH PE CO AR PK KE UG NA FJ".split()
    methods = [f"ACM{number:04}" for number in range(1, 26)] + [f"AMS-III.{letter}." for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    words = [f"word{number}" for number in range(13_000)]
    from registry.sources import OURS

    with (folder / "activities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, OURS["activities"], restval="", lineterminator="\n")
        writer.writeheader()
        for number in range(1, ACTIVITIES * times + 1):
            start = FIRST + timedelta(days=chance.randrange(DAYS))
            row = {
                "project_ref": number if number % 5 < 3 else "",
                "unique_id": f"KEY{number}",
                "activity_type": "PoA" if number % 20 == 0 else "PA",
            }
            row |= {"title": " ".join(chance.choices(words, k=9)), "status_group": chance.choice(["Registered", "Registered", "Withdrawn"])}
            row |= {"host_iso2": chance.choice(hosts), "subregion": "Eastern Asia", "scope_number": chance.randrange(1, 16)}
            row |= {"project_type": chance.choice(types), "methodologies": "; ".join(chance.sample(methods, chance.choice([1, 1, 2])))}
            row |= {"scale": chance.choice(scales), "validating_doe": f"Entity {chance.randrange(46)}", "validation_start": start}
            row |= {"crediting_start": start + timedelta(days=300), "capacity_mw": chance.randrange(1, 100), "lat": "", "lon": ""}
            row |= {"annual_reductions_tco2e_2018": chance.randrange(1, 10**6), "total_cers_issued": "", "host_country_first": "Name"}
            writer.writerow(row)
    with (folder / "issuances.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, OURS["issuances"], restval="", lineterminator="\n")
        writer.writeheader()
        for number in range(1, ISSUANCES * times + 1):
            day = FIRST + timedelta(days=chance.randrange(600, DAYS))
            row = {
                "activity_type": "PA",
                "project_ref": 5 * chance.randrange(ACTIVITIES * times // 20) + 1,
                "host_iso2": chance.choice(hosts),
            }
            row |= {
                "doe": f"V{number % 44}",
                "project_type": chance.choice(types),
                "issuance_process_id": f"P{number}",
                "issuance_date": day,
            }
            row |= {"monitoring_start": day - timedelta(days=500), "monitoring_end": day - timedelta(days=100)}
            row |= {"cers_issued": chance.randrange(1, 10**6), "kp_commitment_period": 1, "source_release": "03Nov2023"}
            writer.writerow(row)
    for sort, count in (("blocks", BLOCKS), ("cancellations", CANCELLATIONS)):
        with (folder / f"{sort}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, OURS[sort], restval="", lineterminator="\n")
            writer.writeheader()
            for number in range(count * times):
                row = {"completed_at": "2010-03-10T17:07:00Z", "transaction": "Cancellation", "unit_type": "CER", "commitment_period": 1}
                row |= {"party_code": chance.choice(hosts), "project_ref": number, "serial_start": 10 * number + 1}
                row |= {"serial_end": 10 * number + 10, "units": 10, "voluntary_platform": "yes"}
                writer.writerow({name: value for name, value in row.items() if name in OURS[sort]})


# Measuring, in a process of its own


def measure(folder):
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from registry import bulk, tables
    from registry.importing import import_folder
    from registry.models import ReleaseEdition

    holds = []
    write = bulk.in_batches
    bulk.in_batches = lambda items, do: write(items, timed(do, holds))
    started = time.process_time()
    result = import_folder(folder)
    found = {"import s CPU": time.process_time() - started, "longest batch s": max(holds), "entry s": result.seconds_of_entry}
    edition = ReleaseEdition.objects.get()
    tracemalloc.start()
    table = tables.load(edition.thing_id, edition.as_of)
    gc.collect()
    found["table MB"] = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    found["load ms"] = best(lambda: tables.load(edition.thing_id, edition.as_of), 5)
    found |= counting(table) | answering()
    found["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps(found))


def timed(function, spent):
    def run(batch):
        began = time.monotonic()
        function(batch)
        spent.append(time.monotonic() - began)

    return run


def counting(table):
    """Milliseconds of what a page asks of a table, at a day of the past."""
    from registry.table import Criteria

    day = date(2015, 6, 30).toordinal()
    chosen = Criteria({"host": ("CN", "IN"), "status": ("Registered",)})
    ranged = Criteria(ranges={"validation": (day - 3000, day), "cers": (1, None)}, words="wo", is_issued=True)
    totals = [(dimension, name) for dimension, lists in table.dimensions.items() for name in lists.names]
    return {
        "facet values": sum(map(len, table.index.bitmaps.values())),
        "facets ms": best(lambda: table.counts(Criteria(), day)),
        "facets of a choice ms": best(lambda: table.counts(chosen, day)),
        "words, ranges ms": best(lambda: table.within(ranged, day)),
        "rows in order ms": best(lambda: table.places_of(table.matching(chosen, day), "cers", day, True)),
        "all totals ms": best(lambda: [table.totals(day, *group) for group in totals]),
        "filtered totals ms": best(lambda: table.totals_of(table.matching(chosen, day), day)),
    }


def answering():
    """Milliseconds of CPU of whole pages of the lists and of the CSV of all rows; megabytes that the CSV takes beside."""
    from django.core.management import call_command
    from django.test import Client

    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(SERVER_NAME="localhost")

    def read(address):
        for _piece in client.get(address):
            pass

    pages = {
        "list ms": "/projects/",
        "list of 100 rows ms": "/projects/?per=100",
        "past, narrowed list ms": "/@2015-06-30/projects/?status=Registered&host=CN",
        "all filters ms": "/projects/?facets=all",
        "all methodologies ms": "/projects/?facets=method",
    }
    whole = "/projects/?format=csv"
    found = {name: best(lambda address=address: read(address)) for name, address in pages.items()} | {
        "CSV ms": best(lambda: read(whole), 5)
    }
    tracemalloc.start()
    read(whole)
    found["CSV MB beside"] = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return found


def best(function, rounds=ROUNDS):
    spent = []
    for _round in range(rounds):
        started = time.process_time()
        function()
        spent.append(time.process_time() - started)
    return min(spent) * 1000


if __name__ == "__main__":
    main()
