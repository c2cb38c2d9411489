"""Statistics at the request's moment: totals, years and the leading groups on one page, each breakdown whole at `?by=`, as a file too."""

from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from markup.rendering import escape_markdown
from publishing.addresses import canonical
from publishing.exports import csv_answer, json_answer, markdown_answer
from publishing.parameters import query_parameters
from publishing.views import source
from registry import chart_files
from registry.moments import registry_at
from registry.stat_tables import HEADINGS
from registry.statistics import BREAKDOWNS, breakdown, chart_of_years, first_day, published_near, source_of, statuses
from registry.views.frames import frame
from registry.views.stat_tables import show_table

TITLE = gettext_lazy("CDM Statistics")
# Breakdowns on the page itself, with so many groups each; the first view's bytes allow no more.
SUMMARIES, SHOWN = ("host", "type"), 4
COLUMNS = ("value", "label", "cers", "issuances", "activities", "host_parties", "share_percent")
COLUMNS_BY_TIME = ("value", "label", "cers", "issuances", "running_total", "share_percent", "is_part")


@query_parameters("by", "format")
@require_safe
def statistics(request, is_source=False):
    """Statistics as one page; with `?by=host` and so on one breakdown, whole."""
    registry, by, form = registry_at(request.moment), request.GET.get("by"), request.GET.get("format")
    if by is None and form is None:
        return overview_as_markdown(request, registry) if is_source else overview(request, registry)
    if by in HEADINGS:
        return show_table(request, registry, by, form, is_source)
    if by not in BREAKDOWNS or form not in (None, *FORMATS):
        raise Http404
    found = breakdown(registry, by)
    if form or is_source:
        if found is None:
            raise Http404
        return FORMATS[form](registry, found) if form else as_markdown(registry, found)
    chart = chart_of_years(registry) if by == "year" else None
    context = {"found": found, "heading": BREAKDOWNS[by][0], "by": by, "chart": chart}
    return render(request, "registry/breakdown.html", frame(registry) | context)


def overview(request, registry):
    totals, _day = registry.totals()
    context = frame(registry)
    # Those that are linked beside their summaries are not linked twice: the first view has no room for it.
    context["breakdowns"] = [pair for pair in context["breakdowns"] if pair[0] not in ("year", *SUMMARIES)]
    context |= {
        "title": TITLE,
        "totals": totals,
        "chart": chart_of_years(registry),
        "summaries": [(found, found.first(SHOWN)) for name in SUMMARIES if (found := breakdown(registry, name)) and found.groups],
        "statuses": [] if registry.is_sample else statuses(registry),
        "registered": registered(registry),
        "published": published_near(date.fromordinal(registry.day)),
        "first_day": first_day(registry),
    }
    return render(request, "registry/statistics.html", context)


def registered(registry):
    """(at least, at most, crediting begun) of project activities registered by the day; None of the sample, of which nothing is told, and
    from the day of the release on, whose statuses tell it."""
    if registry.is_sample or registry.day >= registry.table.as_of:
        return None
    return *registry.table.registered_between(registry.day), registry.table.crediting_begun(registry.day)


# Files


def header(found):
    return COLUMNS_BY_TIME if found.is_by_time else COLUMNS


def record(found, group):
    """The cells of a group, by the names of the header."""
    head = (group.value, str(group.label), group.cers, group.issuances)
    if found.is_by_time:
        return *head, group.running, group.percent, "yes" if group.is_part else "no"
    return *head, group.activities, group.parties, group.percent


def as_csv(registry, found):
    day = date.fromordinal(registry.totals()[1])
    return csv_answer(f"cers-by-{found.name}-to-{day}.csv", header(found), (record(found, group) for group in found.groups))


def as_json(registry, found):
    items = [dict(zip(header(found), record(found, group), strict=True)) for group in found.groups]
    about = {"source": source_of(registry), "as_of": date.fromordinal(registry.totals()[1]), "by": found.name, "cers": found.total}
    return json_answer(about | {"items": items})


def as_svg(registry, found):
    if found.name == "year" and (chart := chart_of_years(registry)):
        return chart_files.svg_answer("cers-by-year", chart_files.of_years(chart, chart.title, source_of(registry)))
    groups = found.groups[-chart_files.MOST_BARS :] if found.is_by_time else found.groups
    rows = [(group.label, group.cers, f"{group.cers:,}") for group in groups]
    return chart_files.svg_answer(f"cers-by-{found.name}", chart_files.of_bars(rows, found.finding, source_of(registry)))


FORMATS = {"csv": as_csv, "json": as_json, "svg": as_svg}


def as_markdown(registry, found):
    lines = [f"| {found.column} | CERs | {_('Issuances')} | % |", "|---|---:|---:|---:|"]
    lines += [f"| {escape_markdown(str(group.label))} | {group.cers:,} | {group.issuances:,} | {group.percent} |" for group in found.groups]
    origin = f"<{canonical('/statistics/')}?by={found.name}>, {source_of(registry)}"
    return markdown_answer(f"# {found.heading}", found.finding, "\n".join(lines), "---", origin)


def overview_as_markdown(request, registry):
    """The section's text, and below it where each breakdown is."""
    rows = [("", str(heading), f"/statistics/?by={name}", "") for name, heading in frame(registry)["breakdowns"]]
    return source(request, "statistics/", rows=rows)
