"""Prepares the portal and serves it with granian on this machine; started by scripts/run.py inside .venv.

Django is set up once, before the workers fork; they only add the application. So a start that has nothing to prepare is quick.
"""

import contextlib
import ctypes
import os
import shlex
import signal
import socket
import sys
import time
from threading import Thread

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from scripts.beside import DueWork, Indexing
from scripts.environment import ROOT
from scripts.run import ENDINGS, HOST, chosen_port, chosen_var_dir

PR_SET_PDEATHSIG = 1
WORKERS = 2
THREADS = 4
SECONDS_TO_FINISH = 2  # granian waits for browsers that keep their connection open, then kills


def main():
    end_with_parent()
    end_at_once_on_signals()
    prepare()
    serve()


def end_at_once_on_signals():
    """Whatever is being prepared can be cut off and begun again. When it serves, granian takes the signals over."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)


def prepare():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdmportal.settings")
    try:
        django.setup()
        call_command("prepare", skip_checks=False)
    except (CommandError, ImproperlyConfigured) as problem:
        raise SystemExit(str(problem)) from None
    connections.close_all()  # none may be shared with the workers


def serve():
    server = Granian(
        "cdmportal.wsgi:application",
        address=HOST,
        port=chosen_port(),
        interface=Interfaces.WSGI,
        websockets=False,
        workers=WORKERS,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        working_dir=ROOT,
        log_level=LogLevels.error,
    )
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        server.signal_handler_reload = server.signal_handler_interrupt  # a closed terminal ends the portal, unless it runs under nohup
    server.on_startup(Thread(target=announce_when_it_answers, daemon=True).start)
    beside = [Indexing(os.getpid()), DueWork()]
    for thread in beside:
        server.on_startup(thread.start)
    try:
        server.serve(target_loader=load, wrap_loader=False)
    finally:
        for thread in beside:
            thread.end()


def load():
    """Runs in each worker. Ctrl-C is for the server alone, which then ends its workers; hit by both, a worker sometimes hangs."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until granian takes it over; a fork begins with the server's handler
    end_with_parent()
    from cdmportal.wsgi import application

    return application


def end_with_parent():
    """No server outlives the command that started it, not even one that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def announce_when_it_answers():
    """Workers open the port once they have loaded the portal."""
    while True:
        with contextlib.suppress(OSError), socket.create_connection((HOST, chosen_port()), timeout=1):
            return announce()
        time.sleep(0.05)


def announce():
    editor = "make editor"
    if chosen_var_dir() != ROOT / "var":
        editor += f" VAR_DIR={shlex.quote(os.environ['VAR_DIR'])}"
    print(f"The portal answers on http://{HOST}:{chosen_port()}/ and its editors work at /admin/.", flush=True)
    print(f"Make the first editor in a second terminal: {editor}    Ctrl-C ends the portal.", flush=True)


if __name__ == "__main__":
    main()
