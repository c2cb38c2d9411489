"""List of issuances, newest first, at the request's moment: with facets and filters, as a page, as Markdown or as files."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import SimpleNamespace

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from publishing.addresses import address_of, canonical
from publishing.exports import markdown_answer, markdown_list
from publishing.facets import Selection, offered
from publishing.listing import page_of
from publishing.parameters import query_parameters
from publishing.views import source
from registry import exports
from registry.addresses import activity_path
from registry.columns import NO_DAY, NO_PLACE
from registry.days import shown_day
from registry.facets import dressed
from registry.issuances import FACETS, FILTERS, index_of
from registry.moments import registry_at
from registry.parties import party

PATH = "/issuance/"
SIZE = 25
MOST_VALUES = 8  # of a facet, before "n more"
LABELS = {"csv": "CSV", "json": "JSON", "ndjson": "NDJSON", "atom": "Atom"}
# Columns of the source file, and the address here; beside it the fields that they are read from.
COLUMNS = {
    "activity_type": "kind",
    "project_ref": "reference",
    "host_iso2": "host",
    "doe": "verifier",
    "project_type": "project_type",
    "project_subtype": "subtype",
    "issuance_process_id": "process",
    "issuance_date": "date",
    "monitoring_start": "monitoring_start",
    "monitoring_end": "monitoring_end",
    "cers_issued": "cers",
    "kp_commitment_period": "period",
    "monitoring_report_no": "report_number",
}


@query_parameters(*(facet.name for facet in FILTERS), "page", "format", "facets")
@require_safe
def issuance(request, is_source=False):
    found = FoundIssuances(registry_at(request.moment), Selection.from_query(request.GET, FILTERS))
    if is_source:
        return as_markdown(request, found)
    if form := request.GET.get("format"):
        if form not in LABELS:
            raise Http404
        return exports.FORMATS[form](request, found)
    if asked := request.GET.get("facets"):
        return all_values(request, found, asked)
    return as_page(request, found)


class FoundIssuances:
    """Issuances that the filters of an address choose, at the moment of the registry."""

    of = SimpleNamespace(path=PATH, title=gettext_lazy("Issuance of CERs"), fixed={})
    header = (*COLUMNS, "address")

    def __init__(self, registry, filters):
        self.registry, self.filters, self.table, self.day = registry, filters, registry.table, registry.day
        self.index = index_of(registry)

    @cached_property
    def matching(self):
        return self.index.matching(self.filters.chosen, self.day)

    @cached_property
    def places(self):
        return self.index.newest(self.matching)

    @property
    def count(self):
        return self.matching.bit_count()

    def counted(self):
        if self.registry.is_sample:
            words = ngettext("{count} issuance in the sample", "{count} issuances in the sample", self.count)
        else:
            words = ngettext("{count} issuance", "{count} issuances", self.count)
        return words.format(count=f"{self.count:,}")

    def beside(self):
        """What stands beside the count: sums, but never of the sample, from which no total comes."""
        if self.registry.is_sample or not self.count:
            return ""
        cers, _issuances, activities, hosts = self.index.totals(self.matching)
        words = [
            _("{cers} CERs").format(cers=f"{cers:,}"),
            ngettext("{count} activity", "{count} activities", activities).format(count=f"{activities:,}"),
            ngettext("{count} host Party", "{count} host Parties", hosts).format(count=hosts),
        ]
        return " · ".join(words)

    def chips(self):
        """Chips of the filters; of a value that nothing can match they say so."""
        chips = self.filters.chips(FILTERS)
        for chip, (name, value) in zip(chips, self.filters.pairs(), strict=True):
            if not self.index.has(name, value):
                chip["label"] = _("{filter} (not in this release)").format(filter=chip["label"])
        return chips

    def words(self):
        return [str(chip["label"]) for chip in self.chips()]

    def facets(self, names, most=None):
        facets = [facet for facet in FACETS if facet.name in names]
        found = offered(facets, self.index.counts(self.filters.chosen, self.day), self.filters.chosen, self.filters.changed, most)
        return [dressed(facet, self.filters.query, most and facet["name"] != "year") for facet in found]

    def lines(self, places):
        """IssuanceLines of the places, in one query."""
        known = sorted({self.table.places[place] for place in places} - {NO_PLACE})
        rows = dict(zip(known, self.registry.activities(known), strict=True))
        return [line_of(self.table, place, rows.get(self.table.places[place])) for place in places]

    # For files and feed

    @property
    def chosen(self):
        return {name: values for name, values in self.filters.chosen.items() if values}

    def records(self):
        """A tuple for each issuance, by the names of the header."""
        site = canonical("")
        numbers = [self.table.issuance_numbers[place] for place in self.places]
        for row in self.registry.issuance_values(numbers, COLUMNS.values()):
            cells = [cell.isoformat() if isinstance(cell, date) else cell for cell in row]
            yield *cells, f"{site}/projects/{cells[1]}/"

    @staticmethod
    def texts(row):
        return [cell for cell in row if isinstance(cell, str)]

    def newest_issuances(self):
        """(numbers of issuances, places of their activities) for the feed."""
        newest = [place for place in self.places if self.table.places[place] != NO_PLACE][: exports.MOST_ENTRIES]
        return [self.table.issuance_numbers[place] for place in newest], [self.table.places[place] for place in newest]


@dataclass(frozen=True)
class IssuanceLine:
    """Line of an issuance; texts are empty where nothing is given."""

    day: str
    machine_day: str
    cers: str
    title: str
    path: str
    number: int | None
    told: str


def line_of(table, place, row):
    monitored = [table.monitoring_starts[place], table.monitoring_ends[place]]
    span = [shown_day(one) for one in monitored if one != NO_DAY]
    verifier = table.verifier(place)
    told = [
        party(table.issuance_host(place)).name,
        table.issuance_type(place),
        _("monitored {start} – {end}").format(start=span[0], end=span[1]) if len(span) == 2 else "",
        _("verified by {entity}").format(entity=verifier) if verifier else "",
    ]
    return IssuanceLine(
        day=shown_day(table.days[place]),
        machine_day=date.fromordinal(table.days[place]).isoformat(),
        cers=f"{table.cers[place]:,}",
        title=row.title if row else _("Activity not in the list of activities"),
        path=activity_path(row) if row else "",
        number=row.reference if row else None,
        told=" · ".join(filter(None, told)),
    )


def as_page(request, found):
    page = page_of(request, found.places, SIZE)
    context = frame(found) | {
        "is_whole": not found.filters,
        "beside_count": found.beside(),
        "page_obj": page,
        "lines": found.lines(page.object_list),
        "facets": found.facets({facet.name for facet in FACETS}, MOST_VALUES),
        "files": [(label, found.filters.query(format=form)) for form, label in LABELS.items()],
        "first": shown_day(found.table.days[0]) if len(found.table.days) else "",
    }
    return render(request, "registry/issuance.html", context)


def frame(found):
    """What the page of the list and that of all values of a facet have in common."""
    return {
        "path": PATH,
        "whole": address_of(PATH),
        "title": found.of.title,
        "registry": found.registry,
        "as_of": shown_day(found.table.as_of),
        "ends": shown_day(found.registry.ends.toordinal()),
        "counted": found.counted(),
        "chips": found.chips(),
    }


def all_values(request, found, asked):
    """The page of all values of one facet, without the list."""
    facets = found.facets({asked})
    if not facets:
        raise Http404
    return render(request, "registry/narrow.html", frame(found) | {"facets": facets, "to_list": found.filters.query()})


def as_markdown(request, found):
    """The section's text, and below it the page of the list that the address asks for."""
    page = page_of(request, found.places, SIZE)
    rows = [(f"{line.day}: {line.cers} CERs, ", line.title, line.path or PATH, line.told) for line in found.lines(page.object_list)]
    pages = _("page {number} of {last}").format(number=page.number, last=page.paginator.num_pages)
    told = " · ".join(filter(None, (found.counted(), found.beside(), pages)))
    if rows and not found.filters and page.number == 1:
        return source(request, PATH[1:], rows=rows)
    return markdown_answer(f"# {found.of.title}", told, markdown_list(rows))
