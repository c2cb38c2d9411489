"""Server time and queries of news archives and feeds with 100 and with 5,000 items: `python -m bench.news`.

Each size has an SQLite database of its own in a folder that goes with the process. Times are processor time, the best of several requests,
once with what it holds of the record and once, in the last column, with nothing held, as right after a publication.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta

SIZES = (100, 5000)
LISTS = {
    "all news": "/news/",
    "last page": "/news/?page={last}",
    "year": "/news/{year}/",
    "month": "/news/{year}/06/",
    "topic": "/news/topics/board/",
    "item": "{item}",
    "Atom": "/news/feed/atom/",
    "JSON Feed": "/news/feed/json/",
    "past": "/@2012-06-30/news/",
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int)
    size = parser.parse_args().size
    if size:
        measure(size)
        return
    print(f"{'':10} {'items':>6} {'queries':>8} {'ms':>7} {'cold queries':>13} {'cold ms':>8}")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            environment = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR"}
            environment.pop("DATABASE_URL", None)
            subprocess.run([sys.executable, "-m", "bench.news", "--size", str(size)], env=environment, check=True)


def measure(size):
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    first = fill(size)
    client = Client(SERVER_NAME="127.0.0.1")
    places = {"last": (size + 24) // 25, "year": 2012, "item": first}
    for name, address in LISTS.items():
        path = address.format(**places)
        warm, cold = best(client, path), best(client, path, forget=True)
        print(f"{name:10} {size:6} {warm[0]:8} {warm[1]:7.1f} {cold[0]:13} {cold[1]:8.1f}", flush=True)


def fill(size):
    """Generated items spread over ten years, every tenth of them corrected; returns the address of one."""
    from news.models import NewsItem, NewsItemEdition
    from news.topics import Topic
    from pages.models import Page, PageEdition
    from publishing.ledger import import_editions

    section = Page.objects.create(slug="news", title="CDM News Archive", body="Words of the section.")
    start = datetime(2005, 1, 1, tzinfo=UTC)
    editions = [PageEdition(thing_id=section.pk, kind="page", live_from=start, imported=True, **section.content())]
    for number in range(size):
        day = date(2005, 1, 1) + timedelta(days=number * 3650 // size)
        draft = NewsItem(date=day, slug=f"item-{number}", title=f"Generated item {number}", summary="A sentence of a usual length. " * 3)
        draft.topics, draft.body = [Topic.values[number % 10], Topic.values[number % 7]], "A paragraph with [a link](/news/).\n\n" * 8
        draft.topics = sorted(set(draft.topics))
        draft.save()
        live_from = datetime(day.year, day.month, day.day, tzinfo=UTC)
        corrected = live_from + timedelta(days=30) if number % 10 == 0 else None
        editions.append(
            NewsItemEdition(thing_id=draft.pk, kind="newsitem", live_from=live_from, live_to=corrected, imported=True, **draft.content())
        )
        if corrected:
            later = draft.content() | {"body": draft.body + "Corrected."}
            editions.append(NewsItemEdition(thing_id=draft.pk, kind="newsitem", live_from=corrected, imported=True, **later))
    began = time.process_time()
    import_editions(sorted(editions, key=lambda edition: edition.live_from))
    print(f"{'import':10} {size:6} {'':8} {(time.process_time() - began) * 1000:7.0f}")
    return f"/news/{date(2005, 1, 1):%Y/%m/%d}/item-0/"


def best(client, path, forget=False, rounds=15):
    """(queries, milliseconds) of the quickest of several requests."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import set_script_prefix

    from publishing import held

    quickest, queries = float("inf"), 0
    for _ in range(rounds):
        set_script_prefix("/")
        if forget:
            held.clear_all()
        with CaptureQueriesContext(connection) as captured:
            began = time.process_time()
            response = client.get(path)
            spent = (time.process_time() - began) * 1000
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}")
        quickest, queries = min(quickest, spent), len(captured)
    return queries, quickest


if __name__ == "__main__":
    main()
