"""Axis of the line of time: from the year of the first rules to this one, the same on every page, as places in per cent."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

FIRST, LAST = 2001, 2026  # it grows with the years to come
APART = 90  # per mille between two marks that are links, or fingers would miss them on a phone
EDGE = 120  # per mille from an end within which words begin or end at their place


@dataclass(frozen=True)
class AxisMark:
    """Place on the axis with its words; `anchor` says where they stand to it. `edition` and `is_here` are for editions alone."""

    x: str
    words: str
    anchor: str
    edition: object = None
    is_here: bool = False


@dataclass(frozen=True)
class TimeAxis:
    """`ticks` are the places of the years, `years` a AxisMark for each fifth."""

    ends: date

    @property
    def start(self):
        return date(FIRST, 1, 1)

    def per_mille(self, day):
        share = (day - self.start).days * 1000 // (self.ends - self.start).days
        return min(max(share, 0), 1000)

    def x(self, day):
        return percent(self.per_mille(day))

    def mark(self, day, words="", **more):
        place = self.per_mille(day)
        anchor = "start" if place < EDGE else "end" if place > 1000 - EDGE else "middle"
        return AxisMark(percent(place), words or date_format(day, "j M Y"), anchor, **more)

    @property
    def ticks(self):
        return [self.x(date(year, 1, 1)) for year in range(FIRST, self.ends.year + 1)]

    @property
    def years(self):
        return [(self.x(date(year, 1, 1)), year) for year in range(FIRST, self.ends.year + 1) if year % 5 == 0]

    def editions(self, editions, shown):
        """Marks of the editions that stand `APART`: that shown, then the latest first; in order of days."""
        kept = []
        for edition in [shown, *reversed(editions)]:
            place = self.per_mille(edition.live_from.date())
            if all(abs(place - other) >= APART for other, _edition in kept):
                kept.append((place, edition))
        kept.sort(key=lambda pair: pair[0])
        return [self.mark(edition.live_from.date(), edition=edition, is_here=edition is shown) for _place, edition in kept]


def axis_of(moment):
    """The TimeAxis at a moment: to the end of the readers' year."""
    return TimeAxis(date(max(LAST, moment.now.year), 12, 31))


def percent(per_mille):
    return f"{per_mille / 10:g}%"
