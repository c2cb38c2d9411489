"""Banner of a page of the past: which edition its text is, and those before and after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from publishing import kinds
from publishing.models import Action, Edition, erased_numbers

# A text that had stood for longer at the moment that is read may no longer have been true then.
LONG = timedelta(days=90)


class TextEdition(NamedTuple):
    """An edition of a text: its kind, and from when to when it was in force."""

    kind: str
    live_from: datetime
    live_to: datetime | None


@dataclass(frozen=True)
class TextEditions:
    """The edition of a text that is shown, those before and after it, None where there is none, and all in order.

    `is_old`: it stood for longer than LONG at the moment; `is_of_day`: it is of the day that is read.
    """

    shown: TextEdition
    previous: TextEdition | None
    following: TextEdition | None
    is_old: bool
    is_of_day: bool
    every: list[TextEdition]


def text_editions(path, moment):
    """The TextEditions of what has the root-relative address `path` at the moment; None where that has no text."""
    thing = kinds.owner(path, moment)
    if thing is None:
        return None
    texts = Edition.objects.ever_in_force().filter(thing=thing, action=Action.PUBLISH, live_from__lte=max(moment.now, moment.at))
    rows = texts.exclude(number__in=erased_numbers()).order_by("live_from", "number").values_list("kind", "live_from", "live_to")
    editions = [None, *map(TextEdition._make, rows), None]
    for previous, shown, following in zip(editions, editions[1:], editions[2:], strict=False):
        if shown.live_from <= moment.at and (shown.live_to is None or moment.at < shown.live_to):
            is_old, is_of_day = moment.at - shown.live_from > LONG, moment.at.date() == shown.live_from.date()
            return TextEditions(shown, previous, following, is_old, is_of_day, editions[1:-1])
    return None
