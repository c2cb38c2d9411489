"""Page on the data: files, columns, gaps, terms; and their descriptions for programmes."""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.addresses import canonical
from publishing.exports import json_answer, markdown_answer
from registry.columns_told import FILES, columns_of
from registry.days import shown_day
from registry.descriptions import csvw
from registry.moments import registry_at

PATH = "/data/"


def downloads(registry):
    """(label, address without its form, forms) of what can be downloaded; of the sample no total is."""
    whole = [] if registry.is_sample else of_totals()
    return [
        (_("Project activities and programmes, with the filters of the list"), "/projects/?", ("csv", "json", "ndjson", "geojson")),
        (_("Issuances of CERs"), "/issuance/?", ("csv", "json", "ndjson")),
        *whole,
        (_("Host Parties, with their numbers"), "/dna/?", ("json",)),
        (_("Methodologies, with their numbers"), "/methodologies/?", ("json",)),
        (_("Operational entities, with the changes of their accreditation"), "/doe/?", ("json",)),
        (_("Releases, and what each changed"), "/releases/?", ("json", "atom")),
    ]


def of_totals():
    return [
        (_("CERs by host Party; likewise by year, month, type and so on"), "/statistics/?by=host&", ("csv", "json", "svg")),
        (_("Units cancelled by year; likewise by host Party, type and way"), "/registry/?by=year&", ("csv", "json")),
    ]


@require_safe
def data(request, is_source=False):
    registry = registry_at(request.moment)
    files = [(name, FILES[name][1], columns_of(name)) for name in FILES]
    if is_source:
        parts = (
            f"## {title}\n\n" + "\n".join(f"- `{column}`: {told}" for column, _kind, told in columns) for _name, title, columns in files
        )
        return markdown_answer(f"# {_('Data')}", *parts, f"<{canonical(PATH)}>")
    context = {
        "registry": registry,
        "files": files,
        "downloads": downloads(registry),
        "as_of": shown_day(registry.table.as_of),
        "ends": shown_day(registry.ends.toordinal()),
    }
    return render(request, "registry/data.html", context)


@require_safe
def csvw_metadata(_request):
    return json_answer(csvw(settings.SITE_ADDRESS))
