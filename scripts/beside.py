"""Keeps the search indexer running beside the server, and does once a minute what falls due, in processes of their own."""

import subprocess
import sys
from threading import Event, Thread

from scripts.environment import ROOT

AT_FIRST = 5  # seconds in which the server and its visitors have the machine for themselves


class Beside(Thread):
    """Starts a command again and again, `PAUSE` seconds after it has ended, and ends it with the server."""

    PAUSE = 2

    def __init__(self, *arguments):
        super().__init__(daemon=True)
        self.command = [sys.executable, "manage.py", *arguments]
        self.ended = Event()
        self.process = None

    def run(self):
        while not self.ended.is_set():
            # Ctrl-C in the terminal is for the server alone.
            self.process = subprocess.Popen(self.command, cwd=ROOT, start_new_session=True)
            self.process.wait()
            self.ended.wait(self.PAUSE)

    def end(self):
        self.ended.set()
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


class Indexing(Beside):
    """The indexer, which runs until the server ends, and anew when it dies."""

    def __init__(self, parent):
        super().__init__("run_indexer", "--beside", str(parent))


class DueWork(Beside):
    """What falls due: each time a process that does it and ends."""

    PAUSE = 60

    def __init__(self):
        super().__init__("run_due")

    def run(self):
        if not self.ended.wait(AT_FIRST):
            super().run()
