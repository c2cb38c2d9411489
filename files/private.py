"""Private store: files that no public address leads to, in a folder of its own, under random names.

Nothing is shared by hash as in the public store: the same bytes lie there once for each row, so that deleting one row's file takes nothing
from another, and nobody learns by a hash, or by how long it takes, what is there already. Each app has a room, a folder that a backup may
treat by itself (docs/deploy.md).
"""

import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.db import models

from files.store import CHUNK, size_label


@dataclass(frozen=True)
class Kept:
    """What the private store says of bytes that it has taken: where they lie, their name, size and hash."""

    place: str
    name: str
    size: int
    sha256: str


def root():
    return Path(settings.PRIVATE_ROOT)


def keep(room, file, name):
    """Write the bytes of `file` under a new random name in the room; they are there whole, for this account alone, or not at all."""
    folder = root() / room
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as incoming:  # of mode 0600
        try:
            file.seek(0)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                incoming.write(chunk)
            incoming.flush()
            os.fsync(incoming.fileno())
            place = f"{room}/{token_hex(16)}"
            Path(incoming.name).replace(root() / place)
        except BaseException:
            Path(incoming.name).unlink(missing_ok=True)
            raise
    return Kept(place, name, size, digest.hexdigest())


def forget(place):
    """Delete bytes; none where they are gone already."""
    (root() / place).unlink(missing_ok=True)


def strays(room, known):
    """Files of a room that no row knows, such as those of an upload that was killed: whatever is older than a day."""
    folder = root() / room
    if not folder.is_dir():
        return []
    yesterday = time.time() - 86_400
    return [entry for entry in folder.iterdir() if f"{room}/{entry.name}" not in known and entry.stat().st_mtime < yesterday]


class PrivateFile(models.Model):
    """Columns of a row that owns a file of the private store."""

    place = models.CharField(max_length=80, unique=True, editable=False)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @property
    def size_label(self):
        return size_label(self.size)

    @property
    def extension(self):
        return self.name.rpartition(".")[2].lower()

    @property
    def path(self):
        return root() / self.place

    def open(self):
        """Open the bytes for reading. Raises FileNotFoundError when the store has lost them."""
        return self.path.open("rb")
