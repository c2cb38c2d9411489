"""Lists of project activities and programmes: with facets and filters, at any day, as a page, as Markdown or as files."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from publishing.addresses import address_of
from publishing.exports import markdown_answer, markdown_list
from publishing.facets import flags, offered
from publishing.listing import page_of
from publishing.parameters import query_parameters
from publishing.views import source
from registry import exports
from registry.columns import NO_PLACE
from registry.days import long_day, shown_day
from registry.exports import FORMATS
from registry.facets import FACETS, dressed
from registry.filters import DAYS, ENDS, FACET, ORDERS, PARAMETERS, RANGES, YES_OR_NO, Filters
from registry.lines import LineMaker
from registry.moments import registry_at
from registry.records import ActivityKind

# Of a facet, before "n more". The names of sectoral scopes are long, and the first view's bytes are few.
MOST_VALUES, FEWER = 7, {"scope": 4}
MOST_TAKEN_AWAY = 8  # filters of which an empty list counts what each keeps away


@dataclass(frozen=True)
class ActivityList:
    """One of the lists. `beside` are the facets beside it, as many as the first view's bytes allow; the others have a page."""

    path: str
    title: str
    beside: tuple
    fixed: dict


PROJECTS = ActivityList(
    "/projects/", gettext_lazy("Project Activities"), ("status", "type", "kind", "host", "method", "scope", "scale"), fixed={}
)
PROGRAMMES = ActivityList(
    "/programmes/",
    gettext_lazy("Programme of Activities"),
    ("status", "type", "host", "method", "scope", "ldc", "scale"),
    fixed={"kind": (ActivityKind.PROGRAMME.value,)},
)


@query_parameters(*PARAMETERS)
@require_safe
def projects(request, is_source=False):
    """Project activities and programmes, both in one list."""
    return answer(request, PROJECTS, is_source)


@query_parameters(*PARAMETERS)
@require_safe
def programmes(request, is_source=False):
    """Programmes of activities alone."""
    return answer(request, PROGRAMMES, is_source)


def answer(request, of, is_source):
    found = ChosenActivities(of, registry_at(request.moment), Filters.from_query(request.GET, of.fixed))
    if is_source:
        return as_markdown(request, found)
    if form := request.GET.get("format"):
        if form not in FORMATS:
            raise Http404
        return FORMATS[form](request, found)
    if asked := request.GET.get("facets"):
        return narrowing(request, found, asked)
    return as_page(request, found)


class ChosenActivities:
    """What the filters of an address choose from one of the lists, at the moment of the registry."""

    def __init__(self, of, registry, filters):
        self.of, self.registry, self.filters = of, registry, filters
        self.table, self.day = registry.table, registry.day

    @cached_property
    def matching(self):
        return self.table.matching(self.filters.criteria, self.day)

    @cached_property
    def places(self):
        """The places of the activities in the order asked for."""
        sort, is_turned = self.filters.order
        return self.table.places_of(self.matching, sort, self.day, is_turned)

    # For files and feed

    header, texts = exports.HEADER, staticmethod(exports.texts)

    @property
    def chosen(self):
        return self.filters.values

    def records(self):
        return exports.records(self)

    def newest_issuances(self):
        """(numbers of issuances, places of their activities) for the feed: the newest up to the day first, of the activities chosen."""
        table, is_in = self.table, flags(self.matching, self.table.size)
        known = range(bisect_right(table.days, self.day) - 1, -1, -1)
        own = (issuance for issuance in known if table.places[issuance] != NO_PLACE and is_in[table.places[issuance]])
        newest = [*islice((one for one in own if self.registry.is_single(table.issuance_numbers[one])), exports.MOST_ENTRIES)]
        return [table.issuance_numbers[one] for one in newest], [table.places[one] for one in newest]

    # In words

    @property
    def count(self):
        return self.matching.bit_count()

    def count_with(self, filters):
        """How many activities other filters would choose."""
        return self.table.matching(filters.criteria, self.day).bit_count()

    @property
    def whole(self):
        """The same list without any filter of the visitor's."""
        return Filters(fixed=self.of.fixed)

    def counted(self):
        """How many there are, in words; those of the sample are said to be no more than that."""
        words = (
            ngettext("{count} activity in the sample", "{count} activities in the sample", self.count)
            if self.registry.is_sample
            else ngettext("{count} activity", "{count} activities", self.count)
        )
        return words.format(count=f"{self.count:,}")

    def beside(self):
        """What stands beside the count: the CERs, and of how many these are; nothing of a sample, from which no total comes."""
        if self.registry.is_sample or not self.count:
            return ""
        ends = shown_day(self.registry.ends.toordinal())
        cers = _("{cers} CERs issued by {day}").format(cers=f"{self.table.cers_of(self.matching, self.day):,}", day=ends)
        if not self.filters:
            return cers
        return f"{cers} · " + _("of {count} listed by then").format(count=f"{self.count_with(self.whole):,}")

    def lines(self, page):
        """ActivityLines of a page; where all are of one kind they do not say so."""
        return LineMaker(self.registry, tells_kind="kind" not in self.of.fixed).lines(page.object_list)

    def words(self):
        """What narrows the list, in words."""
        return [chip["label"] for chip in self.filters.chips(self.table)]

    def facets(self, names, most=None, fewer=None):
        """Facets for `_facets.html`: with their counts beside all other filters and the way to all of their values.

        The most frequent values come first; all of a facet stand in its own order.
        """
        facets = [FACET[name] for name in names]
        counts = self.table.counts(self.filters.criteria, self.day, names)
        changes = {name: self.filters.changes(name) for name in names}
        found = []
        for facet in facets:
            limit = (fewer or {}).get(facet.name, most)
            found += offered([facet], counts, self.filters.values, lambda name, value: changes[name](value), limit)
        as_of = shown_day(self.table.as_of)
        for facet in found:
            dressed(facet, self.filters.query, most)
            if facet["name"] == "status":
                facet["label"] = _("Status ({day})").format(day=as_of)
        return found


def as_page(request, found):
    page = page_of(request, found.places, found.filters.per)
    context = frame(found) | {
        "hidden": found.filters.pairs("q", "sort"),
        "page_obj": page,
        "is_whole": found.filters == found.whole,
        "lines": found.lines(page),
        "facets": found.facets(found.of.beside, MOST_VALUES, FEWER),
        "more_filters": found.filters.query(facets="all"),
        "files": [(label, found.filters.query(format=form)) for form, label in LABELS.items()],
        "map": address_of("/projects/map/") + (found.filters.query() if found.filters else "") if found.of is PROJECTS else "",
    }
    if not page.object_list:
        context |= nothing(found)
    return render(request, "registry/list.html", context)


LABELS = {"csv": "CSV", "json": "JSON", "ndjson": "NDJSON", "geojson": "GeoJSON", "atom": "Atom"}


def frame(found):
    """What the page of the list and that of all its filters have in common."""
    return {
        "path": found.of.path,
        "whole": address_of(found.of.path),
        "title": found.of.title,
        "registry": found.registry,
        "as_of": shown_day(found.table.as_of),
        "ends": shown_day(found.registry.ends.toordinal()),
        "filters": found.filters,
        "counted": found.counted(),
        "beside_count": found.beside(),
        "chips": found.filters.chips(found.table),
        "orders": [(name, label) for name, (label, *_order) in ORDERS.items()],
    }


def nothing(found):
    """For an empty list: what taking each filter away would show, or the day from which anything is listed at all."""
    whole = found.count_with(found.whole)
    if whole:
        chips = [(chip, found.count_with(chip["without"])) for chip in found.filters.chips(found.table)[:MOST_TAKEN_AWAY]]
        return {"is_narrowed": True, "without": [chip | {"count": f"{count:,}"} for chip, count in chips if count]}
    places = found.table.places_of(found.table.matching(found.whole.criteria, found.table.as_of))
    first = next((found.table.listed[place] for place in places), None)
    first_day = first and long_day(date.fromordinal(first))
    return {"first": first_day, "day": long_day(date.fromordinal(found.day))}


def narrowing(request, found, asked):
    """The page of all filters, or of all values of one facet, without the list."""
    names = [facet.name for facet in FACETS if facet.name not in found.of.fixed]
    if asked in names:
        names, most = [asked], None
    elif asked == "all":
        most = MOST_VALUES
    else:
        raise Http404
    facets = found.facets(names, most)
    name = _("all filters") if asked == "all" else FACET[asked].label
    context = frame(found) | {"facets": facets, "name": name, "to_list": found.filters.query()}
    if asked == "all":
        context |= {"fields": list(fields_of(found)), "hidden": found.filters.pairs("q", "sort", "ref", "verifier", *ENDS, *YES_OR_NO)}
    return render(request, "registry/narrow.html", context)


def fields_of(found):
    """Fields of the form of further filters: parameter, label, value, and what it takes or (value, label) pairs to choose from."""
    given = {name: values[0] for name, values in found.filters.values.items()}

    def field(name, label, takes="", choices=()):
        return {"name": name, "label": label, "value": given.get(name, ""), "takes": takes, "choices": choices}

    yield field("ref", _("Number"), "number")
    verifiers = [(name, name) for name in found.table.names["verifier"] if name]
    yield field("verifier", _("CERs verified by"), choices=verifiers)
    for key, (name, place) in ENDS.items():
        yield field(key, RANGES[name][place], "day" if name in DAYS else "number")
    for name, label in (("issued", _("CERs issued")), ("numbered", _("Reference number"))):
        yield field(name, label, choices=YES_OR_NO[name].items())


def as_markdown(request, found):
    """The section's text, and below it the page of the list that the address asks for."""
    page = page_of(request, found.places, found.filters.per)
    lines = found.lines(page)
    rows = [(f"{line.number} " if line.number else "", line.title, line.path, line.told) for line in lines]
    told = " · ".join(filter(None, (found.counted(), found.beside(), pages_told(page))))
    if not rows:
        return markdown_answer(f"# {found.of.title}", told)
    if found.filters or page.number > 1:
        return markdown_answer(f"# {found.of.title}", told, markdown_list(rows))
    return source(request, found.of.path[1:], rows=rows)


def pages_told(page):
    return _("page {number} of {last}").format(number=page.number, last=page.paginator.num_pages)
