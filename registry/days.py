"""Days as the registry's pages write them; a page has a hundred of them, so each is written once a process."""

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language


def long_day(day):
    """The day with its whole month: `3 November 2023`."""
    return written(day, "j F Y", get_language())


def short_day(day):
    """The day with its month shortened: `3 Nov 2023`."""
    return written(day, "j M Y", get_language())


def shown_day(ordinal):
    """The day of an ordinal, with its month shortened."""
    return short_day(date.fromordinal(ordinal))


@lru_cache(maxsize=20_000)
def written(day, form, _language):
    return date_format(day, form)
