"""Bounded store of values that are dear to make."""

from collections import OrderedDict
from threading import Lock


class LRU:
    """Values by key within a sum of sizes of `most`: the least recently used go first. Safe for several threads.

    `size` is asked when a value is put. The value put last stays even if it is larger than all the room.
    """

    def __init__(self, most, size=len):
        self.most, self.size_of, self.size = most, size, 0
        self._rows = OrderedDict()  # (value, its size) by key
        self._lock = Lock()

    def __len__(self):
        return len(self._rows)

    def keys(self):
        with self._lock:
            return list(self._rows)

    def get(self, key):
        """The value for the key, or None."""
        with self._lock:
            if key not in self._rows:
                return None
            self._rows.move_to_end(key)
            return self._rows[key][0]

    def get_or_make(self, key, make):
        """The value for the key, else what `make()` returns, never None, which is put there. Two threads may both make it."""
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value

    def put(self, key, value):
        """Store a value, or measure it anew after it has grown."""
        with self._lock:
            self._remove(key)
            size = self.size_of(value)
            self._rows[key] = value, size
            self.size += size
            while self.size > self.most and len(self._rows) > 1:
                self._remove(next(iter(self._rows)))

    def drop(self, key):
        with self._lock:
            self._remove(key)

    def clear(self):
        with self._lock:
            self._rows.clear()
            self.size = 0

    def _remove(self, key):
        _value, size = self._rows.pop(key, (None, 0))
        self.size -= size


def one(_value):
    """The size of a value where values are counted."""
    return 1
