"""Days in the life of activities that publications tell and the release does not: our own table of facts, published_days.csv.

Registrations that news tell, and what stood on the UNFCCC's list of activities that went over to the mechanism of Article 6.4. Pure: the
file is read once. An activity is told by its kind and number.
"""

import csv
from calendar import monthrange
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

REGISTERED, TRANSITIONED = "registered", "transitioned"
MONTH, BY = "month", "by"


class PublishedDay(NamedTuple):
    """Day (a date) of an event with its source. Of a MONTH no day is known; `day` is then its last. BY: it had come by that day."""

    day: date
    precision: str
    source: str
    source_address: str


@cache
def published_days():
    """PublishedDays by (event, kind, number)."""
    with Path(__file__).with_name("published_days.csv").open(encoding="utf-8", newline="") as file:
        return {(row["event"], row["kind"], int(row["reference"])): published_day(row) for row in csv.DictReader(file)}


def published_day(row):
    year, month, *day = map(int, row["date"].split("-"))
    return PublishedDay(date(year, month, *(day or [monthrange(year, month)[1]])), row["precision"], row["source"], row["source_address"])


def registration(kind, number):
    """The PublishedDay of an activity's registration, or None."""
    return published_days().get((REGISTERED, kind, number))


def transition(kind, number, until):
    """The PublishedDay on which an activity was found among those transitioned, None where that is not by the day `until` (a date)."""
    found = published_days().get((TRANSITIONED, kind, number))
    return found if found and found.day <= until else None
