"""Things made with some effort, kept while they are in use and fit into a bound."""

from collections import OrderedDict
from threading import Lock


class LRU:
    """What was used last, by key, as far as the sizes together stay below `most`."""

    def __init__(self, most, size=len):
        self.most, self.size_of, self.size = most, size, 0
        self._kept = OrderedDict()
        self._lock = Lock()

    def get(self, key, make):
        """What is kept for the key, else what `make()` returns, which is kept from then on."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self.size += self.size_of(made)
            while self.size > self.most and len(self._kept) > 1:
                self.size -= self.size_of(self._kept.popitem(last=False)[1])
        return made

    def clear(self):
        with self._lock:
            self._kept.clear()
            self.size = 0
