"""Changes of the accreditation of operational entities, as decisions and news tell them: our own table of facts, accreditation.csv.

Decisions of the CMP tell of the changes since the decision before; the day is then that of the decision.
"""

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from registry.days import long_day
from registry.entities import entities

EVENTS = {
    "first": _("Accredited for the first time, for five years"),
    "accredited": _("Accredited for five years"),
    "reaccredited": _("Accredited again, for five years"),
    "prolonged": _("Accreditation prolonged from three to five years"),
    "designated": _("Designated; the copy at hand does not show the kind of change"),
    "extended": _("Accredited for further sectoral scopes"),
    "taken-over": _("Took over the accreditation of another legal entity"),
    "suspended": _("Suspended"),
    "suspended-part": _("Suspended in part"),
    "suspended-provisionally": _("Suspended provisionally, for some sectoral scopes"),
    "lifted": _("Suspension lifted"),
    "withdrew": _("Withdrew, of its own accord"),
    "withdrew-part": _("Withdrew in part, of its own accord"),
    "withdrew-to": _("Withdrew in part, of its own accord; these remain"),
    "withdrawn": _("Accreditation withdrawn by the Board"),
    "withdrawn-part": _("Accreditation withdrawn in part by the Board"),
    "expired": _("Accreditation expired"),
    "article-6-4": _("Accredited under the mechanism of Article 6.4, which is no accreditation of the CDM"),
}


@dataclass(frozen=True)
class AccreditationChange:
    """Change of an entity's accreditation. Where `is_month` no day is known; `day` is then its last. `scopes` are the sectoral scopes that
    it is about, as the decision lists them; `named` is how that names the entity; both may be empty."""

    day: date
    is_month: bool
    slug: str
    event: str
    scopes: str
    note: str
    named: str
    source: str

    @property
    def label(self):
        return EVENTS[self.event]

    @property
    def shown_day(self):
        return date_format(self.day, "F Y") if self.is_month else long_day(self.day)

    @property
    def machine_day(self):
        return f"{self.day:%Y-%m}" if self.is_month else self.day.isoformat()

    @property
    def is_link(self):
        return self.source.startswith("http")

    def as_data(self):
        """The change for programmes."""
        told = {"date": self.machine_day, "event": self.event, "what": str(self.label), "sectoral_scopes": self.scopes}
        return told | {"note": self.note, "named": self.named, "source": self.source}


def change_of(row):
    year, month, *day = map(int, row["date"].split("-"))
    last = monthrange(year, month)[1]
    return AccreditationChange(date(year, month, *(day or [last])), not day, *(row[name] for name in OWN))


OWN = ("slug", "event", "scopes", "note", "named", "source")


@cache
def changes():
    """All changes in order of days."""
    with Path(__file__).with_name("accreditation.csv").open(encoding="utf-8", newline="") as file:
        return sorted(map(change_of, csv.DictReader(file)), key=lambda change: change.day)


def entities_told(until):
    """The entities of our table of which a change is known by a day (a date), by slug."""
    told = {change.slug for change in changes() if change.day <= until}
    return {slug: entity for slug, entity in entities().items() if slug in told}


def changes_of(slug, until):
    """The changes of an entity by a day (a date), the newest first."""
    return [change for change in reversed(changes()) if change.slug == slug and change.day <= until]
