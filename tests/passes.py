"""Which tests run in which pass and in which process, and what was skipped, said aloud.

`make test` runs the suite on SQLite, then what needs a database on PostgreSQL, then Lighthouse alone. Test files go to one process each,
so that fixtures of a module are made once; the long ones come first, and those of `SPREAD` go test by test to whoever is free.
Tests that hold something to the clock, and those in a browser, get another try where what else the machine does came between.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ONCE = "runs once, on SQLite"
DATABASE = {"db", "transactional_db", "live_server", "django_db_setup", "database_url"}
LONG = (
    "test_stored_xss test_a11y test_policy test_pages_html test_swap_and_kill test_reflected_xss test_canary test_browser test_kill "
    "test_behind_nginx test_database_gone test_indexer test_run test_environment test_upgrade"
).split()
# Files in one process, since they share what is dear to make.
TOGETHER = {"tests/test_policy.py": "tests/test_a11y.py"}
SPREAD = {"test_stored_xss", "test_reflected_xss", "test_lighthouse"}
TRIES_MORE = 2


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
        if item.get_closest_marker("browser") or item.get_closest_marker("clock"):
            item.add_marker(pytest.mark.flaky(reruns=TRIES_MORE))
        if os.environ.get("DATABASE_URL") and (reason := reason_to_skip(item)):
            item.add_marker(pytest.mark.skip(reason=reason))
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


def reason_to_skip(item):
    """Why a test does not run on PostgreSQL as well, or None."""
    if item.get_closest_marker("once"):
        return f"{ONCE}: its server has a database of its own, or none matters"
    if item.get_closest_marker("browser"):
        return f"{ONCE}: drives a browser"
    if not item.get_closest_marker("django_db") and not DATABASE & set(item.fixturenames):
        return f"{ONCE}: uses no database"
    return None


class ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return nodeid if Path(file).stem in SPREAD else TOGETHER.get(file, file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


def pytest_unconfigure(config):
    """The last lines of a run: which tests were tried again and which failed, and why, and how many were skipped, by reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    for report in reporter.stats.get("rerun", ()):
        reporter.write_line(f"Tried again: {with_reason(report)}")
    failed = [*reporter.stats.get("failed", ()), *reporter.stats.get("error", ())]
    lines = [*(f"Failed: {with_reason(report)}" for report in failed), skipped(reporter.stats.get("skipped", ()))]
    reporter.write_line(lines[-1])
    if file := os.environ.get("OUTCOME_FILE"):
        Path(file).write_text("\n".join(lines))


def with_reason(report):
    reason = next((line for line in report.longreprtext.splitlines() if line.startswith("E ")), "")
    return f"{report.nodeid} {' '.join(reason.split())}"[:300]


def skipped(reports):
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in reports)
    counted = [f"{count} ({reason})" for reason, count in sorted(reasons.items(), key=lambda one: (-one[1], one[0]))]
    return f"Skipped: {', '.join(counted) or 'nothing'}."
