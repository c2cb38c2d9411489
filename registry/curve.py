"""Curve of the running total of CERs up to a day, as numbers for a template: paths, places, labels. Pure but for `curve_of`.

The path stands in a box of its own of 1000 by 200, stretched over the plot; all else has its place in per cent (registry/charts.py). Whole
numbers, one step after another, and no point on a straight line: the whole curve is some 300 bytes.
"""

from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from registry.charts import BASE, TOP, in_prose, percent, scale, short
from registry.days import long_day, short_day
from registry.sample import running_totals
from registry.statistics import first_day

BILLION = 10**9
WIDE, HIGH = 1000, 200  # of the box
FEW_YEARS = 11  # so many are all written below the plot, of more every second one
ROOM = 300  # per mille of the width that a label before its place needs


@dataclass(frozen=True)
class Milestone:
    """Point on the curve with its words, which end before it where there is room, else begin after it."""

    x: str
    y: str
    words: str
    anchor: str


@dataclass(frozen=True)
class Curve:
    """`title` is the finding; `lines` are (place, label) of the steps, `years` (place, year, whether only a wide window has it)."""

    title: str
    until: date
    first: date
    line: str
    area: str
    lines: list[tuple[str, str]]
    years: list[tuple[str, int, bool]]
    marks: list[Milestone]
    moment: Milestone
    total: int


def curve_of(registry):
    """The Curve of a Registry at its day, or None before the first CERs."""
    totals, last = registry.totals()
    begin = first_day(registry)
    if not totals.issuances:
        return None
    # Between the days of the sample's table nothing is known but the days on which a billion was passed.
    told = [cers for cers in milestones(totals.cers) if not registry.is_sample or cers % BILLION == 0]

    def total(day):
        return registry.totals_by(day).cers

    def passed(cers):
        return begin.toordinal() + bisect_left(range(begin.toordinal(), last), cers, key=total)

    title = _("Half of all CERs were issued by %(day)s") % {"day": long_day(date.fromordinal(passed((totals.cers + 1) // 2)))}
    return curve(known_totals(registry), begin, title, [(passed(cers), cers) for cers in told])


def known_totals(registry):
    """(day as an ordinal, CERs issued by then) pairs of a Registry up to its day: at the ends of months, or what the sample's table has."""
    totals, last = registry.totals()
    if not totals.issuances:
        return []
    begin = first_day(registry)
    if registry.is_sample:  # its table has the end of each year and the days on which a billion was passed
        days = [day for day in running_totals()[0] if day <= last]
    else:
        days = [begin.toordinal(), *ends_of_months(begin, last), last]
    return [(day, registry.totals_by(day).cers) for day in days]


def ends_of_months(begin, last):
    """The last days of months after a date and before an ordinal, as ordinals."""
    months = ((year, month) for year in range(begin.year, date.fromordinal(last).year + 1) for month in range(1, 13))
    ends = (date(year, month, monthrange(year, month)[1]).toordinal() for year, month in months)
    return [end for end in ends if begin.toordinal() < end < last]


def milestones(total):
    """At most two round numbers below a total.

    >>> milestones(2_423_389_675)
    [1000000000, 2000000000]
    """
    power = 10 ** (len(str(total)) - 1)
    return [cers for cers in (power // 2, power, 2 * power, 5 * power) if cers < total][-2:]


def curve(known, begin, title, passed=()):
    """The Curve through (ordinal, CERs) pairs in order; `passed` are such pairs that bear a mark."""
    (last, total), until = known[-1], date.fromordinal(known[-1][0])
    most, step = scale(total)
    start, end = date(begin.year, 1, 1).toordinal(), date(until.year, 12, 31).toordinal()

    def across(day):
        return (day - start) * 1000 // (end - start)

    def down(cers):
        return BASE - cers * (BASE - TOP) // most

    def mark(day, cers, words):
        is_first = across(day) < ROOM
        return Milestone(percent(across(day)), percent(down(cers)), words, "start" if is_first else "end")

    points = straightened([(across(day) * WIDE // 1000, HIGH - cers * HIGH // most) for day, cers in known])
    years = range(begin.year, until.year + 1)
    return Curve(
        title=title,
        until=until,
        first=begin,
        line=path(points),
        area=f"{path(points)}V{HIGH}H{points[0][0]}z",
        lines=[(percent(down(level)), short(level)) for level in range(step, most + 1, step)],
        years=[
            (percent(across(date(year, 7, 1).toordinal())), year, len(years) > FEW_YEARS and bool(year % 4))
            for year in years
            if len(years) <= FEW_YEARS or year % 2 == 0
        ],
        marks=[mark(day, cers, f"{in_prose(cers)}, {short_day(date.fromordinal(day))}") for day, cers in passed],
        moment=mark(last, total, short_day(until)),
        total=total,
    )


def straightened(points):
    """The points without those that lie on the line from the one before to the one after."""
    kept = points[:1]
    for point, after in pairwise([*points[1:], None]):
        (x, y), (across, down) = kept[-1], point
        if after is None or (across - x) * (after[1] - down) != (after[0] - across) * (down - y):
            kept.append(point)
    return kept


def path(points):
    """SVG path through points, each as steps from the one before.

    >>> path([(0, 9), (5, 7), (8, 1)])
    'M0 9l5-2 3-6'
    """
    (x, y), *others = points
    steps = []
    for across, down in others:
        steps.append(f"{across - x}{down - y}" if down < y else f"{across - x} {down - y}")
        x, y = across, down
    return f"M{points[0][0]} {points[0][1]}" + (f"l{' '.join(steps)}" if steps else "")
