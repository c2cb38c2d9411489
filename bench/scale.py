"""Costs that do not grow with the record, of publishing one of many things, of the next page and suggestion: `make bench-scale`.

CPU time of one process for each size, median of several. With the folder of another checkout as argument, both are measured in one run,
in turns: `make bench-scale ARGS=../former`.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from json import dumps, loads
from pathlib import Path
from statistics import median
from time import process_time

HERE = Path(__file__).resolve()
SIZES = (1000, 10_000)
ROUNDS = 5
MEASURES = {
    "publishing a news item": "news publish",
    "first page after a news item": "news page",
    "first suggestion after a news item": "news suggest",
    "publishing a page": "page publish",
    "first page after a page": "page page",
    "first suggestion after a page": "page suggest",
}


def main():
    checkouts = dict(zip(("this", "former"), (HERE.parents[1], *map(Path, sys.argv[1:])), strict=False))
    from scripts.postgres import throwaway_database

    for name, database in (("SQLite", None), ("PostgreSQL", throwaway_database)):
        with ExitStack() as stack:
            runs = {}
            for label, folder in checkouts.items():
                for size in SIZES:
                    address = stack.enter_context(database()) if database else ""
                    runs[label, size] = stack.enter_context(running(folder, size, address))
            print(f"\n{name}\n\n| ms of CPU | {' | '.join(f'{label}, {size:,}' for label, size in runs)} |\n|---|{'---:|' * len(runs)}")
            for measure, question in MEASURES.items():
                print(f"| {measure} | {' | '.join(f'{ask(run, question):.1f}' for run in runs.values())} |", flush=True)


@contextmanager
def running(folder, size, database, script=HERE):
    """A process of the checkout in `folder` that has filled a database and measures with the script what it is asked for."""
    with tempfile.TemporaryDirectory(prefix="cdm-bench-") as own:
        variables = {"VAR_DIR": own, "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR", "PAGE_CACHE_BYTES": "0"}
        environment = {**os.environ, **variables, "DATABASE_URL": database, "PYTHONPATH": str(folder)}
        command = [sys.executable, "-P", "-W", "ignore", str(script), "measure", str(size)]
        with subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            yield process
            process.stdin.close()


def ask(process, question):
    print(question, file=process.stdin, flush=True)
    return loads(process.stdout.readline())


def measure(size):
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from publishing.ledger import publish

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    client, drafts = Client(SERVER_NAME="127.0.0.1"), fill(size)
    addresses = {"page": "/section-3/p5/", "suggest": "/quickfinder/suggestions/?q=wind+po"}
    for line in sys.stdin:
        name, what = line.split()
        print(dumps(median(one_round(client, publish, drafts[name], addresses.get(what)) for _ in range(ROUNDS))), flush=True)


def one_round(client, publish, draft, address):
    """Milliseconds that the publication costs, or the request for the address after it."""
    from django.urls import set_script_prefix

    set_script_prefix("/")
    if address:
        client.get(address)
    draft.title = draft.title[:-1] + ("a" if draft.title[-1] == "b" else "b")
    draft.save()
    began = process_time()
    publish([draft])
    if address:
        began = process_time()
        if client.get(address).status_code != 200:
            raise SystemExit(f"{address} does not answer")
    return (process_time() - began) * 1000


def fill(size):
    """As many pages, half as many documents, a third as many news items, some issues. Returns a page and a news item."""
    from datetime import UTC, date, datetime

    from documents.models import Document, DocumentClass, DocumentEdition
    from news.models import NewsItem, NewsItemEdition
    from pages.models import Page, PageEdition
    from publishing.ledger import import_editions
    from search.models import Group, Issue, IssueEdition

    subjects = ("wind power", "landfill gas", "afforestation", "hydro power", "cook stoves")
    text = "Words of a page with [a link](/section-1/), and with [another](/nothing/).\n\n" * 5
    pairs = []
    for section in range(size // 100):
        top = Page.objects.create(slug=f"section-{section}", title=f"Section {section}", body=text, in_menu=section < 20)
        pairs.append((PageEdition, top))
        for number in range(99):
            title = f"Page {number} on {subjects[number % 5]} in section {section}"
            pairs.append((PageEdition, Page.objects.create(slug=f"p{number}", title=title, parent=top, body=text, position=number)))
    for number in range(size // 2):
        title = f"Document {number} on {subjects[number % 5]}"
        fields = {"document_class": DocumentClass.values[number % 9], "issued_by": "eb", "date": date(2009, 1, 15)}
        pairs.append((DocumentEdition, Document.objects.create(slug=f"document-{number}", title=title, body=text, **fields)))
    for number in range(100):
        label, target = f"Issue {number} {subjects[number % 5]}", pairs[number][1]
        pairs.append((IssueEdition, Issue.objects.create(label=label, heading=Group.values[0], target_id=target.pk)))
    for number in range(size // 3):
        fields = {
            "date": date(2010, 1, 1),
            "slug": f"item-{number}",
            "title": f"Item {number}, b",
            "summary": "One sentence.",
            "body": text,
        }
        pairs.append((NewsItemEdition, NewsItem.objects.create(**fields)))
    start = datetime(2023, 11, 3, tzinfo=UTC)
    import_editions([e(thing_id=draft.pk, kind=e.KIND, live_from=start, imported=True, **draft.content()) for e, draft in pairs])
    return {"page": pairs[5][1], "news": pairs[-1][1]}


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]))
    else:
        main()
