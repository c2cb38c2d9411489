"""What a process holds of the record: snapshots of menus, terms and the like, made once per version of the record.

Two moments with the same version show the same site, so a snapshot serves both. Old ones fall out when there are too many.
"""

from collections import OrderedDict
from threading import Lock


class Held:
    """Keeps the results of `build(moment)` by the record's version at the moment."""

    def __init__(self, build, most=24):
        self.build = build
        self.most = most
        self._kept = OrderedDict()
        self._lock = Lock()
        instances.append(self)

    def __call__(self, moment):
        key = moment.version
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = self.build(moment)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made

    def clear(self):
        with self._lock:
            self._kept.clear()


instances = []


def clear_all():
    """Forget every snapshot; for tests, whose databases share version numbers."""
    for held in instances:
        held.clear()
