"""Cost of lists with few things and with many: queries and processor time, on SQLite and PostgreSQL.

Each size has a database and a process of its own, and the two take turns, so that a busy machine slows both. An address is asked for with
what the process holds of the record already made, as readers meet it; as the first request after a publication; and with nothing held, as
after a start. Times are the best of several.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from json import dumps, loads

SMALL, LARGE = SIZES = (100, 5000)
MOST_QUERIES, MOST_TIMES = 6, 1.5
TURNS, ROUNDS = 4, 10
WAYS = ("warm", "published", "started")


def main(module, fill, addresses):
    """`fill(size)` makes that many things, publishes them and returns a draft to publish again; `addresses` maps names to paths."""
    if len(sys.argv) > 1:
        serve(fill, int(sys.argv[1]))
        return
    from scripts.postgres import throwaway_database

    missed = report("SQLite", module, addresses, {"DATABASE_URL": ""})
    with throwaway_database() as few, throwaway_database() as many:
        missed += report("PostgreSQL", module, addresses, {"DATABASE_URL": few}, {"DATABASE_URL": many})
    raise SystemExit("\n".join(missed) if missed else 0)


def report(name, module, addresses, few, many=None):
    """Print the table of one database; returns sentences about the targets that were missed."""
    after = "after a publication: queries | ms | ms | after a start: queries | ms"
    print(f"\n{name}\n\n| address | queries | ms CPU at {SMALL} | at {LARGE:,} | times | {after} |\n|---|{'---:|' * 9}")
    missed = []
    with running(module, SMALL, few) as small, running(module, LARGE, many or few) as large:
        for address, path in addresses.items():
            fast, slow = {}, {}
            for way in WAYS:
                turns = [(asked(small, path, way), asked(large, path, way)) for _ in range(TURNS)]
                fast[way], slow[way] = (min(costs, key=lambda cost: cost[1]) for costs in zip(*turns, strict=True))
            times = slow["warm"][1] / fast["warm"][1]
            warm = f"{slow['warm'][0]} | {fast['warm'][1]:.1f} | {slow['warm'][1]:.1f} | {times:.2f}"
            fresh = f"{slow['published'][0]} | {fast['published'][1]:.0f} | {slow['published'][1]:.0f}"
            print(f"| {address} | {warm} | {fresh} | {slow['started'][0]} | {slow['started'][1]:.0f} |", flush=True)
            if slow["published"][0] > MOST_QUERIES or times > MOST_TIMES:
                missed.append(f"{name}, {address}: {slow['published'][0]} queries after a publication, {times:.2f} times")
    return missed


@contextmanager
def running(module, size, database):
    """A process that has filled a database of its own and measures what it is asked for."""
    with tempfile.TemporaryDirectory(prefix="cdm-bench-") as folder:
        own = {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR", "PAGE_CACHE_BYTES": "0"}
        command, environment = [sys.executable, "-m", module, str(size)], {**os.environ, **own, **database}
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            yield process
            process.stdin.close()


def asked(process, path, way):
    """(queries, milliseconds) of an address in the other process."""
    print(path, way, file=process.stdin, flush=True)
    return loads(process.stdout.readline())


def serve(fill, size):
    """Measure each address that is asked for on a line of the input."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from publishing import snapshots
    from publishing.ledger import publish

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    client, draft = Client(SERVER_NAME="127.0.0.1"), fill(size)
    ways = dict(zip(WAYS, (lambda: None, lambda: publish([draft]), snapshots.clear_all), strict=True))
    for line in sys.stdin:
        path, way = line.split()
        print(dumps(best(client, path, ways[way])), flush=True)


def best(client, path, before):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import set_script_prefix

    spent = []
    client.get(path)
    for _ in range(ROUNDS):
        before()
        set_script_prefix("/")
        began = time.process_time()
        response = client.get(path)
        spent.append((time.process_time() - began) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}")
    before()
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured), min(spent)
