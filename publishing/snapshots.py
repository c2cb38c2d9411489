"""What a process holds of the record: snapshots of menus, terms and the like, made once per version of the record.

Two moments with the same version show the same site, so a snapshot serves both. Old ones fall out when there are too many.
"""

from functools import lru_cache
from threading import RLock

from django.db.models import Q

from markup.lru import LRU, one
from publishing import kinds
from publishing.models import Edition


class Snapshot:
    """Keeps the results of `build(moment)`, never None, by the record's version at the moment.

    `of` names the kinds that a result is made from: it serves later versions too, until something of these kinds changes.
    """

    def __init__(self, build, most=24, of=()):
        self.build = build
        self.of = frozenset(of)
        self.versions = LRU(most, size=one)
        self._building = RLock()
        instances.append(self.versions)

    def __call__(self, moment):
        found = self.versions.get(moment.version)
        if found is None:
            with self._building:  # one thread at a time, so that several do not make the same
                found = self.versions.get_or_make(moment.version, lambda: self._make(moment))
        return found

    def _make(self, moment):
        version = moment.version
        nearest = max(filter(version.comes_after, self.versions.keys()), key=lambda before: (before.changed, before.last), default=None)
        base = self.versions.get(nearest) if self.of else None
        return base if base is not None and not self.of & kinds_changed(nearest, version) else self.build(moment)


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
    return editions.get_or_make((model, number, moment.version.last), lambda: model.objects.get(number=number))


editions = LRU(most=500_000, size=lambda edition: len(edition.body))
instances = [editions]


def clear_all():
    """Forget every snapshot; for tests, whose databases share version numbers."""
    kinds_changed.cache_clear()
    for store in instances:
        store.clear()
