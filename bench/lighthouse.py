"""Lighthouse on five pages, as on a telephone and on a desk: `make bench-lighthouse`, or `python -m bench.lighthouse --runs 3`.

The portal is served as in earnest: collected files, one granian worker, page cache, search index. Performance is the median of the runs,
with Lighthouse's own simulated network and processor; the other three categories are the worst of the runs. Machine load shows in
performance alone.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.serve import DEPLOYED, ROOT, granian, machine, manage
from scripts.browser import chromium, require_chromium
from scripts.node import ensure_node_modules

PAGES = {
    "CDM Home": "/",
    "About CDM": "/about/",
    "News archive": "/news/",
    "A document": "/documents/3-cmp-1/",
    "A search result": "/search/?q=additionality",
}
HEAD = "| page | form | performance | accessibility | best practices | SEO |\n|---|---|---|---|---|---|"
FORMS = ("mobile", "desktop")
HUNDRED = ("accessibility", "best-practices", "seo")
ATTEMPTS = 3  # on a busy machine Chromium's trace is sometimes lost, and Lighthouse asks to be run again
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    require_chromium()
    ensure_node_modules()
    folder = Path(tempfile.mkdtemp(prefix="cdm-lighthouse-"))
    try:
        environment = prepared(folder)
        with granian("cdmportal.wsgi:application", environment, threads=DEPLOYED) as (port, _):
            print(f"{machine()}\n\n{HEAD}", flush=True)
            for name, path in PAGES.items():
                for form in FORMS:
                    print(row(name, form, [scores(f"http://127.0.0.1:{port}{path}", form) for _ in range(runs)]), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepared(folder):
    environment = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR"}
    for name in ("DATABASE_URL", "MEDIA_ROOT", "STATIC_ROOT"):
        environment.pop(name, None)
    manage(environment, "prepare")
    manage(environment, "run_indexer", "--once")
    return environment


def row(name, form, runs):
    performance = [run["performance"] for run in runs]
    cells = [name, form, f"{median(performance):.0f} ({', '.join(map(str, performance))})"]
    return " | ".join(["", *cells, *(str(min(run[category] for run in runs)) for category in HUNDRED), ""]).strip()


def scores(address, form):
    """The score of each category, of 100; what cost points is told on the error stream."""
    report = run(address, form)
    for category in report["categories"].values():
        for audit in lost(report, category):
            print(f"{address} ({form}), {category['title']}: {audit}", file=sys.stderr)
    return {name: round(100 * category["score"]) for name, category in report["categories"].items()}


def lost(report, category):
    """The audits that cost the category points, with what they say."""
    for reference in category["auditRefs"]:
        audit = report["audits"][reference["id"]]
        if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
            yield f"{audit['title']} {audit.get('displayValue', '')}".strip()


def run(address, form, categories=("performance", *HUNDRED)):
    """Lighthouse's report. Its Chromium starts with an empty profile."""
    script = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
    command = ["node", script, address, "--quiet", "--output=json", "--no-enable-error-reporting", f"--chrome-flags={' '.join(FLAGS)}"]
    command += [f"--only-categories={','.join(categories)}", *(["--preset=desktop"] if form == "desktop" else [])]
    for _ in range(ATTEMPTS):
        done = subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium()}, capture_output=True, text=True, timeout=180)
        if done.returncode == 0 and "runtimeError" not in (report := json.loads(done.stdout)):
            return report
    raise RuntimeError(done.stderr[-2000:] or report["runtimeError"]["message"])


if __name__ == "__main__":
    main()
