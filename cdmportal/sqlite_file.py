"""What SQLite's files tell without a query: whether another database has taken the place of ours, and whether anything was committed.

In WAL mode every commit, by whatever process, writes the header of the index that all connections share in memory
(sqlite.org/walformat.html, "The WAL-Index Header"). While those bytes are the same, nothing has been committed. SQLite compares them
itself at the start of each read.
"""

import mmap
import os
import sqlite3
import struct
from pathlib import Path

WAL_INDEX_VERSION = struct.pack("=I", 3007000)
PATIENCE = 0.3  # seconds to wait for a locked database
HEADERS = 96  # the header stands there twice, so that a half-written one shows

# Closing any descriptor of a file drops all locks that the process holds on it (POSIX), SQLite's too. So ours stay open as long as
# the process, and with them a connection, because the index goes away with the last one.
_never_closed = []


class SQLiteFile:
    """The files of an SQLite connection's database; of other databases nothing is told."""

    def __init__(self, connection):
        is_file = connection.vendor == "sqlite" and not connection.is_in_memory_db()
        self._path = Path(connection.settings_dict["NAME"]) if is_file else None
        self._identity = ()
        self._index = None

    def look(self):
        """What tells this file from another at the same place. Raises OSError where there is none."""
        if self._path:
            found = self._path.stat()
            identity = (found.st_dev, found.st_ino)
            if identity != self._identity:
                self._index = map_index(self._path)
                self._identity = identity
        return self._identity

    def commits(self):
        """Bytes that change with every commit, or None where they cannot be had."""
        return self._index and self._index[:HEADERS]


def never_create(connection):
    """Let Django's connections of this process fail where the file is missing, instead of putting an empty database in its place."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite" and not connection.is_in_memory_db() and Path(settings["NAME"]).exists():
        settings["NAME"] = existing(Path(settings["NAME"]))


def existing(path):
    """The name by which SQLite opens a file only if it is there."""
    return f"{path.absolute().as_uri()}?mode=rw"


def map_index(path):
    """The shared memory of the WAL index, or None where there is none or its form is one that we do not know."""
    connection = sqlite3.connect(existing(path), uri=True, timeout=PATIENCE, check_same_thread=False)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    try:
        descriptor = os.open(f"{path}-shm", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    _never_closed.extend((connection, descriptor))
    mapped = mmap.mmap(descriptor, HEADERS, access=mmap.ACCESS_READ)
    _never_closed.append(mapped)
    return mapped if mapped[: len(WAL_INDEX_VERSION)] == WAL_INDEX_VERSION else None
