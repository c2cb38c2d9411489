"""The whole menu at a past moment, and a page, at 1,000 pages with 50 editions each: `make bench-menu` (SQLite, then PostgreSQL).

Beside our own reading of the record, peers that answer the same question from the same rows: the newest edition of each thing by a grouped
query, by a correlated one, and from JSON. All are timed in one run, alternating, so that a busy machine slows all of them.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

PAGES, EDITIONS, ROUNDS = 1000, 50, 25
TARGETS = {"sqlite": 15, "postgresql": 25}  # milliseconds, median
BEGIN = datetime(2005, 1, 1, tzinfo=UTC)
BODY = "A paragraph of some length about the clean development mechanism, with a [link](/p0/) and **stress**.\n\n" * 12


def main():
    from scripts.postgres import throwaway_database

    run({"DATABASE_URL": ""})
    # Never the database that the environment names: this one is filled and emptied.
    with throwaway_database() as address:
        run({"DATABASE_URL": address})


def run(database):
    with tempfile.TemporaryDirectory(prefix="cdm-bench-") as folder:
        own = {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR", "PAGE_CACHE_BYTES": "0"}
        subprocess.run([sys.executable, "-m", "bench.menu", "one"], env={**os.environ, **own, **database}, check=True)


def one():
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"\n{connection.vendor}: {PAGES:,} pages x {EDITIONS} editions")
    for count in (20, PAGES):
        fill(count)
        milliseconds = page_cost()
        print(f"  a page of {count:>5} pages, uncached: {milliseconds:5.2f} ms CPU")
        if count == PAGES:
            compare()
        empty()


def fill(pages):
    """Editions of pages in a tree of three levels, each page changing every few days; three of each page's editions move it."""
    from django.db import connection, transaction

    from pages.models import Page, PageEdition
    from publishing.models import Edition, Record, Thing

    with transaction.atomic():
        Thing.objects.bulk_create(Thing(kind="page", key=f"p{number}") for number in range(pages))
        things = list(Thing.objects.order_by("pk").values_list("pk", flat=True))
        frames, contents = [], []
        for turn in range(EDITIONS):
            for place, thing in enumerate(things):
                start = BEGIN + timedelta(days=100 * turn, minutes=place)
                end = start + timedelta(days=100) if turn < EDITIONS - 1 else None
                number = turn * pages + place + 1
                frames.append(
                    Edition(number=number, thing_id=thing, kind="page", live_from=start, live_to=end, recorded=start, imported=True)
                )
                contents.append(content(number, place, things, turn))
        Edition.objects.bulk_create(frames, batch_size=200)
        columns = [PageEdition._meta.get_field(name).column for name in contents[0]]
        marks = ", ".join(["%s"] * len(columns))
        with connection.cursor() as cursor:
            insert = f"INSERT INTO {PageEdition._meta.db_table} ({', '.join(columns)}) VALUES ({marks})"
            cursor.executemany(insert, [tuple(row.values()) for row in contents])
            drafts = [(thing, *list(row.values())[1:]) for thing, row in zip(things, contents[-pages:], strict=True)]
            own = ["thing_ptr_id", *columns[1:]]
            insert = f"INSERT INTO {Page._meta.db_table} ({', '.join(own)}) VALUES ({marks})"
            cursor.executemany(insert, drafts)
            make_json(cursor, frames, contents)
        Record.objects.update(last=len(frames), at=frames[-1].live_from)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def content(number, place, things, turn):
    """Twenty pages at the top, below each of them nineteen, and the rest below those."""
    parent = None
    if place >= 20:
        parent = things[place // 20 if place < 400 else 20 + place % 380]
    return {
        "edition_ptr": number,
        "parent": parent,
        "slug": f"p{place}" if turn < EDITIONS - 3 else f"q{place}",
        "position": place,
        "title": f"Page {place} in its form {turn}",
        "menu_title": f"Page {place}",
        "summary": "One sentence on what it holds.",
        "body": BODY,
        "in_menu": True,
        "menu_below": None,
    }


def make_json(cursor, frames, contents):
    """The peer's table: one row an edition with its content as JSON."""
    cursor.execute(
        "CREATE TABLE IF NOT EXISTS bench_json (number bigint PRIMARY KEY, thing bigint, live_from text, live_to text, content text)"
    )
    cursor.execute("CREATE INDEX IF NOT EXISTS bench_json_interval ON bench_json (live_from, live_to)")
    kept = [{name: value for name, value in row.items() if name != "edition_ptr"} for row in contents]
    rows = [
        (frame.number, frame.thing_id, frame.live_from.isoformat(), frame.live_to and frame.live_to.isoformat(), json.dumps(values))
        for frame, values in zip(frames, kept, strict=True)
    ]
    cursor.executemany("INSERT INTO bench_json VALUES (%s, %s, %s, %s, %s)", rows)


def empty():
    from django.db import connection

    from pages.models import Page, PageEdition
    from publishing import immutability, snapshots
    from publishing.models import Edition, Record, Thing
    from publishing.record_transaction import BEFORE_ALL

    immutability.disarm(connection)
    with connection.cursor() as cursor:
        for table in (PageEdition._meta.db_table, Edition._meta.db_table, Page._meta.db_table, Thing._meta.db_table, "bench_json"):
            cursor.execute(f"DELETE FROM {table}")
    Record.objects.update(last=0, at=BEFORE_ALL)
    immutability.arm(connection)
    snapshots.clear_all()


def page_cost(times=150):
    """Milliseconds of processor for a page, with what the process holds already made."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import RequestFactory

    application, path = WSGIHandler(), "/q0/"

    def ask():
        environ = RequestFactory().get(path, HTTP_HOST="localhost").environ
        answers = []
        body = b"".join(application(environ, lambda status, _headers: answers.append(status)))
        if not answers[0].startswith("200"):
            raise SystemExit(f"{path} answered {answers[0]}")
        return body

    for _ in range(10):
        ask()
    began = time.process_time()
    for _ in range(times):
        ask()
    return (time.process_time() - began) / times * 1000


def compare():
    from django.db import connection

    from pages.navigation import load_tree

    moments = [BEGIN + timedelta(days=100 * EDITIONS * (number + 0.5) / ROUNDS, minutes=PAGES / 2) for number in range(ROUNDS)]
    ways = {"this portal": load_tree, "grouped": grouped, "correlated": correlated, "JSON": from_json}
    times = {name: [] for name in ways}
    for at in moments:
        expected = set(load_tree(at).by_path)
        for name, way in ways.items():
            began = time.perf_counter()
            tree = way(at)
            times[name].append((time.perf_counter() - began) * 1000)
            if set(tree.by_path) != expected:
                raise SystemExit(f"{name} finds another tree")
    own = statistics.median(times["this portal"])
    for name, values in times.items():
        values.sort()
        median = statistics.median(values)
        print(f"  tree at a past moment, {name:>12}: median {median:6.1f} ms, fastest {values[0]:6.1f}, ratio {median / own:4.1f}")
    target = TARGETS[connection.vendor]
    print(f"  target {target} ms: {'met' if own <= target else 'MISSED'}")


def tree_of(rows):
    from pages.tree import Tree

    return Tree([list(row) for row in rows])


def grouped(at):
    from django.db.models import Max

    from pages.models import PageEdition
    from pages.tree import FIELDS
    from publishing.models import Edition

    newest = (
        Edition.objects.filter(kind="page", live_from__lte=at).order_by().values("thing").annotate(newest=Max("number")).values("newest")
    )
    return tree_of(PageEdition.objects.filter(number__in=newest).values_list(*FIELDS))


def correlated(at):
    from django.db.models import OuterRef, Subquery

    from pages.models import PageEdition
    from pages.tree import FIELDS
    from publishing.models import Edition, Thing

    newest = Edition.objects.filter(thing=OuterRef("pk"), live_from__lte=at).order_by("-number").values("number")[:1]
    numbers = Thing.objects.filter(kind="page").annotate(newest=Subquery(newest)).values("newest")
    return tree_of(PageEdition.objects.filter(number__in=numbers).values_list(*FIELDS))


def from_json(at):
    from django.db import connection

    from pages.tree import FIELDS

    with connection.cursor() as cursor:
        moment = at.isoformat()
        query = "SELECT number, thing, content FROM bench_json WHERE live_from <= %s AND (live_to IS NULL OR live_to > %s)"
        cursor.execute(query, [moment, moment])
        rows = []
        for number, thing, text in cursor.fetchall():
            values = json.loads(text)
            frame = {"thing_id": thing, "number": number, "action": "publish"}
            content = {"parent_id": values.pop("parent"), "menu_below_id": values.pop("menu_below"), **values}
            rows.append([(frame | content)[name] for name in FIELDS])
    return tree_of(rows)


if __name__ == "__main__":
    one() if sys.argv[1:] == ["one"] else main()
