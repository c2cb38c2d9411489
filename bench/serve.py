"""Cost of a page: ours stored, not changed and drawn anew, beside a bare WSGI function, nginx, bare Django and Wagtail.

`make bench-serve`, or `python -m bench.serve --seconds 5 --rounds 2 --only kept,bare`. Every contender serves the page About CDM with
the same words and a menu of the same length, has one worker process with one thread, so that nobody waits for Python's lock, and is alone
while it is measured; two are measured once more with four threads, as in docs/deploy.md. wrk runs on the same machine. CPU is that of the
worker for one request, the least of the rounds; p99 belongs to the same round.
"""

import argparse
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import wagtail_site, wrk

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/about/"
DEPLOYED = 4  # threads of a worker in docs/deploy.md
CONNECTIONS = (2, 4, 8, 16)
SHOWN_IN_TABLE = 16
WAGTAIL = ["wagtail", "granian"]
BROWSER = "Accept-Encoding: gzip, deflate, br"

BARE = """
BODY = open({body!r}, "rb").read()
HEADERS = {headers!r}

def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""
DJANGO = """
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="x" * 50, MIDDLEWARE=[])
import django
django.setup()
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
BODY = open({body!r}, "rb").read()
urlpatterns = [path("about/", lambda request: HttpResponse(BODY, headers=dict({headers!r})))]
application = get_wsgi_application()
"""
NGINX = """
worker_processes 1;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
daemon off;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; sendfile on; keepalive_requests 100000000; server_tokens off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}; location = /about/ {{ try_files /page.html =404; }} }}
}}
"""


def main():
    asked = arguments()
    folder = Path(tempfile.mkdtemp(prefix="cdm-bench-"))
    try:
        folder.chmod(0o755)  # nginx works under another account
        print(machine(), flush=True)
        bench = Bench(folder, asked)
        rows = bench.measure()
        print(table(rows))
        print(ratios(rows))
        print(bench.memory_lines())
        print(bench.idle_lines())
        print(after_publish(bench.environment))
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", default="", help="names of contenders, with commas")
    parser.add_argument("--wagtail", default="", help="folder for Wagtail's environment, to use it again")
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    return parser.parse_args()


class Bench:
    def __init__(self, folder, asked):
        self.folder, self.asked = folder, asked
        self.environment = os.environ | {
            "VAR_DIR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "cdmportal.settings",
            "LOG_LEVEL": "ERROR",
        }
        for name in ("DATABASE_URL", "MEDIA_ROOT", "STATIC_ROOT", "PAGE_CACHE_BYTES"):
            self.environment.pop(name, None)
        manage(self.environment, "prepare")
        manage(self.environment, "run_indexer", "--once")
        with granian("cdmportal.wsgi:application", self.environment) as (port, _):
            answer = fetch(port, PAGE)
            self.tag = fetch(port, PAGE)[1]["ETag"]
        self.body, headers = answer
        self.headers = [(name, value) for name, value in headers.items() if name.lower() not in {"server", "date"}]
        (folder / "page.html").write_bytes(self.body)
        self.memory = {}

    def contenders(self):
        """(name, what it is, a context manager that yields (port, worker ids), path, request headers)."""
        ours = "cdmportal.wsgi:application"
        off = self.environment | {"PAGE_CACHE_BYTES": "0"}
        yield "nginx", "nginx, static file", self.nginx(), PAGE, ()
        yield "bare", "bare WSGI function, same bytes", self.module("bare_wsgi", BARE), PAGE, ()
        yield "bare-4", "bare WSGI function, four threads", self.module("bare_wsgi", BARE, DEPLOYED), PAGE, ()
        yield "kept", "our page, kept", granian(ours, self.environment), PAGE, ()
        yield "kept-4", "our page, kept, four threads", granian(ours, self.environment, threads=DEPLOYED), PAGE, ()
        yield "indexed", "our page, kept, four threads, index open", self.indexed(), PAGE, ()
        yield "brotli", "our page, kept, Brotli", granian(ours, self.environment), PAGE, (BROWSER,)
        yield "304", "our page, not changed (304)", granian(ours, self.environment), PAGE, (f"If-None-Match: {self.tag}",)
        yield "past", "our page as of 2010, kept", granian(ours, self.environment), "/@2010-03-10/about/", ()
        yield "made", "our page, made anew", granian(ours, off), PAGE, ()
        yield "django", "bare Django, same bytes", self.module("bare_django", DJANGO), PAGE, ()
        if self.wanted("wagtail") or self.wanted("wagtail-kept"):
            python, project, path = self.wagtail()
            for name, what, settings in (
                ("wagtail-kept", "with Django's per-site cache", "bench_cached"),
                ("wagtail", "uncached", "bench"),
            ):
                environment = {"DJANGO_SETTINGS_MODULE": f"site_.settings.{settings}", "PATH": "/usr/bin:/bin"}
                started = granian("site_.wsgi:application", environment, project, python)
                yield name, f"{wagtail_site.versions(python)}, {what}", started, path, ()
        if self.wanted("postgresql"):
            yield "postgresql", "our page, kept, on PostgreSQL", self.on_postgresql(), PAGE, ()

    def wanted(self, name):
        names = self.asked.only.split(",") if self.asked.only else []
        return not names or name in names

    def measure(self):
        rows = {}
        for name, what, start, path, headers in self.contenders():
            if not self.wanted(name):
                continue
            with start as (port, workers):
                address = f"http://127.0.0.1:{port}{path}"
                wrk.run(address, workers, 4, 1, headers)
                found = {}
                for connections in CONNECTIONS:
                    rounds = [wrk.run(address, workers, connections, self.asked.seconds, headers) for _ in range(self.asked.rounds)]
                    found[connections] = min(rounds, key=lambda result: result.microseconds)
                    found[connections].errors = sum(result.errors for result in rounds)
                rows[name] = what, found
                self.memory[name] = what, max(map(wrk.megabytes, workers))
            print(f"  {what}: {found[SHOWN_IN_TABLE].rate:,.0f} requests/s", file=sys.stderr, flush=True)
        return rows

    def memory_lines(self):
        lines = ["", "Memory of a worker, resident and of that private, MB"]
        return "\n".join(lines + [f"  {what:48} {resident:6.1f} {private:6.1f}" for what, (resident, private) in self.memory.values()])

    def idle_lines(self):
        """CPU of a worker that nobody asks, while its watch does so and once that rests (cdmportal/page_cache/version_watch.py)."""
        if not self.wanted("idle"):
            return ""
        lines = ["", "CPU of a worker without requests, % of a core: after the last one, and half a minute later"]
        servers = {"SQLite": granian("cdmportal.wsgi:application", self.environment), "PostgreSQL": self.on_postgresql()}
        for name, server in servers.items():
            with server as (port, workers):
                fetch(port, PAGE)
                asking = wrk.share_of_a_core(workers, 20)
                time.sleep(12)
                lines.append(f"  {name:48} {asking:6.2f} {wrk.share_of_a_core(workers, 10):7.2f}")
        return "\n".join(lines)

    def module(self, name, code, threads=1):
        (self.folder / f"{name}.py").write_text(code.format(body=str(self.folder / "page.html"), headers=self.headers))
        return granian(f"{name}:application", os.environ | {"PYTHONPATH": str(self.folder)}, self.folder, threads=threads)

    @contextlib.contextmanager
    def nginx(self):
        port = free_port()
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder, port=port))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        server = subprocess.Popen([program, "-c", str(self.folder / "nginx.conf")], start_new_session=True, stderr=subprocess.DEVNULL)
        with ended(server):
            wait_for(port, PAGE)
            yield port, wrk.children(server.pid)

    def wagtail(self):
        menu = re.findall(rb'<a [^>]*href="/[a-z-]+/"[^>]*>([^<]+)</a>', self.body)
        main = re.search(rb"<main\b[^>]*>(.*)</main>", self.body, re.DOTALL)[1]
        words = re.sub(r"<(?!/?(?:p|h2|h3|ul|ol|li|b|i|a)\b)[^>]*>", "", main.decode())
        labels = list(dict.fromkeys(label.decode().strip() for label in menu))[:18]
        place = Path(self.asked.wagtail or self.folder / "wagtail")
        place.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(place / "project", ignore_errors=True)
        return wagtail_site.make(place, WAGTAIL, words, labels)

    @contextlib.contextmanager
    def indexed(self):
        with granian("cdmportal.wsgi:application", self.environment, threads=DEPLOYED) as (port, workers):
            for path in ("/search/?q=additionality", "/search/?q=board&kind=document", "/quickfinder/suggestions/?q=add"):
                fetch(port, path)
            yield port, workers

    @contextlib.contextmanager
    def on_postgresql(self):
        from scripts.postgres import throwaway_database

        with throwaway_database() as address:
            environment = self.environment | {"DATABASE_URL": address}
            manage(environment, "prepare")
            with granian("cdmportal.wsgi:application", environment) as started:
                yield started


def manage(environment, *command):
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def granian(target, environment, folder=ROOT, python=sys.executable, threads=1):
    """One worker that serves `target`; yields (port, [its process id])."""
    port = free_port()
    command = [str(Path(python).with_name("granian")), "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(threads), "--log-level", "error", target]
    server = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True)
    with ended(server):
        wait_for(port, PAGE)
        yield port, wrk.children(server.pid)


@contextlib.contextmanager
def ended(server):
    try:
        yield
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(10)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.read(), answer.headers


def wait_for(port, path):
    for _ in range(300):
        try:
            return fetch(port, path)
        except OSError:
            time.sleep(0.1)
    raise SystemExit("A server did not start.")


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} cores{', ' + model[1] if model else ''}, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.2f}"


def table(rows):
    lines = [f"{'':44} {'connections':>11} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>8} {'errors':>6}"]
    for what, found in rows.values():
        for connections, result in found.items():
            lines.append(
                f"{what if connections == CONNECTIONS[0] else '':44} {connections:11} {result.rate:10,.0f} "
                f"{result.p50:8.2f} {result.p99:8.2f} {result.microseconds:8.0f} {result.errors:6}"
            )
    return "\n".join(lines)


def ratios(rows):
    """The targets of the design as ratios, at 16 connections."""

    def cpu(name):
        return rows[name][1][SHOWN_IN_TABLE].microseconds

    def p99(name):
        return rows[name][1][SHOWN_IN_TABLE].p99

    wanted = [
        ("kept page / bare WSGI function, CPU", ("kept", "bare"), lambda: cpu("kept") / cpu("bare"), "at most 1.4"),
        ("kept page on PostgreSQL / bare function, CPU", ("postgresql", "bare"), lambda: cpu("postgresql") / cpu("bare"), "at most 1.4"),
        ("Wagtail with its cache / kept page, CPU", ("wagtail-kept", "kept"), lambda: cpu("wagtail-kept") / cpu("kept"), "at least 8"),
        ("Wagtail uncached / page made anew, CPU", ("wagtail", "made"), lambda: cpu("wagtail") / cpu("made"), "at least 10"),
        ("page made anew, CPU ms", ("made",), lambda: cpu("made") / 1000, "at most 3"),
        ("kept page, p99 ms at 16 connections", ("kept",), lambda: p99("kept"), "at most 5"),
        ("kept page / bare, CPU, four threads", ("kept-4", "bare-4"), lambda: cpu("kept-4") / cpu("bare-4"), "no target"),
        ("kept page, p99 ms, four threads", ("kept-4",), lambda: p99("kept-4"), "at most 5"),
    ]
    return "\n".join([""] + [f"{what:44} {value():8.2f}   ({target})" for what, names, value, target in wanted if set(names) <= set(rows)])


def after_publish(environment):
    done = subprocess.run([sys.executable, "-m", "bench.after_publish"], cwd=ROOT, env=environment, capture_output=True, text=True)
    return "\n" + (done.stdout or done.stderr)


if __name__ == "__main__":
    main()
