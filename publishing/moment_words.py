"""Moments as people write them: `10 March 2010`, `2010-03-10`, `17:07 10 Mar 10`, all in UTC; read and written."""

import re
from datetime import date

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from publishing.moment import parse

ENGLISH = "January February March April May June July August September October November December".split()
CLOCK = r"(?P<clock{}>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)"
WORDS = re.compile(
    rf"(?:{CLOCK.format(1)}\s+)?(?:(?P<day1>\d{{1,2}})\.?\s*(?P<month1>[^\W\d_]{{3,}})\.?|(?P<month2>[^\W\d_]{{3,}})\.?\s*(?P<day2>\d{{1,2}})(?!\d))"
    rf"\s*(?P<year>\d{{4}}|\d{{2}})(?:\s+{CLOCK.format(2)})?"
)
ALL_DIGITS = re.compile(r"[\d\s./-]+\Z")
CENTURY = 70  # years of two digits below this one are of 2000 and later
LONGEST = 60  # characters of what is shown again


def read(text):
    """The text after `/@` of a moment in words, such as `2010-03-10T17:07`. Raises ValueError with a sentence for readers."""
    words = " ".join(text.replace(",", " ").split())
    words = re.sub(r"\s*\b(?:UTC|Z)\Z", "", words, flags=re.IGNORECASE)
    if not words:
        raise ValueError(_("Type a day, such as 10 March 2010."))
    if re.match(r"\d{4}-\d{2}-\d{2}", words):
        asked = re.sub(r"\A(.{10})[ T]", r"\1T", words)
        return checked(asked, text)
    if ALL_DIGITS.match(words):
        raise ValueError(
            _("“%(text)s” can be read in two ways. Write the month as a word, as in 10 March 2010.") % {"text": text[:LONGEST]}
        )
    match = WORDS.fullmatch(words)
    month = match and month_of(match["month1"] or match["month2"])
    if not month:
        raise ValueError(_("“%(text)s” is not read as a day.") % {"text": text[:LONGEST]})
    year = int(match["year"])
    if year < 100:
        year += 2000 if year < CENTURY else 1900
    clock = match["clock1"] or match["clock2"]
    day = int(match["day1"] or match["day2"])
    return checked(f"{year:04}-{month:02}-{day:02}" + (f"T{clock if clock[2] == ':' else '0' + clock}" if clock else ""), text)


def checked(asked, text):
    try:
        parse(asked)
    except ValueError as problem:
        raise ValueError(_("“%(text)s” is no day or time that there is.") % {"text": text[:LONGEST]}) from problem
    return asked


def month_of(word):
    """The number of a month by its name in English or the interface's language, or by the first three letters or more; else None."""
    word = word.casefold()
    names = [(number, name) for number, name in enumerate(ENGLISH, 1)] + [(number, str(name)) for number, name in MONTHS.items()]
    return next((number for number, name in names if name.casefold().startswith(word)), None)


def write(asked):
    """The text after `/@` as people write it, for `read`: `17:07 10 March 2010`. A moment to the microsecond stays as it is."""
    day, _t, clock = asked.partition("T")
    if "." in clock:
        return asked
    return f"{clock} {date_format(date.fromisoformat(day), 'j F Y')}".strip()
