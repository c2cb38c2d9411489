"""Banner of a page of the past: which edition its text is, those before and after it, and from when on there is a record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Min

from publishing import kinds
from publishing.models import Action, Edition, erased_numbers
from publishing.snapshots import Snapshot

# A text that had stood for longer at the moment that is read may no longer have been true then.
LONG = timedelta(days=90)


@dataclass(frozen=True)
class TextEditions:
    """Moments at which the edition of a text that is shown came into force, and those before and after it, None where there is none."""

    kind: str
    shown: datetime
    previous: datetime | None
    following: datetime | None
    is_old: bool


def text_editions(path, moment):
    """The TextEditions of what has the root-relative address `path` at the moment; None where that has no text."""
    thing = kinds.owner(path, moment)
    if thing is None:
        return None
    texts = Edition.objects.ever_in_force().filter(thing=thing, action=Action.PUBLISH, live_from__lte=max(moment.now, moment.at))
    rows = texts.exclude(number__in=erased_numbers()).order_by("live_from", "number").values_list("kind", "live_from", "live_to")
    for (_, previous, _), (kind, shown, until), (_, following, _) in triples(rows):
        if shown <= moment.at and (until is None or moment.at < until):
            return TextEditions(kind, shown, previous, following, moment.at - shown > LONG)
    return None


def triples(rows):
    """Each row with the one before and the one after it; rows of None stand at the ends."""
    nothing = (None, None, None)
    return ((before, row, after) for (before, row), (_, after) in pairwise(pairwise([nothing, *rows, nothing])))


def first_day():
    found = Edition.objects.aggregate(first=Min("live_from"))["first"]
    return found.date().isoformat() if found else ""


# The day on which the record begins, or an empty text: nothing that is recorded later is dated before it.
began = Snapshot(lambda _moment: first_day(), update=lambda before, _moment, _changed: before or first_day())
