"""Pages and files of statistics that are tables of their own, and of the comparison of Parties."""

from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from markup.rendering import escape_markdown
from publishing.addresses import canonical
from publishing.exports import csv_answer, json_answer, markdown_answer
from publishing.parameters import query_parameters
from registry import chart_files
from registry.hosts import codes_in
from registry.moments import registry_at
from registry.own_years import BY
from registry.parties import party
from registry.stat_tables import HEADINGS, MOST_PARTIES, comparison, stat_table
from registry.views.frames import frame, source_of

FORMS = {"csv": "CSV", "json": "JSON", "svg": "SVG"}


def show_table(request, registry, by, form, is_source):
    """The page, the Markdown or the file of a StatTable of HEADINGS. Raises Http404 for a form that there is not."""
    found = stat_table(registry, by)
    return shown(request, registry, found, form, is_source, {"heading": HEADINGS[by], "by": by, "what": HEADINGS[by]})


def shown(request, registry, found, form, is_source, context, template="registry/stat_table.html"):
    if form or is_source:
        if found is None or not found.rows or (form and form not in FORMS):
            raise Http404
        return FILES[form](registry, found) if form else as_markdown(request, registry, found)
    return render(request, template, frame(registry) | {"found": found, "forms": FORMS.items()} | context)


def show_own(request, page, found, form, is_source):
    """The chart of one thing, of which `page` is an ActivityPage or a GroupPage, with its table and files. Raises Http404 for another
    breakdown than by year, or another form."""
    if request.GET["by"] != BY:
        raise Http404
    context = {"page": page, "heading": _("CERs by year of issuance"), "what": _("CERs by year of issuance"), "until": page.until}
    return shown(request, page.registry, found, form, is_source, context | {"source": page.source}, "registry/own_years.html")


@query_parameters("party", "format")
@require_safe
def compare(request, is_source=False):
    """Two to four Parties side by side."""
    registry = registry_at(request.moment)
    known = [] if registry.is_sample else codes_in(registry.table)
    asked = list(dict.fromkeys(code.strip().upper() for code in request.GET.getlist("party") if code.strip()))
    codes = [code for code in asked if code in known][:MOST_PARTIES]
    found = comparison(registry, codes) if len(codes) > 1 else None
    if is_source and found is None:
        return markdown_answer(f"# {_('Host Parties compared')}", _("Name two to four of them: ?party=CN&party=IN"))
    context = {
        "heading": _("Host Parties compared"),
        "what": _("CERs by year of issuance"),
        "parties": [(code, party(code).name) for code in known],
        "choices": [*codes, *[""] * (MOST_PARTIES - len(codes))],
        "unknown": ", ".join(code[:20] for code in asked[:MOST_PARTIES] if code not in known),
    }
    return shown(request, registry, found, request.GET.get("format"), is_source, context, "registry/compare.html")


def as_csv(registry, found):
    names = [name for name, _label in found.columns]
    return csv_answer(f"{found.name}-to-{found.until or until(registry)}.csv", names, found.rows)


def as_json(registry, found):
    names = [name for name, _label in found.columns]
    items = [dict(zip(names, row, strict=True)) for row in found.rows]
    about = {"source": told_source(registry, found), "as_of": found.until or until(registry), "finding": found.finding}
    return json_answer(({"subject": found.subject} if found.subject else {}) | about | {"items": items})


def as_svg(registry, found):
    title = found.finding or str(found.heading)
    if found.subject and found.subject not in title:
        title = f"{found.subject}: {title}"
    if len(found.charts) == 1:
        return chart_files.svg_answer(found.name, chart_files.of_years(found.charts[0][1], title, told_source(registry, found)))
    place = min(3, len(found.columns) - 1) if found.name != "compare" else 1
    rows = [(row[0], number_of(row[place]), str(row[place])) for row in found.rows]
    if found.name == "compare":
        rows = [(label, cers, f"{cers:,}") for (_code, label), cers in zip(found.columns[1:], found.rows[0][1:], strict=True)]
    return chart_files.svg_answer(found.name, chart_files.of_bars(rows, title, source_of(registry)))


def told_source(registry, found):
    return found.source or source_of(registry)


def number_of(cell):
    return int(float(cell) * 10)


FILES = {"csv": as_csv, "json": as_json, "svg": as_svg}


def until(registry):
    return date.fromordinal(registry.totals()[1])


def as_markdown(request, registry, found):
    lines = [
        "| " + " | ".join(escape_markdown(str(label)) for _name, label in found.columns) + " |",
        "|---" + "|---:" * (len(found.columns) - 1) + "|",
    ]
    lines += [
        "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else escape_markdown(str(cell)) for cell in row) + " |" for row in found.rows
    ]
    query = request.META.get("QUERY_STRING", "")
    address = iri_to_uri(canonical(request.path_info.removesuffix("index.md")) + (f"?{query}" if query else ""))
    origin = f"<{address}>, {told_source(registry, found)}"
    return markdown_answer(f"# {escape_markdown(str(found.heading))}", found.finding, "\n".join(lines), "---", origin)
