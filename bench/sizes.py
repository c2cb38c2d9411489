"""What lists cost with few things and with many: queries and processor time, on SQLite and PostgreSQL.

Each size has a database and a process of its own. An address is asked for with what the process holds of the record already made, as
readers meet it; as the first request after a publication; and with nothing held, as after a start. Times are the best of several.
"""

import os
import subprocess
import sys
import tempfile
import time
from json import dumps, loads

SMALL, LARGE = SIZES = (100, 5000)
MOST_QUERIES, MOST_TIMES = 6, 1.5
ROUNDS = 40


def main(module, fill, addresses):
    """`fill(size)` makes that many things, publishes them and returns a draft to publish again; `addresses` maps names to paths."""
    if len(sys.argv) > 1:
        measure(fill, addresses, int(sys.argv[1]))
        return
    from scripts.postgres import throwaway_database

    missed = report("SQLite", module, {"DATABASE_URL": ""})
    with throwaway_database() as few, throwaway_database() as many:
        missed += report("PostgreSQL", module, {"DATABASE_URL": few}, {"DATABASE_URL": many})
    raise SystemExit("\n".join(missed) if missed else 0)


def report(name, module, few, many=None):
    """Print the table of one database; returns sentences about the targets that were missed."""
    small, large = run(module, SMALL, few), run(module, LARGE, many or few)
    after = "after a publication: queries | ms | ms | after a start: queries | ms"
    print(f"\n{name}\n\n| address | queries | ms CPU at {SMALL} | at {LARGE:,} | times | {after} |\n|---|{'---:|' * 9}")
    missed = []
    for address, ((_, fast), (_, fresh), _) in small.items():
        (queries, slow), (published, anew), (started, cold) = large[address]
        times = slow / fast
        warm, after = f"{queries} | {fast:.1f} | {slow:.1f} | {times:.2f}", f"{published} | {fresh:.0f} | {anew:.0f}"
        print(f"| {address} | {warm} | {after} | {started} | {cold:.0f} |")
        if published > MOST_QUERIES or times > MOST_TIMES:
            missed.append(f"{name}, {address}: {published} queries after a publication, {times:.2f} times")
    return missed


def run(module, size, database):
    with tempfile.TemporaryDirectory(prefix="cdm-bench-") as folder:
        own = {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR", "PAGE_CACHE_BYTES": "0"}
        command = [sys.executable, "-m", module, str(size)]
        return loads(subprocess.run(command, env={**os.environ, **own, **database}, check=True, stdout=subprocess.PIPE).stdout)


def measure(fill, addresses, size):
    """Write for each address three pairs of queries and milliseconds: warm, after a publication, after a start."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from publishing import held
    from publishing.ledger import publish

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    client, draft = Client(SERVER_NAME="127.0.0.1"), fill(size)
    ways = (lambda: None, lambda: publish([draft]), held.clear_all)
    print(dumps({name: [best(client, path, before) for before in ways] for name, path in addresses.items()}))


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
