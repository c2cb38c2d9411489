"""Lines of a list of activities: what each row says at a day, value by value, with the mark of what is not as the files give it."""

from collections import namedtuple
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import get_script_prefix
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import table as stages
from registry.addresses import activity_path
from registry.days import short_day, shown_day
from registry.facets import STATUSES
from registry.marks import ValueMark
from registry.parties import party
from registry.published_days import transition
from registry.records import ActivityKind, Badge
from registry.tables import several

DERIVED, MAP_FILE_2018, REPAIRED, CONTRADICTED = (
    badge.value for badge in (Badge.DERIVED, Badge.MAP_FILE_2018, Badge.REPAIRED, Badge.CONTRADICTED)
)
FIELDS = "reference matched_reference key title kind hosts methodologies scale status badges raw sheet".split()
Row = namedtuple("Row", FIELDS)


LINE = '<li><h2>{}<a href="{}">{}</a>{}</h2>\n<p class="meta">{}</p>{}</li>\n'
AMOUNT = '\n<p class="amount"><b>{}</b>{} <span class="meta">{}</span></p>'


def tag(mark):
    """A mark as it stands beside a value."""
    return format_html(' <span class="tag">{}</span>', mark) if mark else ""


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """Line of an activity. `words` has (text, mark) of what stands below the title; marks are empty where there is none."""

    path: str
    address: str  # the path at the moment of the request
    number: int | None
    number_mark: str
    title: str
    title_mark: str
    words: tuple
    cers: str
    cers_mark: str
    unit: str

    @property
    def facts(self):
        """What stands below the title, each mark beside its value."""
        return mark_safe(" · ".join(escape(text) + tag(mark) for text, mark in self.words))  # noqa: S308 - each part is escaped

    @property
    def html(self):
        """The line as an item of a list, each mark beside its value. Not by a template: a page has a hundred of them."""
        number = format_html('<span class="meta">{}</span>{} ', self.number, tag(self.number_mark)) if self.number else ""
        amount = format_html(AMOUNT, self.cers, tag(self.cers_mark), self.unit) if self.cers else ""
        return format_html(LINE, number, self.address, self.title, tag(self.title_mark), self.facts, amount)

    @property
    def told(self):
        """The line in one sentence, without number and title."""
        amount = [(f"{self.cers} {self.unit}", self.cers_mark)] if self.cers else []
        return " · ".join(f"{text} ({mark})" if mark else text for text, mark in (*self.words, *amount))


class LineMaker:
    """What the lines of one page have in common: the day, and words in the language of the request."""

    def __init__(self, registry, tells_kind=True):
        self.registry, self.table, self.day, self.tells_kind = registry, registry.table, registry.day, tells_kind
        self.units = {}
        self.cers, self.prefix = self.table.cers_by(self.day), get_script_prefix()
        self.scales = {"LARGE": _("large scale"), "SMALL": _("small scale"), "": _("scale not given")}
        self.of_map_file = f"{{scale}} ({ValueMark.MAP_FILE_2018.label})"  # a mark that most lines bear, so a quiet one
        as_of = shown_day(self.table.as_of)
        self.transitioned, self.ends = _("transitioned to Article 6.4, listed {day}"), date.fromordinal(registry.day)
        self.statuses = {value: _("Status ({day}): {status}").format(day=as_of, status=label) for value, label in STATUSES.items()}
        self.programme = _("Programme")
        self.no_host, self.no_methodology = _("host Party not given"), _("methodology not given")
        self.at_the_day = "" if registry.is_past_the_end else _("On {day}: {state}").format(day=shown_day(self.day), state="{state}")
        self.registered, self.listed, self.begins = _("registered"), _("listed"), _("crediting from {day}")
        self.since = {
            stages.REGISTERED: _("registered {day}"),
            stages.CREDITING: _("crediting period begun {day}"),
            stages.VALIDATION: _("validation begun {day}"),
        }
        self.marks = {mark: str(mark.label) for mark in ValueMark}

    def lines(self, places):
        """ActivityLines of the places, in one query."""
        rows = map(Row._make, self.registry.values(places, FIELDS))
        return [self.line(place, row) for place, row in zip(places, rows, strict=True)]

    def line(self, place, row):
        cers, marks, path = self.cers[place], self.marks, activity_path(row)
        return ActivityLine(
            path=path,
            address=self.prefix + path[1:],
            number=row.reference or row.matched_reference,
            number_mark=marks[ValueMark.MATCHED_REFERENCE] if row.matched_reference else "",
            title=row.title,
            title_mark=marks[ValueMark.REPAIRED] if row.badges & REPAIRED and "title" in row.raw else "",
            words=self.words(place, row),
            cers=f"{cers:,}" if cers else "",
            cers_mark=marks[ValueMark.CONTRADICTED] if row.badges & CONTRADICTED else "",
            unit=self.unit(place) if cers else "",
        )

    def words(self, place, row):
        programme = [(self.programme, "")] if self.tells_kind and row.kind == ActivityKind.PROGRAMME else []
        return (
            *programme,
            (names_of(row.hosts) or self.no_host, ""),
            (row.methodologies.replace("; ", ", ") or self.no_methodology, ""),
            (self.scale(row), ""),
            *self.state(place),
            (self.statuses.get(row.status, row.status), ""),
            *self.transition(row),
        )

    def transition(self, row):
        """That it stood on the list of transitioned activities by the day, and since when this is known."""
        found = transition(row.kind, row.reference or row.matched_reference, self.ends)
        return [(self.transitioned.format(day=short_day(found.day)), "")] if found else []

    def unit(self, place):
        count = self.registry.issuance_count(place)
        if count not in self.units:
            self.units[count] = self.counted(count)
        return self.units[count]

    def counted(self, count):
        return ngettext("CERs in {count} issuance", "CERs in {count} issuances", count).format(count=count)

    def scale(self, row):
        scale = self.scales.get(row.scale, row.scale)
        return self.of_map_file.format(scale=scale) if is_of_map_file(row) else scale

    def state(self, place):
        """What is known of an activity at the day beside its status: words and mark. From the end of the data on, when crediting begins."""
        if not self.at_the_day:
            start = self.table.crediting_start[place]
            return [(self.begins.format(day=shown_day(start)), "")] if start else []
        state = self.registry.state(place)
        mark = self.marks[ValueMark.DERIVED] if state.badges & DERIVED else self.marks[ValueMark.PUBLISHED] if state.is_published else ""
        known = self.registered if state.stage == stages.REGISTERED else self.listed
        words = self.since[state.stage].format(day=shown_day(state.since)) if state.since else known
        return [(self.at_the_day.format(state=words), mark)]


def is_of_map_file(row):
    """Whether the scale is that of the map file of 2018: the full sheet of a release has its own."""
    return bool(row.scale and row.badges & MAP_FILE_2018 and not row.sheet.get("Project classification"))


@lru_cache(maxsize=1000)
def names_of(hosts):
    """Names of the host Parties of a row."""
    return ", ".join(party(code).name for code in several(hosts))
