"""The Python environment in .venv, made from the hash-locked requirement files.

Standard library only, and in a syntax that a Python too old for the portal still reads, so that it can say so.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
OLDEST_PYTHON = (3, 11)
RUNTIME = ("requirements.txt",)
DEVELOPMENT = ("requirements.txt", "requirements-dev.txt")


def say(message):
    print(message, flush=True)


def require_python():
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit(
            f"Python {sys.version.split()[0]} is too old: the portal needs {dotted(OLDEST_PYTHON)} or newer. "
            f"Name one: make run PYTHON=python{dotted(OLDEST_PYTHON)}"
        )


def dotted(version):
    return ".".join(str(part) for part in version[:2])


def ensure(requirements):
    """Make .venv hold these requirement files; does next to nothing when it already does."""
    require_python()
    wanted = {name: fingerprint(ROOT / name) for name in requirements}
    with one_at_a_time():
        installed = read_stamp()
        if not installed:
            make_venv()
        missing = [name for name in requirements if installed.get(name) != wanted[name]]
        if missing:
            install(missing)
            write_stamp({**installed, **wanted})


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def one_at_a_time():
    """Two commands started together do not build one environment twice; the lock is on a file that is always there."""
    with (ROOT / "requirements.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read_stamp():
    """Stamp of what is installed, by file; empty when .venv is absent, half-made or of another Python."""
    try:
        installed = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    works = os.access(PYTHON, os.X_OK) and installed.get("python") == dotted(sys.version_info)
    return installed if works else {}


def write_stamp(installed):
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(json.dumps({**installed, "python": dotted(sys.version_info)}))
    unfinished.replace(STAMP)


def make_venv():
    if not all(is_module(name) for name in ("venv", "ensurepip")):
        raise SystemExit("This Python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv")
    if VENV.exists() or VENV.is_symlink():
        say("The environment in .venv is half-made or of another Python: making it again.")
        remove_venv()
    say("Making the Python environment in .venv (the first time only).")
    run_quietly([sys.executable, "-m", "venv", str(VENV)], "The environment in .venv could not be made.")


def is_module(name):
    found = importlib.util.find_spec(name)
    return bool(found and found.origin)


def remove_venv():
    if VENV.is_symlink() or not VENV.is_dir():
        VENV.unlink()
    else:
        shutil.rmtree(VENV)


def install(requirements):
    """The stamp goes first and comes back last: an interrupted installation leaves an environment that is known to be half-made."""
    say(f"Installing the packages of {' and '.join(requirements)}.")
    STAMP.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "-qq", "install", "--require-hashes"]
    files = [argument for name in requirements for argument in ("-r", str(ROOT / name))]
    run_quietly(pip + files, "The packages could not be installed; the lines above say why.")


def run_quietly(command, complaint):
    """Run with the output kept back, and show it only where the command fails."""
    answer = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if answer.returncode:
        sys.stderr.write(answer.stdout + answer.stderr)
        raise SystemExit(complaint)


if __name__ == "__main__":
    ensure(DEVELOPMENT if "--dev" in sys.argv[1:] else RUNTIME)
