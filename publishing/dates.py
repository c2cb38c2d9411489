"""Dates of which only the month or the year may be known: stored as the last day of that time, shown as what is known."""

from calendar import monthrange
from datetime import UTC, date, datetime, time

from django.db import models
from django.utils.formats import date_format


class Precision(models.TextChoices):
    DAY = "day", "Day"
    MONTH = "month", "Month only"
    YEAR = "year", "Year only"


SHOWN = {Precision.DAY: "j F Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"}
# For <time datetime>, in the forms that HTML allows.
MACHINE = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def first_day(day, precision):
    """The first day of the time that is meant."""
    if precision == Precision.DAY:
        return day
    return day.replace(day=1) if precision == Precision.MONTH else date(day.year, 1, 1)


def last_day(day, precision):
    """The day under which lists keep what is known to this precision only."""
    if precision == Precision.DAY:
        return day
    month = day.month if precision == Precision.MONTH else 12
    return date(day.year, month, monthrange(day.year, month)[1])


def instant(value):
    """An instant as it is, a day's midnight in UTC."""
    return value if isinstance(value, datetime) else datetime.combine(value, time.min, UTC)


def shown(day, precision=Precision.DAY):
    """The date as people read it: `11 March 2010`, `July 2009` or `2006`."""
    return date_format(day, SHOWN[precision])


def known_beginning(edition):
    """Since when an edition is live; None where it was entered later and stands under the last day of its own date, known less exactly."""
    precision = getattr(edition, "precision", Precision.DAY)
    is_of_date = precision != Precision.DAY and edition.imported and edition.live_from.date() == edition.date
    return None if is_of_date else edition.live_from


def machine(day, precision=Precision.DAY):
    return day.isoformat()[: MACHINE[precision]]
