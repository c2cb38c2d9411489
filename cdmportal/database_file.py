"""File of an SQLite database: connections open it only where it is there, and close when another has taken its place."""

from pathlib import Path

from django.core.signals import request_started
from django.db import connections
from django.db.backends.signals import connection_created


def never_create(connection):
    """Let new connections fail where the file is missing, instead of putting an empty database in its place."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite" and not connection.is_in_memory_db() and not str(settings["NAME"]).startswith("file:"):
        settings["NAME"] = f"{Path(settings['NAME']).absolute().as_uri()}?mode=rw"


def identity(path):
    """Identity of the file at the path (device and inode), which tells it from another at the same place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def note_file(connection, **signal):
    """Receiver of connection_created: the file that a connection has opened."""
    if connection.vendor == "sqlite":
        name = connection.connection.execute("PRAGMA database_list").fetchone()[2]
        connection.file = name and (Path(name), identity(Path(name)))


def close_if_replaced(connection):
    """Close a connection that leads to a file which is not at its place any more."""
    opened = getattr(connection, "file", None)
    if opened and connection.connection is not None and not connection.in_atomic_block and identity(opened[0]) != opened[1]:
        connection.close()


def close_replaced(**signal):
    """Receiver of request_started."""
    for connection in connections.all(initialized_only=True):
        close_if_replaced(connection)


def watch_files():
    connection_created.connect(note_file)
    request_started.connect(close_replaced)
