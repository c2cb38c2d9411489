"""Charts of CERs by year as numbers for a template: places in the plot, labels, steps of the axis. Pure, whole numbers all through.

The picture has no viewBox: whatever stands in it has its place in per cent, so that letters keep the reader's size at every width
(templates/registry/_year_chart.html). Places are worked out in per mille.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

TOP, BASE = 70, 860  # per mille of the height between which bars stand
LEFT = 110  # per mille of the width that the labels of the steps have for themselves
FIRST_BARS = 250  # per mille of the width in which a bar counts as one of the first
LAST_BARS = 940  # per mille from which on a bar's number ends with it, or it would stand out of the page
LEAST_YEARS = 8  # fewer bars would be as broad as walls


@dataclass(frozen=True)
class Bar:
    """Bar of one year; places are texts in per cent. `number` is written above it, where it is one of the highest."""

    year: int
    cers: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    label: str
    is_part: bool = False
    is_wide: bool = False
    number: str = ""
    anchor: str = "middle"
    at: str = ""  # where the number stands; that of a first bar begins with it, clear of the labels of the steps


@dataclass(frozen=True)
class YearChart:
    """Chart of CERs by year of issuance. `lines` are (place, label) of the steps; `part` the day up to which the last year goes."""

    title: str
    bars: list[Bar]
    lines: list[tuple[str, str]]
    part: date | None
    total: int


def year_chart(by_year, until, half=None, title="", highest=0):
    """The chart of {year: CERs} up to a day; None where there are none. `half`: day on which half of the CERs of an activity had come.

    Without a title of its own it says what it finds of the activity. `highest`: the axis reaches so far at least, beside other charts.
    """
    if not any(by_year.values()):
        return None
    first, last = min(by_year), until.year
    first = min(first, last - LEAST_YEARS + 1)
    most, step = scale(max(highest, *by_year.values()))
    years = range(first, last + 1)
    part = until if (until.month, until.day) != (12, 31) and by_year.get(last) else None
    peak = max(by_year, key=by_year.get)
    bars = [bar(place, len(years), year, by_year.get(year, 0), most, part, peak) for place, year in enumerate(years)]
    lines = [(percent(BASE - level * (BASE - TOP) // most), short(level)) for level in range(step, most + 1, step)]
    return YearChart(title or finding(by_year, half), bars, lines, part, sum(by_year.values()))


def bar(place, count, year, cers, most, part, peak):
    left, right = (LEFT + (1000 - LEFT) * edge // count for edge in (place, place + 1))
    margin = (right - left) // 6
    high = cers * (BASE - TOP) // most if cers else 0
    high = max(high, 4) if cers else 0
    return Bar(
        year=year,
        cers=cers,
        x=percent(left + margin),
        y=percent(BASE - high),
        width=percent(right - left - 2 * margin),
        height=percent(high),
        middle=percent((left + right) // 2),
        label=f"’{year % 100:02}",
        is_part=bool(part) and year == part.year,
        is_wide=bool(year % 3) and count > LEAST_YEARS,
        number=short(cers) if year == peak else "",
        anchor="start" if left < FIRST_BARS else "end" if right > LAST_BARS else "middle",
        at=percent(left + margin if left < FIRST_BARS else right - margin if right > LAST_BARS else (left + right) // 2),
    )


def percent(per_mille):
    return f"{per_mille // 10}.{per_mille % 10}%" if per_mille % 10 else f"{per_mille // 10}%"


def scale(most):
    """(end of the axis, step): three to six round steps that hold the highest value.

    >>> scale(1_137_719)
    (1250000, 250000)
    """
    power = 10 ** max(len(str(most)) - 2, 0)
    steps = [power, 2 * power, power * 5 // 2, 5 * power, 10 * power, 20 * power]
    step = next(step for step in steps if most <= 5 * step)
    return max(-(-most // step), 3) * step, step


def short(number):
    """A number for an axis: 250 k, 1.25 m, 2 bn.

    >>> short(1_250_000)
    '1.25 m'
    """
    for unit, name in ((10**9, _("%s bn")), (10**6, _("%s m")), (10**3, _("%s k"))):
        if number >= unit:
            hundredths = number * 100 // unit
            text = str(hundredths // 100) if hundredths >= 10_000 or hundredths % 100 == 0 else f"{hundredths / 100:.2f}".rstrip("0")
            return name % text
    return str(number)


def in_prose(number):
    """A number as a sentence has it, to three digits: 2.42 billion, 391 million, 9,514. A whole billion is told once it is there.

    >>> in_prose(2_423_389_675), in_prose(1_999_426_245)
    ('2.42 billion', '1.99 billion')
    """
    for unit, name in ((10**9, _("%s billion")), (10**6, _("%s million"))):
        if number >= unit:
            digits = 2 if number < 10 * unit else 1 if number < 100 * unit else 0
            shown = min(round(number / unit, digits), 999)
            if unit == 10**9 and shown == int(shown) and shown * unit > number:
                shown -= 0.1**digits
            return name % f"{shown:g}"
    return f"{number:,}"


def finding(by_year, half):
    """The sentence that the numbers bear out, at every day; empty where no rule fits."""
    total, years = sum(by_year.values()), sorted(year for year, cers in by_year.items() if cers)
    peak = max(years, key=lambda year: (by_year[year], year))
    if len(years) == 1:
        return _("All its CERs came in %(year)s") % {"year": peak}
    if 2 * by_year[peak] > total:
        return _("More than half of its CERs came in %(year)s") % {"year": peak}
    if len(years) > 3:
        pairs = [(by_year[year] + by_year.get(year + 1, 0), year) for year in years]
        most, year = max(pairs)
        if 2 * most > total:
            return _("More than half of its CERs came in %(year)s and %(next)s") % {"year": year, "next": year + 1}
    if half:
        return _("Half of its CERs had come by %(day)s") % {"day": half}
    return ""
