"""What the page of an activity says at a day: facts with their sources, the state, the way through time, issuances, units.

One structure for the page, its Markdown and its JSON. Days are dates.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry import entities, table
from registry.addresses import activity_path, anchor_of, methodology_path
from registry.charts import year_chart
from registry.days import long_day, short_day
from registry.facets import KINDS, SCALES, SCOPES, STATUSES
from registry.marks import ValueMark
from registry.methodologies import catalogue_of
from registry.parties import party
from registry.published_days import BY, MONTH, registration, transition
from registry.records import ActivityKind, Badge
from registry.release_page import ReleasePage
from registry.tables import several

UNIT_ROWS = 3  # so many registry blocks are listed, the newest; the others stand in the JSON
YEAR = 365.25  # days
SHEET_REDUCTIONS = "Amount Of Reductions (PDD ex-ante) per year in CP1 (PoA based on the sum of curr"


@dataclass(frozen=True)
class Fact:
    """Fact of an activity: `values` are (text, address or "") pairs, `marks` stand beside them, `note` is a sentence on what is behind,
    `source_address` an address outside where the source can be read."""

    name: str
    label: str
    values: list
    source: str
    marks: tuple = ()
    note: str = ""
    source_address: str = ""


@dataclass(frozen=True)
class Step:
    """Step on the way of an activity. `day` is None for what is known to have come on a day that is not in the data; of some no more is
    known than its month."""

    day: date | None
    label: str
    detail: str = ""
    marks: tuple = ()
    is_month: bool = False


@dataclass(frozen=True)
class Issued:
    """Issuance with the running total up to it. `more` tells of how many it is the sum, in the sample; `anchor` is its place on the page,
    empty for the second one of a process number."""

    row: object
    total: int
    anchor: str = ""
    more: int = 0
    verifier: entities.Entity | None = None


class Units(NamedTuple):
    """Block of units, issued or cancelled (`is_voluntary` through the platform)."""

    completed: object
    unit_type: str
    period: int
    party: str
    first: int
    last: int
    units: int
    is_cancelled: bool
    is_voluntary: bool = False

    @property
    def serials(self):
        return f"{self.party}-{self.first}–{self.last}"


@dataclass
class ActivityPage(ReleasePage):
    """An activity at the day of a Registry. `place` is that in its table, `row` its ActivityRow; `gone_from` the release that lacks it."""

    registry: object
    place: int
    row: object
    gone_from: object = None

    # Time

    @cached_property
    def state(self):
        return self.registry.state(self.place)

    @cached_property
    def published(self):
        """The PublishedDay of its registration by the day, where the release has none; else None."""
        told = None if self.row.registered else registration(self.row.kind, self.number)
        return told if told and told.day <= self.day else None

    @property
    def registered(self):
        """The day of its registration, by the day, from the release or else from a publication; None where neither tells it."""
        day = self.row.registered or (self.published and self.published.day)
        return day if day and day <= self.day else None

    @cached_property
    def transition(self):
        """The PublishedDay on which it was found among those gone over to Article 6.4, None where that is not by the day."""
        return transition(self.row.kind, self.number, self.day)

    @property
    def is_listed(self):
        return self.state.stage != table.NOT_LISTED

    @property
    def listed_from(self):
        return date.fromordinal(self.registry.table.listed[self.place])

    # Names

    list_path = "/projects/"

    @property
    def list_label(self):
        return _("All activities")

    @property
    def path(self):
        return activity_path(self.row)

    @property
    def title(self):
        return self.row.title

    @property
    def number(self):
        return self.row.reference or self.row.matched_reference

    @property
    def kind(self):
        return KINDS.get(self.row.kind, self.row.kind)

    @property
    def name(self):
        """Kind and number: `Project activity 8`."""
        return f"{self.kind} {self.number}" if self.number else str(self.kind)

    @property
    def short_name(self):
        """The name in the breadcrumb: `Project activity 8`, or the identifier."""
        return self.name if self.number else self.row.key

    @property
    def summary(self):
        hosts = ", ".join(name for name, _path in self.hosts)
        words = _("%(name)s in %(hosts)s: %(cers)s CERs issued by %(day)s.") if hosts else _("%(name)s: %(cers)s CERs issued by %(day)s.")
        return words % {"name": self.name, "hosts": hosts, "cers": f"{self.cers:,}", "day": long_day(self.until)}

    @property
    def cited(self):
        words = _("%(title)s, %(name)s. Figures to %(day)s, %(source)s.")
        return words % {"title": self.row.title, "name": self.short_name, "day": long_day(self.until), "source": self.source}

    @property
    def is_programme(self):
        return self.row.kind == ActivityKind.PROGRAMME

    @property
    def badges(self):
        return Badge(self.row.badges)

    @property
    def status(self):
        """Status of the release in words."""
        return STATUSES.get(self.row.status, self.row.status)

    @property
    def stands(self):
        """What is known of the activity at the day, in a few words."""
        if self.is_of_the_end:
            return self.status
        return {
            table.REGISTERED: _("Registered"),
            table.CREDITING: _("Crediting period begun"),
            table.VALIDATION: _("Validation begun"),
            table.NOT_LISTED: _("Not yet listed"),
        }[self.state.stage]

    @property
    def because(self):
        """Why this is said of the activity at the day, in a sentence."""
        since = self.state.since and long_day(date.fromordinal(self.state.since))
        if self.is_of_the_end:
            return _("Status in the release of %(day)s.") % {"day": long_day(self.as_of)} + " " + self.of_registration
        if self.state.stage == table.REGISTERED and self.state.badges:
            return (
                _("Its first crediting period began on %(day)s, which a registration precedes.") % {"day": since}
                + " "
                + self.of_registration
            )
        if self.state.stage == table.REGISTERED and self.registered:
            return self.of_registration
        if self.state.stage == table.REGISTERED and not since:
            return _("CERs had been issued, which only a registered activity can receive.") + " " + self.of_registration
        if self.state.stage == table.CREDITING:
            return _("Its first crediting period began on %(day)s.") % {"day": since} + " " + self.of_registration
        return _("Validation began on %(day)s.") % {"day": since} if since else _("Listed in the release.")

    @property
    def of_registration(self):
        if self.registered and self.published and self.published.precision == MONTH:
            return _("Registered in %(month)s.") % {"month": date_format(self.registered, "F Y")}
        if self.registered:
            return _("Registered on %(day)s.") % {"day": long_day(self.registered)}
        if self.row.status not in table.WAS_REGISTERED:
            return ""
        return _("The day of its registration is not in the data.")

    contradiction_marks = (ValueMark.CONTRADICTED,)
    expected_marks = (ValueMark.DERIVED,)

    @property
    def reductions_marks(self):
        return (ValueMark.MAP_FILE_2018,) if self.is_of_2018 and not self.is_reduction_of_sheet else ()

    @property
    def methodology_titles(self):
        """(code, title or "") of its methodologies; titles that are not from a source are not shown."""
        catalogue = catalogue_of(self.registry)
        return [(code, catalogue.title(code)) for code in several(self.row.methodologies)]

    @property
    def state_marks(self):
        if self.published:
            return (ValueMark.PUBLISHED,)
        return (ValueMark.DERIVED,) if self.state.badges and not self.is_of_the_end else ()

    # Facts

    @cached_property
    def facts(self):
        found = [
            self.fact_of_number(),
            self.fact_of_title(),
            self.fact("hosts", self.label_of_hosts, self.hosts),
            self.fact("scopes", _("Sectoral scope"), self.scopes),
            self.fact("type", _("Type"), [(self.row.project_type, "")]),
            self.fact("methodologies", _("Methodologies"), self.methodologies),
            self.fact_of_2018("scale", _("Scale"), self.scale, self.row.sheet.get("Project classification")),
            self.fact("validator", _("Validated by"), self.validators),
            self.fact(
                "validation_start", _("Validation began"), [(self.shown(self.row.validation_start), "")], note=self.note_on_validation
            ),
            self.fact("crediting", self.label_of_crediting, [(self.crediting, "")], note=self.note_if_late(self.row.crediting_start)),
            self.fact_of_registration(),
            self.fact_of_transition(),
            self.fact_of_2018("reductions", _("Reductions expected"), self.reductions, self.is_reduction_of_sheet),
            self.fact("capacity", _("Capacity"), [(self.capacity, "")]),
            self.fact_of_place(),
            self.fact("status", _("Status (%(day)s)") % {"day": short_day(self.as_of)}, [(str(self.status), "")]),
            self.fact("key", _("Unique identifier"), [(self.row.key, "")]),
        ]
        return [fact for fact in found if fact]

    def fact(self, name, label, values, source="", marks=(), note=""):
        given = [value for value in values if value[0]]
        return Fact(name, label, given or [(_("not given"), "")], source or self.release_shortly, marks, note)

    @property
    def scale(self):
        return str(SCALES.get(self.row.scale, self.row.scale)) if self.row.scale else ""

    @property
    def capacity(self):
        return f"{self.row.capacity:g} MW" if self.row.capacity else ""

    def fact_of_2018(self, name, label, text, in_sheet):
        """A value that the release lacks and the map file of 2018 has, where it comes from there and not from the full sheet."""
        if text and in_sheet:
            return self.fact(name, label, [(text, "")], self.full_sheet)
        if text and self.is_of_2018:
            return self.fact(name, label, [(text, "")], _("UNFCCC, map file of 2018"), (ValueMark.MAP_FILE_2018,))
        return self.fact(name, label, [(text, "")])

    @property
    def full_sheet(self):
        return _("UNFCCC, full sheet of %(day)s") % {"day": long_day(self.as_of)}

    @property
    def is_reduction_of_sheet(self):
        """Whether the full sheet expects as much a year in the first crediting period."""
        stated = self.row.sheet.get(SHEET_REDUCTIONS, "").removesuffix(".0")
        return self.row.reductions is not None and stated == str(self.row.reductions)

    @property
    def is_of_2018(self):
        return Badge.MAP_FILE_2018 in self.badges

    def fact_of_number(self):
        label = _("Reference number")
        if self.row.matched_reference:
            note = _("From the UNFCCC’s list of activities that went over to the Paris Agreement, where one title fits.")
            return self.fact(
                "number",
                label,
                [(str(self.number), "")],
                _("UNFCCC, list of transitioned activities"),
                (ValueMark.MATCHED_REFERENCE,),
                note,
            )
        if not self.number:
            return self.fact("number", label, [])
        source = NUMBER_SOURCES.get(self.row.reference_source)
        marks = (ValueMark.MATCHED_REFERENCE,) if Badge.MATCHED_REFERENCE in self.badges else ()
        return self.fact("number", label, [(str(self.number), "")], str(source() if source else ""), marks)

    def fact_of_title(self):
        """Only where something is to be said of it: the title itself stands above."""
        if "title" not in self.row.raw:
            return None
        note = _("In the file: %(title)s") % {"title": self.row.raw["title"]}
        return self.fact("title", _("Title"), [(self.row.title, "")], marks=(ValueMark.REPAIRED,), note=note)

    def fact_of_registration(self):
        if self.row.status not in table.WAS_REGISTERED and not self.registered:
            return None
        told = registration(self.row.kind, self.number)
        if not self.registered and (self.row.registered or told):  # on a later day
            return None
        label, source = _("Registered"), ""
        if self.published:
            day = date_format(self.published.day, "F Y") if self.published.precision == MONTH else long_day(self.published.day)
            return self.fact_published("registered", label, day, self.published, (ValueMark.PUBLISHED,))
        if self.row.registered and not self.row.sheet:
            source = _("UNFCCC, list of transitioned activities")
        elif self.row.registered:
            source = self.full_sheet
        text = self.shown(self.row.registered) or _("the day is not in the data")
        return self.fact("registered", label, [(text, "")], source)

    def fact_of_transition(self):
        if not self.transition:
            return None
        words = _("on the list by %(day)s, its first reading") if self.transition.precision == BY else _("on the list from %(day)s on")
        day = words % {"day": long_day(self.transition.day)}
        return self.fact_published("transitioned", _("Transitioned to Article 6.4"), day, self.transition)

    def fact_published(self, name, label, text, told, marks=()):
        return replace(self.fact(name, label, [(text, "")], told.source, marks), source_address=told.source_address)

    def fact_of_place(self):
        row, raw = self.row, self.row.raw
        label, source = _("Place"), _("UNFCCC, map file of 2018") if self.is_of_2018 else ""
        marks = (ValueMark.MAP_FILE_2018,) if self.is_of_2018 else ()
        inside = _("In the file: %(lat)s, %(lon)s.") % {"lat": raw["lat"], "lon": raw["lon"]} if "lat" in raw else ""
        if row.latitude is None:
            note = f"{_('The coordinates lie outside the range of the globe and are left out.')} {inside}" if inside else ""
            return self.fact("place", label, [], note=note)
        text = f"{degrees(row.latitude, 'N', 'S')}, {degrees(row.longitude, 'E', 'W')}"
        if row.locations and row.locations > 1:
            text += " " + _("(first of %(count)s places)") % {"count": row.locations}
        if not row.is_plausible:
            note = _("The point lies outside the host Party and is shown on no map.")
            return self.fact("place", label, [(text, "")], source, (*marks, ValueMark.CONTRADICTED), note)
        if inside:
            return self.fact("place", label, [(text, "")], source, (*marks, ValueMark.REPAIRED), inside)
        return self.fact("place", label, [(text, "")], source, marks)

    @property
    def hosts(self):
        return [(party(code).name, f"/parties/{code}/") for code in several(self.row.hosts)]

    @property
    def label_of_hosts(self):
        return _("Host Parties") if len(self.hosts) > 1 else _("Host Party")

    @property
    def scopes(self):
        numbers = several(self.row.scopes)
        return [(f"{number} {SCOPES.get(number, '')}".strip(), "") for number in numbers] or [(_("several, not said which"), "")]

    @property
    def methodologies(self):
        return [(code, methodology_path(code)) for code in several(self.row.methodologies)]

    @property
    def validators(self):
        entity = entities.validator(self.row.validator)
        return [(entity.name, entity.path)] if entity else []

    @property
    def note_on_validation(self):
        if "validation_start" in self.row.raw:
            return _("The file has %(day)s, the zero of a clock.") % {"day": self.row.raw["validation_start"]}
        return self.note_if_late(self.row.validation_start)

    def note_if_late(self, start):
        issued = self.issued and self.issued[-1].row.date
        return _("The file has it after the first issuance.") if start and issued and start > issued else ""

    @property
    def label_of_crediting(self):
        return _("First crediting period") if self.row.status in table.WAS_REGISTERED else _("First crediting period, as planned")

    @property
    def crediting(self):
        start, end = self.shown(self.row.crediting_start), self.shown(self.row.crediting_end)
        if start and end:
            return _("%(start)s to %(end)s") % {"start": start, "end": end}
        return _("from %(start)s") % {"start": start} if start else ""

    @property
    def reductions(self):
        return _("%(tonnes)s t CO₂e a year") % {"tonnes": f"{self.row.reductions:,}"} if self.row.reductions is not None else ""

    def shown(self, day):
        return long_day(day) if day else ""

    # Issuances

    @cached_property
    def issued(self):
        """Issuances up to the day, the newest first."""
        rows = self.registry.issuances(self.row)
        seen, found = set(), []
        for row, total in zip(rows, accumulate(row.cers for row in rows), strict=True):
            anchor = anchor_of(row.process) if row.process and row.process not in seen else ""
            seen.add(row.process)
            found.append(Issued(row, total, anchor, getattr(row, "is_sum_of", 0), entities.verifier(row.verifier)))
        return found[::-1]

    @property
    def cers(self):
        return self.issued[0].total if self.issued else 0

    @property
    def issuances(self):
        """How many issuances there were; the sums of the sample count as what they are sums of."""
        return sum(one.more or 1 for one in self.issued)

    @cached_property
    def has_other_hosts(self):
        first = several(self.row.hosts)[:1]
        return any(one.row.host not in first for one in self.issued)

    @property
    def contradiction(self):
        if Badge.CONTRADICTED not in self.badges or not self.is_of_the_end:
            return ""
        words = _("The release states %(stated)s CERs in all; its list of issuances adds up to %(cers)s. The issuances decide.")
        return words % {"stated": f"{self.row.stated_cers:,}", "cers": f"{self.cers:,}"}

    @cached_property
    def chart(self):
        by_year = {}
        for one in self.issued:
            by_year[one.row.date.year] = by_year.get(one.row.date.year, 0) + one.row.cers
        half = next((one.row.date for one in self.issued[::-1] if 2 * one.total >= self.cers), None)
        is_exact = not any(one.more for one in self.issued)
        return year_chart(by_year, self.until, long_day(half) if half and is_exact else None)

    # Expected against issued

    @cached_property
    def expected(self):
        """(CERs expected of the days monitored, how many days, per cent issued of it), or None where an estimate or a day is missing."""
        spans = [(one.row.monitoring_start, one.row.monitoring_end) for one in self.issued]
        if not self.row.reductions or not spans or any(not start or not end or end < start for start, end in spans):
            return None
        days = covered(spans)
        expected = round(self.row.reductions * days / YEAR)
        return (expected, days, round(100 * self.cers / expected)) if expected else None

    # Time line

    @cached_property
    def steps(self):
        row, found = self.row, []
        if row.validation_start:
            validator = self.validators[0][0] if self.validators else ""
            found.append(Step(row.validation_start, _("Validation began"), validator))
        if self.published and self.published.precision == MONTH:
            found.append(Step(self.published.day, _("Registered"), marks=(ValueMark.PUBLISHED,), is_month=True))
        elif self.registered:
            found.append(Step(self.registered, _("Registered"), marks=(ValueMark.PUBLISHED,) if self.published else ()))
        if row.crediting_start and row.status in table.WAS_REGISTERED:
            end = _("first period to %(day)s") % {"day": long_day(row.crediting_end)} if row.crediting_end else ""
            found.append(Step(row.crediting_start, _("Crediting period began"), end))
        if self.issued:
            first, latest = self.issued[-1], self.issued[0]
            found.append(Step(first.row.date, _("First CERs"), f"{first.row.cers:,}"))
            if latest is not first and not latest.more:
                found.append(Step(latest.row.date, _("Latest CERs"), f"{latest.row.cers:,}"))
        found = sorted((step for step in found if step.day <= self.until), key=lambda step: step.day)
        is_registered = self.state.stage == table.REGISTERED or (self.is_of_the_end and row.status in table.WAS_REGISTERED)
        if is_registered and not self.registered:  # on an unknown day, but before its first CERs
            place = next((place for place, step in enumerate(found) if self.issued and step.day >= self.issued[-1].row.date), len(found))
            found.insert(place, Step(None, _("Registered"), _("The day is not in the data."), self.state_marks))
        if self.transition:  # known beyond the end of the data
            found.append(Step(self.transition.day, _("Listed as transitioned to Article 6.4")))
        return found

    # Units of the registry

    @cached_property
    def units(self):
        """Blocks issued and cancelled by the day, the newest first."""
        return list(map(Units._make, self.registry.units(self.row)))

    @cached_property
    def blocks(self):
        return [one for one in self.units if not one.is_cancelled]

    @cached_property
    def cancellations(self):
        return [one for one in self.units if one.is_cancelled]

    @property
    def cancelled_units(self):
        return sum(one.units for one in self.cancellations)

    @property
    def voluntary_units(self):
        return sum(one.units for one in self.cancellations if one.is_voluntary)

    # Marks

    @property
    def marks(self):
        """The marks that occur on the page, each explained at its end."""
        used = (
            {mark for fact in self.facts for mark in fact.marks}
            | set(self.state_marks)
            | {mark for step in self.steps for mark in step.marks}
        )
        used |= {ValueMark.CONTRADICTED} if self.contradiction else set()
        used |= {ValueMark.DERIVED} if self.expected else set()
        return [mark for mark in ValueMark if mark in used]


NUMBER_SOURCES = {
    "issuance join": lambda: _("UNFCCC, list of issuances"),
    "title match (WRI GPPD)": lambda: _("WRI, Global Power Plant Database, by the title"),
    "title-prefix match (UNFCCC map XML)": lambda: _("UNFCCC, map file of 2018, by the beginning of the title"),
    "UNFCCC multi-country table": lambda: _("UNFCCC, full sheet of activities in several Parties"),
}


def degrees(value, positive, negative):
    """A coordinate as people read it.

    >>> degrees(-22.75, "N", "S")
    '22.75° S'
    """
    return f"{abs(value):g}° {positive if value >= 0 else negative}"


def covered(spans):
    """How many days the spans (first day, last day) cover together, each day once."""
    days, until = 0, date.min
    for start, end in sorted(spans):
        if end > until:
            days += (end - max(start, date.fromordinal(until.toordinal() + 1))).days + 1
            until = end
    return days
