"""Worth of each store of the process: CPU of a page drawn anew with all of them, and without each: `make bench-stores`.

The page cache is emptied before each request but in its own row. The process is warm; the variants take turns, so that a busy machine slows
all of them alike.
"""

import argparse
import contextlib
import io
import os
import statistics
import sys
import tempfile
import time
from unittest import mock

from bench.serve import manage

ADDRESSES = ("/about/", "/", "/news/", "/documents/", "/search/?q=additionality", "/@2010-03-10/about/")
REPEATS = 3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="cdm-stores-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "CRITICAL", "DATABASE_URL": ""}
        manage(os.environ, "prepare")
        manage(os.environ, "run_indexer", "--once")
        import django

        django.setup()
        print(table(measure(rounds)))


def measure(rounds):
    """Milliseconds by variant and address."""
    spent = {}
    for _ in range(rounds):
        for name, without in variants().items():
            with without:
                for address in ADDRESSES:
                    ask(address)
                    spent.setdefault((name, address), []).extend(ask(address) for _ in range(REPEATS))
    return {key: statistics.median(costs) for key, costs in spent.items()}


def variants():
    """A context manager that takes a store away, by name."""
    from cdmportal.wsgi import application
    from markup import rendering
    from publishing import snapshots
    from publishing.templatetags.snapshots import parts

    def without(store):
        return mock.patch.object(store, "get_or_make", lambda _key, make: make())

    return {
        "page cache hit": mock.patch.object(application, "clear", return_value=None),
        "all others": contextlib.nullcontext(),
        "without template parts": without(parts),
        "without editions": without(snapshots.editions),
        "without safe HTML": without(rendering.safe),
        "without snapshots": mock.patch.object(snapshots.Snapshot, "__call__", lambda snapshot, moment: snapshot.build(moment)),
    }


def ask(address):
    """Milliseconds of CPU that an answer takes which the page cache does not hold."""
    from cdmportal.wsgi import application

    path, _, query = address.partition("?")
    environ = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1"}
    environ |= {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"}
    environ |= {"wsgi.url_scheme": "http", "wsgi.input": io.BytesIO()}
    answers = []
    application.clear()
    began = time.process_time()
    b"".join(application(environ, lambda status, *_headers: answers.append(status)))
    spent = (time.process_time() - began) * 1000
    if not answers[0].startswith("200"):
        sys.exit(f"{address} answered {answers[0]}")
    return spent


def table(spent):
    names = dict.fromkeys(name for name, _address in spent)
    lines = [f"| CPU ms | {' | '.join(ADDRESSES)} |", f"|---|{'---:|' * len(ADDRESSES)}"]
    lines += [f"| {name} | {' | '.join(f'{spent[name, address]:.3g}' for address in ADDRESSES)} |" for name in names]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
