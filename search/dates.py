"""Dates in a query: 26 March 2010, March 26, 2010, 26/03/2010, 2010.3.26, 26 mars 2010 and 2010年3月26日 are the same day."""

import re
from datetime import date

from search.analysis import folded

MONTHS = "January February March April May June July August September October November December".split()
# In French, Spanish, Russian (as said with a day, and alone), Arabic (two sets of names), German and Portuguese.
FOREIGN = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)
ENGLISH = {form.lower(): number for number, name in enumerate(MONTHS, 1) for form in (name, name[:3])}
NUMBERS = {folded(name): number for names in FOREIGN for number, name in enumerate(names.split(), 1)} | ENGLISH
SPELT = {name for names in FOREIGN for word in names.split() for name in (word, folded(word))} | set(ENGLISH)
MONTH = "|".join(sorted(SPELT, key=lambda name: (-len(name), name)))
DAY = re.compile(
    rf"""(?<![\w/.-])(?:(?P<year>[0-9]{{4}})(?P<sign>[-/.])(?P<month>[0-9]{{1,2}})(?P=sign)(?P<day>[0-9]{{1,2}})
    | (?P<day_2>[0-9]{{1,2}})(?P<sign_2>[-/.])(?P<month_2>[0-9]{{1,2}})(?P=sign_2)(?P<year_2>[0-9]{{4}})
    | (?P<day_3>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?(?P<month_3>{MONTH})\.?,?\s+(?:de\s+)?(?P<year_3>[0-9]{{4}})
    | (?P<month_4>{MONTH})\.?\s+(?P<day_4>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year_4>[0-9]{{4}})
    | (?P<year_5>[0-9]{{4}})\s?年\s?(?P<month_5>[0-9]{{1,2}})\s?月\s?(?P<day_5>[0-9]{{1,2}})\s?[日号])(?![\w/-])""",
    re.VERBOSE | re.IGNORECASE,
)
# Of a year and a number of two digits, the latter may be a month: 2012-12, 12/2012.
MONTH_OF_YEAR = re.compile(
    r"(?<![\w/.-])(?:(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])|(?P<month_2>0?[1-9]|1[0-2])/(?P<year_2>[0-9]{4})"
    r"|(?P<year_3>[0-9]{4})年(?P<month_3>0?[1-9]|1[0-2])月)(?![\w/-]|\.[0-9])"
)


def in_words(day):
    """The day as the portal's texts write it: `26 March 2010`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_of(match):
    """The date that a match of DAY names, or None where there is no such day. 12/31/2012 has only one reading, with the month first."""
    year, month, day = (value_of(match, part) for part in PARTS)
    number = int(month) if month.isdecimal() else NUMBERS[folded(month)]
    if match["sign_2"] and number > 12:
        day, number = number, int(day)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def month_of(match):
    """The month that a match of MONTH_OF_YEAR names, in words: `December 2012`."""
    return f"{MONTHS[int(value_of(match, 'month')) - 1]} {value_of(match, 'year')}"


def value_of(match, part):
    return next(match[name] for name in match.re.groupindex if name.startswith(part) and match[name])


PARTS = ("year", "month", "day")
