"""Mixed load on real addresses while an editor publishes every second: `make bench-load`, or `python -m bench.load --seconds 60`.

Two workers and the indexer beside them on the shipped content. wrk asks for pages, past moments, searches, feeds and downloads by
turns; the editor saves and publishes through the desk, and 50 ms after each publication reads the page on 16 new connections, which the
kernel spreads over the workers. Every one must show the new state.
"""

import argparse
import contextlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench import wrk
from bench.serve import ROOT, ended, fetch, free_port, machine, manage, wait_for

WORKERS = 2
CONNECTIONS = 8
LOOKS = 16
SEEN_WITHIN = 0.05  # seconds after which a publication of another worker is seen
PASSWORD = secrets.token_urlsafe(20)
EDITOR = f"""
import django
django.setup()
from django.contrib.auth.models import User
from pages.models import Page
User.objects.create_superuser("bench", password={PASSWORD!r})
print(Page.objects.get(key="about").pk)
"""
SCRIPT = """
local paths = {%s}
local number = 0
request = function()
  number = number %% #paths + 1
  return wrk.format("GET", paths[number])
end
"""
EXTRA = """/search/?q=additionality /search/?q=executive+board&page=2 /quickfinder/?q=HFC-23 /quickfinder/suggestions/?q=add
/documents/?format=csv /news/feed/atom/ /news/feed/rss/ /news/feed/json/ /audio/feed/podcast/ /sitemap.xml
/documents/?class=decision&year=2005""".split()
PAST = ("2010-03-10", "2010-03-10T17:07", "2023-11-03", "2012-01-01")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    folder = Path(tempfile.mkdtemp(prefix="cdm-load-"))
    try:
        print(machine(), flush=True)
        measure(folder, seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder, seconds):
    environment = os.environ | {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "LOG_LEVEL": "ERROR"}
    for name in ("DATABASE_URL", "MEDIA_ROOT", "STATIC_ROOT"):
        environment.pop(name, None)
    manage(environment, "prepare")
    made = subprocess.run([sys.executable, "-c", EDITOR], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    with indexing(environment), serving(environment) as (port, workers):
        paths = addresses(port)
        script = folder / "paths.lua"
        script.write_text(SCRIPT % ", ".join(f'"{path}"' for path in paths))
        editor = LoadEditor(f"http://127.0.0.1:{port}", int(made.stdout))
        editor.start()
        result = wrk.run(f"http://127.0.0.1:{port}", workers, CONNECTIONS, seconds, script=script)
        editor.done.set()
        editor.join(60)
        report(paths, result, editor, workers)


def report(paths, result, editor, workers):
    print(f"{len(paths)} addresses, {result.seconds:.0f} s: {result.requests:,} requests, {result.rate:,.0f} a second,")
    print(f"p50 {result.p50:.1f} ms, p99 {result.p99:.1f} ms, {result.errors} errors")
    print(
        f"{editor.published} publications, each read on {LOOKS} new connections: {editor.stale} saw a former state, {editor.failed} failed"
    )
    print("memory of the workers, MB:", ", ".join(f"{wrk.megabytes(pid)[0]:.0f}" for pid in workers))
    if result.errors or editor.stale or editor.failed or not editor.published:
        raise SystemExit(1)


@contextlib.contextmanager
def indexing(environment):
    manage(environment, "run_indexer", "--once")
    with ended(subprocess.Popen([sys.executable, "manage.py", "run_indexer"], cwd=ROOT, env=environment, start_new_session=True)):
        yield


@contextlib.contextmanager
def serving(environment):
    port = free_port()
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", "4", "--log-level", "error", "cdmportal.wsgi:application"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    with ended(server):
        wait_for(port, "/")
        time.sleep(2)
        yield port, wrk.children(server.pid)


def addresses(port):
    """Every address of the site map, some of them in the past, searches, feeds, and the files that pages link to."""
    listed = re.findall(r"<loc>https?://[^/<]+(/[^<]*)</loc>", fetch(port, "/sitemap.xml")[0].decode())
    past = [f"/@{moment}{path}" for moment in PAST for path in listed[:20]]
    library = fetch(port, "/documents/")[0].decode()
    files = re.findall(r'href="(/documents/[^"]+/[^"/]+\.(?:pdf|csv))"', library)
    return [path for path in [*listed, *past, *EXTRA, *files] if wants(port, path)]


def wants(port, path):
    """Whether an address answers 200 before the load; some old moments have no such page."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().status == 200


class LoadEditor(threading.Thread):
    """Publishes a new state every second and looks whether everybody sees it."""

    def __init__(self, address, page):
        from tests.wire import Browser

        super().__init__()
        self.new_browser, self.page, self.done = lambda: Browser(address), page, threading.Event()
        self.published = self.stale = self.failed = 0

    def run(self):
        desk = self.new_browser().log_in("bench", PASSWORD)
        start = f"/admin/pages/page/{self.page}"
        beat = time.monotonic()
        while not self.done.wait(max(0.0, beat - time.monotonic())):
            beat += 1
            try:
                self.publish(desk, start, "/about/", f"State {self.published + 1} of the bench")
            except (OSError, AssertionError):
                self.failed += 1

    @staticmethod
    def sent(answer):
        if answer.status != 302:
            raise ConnectionError(f"the desk answered {answer.status}")

    def publish(self, desk, start, path, words):
        self.sent(desk.send(desk.get(f"{start}/change/"), summary=words))
        self.sent(desk.send(desk.get(f"{start}/publish/"), when="now"))
        self.published += 1
        time.sleep(SEEN_WITHIN)
        for _ in range(LOOKS):
            self.stale += words not in self.new_browser().get(path).text


if __name__ == "__main__":
    main()
