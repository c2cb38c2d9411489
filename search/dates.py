"""Dates in a query: 26 March 2010, March 26, 2010, 26/03/2010, 26.3.2010 and 2010-03-26 are the same day."""

import re
from datetime import date

MONTHS = "January February March April May June July August September October November December".split()
MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS)
DAY = re.compile(
    rf"""(?<![\w/.-])(?:(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})
    | (?P<day_2>\d{{1,2}})[/.](?P<month_2>\d{{1,2}})[/.](?P<year_2>\d{{4}})
    | (?P<day_3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month_3>{MONTH})\.?,?\s+(?P<year_3>\d{{4}})
    | (?P<month_4>{MONTH})\.?\s+(?P<day_4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year_4>\d{{4}}))(?![\w/-])""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def in_words(day):
    """The day as the portal's texts write it: `26 March 2010`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_of(match):
    """The date that a match of DAY names, or None where there is no such day."""
    year, month, day = (next(match[name] for name in match.re.groupindex if name.startswith(part) and match[name]) for part in PARTS)
    number = int(month) if month.isdecimal() else next(n for n, name in enumerate(MONTHS, 1) if month.lower() == name[: len(month)].lower())
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


PARTS = ("year", "month", "day")
