"""Generations of the index: one folder for each time that it was made anew, and a small file that says which of them holds.

`head.json` is replaced by renaming, so that a reader sees the old index or the new one and never half of either.
"""

import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from search.engine.postings import BYTE_ORDER

# Raise it when the fields, the analysis or the files change: an index of another version is made anew.
VERSION = f"7-{BYTE_ORDER}"
KEPT = 2
FOLDER = re.compile(r"index-(\d{6})\Z")


@dataclass(frozen=True, slots=True)
class Head:
    """Head of the index: its generation, and what it covers: the record's version (last number, its time, latest change), until when."""

    folder: str
    generation: int
    documents: int
    last: int
    recorded: str
    changed: str
    until: str
    failed: tuple = ()
    entry: str = ""
    version: str = VERSION

    def moment_until(self):
        return datetime.fromisoformat(self.until)

    def covers(self, version):
        """Whether the index shows the record as it is at this version."""
        return (self.last, self.entry, self.changed) == (
            version.last,
            drawn(version),
            version.changed.isoformat() if version.changed else "",
        )


def drawn(version):
    """Random bytes of the version's last entry, as text."""
    return str(version.entry or "")


class Generations:
    """The folder of all generations. Any process may read; writing is the indexer's, which holds the lock."""

    def __init__(self, path):
        self.path = Path(path)
        self._seen = None, None

    @property
    def head_file(self):
        return self.path / "head.json"

    def head(self):
        """The Head, or None where there is no index of this version. Costs one look at the file's date while nothing has changed."""
        try:
            stat = self.head_file.stat()
        except OSError:
            return None
        stamp = stat.st_ino, stat.st_mtime_ns, stat.st_size
        seen, head = self._seen
        if seen != stamp:
            head = self._read()
            self._seen = stamp, head
        return head

    def _read(self):
        try:
            values = json.loads(self.head_file.read_text())
            head = Head(**values | {"failed": tuple(values["failed"])})
            head.moment_until()
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return head if head.version == VERSION else None

    def folder(self, head):
        return self.path / head.folder

    def new_folder(self):
        """An empty folder for a new generation."""
        self.path.mkdir(parents=True, exist_ok=True)
        highest = max((int(match[1]) for path in self.path.iterdir() if (match := FOLDER.match(path.name))), default=0)
        folder = self.path / f"index-{highest + 1:06}"
        folder.mkdir()
        return folder

    def switch(self, head):
        """Make `head` the one that holds, on disk before anyone is told."""
        unfinished = self.head_file.with_suffix(".new")
        with unfinished.open("w") as file:
            json.dump(asdict(head), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.head_file)

    def prune(self, kept=KEPT):
        """Remove generations older than the `kept` newest that are whole; what a killed writer left goes with them."""
        head = self.head()
        folders = sorted(path for path in self.path.iterdir() if FOLDER.match(path.name))
        older = [path for path in folders if head and path.name < head.folder]
        unfinished = [path for path in folders if head and path.name > head.folder]
        for path in [*older[: len(older) - kept + 1], *unfinished]:
            shutil.rmtree(path, ignore_errors=True)

    # A reader that finds the index damaged leaves a note; the indexer takes it and makes the index anew.

    @property
    def damage_file(self):
        return self.path / "damaged"

    def report_damage(self):
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.damage_file.touch()
        except OSError:
            return

    def is_damaged(self):
        return self.damage_file.exists()

    def forget_damage(self):
        self.damage_file.unlink(missing_ok=True)
