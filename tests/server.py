"""A real server: granian with workers of its own on a database of its own, for what only processes can show."""

import contextlib
import fcntl
import functools
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
SECONDS_TO_START = 40


@functools.cache
def static_root():
    """The folder of the collected static files, which all servers of the tests share; collecting them takes seconds."""
    root = ROOT / "var" / "tests" / "static"
    root.parent.mkdir(parents=True, exist_ok=True)
    code = "import django; django.setup(); from cdmportal.management.commands.prepare import collect_static; collect_static()"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "cdmportal.settings", "STATIC_ROOT": str(root)}
    with root.with_name("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    return str(root)


def held_port():
    """A free port and the socket that keeps it for one server: granian shares a port with whoever else listens on it and says nothing."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    holder.bind(("127.0.0.1", 0))
    return holder, holder.getsockname()[1]


class Server:
    """Starts in `with`; `address` is its root. `database` is a DATABASE_URL, or nothing for SQLite in `folder`."""

    greeting = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    def __init__(self, folder, database="", workers=1, threads=4, **environment):
        self.folder, self.workers, self.threads = Path(folder), workers, threads
        holder, self.port = held_port()
        weakref.finalize(self, holder.close)
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "MEDIA_ROOT", "STATIC_ROOT"}
        }
        self.environment = (
            kept
            | {"VAR_DIR": str(folder), "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "cdmportal.settings", "STATIC_ROOT": static_root()}
            | environment
        )
        if database:
            self.environment["DATABASE_URL"] = database
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "server.log"

    def manage(self, *arguments, code=None):
        """Run a command of manage.py, or Python code with Django set up; returns what it printed."""
        command = (
            [sys.executable, "manage.py", *arguments] if code is None else [sys.executable, "-c", "import django; django.setup()\n" + code]
        )
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def __enter__(self):
        self._output = self.log.open("ab")
        self.start()
        self.wait()
        return self

    def start(self):
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--no-ws"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", str(self.workers)]
        command += ["--blocking-threads", str(self.threads), "--respawn-failed-workers", "--workers-kill-timeout", "2"]
        self.process = subprocess.Popen(
            [*command, "cdmportal.wsgi:application"],
            cwd=ROOT,
            env=self.environment,
            stdout=self._output,
            stderr=self._output,
            start_new_session=True,
        )

    def wait(self):
        """Until it answers. Granian ends when a worker fails twice within seconds; then it is started again, as a service manager does."""
        end = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end:
            if self.process.poll() is not None:
                self.start()
            try:
                if self.raw(self.greeting).startswith(b"HTTP/1.1 200"):
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(self.log.read_text()[-3000:])

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        self._output.close()

    def worker_ids(self):
        """Process ids of the workers alive."""
        listed = subprocess.run(["ps", "-o", "pid=,ppid=", "-A"], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        return [pid for pid, parent in pairs if parent == self.process.pid]

    def raw(self, request, timeout=10):
        """Send bytes as they are, return all bytes of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as connection:
            connection.sendall(request)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)
