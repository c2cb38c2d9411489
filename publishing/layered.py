"""Immutable mapping whose changed copies are cheap: a snapshot shares it with the one before."""

from bisect import bisect_left, insort
from collections.abc import Mapping

ABSENT = object()


class Layered(Mapping):
    """Large dict, and a small one of the changes since; None stands there for what has gone.

    The small one is folded into a new large one before its square outgrows it, so a change costs the square root of the size.
    """

    def __init__(self, base=(), over=()):
        self._base, self._over = dict(base) if not isinstance(base, dict) else base, dict(over)

    def changed(self, values):
        over = self._over | values
        if len(over) ** 2 <= len(self._base):
            return Layered(self._base, over)
        return Layered({key: value for key, value in (self._base | over).items() if value is not None})

    def __getitem__(self, key):
        value = self._over.get(key, ABSENT)
        if value is ABSENT:
            return self._base[key]
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self):
        yield from (key for key in self._base if key not in self._over)
        yield from (key for key, value in self._over.items() if value is not None)

    def __len__(self):
        return sum(1 for _ in self)


def grouped(pairs):
    """Tuples of values by their keys, from (key, value) pairs."""
    groups = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def regrouped(groups, gone, come, order=None):
    """A Layered mapping of sorted tuples without the pairs that have gone and with those that have come."""
    changed = {key: list(groups.get(key, ())) for key, _value in [*gone, *come]}
    for key, value in gone:
        changed[key].remove(value)
    for key, value in come:
        insort(changed[key], value, key=order)
    return groups.changed({key: tuple(values) or None for key, values in changed.items()})


def replaced(values, gone, come, order=None):
    """A sorted list without what has gone and with what has come. `order` gives the key, no two alike, by which it is sorted."""
    values = list(values)
    for value in gone:
        del values[bisect_left(values, order(value) if order else value, key=order)]
    for value in come:
        insort(values, value, key=order)
    return values
