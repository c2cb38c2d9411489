"""`make run` as a newcomer meets it: what it says when it cannot start, and that it comes up and goes down cleanly."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

import pytest

from scripts.environment import ROOT

pytestmark = pytest.mark.clock


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory):
    """One for all tests: only the first start has to fill it."""
    return tmp_path_factory.mktemp("portal") / "var"


@pytest.fixture
def start(var_dir, port):
    """Starts the command as `make run` does; what is still running at the end of the test is killed."""
    started = []

    def start(**settings):
        inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
        environment = inherited | {"PORT": str(port), "VAR_DIR": str(var_dir)} | settings
        command = [sys.executable, "-m", "scripts.run"]
        running = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(running)
        return running

    yield start
    for running in started:
        running.kill()
        running.wait()
        running.stdout.close()


def refusal(running):
    output, _ = running.communicate(timeout=60)
    assert running.returncode == 1, output
    assert len(output.splitlines()) == 1, output
    return output


def read_until(running, words):
    lines = []
    for line in running.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def test_run_on_busy_port_names_another(start, port):
    with socket.create_server(("127.0.0.1", port)):
        assert f"Port {port} is taken" in refusal(start())


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1", "٨٠٠٠"])
def test_run_with_impossible_port_says_so(start, text):
    assert f"PORT={text} is not a port" in refusal(start(PORT=text))


def test_run_on_unwritable_folder_says_so(start, tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refusal(start(VAR_DIR=str(tmp_path / "file" / "var")))


def test_run_serves_refuses_a_second_and_ends_cleanly(start, port, var_dir):
    first = start()
    greeting = read_until(first, "Ctrl-C")
    assert f"http://127.0.0.1:{port}/" in greeting
    assert f"make editor VAR_DIR={var_dir}" in greeting
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        assert answer.status == 200
    with socket.create_server(("127.0.0.2", port)):
        pass  # which would be taken if the portal listened on more than the one address that only this machine reaches
    assert f"already running on {var_dir} (process {first.pid}, http://127.0.0.1:{port})" in refusal(start(PORT=str(port + 1)))
    workers = children(first.pid)
    assert workers
    first.send_signal(signal.SIGINT)
    output, _ = first.communicate(timeout=20)
    assert first.returncode == 0
    assert all(line.startswith("{") for line in output.splitlines()), "more than the log of the request:\n" + output
    assert not still_running(workers, patience=10)


def test_run_does_what_falls_due(start, var_dir):
    began = time.time()
    running = start()
    read_until(running, "Ctrl-C")
    until = time.monotonic() + 60
    while not (last := last_due_work(var_dir)) or last < began:
        assert time.monotonic() < until, "nothing of it was done"
        time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=20)
    assert running.returncode == 0, output


def last_due_work(var_dir):
    """When `run_due` ended last, in seconds since 1970, or None."""
    with contextlib.closing(sqlite3.connect(var_dir / "portal.sqlite3")) as connection:
        ((last,),) = connection.execute("SELECT strftime('%s', max(ended)) FROM due_jobrun WHERE name = 'run_due'").fetchall()
    return last and int(last) + 1


def test_run_killed_leaves_no_worker_behind(start):
    first = start()
    read_until(first, "Ctrl-C")
    workers = children(first.pid)
    first.kill()
    first.wait()
    assert workers
    assert not still_running(workers, patience=10)


def children(pid):
    text = subprocess.run(["ps", "--no-headers", "-o", "pid", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(number) for number in text.split()]


def still_running(pids, patience=0):
    deadline = time.monotonic() + patience
    while (left := [pid for pid in pids if alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
