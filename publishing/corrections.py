"""Corrections of a thing after its first publication."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from publishing.models import Action


@dataclass(frozen=True)
class Correction:
    """An edition that changed what readers are told since `before`; `number` finds the words changed in the history."""

    before: datetime
    at: datetime
    note: str
    number: int


def corrections(model, things, at):
    """The Corrections of the things by thing id, the oldest first; what an editor marked as minor is none. One query."""
    editions = model.objects.ever_in_force().filter(thing__in=things, action=Action.PUBLISH, live_from__lte=at)
    found = {}
    for thing, own in groupby(editions.order_by("thing", "live_from", "number"), key=lambda edition: edition.thing_id):
        changed = ((old, new) for old, new in pairwise(own) if not new.minor and told(new) != told(old))
        found[thing] = [Correction(old.live_from, new.live_from, new.note, new.number) for old, new in changed]
    return found


def told(edition):
    return {name: value for name, value in edition.content().items() if name not in edition.APPARATUS}
