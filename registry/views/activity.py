"""Page of a project activity or programme at the request's moment: as a page, as Markdown, as JSON."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from markup.rendering import escape_markdown
from publishing.addresses import as_asked, canonical
from publishing.exports import json_answer, markdown_answer
from publishing.parameters import query_parameters
from publishing.tombstones import moved
from registry.activity_page import UNIT_ROWS, ActivityPage
from registry.addresses import activity_path
from registry.days import long_day
from registry.models import ActivityRow, ReleaseEdition
from registry.moments import Registry, ShownRelease, registry_at, releases
from registry.own_years import years_of_activity
from registry.release_changes import history_of
from registry.views.stat_tables import show_own


@query_parameters("by", "format")
@require_safe
def activity(request, key, is_source=False):
    """An activity by its number or its unique identifier; where it has a number, the identifier leads there."""
    registry = registry_at(request.moment)
    page = find(registry, request.moment, key)
    if page is None and registry.is_sample:
        return render(request, "registry/not_in_sample.html", {"key": key, "registry": registry}, status=404)
    if page is None:
        raise Http404
    path = activity_path(page.row)
    if request.path_info.removesuffix("index.md") != path:
        return moved(request, path + ("index.md" if is_source else ""))
    if "by" in request.GET and page.is_listed:
        return show_own(request, page, years_of_activity(page), request.GET.get("format"), is_source)
    if is_source:
        return markdown(page, path)
    if form := request.GET.get("format"):
        return as_json(page, path, form)
    if not page.is_listed:
        return render(request, "registry/not_listed.html", {"activity": page, "registry": page.registry})
    known = [release for release in releases(request.moment) if release.is_live(request.moment.at)]
    history = history_of(page.row, known) if len(known) > 1 else []
    context = {
        "history": history,
        "activity": page,
        "registry": page.registry,
        "units": page.blocks[:UNIT_ROWS],
        "cancelled": page.cancellations[:UNIT_ROWS],
    }
    return render(request, "registry/activity.html", context | {"history": history})


def find(registry, moment, key):
    """The ActivityPage of a key of an address, None where no release tells of it at the moment."""
    wanted = int(key) if key.isdecimal() else key
    found = registry.activity(wanted)
    if found:
        return ActivityPage(registry, *found)
    return None if registry.is_sample else gone(registry, moment, wanted)


def gone(registry, moment, wanted):
    """The ActivityPage of what the release shown lacks and an earlier one had, as that one told of it; None where none did."""
    rows = ActivityRow.objects.filter(Q(reference=wanted) if isinstance(wanted, int) else Q(key=wanted), to_release__isnull=False)
    for row in rows.order_by("-from_release"):
        within = {"thing__gte": row.from_release, "thing__lt": row.to_release}
        last = ReleaseEdition.objects.defer("report").live(moment.at).filter(**within).order_by("-thing_id").first()
        if last:
            earlier = Registry(ShownRelease(last), registry.day)
            place = earlier.table.place_of_number(row.pk)
            return ActivityPage(earlier, place, row, gone_from=registry.release)
    return None


def as_json(page, path, form):
    """Everything that the page says, all blocks of units included. Raises Http404 for another form."""
    if form != "json":
        raise Http404
    data = {
        "address": canonical(path),
        "as_of": page.day,
        "figures_to": page.until,
        "release": page.registry.release and page.registry.release.title,
        "is_sample": page.registry.is_sample,
        "title": page.row.title,
        "listed": page.is_listed,
        "state": str(page.stands),
        "registered": page.registered,
        "transitioned_by": page.transition and page.transition.day,
    }
    if page.is_listed:
        data |= {
            "facts": [fact_for_programs(fact) for fact in page.facts],
            "cers_issued": page.cers,
            "issuances": [issuance_for_programs(one) for one in page.issued],
            "units": [block_for_programs(one) for one in page.units],
            "official_page": page.row.official_address,
        }
    return json_answer(data)


def fact_for_programs(fact):
    told = {
        "name": fact.name,
        "label": str(fact.label),
        "values": [str(text) for text, _address in fact.values],
        "source": fact.source,
        "marks": [str(mark.label) for mark in fact.marks],
        "note": fact.note,
    }
    return told | ({"source_address": fact.source_address} if fact.source_address else {})


def issuance_for_programs(one):
    row = one.row
    return {
        "date": row.date,
        "cers": row.cers,
        "running_total": one.total,
        "is_sum_of": one.more or None,
        "monitoring_start": row.monitoring_start,
        "monitoring_end": row.monitoring_end,
        "commitment_period": row.period,
        "host": row.host,
        "verifier": row.verifier,
        "process": row.process,
    }


def block_for_programs(one):
    return {
        "completed": one.completed,
        "what": "cancelled" if one.is_cancelled else "issued",
        "voluntary_platform": one.is_voluntary if one.is_cancelled else None,
        "unit_type": one.unit_type,
        "commitment_period": one.period,
        "party": one.party,
        "serial_start": one.first,
        "serial_end": one.last,
        "units": one.units,
    }


def markdown(page, path):
    """The page as Markdown."""
    head = f"# {escape_markdown(page.row.title)}"
    origin = f"<{canonical(path)}>, {page.source}, {_('figures to')} {page.until.isoformat()}"
    if not page.is_listed:
        words = _("Not yet listed on %(day)s; the data tell of it from %(first)s on.")
        return markdown_answer(head, words % {"day": long_day(page.day), "first": long_day(page.listed_from)}, "---", origin)
    facts = "\n".join(line_of(fact) for fact in page.facts)
    rows = "\n".join(issuance_line(one) for one in page.issued)
    issued = _("%(cers)s CERs in %(count)s issuances.") % {"cers": f"{page.cers:,}", "count": page.issuances}
    parts = [f"{page.stands}. {page.because}", "## " + _("Facts"), facts, "## " + _("Issuances"), issued, page.contradiction, rows]
    return markdown_answer(head, *parts, "---", origin)


def line_of(fact):
    values = ", ".join(
        f"[{escape_markdown(str(text))}]({as_asked(address)})" if address else escape_markdown(str(text)) for text, address in fact.values
    )
    about = "; ".join([fact.source, *(str(mark.label) for mark in fact.marks), *([fact.note] if fact.note else [])])
    return f"- {fact.label}: {values} ({escape_markdown(about)})"


def issuance_line(one):
    monitored = f", {one.row.monitoring_start} – {one.row.monitoring_end}" if one.row.monitoring_start and one.row.monitoring_end else ""
    return f"- {one.row.date}: {one.row.cers:,} CERs{monitored}; {_('in all')} {one.total:,}"
