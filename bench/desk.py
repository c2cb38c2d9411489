"""Costs of the desk's pages with many pages: `make bench-desk`. CPU time of one process (median of several), size of the answer.

With the folder of another checkout as argument, both are measured in one run, in turns: `make bench-desk ARGS=../former`.
"""

import sys
from contextlib import ExitStack
from json import dumps
from pathlib import Path
from statistics import median
from time import process_time

from bench.scale import ask, fill, running

HERE = Path(__file__).resolve()
SIZES = (1000, 10_000)
ROUNDS = 5
ADDRESSES = {
    "first page": "/admin/",
    "list of pages": "/admin/pages/page/",
    "list of pages, searched": "/admin/pages/page/?q=wind",
    "form of a page": "/admin/pages/page/{page}/change/",
    "form of a new page": "/admin/pages/page/add/",
    "moving a page": "/admin/pages/page/{page}/move/",
    "choosing a page": "/admin/things/?kind=page&q=wind",
    "finding": "/admin/find/?q=wind+section",
    "reports": "/admin/reports/",
    "review dates": "/admin/reports/reviews/",
    "notes on texts": "/admin/reports/notes/",
    "links to nowhere": "/admin/reports/broken-links/",
    "pages that nothing leads to": "/admin/reports/orphans/",
    "what happened": "/admin/recent/",
}


def main():
    checkouts = dict(zip(("this", "former"), (HERE.parents[1], *map(Path, sys.argv[1:])), strict=False))
    with ExitStack() as stack:
        runs = {
            (label, size): stack.enter_context(running(folder, size, "", HERE)) for label, folder in checkouts.items() for size in SIZES
        }
        print(f"\n| ms of CPU, kB | {' | '.join(f'{label}, {size:,}' for label, size in runs)} |\n|---|{'---:|' * len(runs)}")
        for name, address in ADDRESSES.items():
            print(f"| {name} | {' | '.join(ask(run, address) for run in runs.values())} |", flush=True)


def measure(size):
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    client, page = Client(SERVER_NAME="127.0.0.1"), fill(size)["page"]
    client.force_login(User.objects.create_superuser("ada"), backend="django.contrib.auth.backends.ModelBackend")
    examine()
    for line in sys.stdin:
        print(dumps(cost(client, line.strip().format(page=page.pk))), flush=True)


def examine():
    """Examine the texts, where the checkout can."""
    try:
        from desk.examinations import examine_all
    except ImportError:
        return
    examine_all()


def cost(client, address):
    """Milliseconds and kilobytes of an address, in words; a dash for one that there is not."""
    answer, times = client.get(address), []
    if answer.status_code != 200:
        return "–"
    for _round in range(ROUNDS):
        began = process_time()
        client.get(address)
        times.append((process_time() - began) * 1000)
    return f"{median(times):.0f}, {len(answer.content) / 1000:.0f}"


if __name__ == "__main__" and sys.argv[1:2] == ["measure"]:
    measure(int(sys.argv[2]))
elif __name__ == "__main__":
    main()
