"""Figures of the registry by name, as of any day, for the marks in texts (`publishing/figures.py`)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from publishing.figures import Figure, register
from registry.charts import in_prose
from registry.moments import registry_on
from registry.records import ActivityKind

LABELS = {
    "cers": _("CERs issued"),
    "cers-in-prose": _("The same as a sentence has it, such as 2.42 billion"),
    "issuances": _("Issuances"),
    "activities": _("Activities with CERs issued"),
    "parties": _("Host Parties with CERs issued"),
    "listed": _("Activities listed: validation begun, or CERs issued; from a release on"),
    "registered": _("Activities registered by the end of the data; from that day on"),
    "registered-projects": _("Project activities among them"),
    "registered-programmes": _("Programmes of activities among them"),
}


def read(moment, day):
    """Figures as of a day: totals from the release that the end of the day shows, or from the table of running totals."""
    registry = registry_on(moment, day)
    totals, own = registry.totals()
    table, day = registry.table, registry.day
    own, is_last = date.fromordinal(own), own >= table.as_of
    found = {name: Figure(getattr(totals, name), own, is_last) for name in ("cers", "issuances", "activities", "parties")}
    found["cers-in-prose"] = Figure(totals.cers, own, is_last, in_prose(totals.cers))
    if registry.is_sample:
        return found
    found["listed"] = Figure(table.listed_by(day).bit_count(), own, is_last)
    return found | registered(table, own) if is_last else found


def registered(table, day):
    """Figures of what the release calls registered, which it tells of the end of its data alone."""
    bitmaps = table.index.bitmaps
    all_of_it = bitmaps["status"].get("Registered", 0)
    kinds = {
        "registered": all_of_it,
        "registered-projects": all_of_it & bitmaps["kind"].get(ActivityKind.PROJECT, 0),
        "registered-programmes": all_of_it & bitmaps["kind"].get(ActivityKind.PROGRAMME, 0),
    }
    return {name: Figure(bitmap.bit_count(), day, is_last=True) for name, bitmap in kinds.items()}


register(LABELS, read, kind="release")
