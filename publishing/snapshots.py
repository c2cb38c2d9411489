"""Snapshots of the record in a process (menus, terms and the like), made once for each version of the record.

Two moments with the same version show the same site, so a snapshot serves both. Old ones fall out when there are too many.
"""

from functools import lru_cache
from threading import RLock

from django.db.models import Exists, F, Q

from markup.lru import LRU, one
from publishing import kinds, turns
from publishing.models import Edition


class Snapshot:
    """Results of `build(moment)`, never None, by the record's version at the moment.

    `of` names the kinds that a result is made from, all of them if none is named: it serves later versions too, until something of these
    kinds changes. Then `update(before, moment, changed)`, where there is one, makes the new result out of the one before, which it must
    leave as it is; `changed` has the ids of things by kind.
    """

    def __init__(self, build, most=24, of=(), update=None):
        self.build, self.update = build, update
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
        base = self.versions.get(nearest)
        if base is None or not (self.of or self.update):
            return self.build(moment)
        changed = {kind: things for kind, things in changes(nearest, version).items() if kind in self.of or not self.of}
        if not changed:
            return base
        if self.update is None or None in changed.values():
            return self.build(moment)
        return self.update(base, moment, changed)


# Of more things that changed, snapshots are made anew.
MOST_CHANGED = 500


@lru_cache(maxsize=64)
def changes(before, after):
    """Ids of the things of which anything may differ between two versions of the record, by kind; None stands for all of a kind.

    All of every kind, if the second version is not the later, or does not go on from the first because its last entry was lost.
    """
    everything = {kind.name: None for kind in kinds.every()}
    if not after.comes_after(before):
        return everything
    goes_on = Exists(Edition.objects.filter(number=before.last, entry=before.entry))
    came = Q(number__gt=before.last) | Q(live_from__gt=before.changed, live_from__lte=after.changed)
    columns = ("kind", "thing_id", "goes_on")
    editions = Edition.objects.filter(came).annotate(goes_on=goes_on).order_by().values_list(*columns)
    turned = turns.turned(before.changed, after.changed).annotate(kind=F("edition__kind"), thing_id=F("edition__thing"), goes_on=goes_on)
    touched = editions.union(turned.order_by().values_list(*columns))
    rows = list(touched[: MOST_CHANGED + 1])
    if before.last and before.entry != after.entry and not any(goes_on for _kind, _thing, goes_on in rows):
        return everything
    if len(rows) > MOST_CHANGED:
        return dict.fromkeys(kind for kind, _thing, _goes_on in touched)
    return {kind: {thing for name, thing, _goes_on in rows if name == kind} for kind, _thing, _goes_on in rows}


def edition_of(model, number, moment):
    """An edition, read once for a state of the record: only an erasure changes it, and that is an entry too."""
    return editions.get_or_make((model, number, moment.version.last, moment.version.entry), lambda: model.objects.get(number=number))


editions = LRU(most=500_000, size=lambda edition: len(edition.body))
instances = [editions]


def clear_all():
    """Forget every snapshot; for tests, whose databases share version numbers."""
    changes.cache_clear()
    for store in instances:
        store.clear()
