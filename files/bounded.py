"""Child processes that take apart what may be hostile, within bounds of memory and time: what breaks there breaks nothing here."""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from shutil import copyfileobj

SECONDS = 30
ONE_AT_A_TIME = threading.Lock()


class Exceeded(Exception):
    """Failure of a child process: it broke, or needed more memory or time than it may have."""


def run(script, file, *arguments, target=None):
    """What the Python script prints about the file, which is its standard input. Raises Exceeded. Its output goes to `target` if given."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as printed, ONE_AT_A_TIME:
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
