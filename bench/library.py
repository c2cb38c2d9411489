"""Server time and queries of the library at 100 and at 5,000 generated documents: `.venv/bin/python -m bench.library`.

Each list is asked for with what the process holds already made, as readers meet it, and once right after a publish.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import date
from io import BytesIO, StringIO

SIZES = (100, 5000)
TIMES = 25
BATCH = 200  # the record refuses to be held up longer
ADDRESSES = {
    "first page": "/documents/",
    "page 2": "/documents/?page=2",
    "two classes": "/documents/?class=decision&class=report",
    "class, body, year, order": "/documents/?class=report&body=eb&year=2009&sort=title",
    "words": "/documents/?words=annex+forest",
    "a document": "/documents/generated-50/",
}


def main():
    folder = tempfile.mkdtemp(prefix="cdm-bench-")
    os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR", "PAGE_CACHE_BYTES": "0"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("prepare", stdout=StringIO())
    results, made = {}, 0
    for size in SIZES:
        generate(made, size)
        made = size
        results[size] = measure()
    show(results)


def generate(start, stop):
    """Documents with a version each."""
    from documents.models import Document, DocumentVersion
    from publishing import uploads
    from publishing.ledger import publish

    file = uploads.accept(BytesIO(b"generated\n"), "generated.txt")
    classes = ["decision", "standard", "procedure", "guidance", "clarification", "tool", "form", "report", "other"]
    bodies = ["cmp", "eb", "mp", "ap", "secretariat"]
    drafts = []
    for number in range(start, stop):
        document = Document.objects.create(
            slug=f"generated-{number}",
            symbol=f"EB {number // 40} Annex {number % 40}",
            title=f"Generated document {number} on {'forests' if number % 7 else 'landfill gas'}",
            document_class=classes[number % len(classes)],
            issued_by=bodies[number % len(bodies)],
            date=date(2001 + number % 20, 1 + number % 12, 15),
            subjects=["forest", "landfill gas", "wind"][: number % 4],
            summary="One sentence about the document that lists show.",
            body="Text of the document with a link to the [library](/documents/).\n\n" * 5,
        )
        drafts.append(document)
        drafts.append(DocumentVersion.objects.create(of_document_id=document.pk, version_number="1", file=file))
    for first in range(0, len(drafts), BATCH):
        publish(drafts[first : first + BATCH])


def measure():
    """For each address: queries and median milliseconds when warm, milliseconds of the first request after a publish."""
    from django.db import connection, reset_queries
    from django.test import Client

    from publishing import held

    client = Client(headers={"host": "127.0.0.1"})
    found = {}
    for name, address in ADDRESSES.items():
        held.clear_all()
        first = timed(client, address)
        connection.force_debug_cursor = True
        reset_queries()
        client.get(address)
        queries = len(connection.queries)
        connection.force_debug_cursor = False
        warm = statistics.median(timed(client, address) for _ in range(TIMES))
        found[name] = (queries, warm, first)
    return found


def timed(client, address):
    start = time.process_time()
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)  # noqa: S101  (a benchmark that measures an error is worthless)
    return (time.process_time() - start) * 1000


def show(results):
    small, large = SIZES
    warm = f"queries at {small} | at {large:,} | ms CPU at {small} | at {large:,} | times"
    print(f"| address | {warm} | just published, at {small} | at {large:,} |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name in ADDRESSES:
        (few, fast, cold), (many, slow, colder) = results[small][name], results[large][name]
        print(f"| {name} | {few} | {many} | {fast:.1f} | {slow:.1f} | {slow / fast:.2f} | {cold:.0f} | {colder:.0f} |")


if __name__ == "__main__":
    sys.exit(main())
