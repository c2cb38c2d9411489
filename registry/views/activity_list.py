"""Lists of project activities and programmes: with facets and filters, at any day, as a page, as Markdown or as files."""

from django.http import Http404
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from publishing.exports import markdown_answer
from publishing.facets import offered
from publishing.listing import page_of
from publishing.parameters import query_parameters
from publishing.views import source
from registry.filters import FACET, ORDERS, PARAMETERS, Filters
from registry.lines import lines_of
from registry.moments import registry_at

# Facets beside the list; the first view's bytes allow no more. The others stand behind "More filters".
BESIDE = {
    "/projects/": "status type kind host method scope scale".split(),
    "/programmes/": "status type host method scope ldc crediting".split(),
}
FIXED = {"/projects/": {}, "/programmes/": {"kind": ("PoA",)}}
TITLES = {"/projects/": gettext_lazy("Project Activities"), "/programmes/": gettext_lazy("Programme of Activities")}
MOST_VALUES = 8


@query_parameters(*PARAMETERS)
@require_safe
def projects(request, is_source=False):
    """Project activities and programmes, both in one list."""
    return activity_list(request, "/projects/", is_source)


@query_parameters(*PARAMETERS)
@require_safe
def programmes(request, is_source=False):
    """Programmes of activities alone."""
    return activity_list(request, "/programmes/", is_source)


def activity_list(request, path, is_source):
    registry, filters = registry_at(request.moment), Filters.from_query(request.GET, FIXED[path])
    table, day = registry.table, registry.day
    matching = table.matching(filters.criteria, day)
    sort, is_reversed = filters.order
    places = table.places_of(matching, sort, day, is_reversed)
    page = page_of(request, places, filters.per)
    lines = lines_of(registry, page.object_list)
    if is_source:
        return as_markdown(request, path, page, lines)
    if request.GET.get("format"):
        raise Http404
    facets = [FACET[name] for name in BESIDE[path]]
    counts = table.counts(filters.criteria, day)
    changes = {facet.name: filters.changes(facet.name) for facet in facets}
    context = {
        "path": path,
        "title": TITLES[path],
        "registry": registry,
        "filters": filters,
        "page_obj": page,
        "lines": lines,
        "chips": filters.chips(table),
        "facets": offered(facets, counts, filters.values, lambda name, value: changes[name](value), MOST_VALUES),
        "orders": [(label, filters.query(sort=name), name == filters.sort) for name, (label, *_order) in ORDERS.items()],
        "has_pages": has_pages(),
    }
    return render(request, "registry/list.html", context)


def as_markdown(request, path, page, lines):
    """The section's text, and below it the page of the list."""
    told = _("Page {number} of {last}; {count} activities in all.").format(
        number=page.number, last=page.paginator.num_pages, count=page.paginator.count
    )
    rows = [(f"{line.number} " if line.number else "", line.title, line.path, line.told) for line in lines]
    if not rows:
        return markdown_answer(f"# {TITLES[path]}", told)
    return source(request, path.strip("/") + "/", rows=rows)


def has_pages():
    """Whether activities have pages."""
    try:
        return bool(reverse("registry:activity", args=["1"]))
    except NoReverseMatch:
        return False
