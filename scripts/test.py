"""`make test`: the whole suite on SQLite, then on a real PostgreSQL. Arguments go to pytest: make test ARGS="tests/pages -k tree"."""

import contextlib
import os
import signal
import subprocess
import sys
import time

from scripts.browser import require_chromium
from scripts.environment import DEVELOPMENT, PYTHON, ROOT, ensure, say
from scripts.node import ensure_node_modules
from scripts.postgres import throwaway_database

EVERYTHING = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "15"]


def main(arguments):
    ensure(DEVELOPMENT)
    ensure_node_modules()
    require_chromium()
    given = os.environ.pop("DATABASE_URL", "")
    if given and not given.startswith(("postgres://", "postgresql://")):
        raise SystemExit("DATABASE_URL must name a PostgreSQL for the tests (postgres://...), or be left out.")
    outcomes = {"SQLite": run_pytest("SQLite", {}, arguments)}
    with contextlib.nullcontext(given) if given else throwaway_database() as address:
        outcomes["PostgreSQL"] = run_pytest("PostgreSQL", {"DATABASE_URL": address}, arguments)
    for name, (code, seconds) in outcomes.items():
        say(f"{name}: {'passed' if code == 0 else f'FAILED (pytest {code})'} in {seconds:.0f} s")
    return max(code for code, seconds in outcomes.values())


def run_pytest(database, environment, arguments):
    say(f"\n--- Tests on {database} ---")
    command = [str(PYTHON), "-m", "pytest", *(arguments or EVERYTHING)]
    start = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode
    return code, time.monotonic() - start


def end_with_children(number, _frame):
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end_with_children)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
