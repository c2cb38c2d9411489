"""Work in a process of its own, which ends with the time and memory that it is given: for texts that somebody may have made to stall us."""

import subprocess
import sys
from pathlib import Path

SECONDS = 3
MEMORY = 400_000_000
BEGINNING = """
import resource, signal, sys
signal.setitimer(signal.ITIMER_PROF, {cpu})
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
"""


class Stopped(Exception):
    """Process that broke, or needed more time or memory than it may have."""


def run_apart(code, source, cpu, arguments=(), seconds=SECONDS):
    """What Python code writes to its standard output when it is given bytes as its input and `cpu` seconds of a processor.

    After `seconds`, however busy the machine is, it is stopped.
    """
    command = [sys.executable, "-c", BEGINNING.format(cpu=cpu, memory=MEMORY) + code, *arguments]
    root = Path(__file__).parent.parent
    try:
        return subprocess.run(command, input=source, timeout=seconds, check=True, capture_output=True, cwd=root).stdout
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Stopped from error
