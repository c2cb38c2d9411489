"""What a process holds of the record: snapshots of menus, terms and the like, made once per version of the record.

Two moments with the same version show the same site, so a snapshot serves both. Old ones fall out when there are too many.
"""

from collections import OrderedDict
from functools import lru_cache
from threading import Lock, RLock

from django.db.models import Q

from markup.lru import LRU
from publishing import kinds
from publishing.models import Edition


class Snapshot:
    """Keeps the results of `build(moment)`, never None, by the record's version at the moment.

    `of` names the kinds that a result is made from: it serves later versions too, until something of these kinds changes.
    """

    def __init__(self, build, most=24, of=()):
        self.build = build
        self.most = most
        self.of = frozenset(of)
        self._kept = OrderedDict()
        self._lock, self._building = Lock(), RLock()
        instances.append(self)

    def __call__(self, moment):
        key = moment.version
        found = self._find(key)
        if found is None:
            with self._building:  # one thread at a time, so that several do not make the same
                found = self._find(key)
                if found is None:
                    found = self._make(moment)
        return found

    def _find(self, key):
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _make(self, moment):
        key = moment.version
        with self._lock:
            nearest = max(filter(key.comes_after, self._kept), key=lambda before: (before.changed, before.last), default=None)
            base = self._kept.get(nearest) if self.of else None
        made = base if base is not None and not self.of & kinds_changed(nearest, key) else self.build(moment)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made

    def clear(self):
        with self._lock:
            self._kept.clear()


@lru_cache(maxsize=64)
def kinds_changed(before, after):
    """Names of the kinds of which anything may differ between two versions of the record; all of them if the second is not the later."""
    if not after.comes_after(before):
        return frozenset(kind.name for kind in kinds.every())
    came = Q(number__gt=before.last) | Q(live_from__gt=before.changed, live_from__lte=after.changed)
    turned = {model.KIND for model, _day in kinds.turns()} if before.changed.date() < after.changed.date() else set()  # at midnight, UTC
    return frozenset(turned.union(Edition.objects.filter(came).order_by().values_list("kind", flat=True).distinct()))


def edition_of(model, number, moment):
    """An edition, read once for a state of the record: only an erasure changes it, and that is an entry too."""
    return editions.get((model, number, moment.version.last), lambda: model.objects.get(number=number))


editions = LRU(most=500_000, size=lambda edition: len(edition.body))
instances = [editions]


def clear_all():
    """Forget every snapshot; for tests, whose databases share version numbers."""
    kinds_changed.cache_clear()
    for held in instances:
        held.clear()
