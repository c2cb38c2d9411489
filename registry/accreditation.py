"""Changes of the accreditation of operational entities, as decisions and news tell them: our own table of facts, accreditation.csv.

Decisions of the CMP tell of the changes since the decision before; the day is then that of the decision.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from registry.days import long_day

EVENTS = {
    "accredited": _("Accredited for the first time"),
    "extended": _("Accredited for further sectoral scopes"),
    "suspended": _("Suspended"),
    "suspended-part": _("Suspended in part"),
    "suspended-provisionally": _("Suspended provisionally, for some sectoral scopes"),
    "lifted": _("Suspension lifted"),
    "withdrew": _("Withdrew, of its own accord"),
    "withdrew-part": _("Withdrew in part, of its own accord"),
    "withdrawn": _("Accreditation withdrawn by the Board"),
    "withdrawn-part": _("Accreditation withdrawn in part by the Board"),
    "expired": _("Accreditation expired"),
}


@dataclass(frozen=True)
class AccreditationChange:
    """Change of an entity's accreditation. Of a `month` no day is known; `day` is then its last."""

    day: date
    is_month: bool
    slug: str
    event: str
    source: str

    @property
    def label(self):
        return EVENTS[self.event]

    @property
    def shown_day(self):
        return date_format(self.day, "F Y") if self.is_month else long_day(self.day)

    @property
    def is_link(self):
        return self.source.startswith("http")


def change_of(row):
    is_month = row["precision"] == "month"
    return AccreditationChange(date.fromisoformat(f"{row['date']}-28" if is_month else row["date"]), is_month, *(row[n] for n in OWN))


OWN = ("slug", "event", "source")


@cache
def changes():
    """All changes in order of days."""
    with Path(__file__).with_name("accreditation.csv").open(encoding="utf-8", newline="") as file:
        return sorted(map(change_of, csv.DictReader(file)), key=lambda change: change.day)


def changes_of(slug, until):
    """The changes of an entity by a day (a date), the newest first."""
    return [change for change in reversed(changes()) if change.slug == slug and change.day <= until]
