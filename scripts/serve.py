"""Serves the portal with granian on this machine; started by scripts/run.py inside .venv."""

import ctypes
import os
import shlex
import signal
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from scripts.environment import ROOT
from scripts.run import HOST, chosen_port, chosen_var_dir

PR_SET_PDEATHSIG = 1
WORKERS = 2
THREADS = 4


def main():
    end_with_parent()
    server = Granian(
        "cdmportal.wsgi:application",
        address=HOST,
        port=chosen_port(),
        interface=Interfaces.WSGI,
        websockets=False,
        workers=WORKERS,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        working_dir=ROOT,
        log_level=LogLevels.warning,
    )
    server.on_startup(announce)
    server.serve(target_loader=load, wrap_loader=False)


def load():
    """Runs in each worker."""
    end_with_parent()
    from cdmportal.wsgi import application

    return application


def end_with_parent():
    """No server outlives the command that started it, not even one that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def announce():
    editor = "make editor"
    if chosen_var_dir() != ROOT / "var":
        editor += f" VAR_DIR={shlex.quote(os.environ['VAR_DIR'])}"
    print(f"The portal answers on http://{HOST}:{chosen_port()}/ and its editors work at /admin/.", flush=True)
    print(f"Make the first editor in a second terminal: {editor}    Ctrl-C ends the portal.", flush=True)


if __name__ == "__main__":
    main()
