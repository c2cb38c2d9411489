"""Child processes that take apart what may be hostile, within bounds of memory and time: what breaks there breaks nothing here."""

import fcntl
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj

SECONDS = 30
ONE_IN_THIS_PROCESS = threading.Lock()


class Exceeded(Exception):
    """Failure of a child process: it broke, or needed more memory or time than it may have."""


@contextmanager
def one_at_a_time():
    """Context in which no other child process runs, whichever process of this host wants one."""
    with ONE_IN_THIS_PROCESS, Path(__file__).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(script, file, *arguments, target=None):
    """What the Python script prints about the file, which is its standard input. Raises Exceeded. Its output goes to `target` if given."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as printed, one_at_a_time():
        file.seek(0)
        copyfileobj(file, source)
        source.seek(0)
        command = [sys.executable, "-I", str(Path(__file__).parent / script), *map(str, arguments)]
        try:
            subprocess.run(command, stdin=source, stdout=target or printed, stderr=subprocess.DEVNULL, timeout=SECONDS, check=True)
        except subprocess.SubprocessError as error:
            raise Exceeded from error
        printed.seek(0)
        return printed.read().decode()
