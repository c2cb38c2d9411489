"""Keeps the search indexer running beside the server, in a process of its own."""

import subprocess
import sys
from threading import Event, Thread

from scripts.environment import ROOT

PAUSE = 2


class Indexing(Thread):
    """Starts the indexer again when it dies, and ends it with the server."""

    def __init__(self, parent):
        super().__init__(daemon=True)
        self.command = [sys.executable, "manage.py", "run_indexer", "--beside", str(parent)]
        self.ended = Event()
        self.process = None

    def run(self):
        while not self.ended.is_set():
            # Ctrl-C in the terminal is for the server alone.
            self.process = subprocess.Popen(self.command, cwd=ROOT, start_new_session=True)
            self.process.wait()
            self.ended.wait(PAUSE)

    def end(self):
        self.ended.set()
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
