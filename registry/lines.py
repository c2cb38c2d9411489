"""Lines of a list of activities: what each row says at a day, value by value, with the mark of what is not as the files give it."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry import table as stages
from registry.addresses import activity_path
from registry.facets import SCALES, STATUSES
from registry.parties import party
from registry.records import Badge
from registry.tables import several


@dataclass(frozen=True)
class ActivityLine:
    """Line of an activity. `state` is that at the day, `status` that of the release; marks are words, empty where there is none."""

    path: str
    number: int | None
    title: str
    hosts: str
    methodologies: str
    scale: str
    status: str
    state: str
    cers: int
    issuances: int
    marks: dict

    @property
    def told(self):
        """The line in one sentence, without the title."""
        return " · ".join(filter(None, (self.hosts, self.methodologies, self.scale, self.state)))


def lines_of(registry, places):
    """ActivityLines of the places, in one query."""
    rows = registry.activities(list(places))
    return [line_of(registry, place, row) for place, row in zip(places, rows, strict=True)]


def line_of(registry, place, row):
    cers, issuances, _first, _latest = registry.table.issued_to(place, registry.day)
    return ActivityLine(
        path=activity_path(row),
        number=row.reference or row.matched_reference,
        title=row.title,
        hosts=", ".join(party(code).name for code in several(row.hosts)),
        methodologies=", ".join(several(row.methodologies)),
        scale=str(SCALES.get(row.scale, row.scale)) if row.scale else "",
        status=str(STATUSES.get(row.status, row.status)),
        state=state_of(registry.table.state(place, registry.day)),
        cers=cers,
        issuances=issuances,
        marks=marks_of(row),
    )


def marks_of(row):
    """The marks of a line by the name of the value that they stand beside."""
    badges, marks = Badge(row.badges), {}
    if row.matched_reference:
        marks["number"] = _("matched reference")
    if Badge.REPAIRED in badges and "title" in row.raw:
        marks["title"] = _("repaired")
    if row.scale and Badge.MAP_FILE_2018 in badges and not row.sheet.get("Project classification"):
        marks["scale"] = _("2018 map file")
    if Badge.CONTRADICTED in badges:
        marks["cers"] = _("contradicted")
    return marks


def state_of(state):
    """What is known of an activity at a day, in words."""
    since = date_format(date.fromordinal(state.since), "j M Y") if state.since else ""
    if state.stage == stages.REGISTERED:
        return _("Registered {day}").format(day=since) if since else _("Registered")
    if state.stage == stages.CREDITING:
        return _("Crediting period begun {day}").format(day=since)
    return _("Validation begun {day}").format(day=since) if since else _("Listed")
