"""Store of files: each is there once under its SHA-256, and the rows that refer to it give its name.

A row keeps hash, size and name in one column; nothing reaches a file but through such a row. What may come in is decided in uploads.py,
how it goes out in downloads.py.
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

CHUNK = 256 * 1024
RECORDED = re.compile(r"(?<=\d)\s*([km])b\b", re.IGNORECASE)
UNITS = {"k": " kB", "m": " MB"}


@dataclass(frozen=True)
class StoredFile:
    sha256: str
    size: int
    name: str
    # What was taken out of the file on its way in, in words for its editor; no row keeps it.
    taken_out: tuple = field(default=(), compare=False)

    def __str__(self):
        """For editors; the beginning of the hash tells two files of one name and size apart."""
        return f"{self.name} ({self.size_label}, SHA-256 {self.sha256[:8]}…)"

    @property
    def size_label(self):
        return size_label(self.size)

    @property
    def extension(self):
        return self.name.rpartition(".")[2].lower()

    @property
    def place(self):
        """Path of the bytes within the folder of the store."""
        return f"{self.sha256[:2]}/{self.sha256}"

    @property
    def path(self):
        return folder() / self.place

    def open(self):
        """Open the bytes for reading. Raises FileNotFoundError when the store has lost them."""
        return self.path.open("rb")


def size_label(size):
    """Label of a size in bytes, in units of 1,000: `812 B`, `66 kB`, `1.2 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{max(1, round(size / 1000))} kB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"


def in_our_units(text):
    """A recorded size in the same form: `66 kB` for `66 KB` or `66kb`."""
    return RECORDED.sub(lambda match: UNITS[match[1].lower()], text)


def folder():
    return Path(settings.MEDIA_ROOT) / "files"


def keep(file, name, taken_out=()):
    """Write the bytes of `file` to the store while hashing them; they appear under their hash whole or not at all."""
    digest, size = hashlib.sha256(), 0
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder(), prefix="incoming-", delete=False) as incoming:
        try:
            file.seek(0)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                incoming.write(chunk)
            incoming.flush()
            os.fsync(incoming.fileno())
            stored = StoredFile(digest.hexdigest(), size, name, taken_out)
            stored.path.parent.mkdir(exist_ok=True)
            Path(incoming.name).chmod(0o644)
            Path(incoming.name).replace(stored.path)
        except BaseException:
            Path(incoming.name).unlink(missing_ok=True)
            raise
    return stored
