"""Share of proceeds for adaptation at a day: 2 per cent of the CERs issued, and what the Adaptation Fund had raised by selling them."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

PER_CENT = 2


@dataclass(frozen=True)
class Raised:
    """Millions of US dollars that the Adaptation Fund had raised by selling CERs by a day, as a decision of the CMP tells it."""

    day: date
    millions: str
    source: str


@cache
def published():
    """All that decisions tell, in order of days: our own table, proceeds.csv."""
    with Path(__file__).with_name("proceeds.csv").open(encoding="utf-8", newline="") as file:
        return [Raised(date.fromisoformat(row["day"]), row["usd_million"], row["source"]) for row in csv.DictReader(file)]


def raised_by(day):
    """The last Raised by a day (a date), or None."""
    return next((found for found in reversed(published()) if found.day <= day), None)


def share_for_adaptation(registry):
    """(CERs issued by the day outside least developed countries, which are exempt; 2 per cent of them), or None of the sample."""
    if registry.is_sample:
        return None
    cers = registry.table.totals(registry.day, "ldc", "no").cers
    return cers, cers * PER_CENT // 100
