"""Map of the activities that the filters of an address choose, with the table of its Parties beside it."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from markup.rendering import escape_markdown
from publishing.addresses import canonical
from publishing.exports import markdown_answer
from publishing.parameters import query_parameters
from registry.filters import PARAMETERS, Filters
from registry.map import map_of
from registry.moments import registry_at
from registry.views.activity_list import PROJECTS, ChosenActivities, frame

PATH = "/projects/map/"
SHOWN = 12  # Parties before "all of them"


@query_parameters(*(name for name in PARAMETERS if name != "format"), "all")
@require_safe
def activity_map(request, is_source=False):
    registry = registry_at(request.moment)
    found = ChosenActivities(PROJECTS, registry, Filters.from_query(request.GET, PROJECTS.fixed))
    shown = map_of(found.table, found.matching)
    if is_source:
        lines = [f"- {escape_markdown(one.name)}: {one.count:,}" for one in shown.parties]
        return markdown_answer(f"# {_('Map of activities')}", told(shown, found), "\n".join(lines), f"<{canonical(PATH)}>")
    is_whole = bool(request.GET.get("all"))
    context = frame(found) | {
        "map": shown,
        "parties": shown.parties if is_whole else shown.parties[:SHOWN],
        "narrowed": found.filters.query() if found.filters else "",
        "finding": told(shown, found),
    }
    return render(request, "registry/map.html", context)


def told(shown, found):
    """The sentence that the numbers bear out."""
    if not shown.parties:
        return _("No activity matches all of this.")
    first, count = shown.parties[0], found.count
    words = _("{party} hosts the most: {own} of {count}; activities lie in {parties} Parties.")
    return words.format(party=first.name, own=f"{first.count:,}", count=f"{count:,}", parties=len(shown.parties))
