"""`make test`: the whole suite on SQLite, what needs a database on PostgreSQL, and at last Lighthouse, with nothing beside it.

The PostgreSQL is the one that DATABASE_URL names, else a throwaway one. Arguments go to pytest: make test ARGS="tests/pages -k tree".
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.environment import DEVELOPMENT, PYTHON, ROOT, ensure, say
from scripts.machine import ensure_packages
from scripts.node import ensure_node_modules
from scripts.postgres import throwaway_database

EVERYTHING = ["-n", "2", "--no-loadscope-reorder", "--durations", "15", "-m", "not alone"]
ALONE = ["-n", "2", "-m", "alone"]


def main(arguments):
    ensure_packages()
    ensure(DEVELOPMENT)
    ensure_node_modules()
    given = os.environ.pop("DATABASE_URL", "")
    if given and not given.startswith(("postgres://", "postgresql://")):
        raise SystemExit("DATABASE_URL must name a PostgreSQL for the tests (postgres://...), or be left out.")
    outcomes = {"SQLite": run_pytest("SQLite", {}, arguments or EVERYTHING)}
    with contextlib.nullcontext(given) if given else throwaway_database() as address:
        outcomes["PostgreSQL"] = run_pytest("PostgreSQL", {"DATABASE_URL": address}, arguments or EVERYTHING)
    if not arguments:
        outcomes["Alone"] = run_pytest("SQLite, one by one", {}, ALONE)
    for name, (code, seconds, (*failed, skipped)) in outcomes.items():
        for line in failed:
            say(f"{name}: {line}")
        say(f"{name}: {'passed' if code == 0 else f'FAILED (pytest {code})'} in {seconds:.0f} s. {skipped}")
    return max(code for code, _seconds, _told in outcomes.values())


def run_pytest(database, environment, arguments):
    """The exit code, the seconds, and lines: each test that failed, and what was skipped."""
    say(f"\n--- Tests on {database} ---")
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "outcome")
        environment = {**os.environ, **environment, "OUTCOME_FILE": str(told)}
        start = time.monotonic()
        code = subprocess.run([str(PYTHON), "-m", "pytest", *arguments], cwd=ROOT, env=environment).returncode
        return code, time.monotonic() - start, told.read_text().splitlines() if told.exists() else [""]


def end_with_children(number, _frame):
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end_with_children)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
