"""`make run`: from a fresh clone to a portal that answers. Standard library only; the server itself is scripts/serve.py."""

import fcntl
import os
import signal
import socket
import sys
from pathlib import Path

from scripts.environment import PYTHON, ROOT, RUNTIME, ensure, require_python

HOST = "127.0.0.1"
ENDINGS = {signal.SIGINT, signal.SIGTERM}


def main():
    require_python()
    port = chosen_port()
    var_dir = chosen_var_dir()
    os.environ.update(PORT=str(port), VAR_DIR=str(var_dir))
    lock = hold(var_dir, port)
    require_free(port)
    ensure(RUNTIME)
    os.set_inheritable(lock.fileno(), True)  # the server keeps the lock until it ends
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # Ctrl-C waits until the server can end itself
    os.execv(PYTHON, [str(PYTHON), "-m", "scripts.serve"])


def chosen_port():
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        raise SystemExit(f"PORT={text} is not a port: choose a number from 1024 to 65535.")
    return int(text)


def chosen_var_dir():
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").expanduser().resolve()


def hold(var_dir, port):
    """The lock that keeps a second portal away from this one's database and files. It lasts as long as the process."""
    path = var_dir / "run.lock"
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        lock = path.open("a+")
    except OSError as problem:
        raise SystemExit(f"VAR_DIR {var_dir} cannot be written ({problem.strerror}). Name another: make run VAR_DIR=/tmp/cdm") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise SystemExit(
            f"A portal is already running on {var_dir} ({lock.read().strip()}). "
            f"Stop it, or start another beside it: make run PORT={port + 1} VAR_DIR=/tmp/cdm"
        ) from None
    lock.truncate(0)
    lock.write(f"process {os.getpid()}, http://{HOST}:{port}")
    lock.flush()
    return lock


def require_free(port):
    """Asked before anything is built, and without SO_REUSEPORT, with which two servers would share the port unnoticed."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise SystemExit(f"Port {port} is reserved for the administrator. Name another: make run PORT=8000") from None
        except OSError:
            raise SystemExit(f"Port {port} is taken by another program. Name another: make run PORT={port + 1}") from None


def end_with_children(number, _frame):
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end_with_children)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells start background commands deaf to it
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
