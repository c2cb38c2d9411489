"""Releases of the data at the request's moment: their list, a page each, and what each changed against the one before it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from publishing.addresses import as_asked, canonical, permanent_id
from publishing.exports import csv_answer, json_answer
from publishing.feed_formats import Atom
from publishing.feeds import BEGINNING
from publishing.listing import page_of
from publishing.parameters import query_parameters
from registry import release_markdown
from registry.importing import reasons
from registry.moments import releases
from registry.release_changes import FIELDS, changes_of

TITLE = gettext_lazy("Releases of the data")
PATH = "/releases/"
SIZE = 50
WHAT = {"added": gettext_lazy("Added"), "gone": gettext_lazy("Gone"), "changed": gettext_lazy("Changed")}
COLUMNS = ("what", "unique_id", "project_ref", "title", "field", "before", "after")
COUNTED = {
    "activities": gettext_lazy("Activities"),
    "issuances": gettext_lazy("Issuances"),
    "blocks": gettext_lazy("Registry blocks"),
    "cancellations": gettext_lazy("Cancellations"),
    "methodologies": gettext_lazy("Methodologies"),
}


def published(moment):
    """Editions of the releases published here by the moment, in their order."""
    return [release for release in releases(moment) if release.is_live(moment.at)]


@query_parameters("format")
@require_safe
def release_list(request, is_source=False):
    found = published(request.moment)[::-1]
    if form := request.GET.get("format"):
        if form not in ("atom", "json"):
            raise Http404
        return as_feed(found) if form == "atom" else json_answer({"items": [for_programs(release) for release in found]})
    if is_source:
        return release_markdown.of_list(TITLE, found, told_of)
    return render(request, "registry/releases.html", {"title": TITLE, "releases": found, "counted": COUNTED})


def for_programs(release):
    names = (*COUNTED, "rejected", "warned")
    about = {"address": canonical(release.path), "as_of": release.as_of, "revision": release.revision_number, "published": release.recorded}
    return about | {name: getattr(release, name) for name in names} | {"note": release.note, "files": release.files}


def as_feed(found):
    feed = Atom(
        title=_("CDM portal, releases of the data"),
        link=as_asked(PATH),
        feed_url=as_asked(PATH + "?format=atom"),
        updated=max((release.recorded for release in found), default=BEGINNING),
        description=_("Each release of registry data that was published here. Not a service of the UNFCCC."),
        language="en",
        author_name=_("CDM portal"),
        pages={},
    )
    for release in found:
        told = told_of(release)
        own = {"pubdate": release.recorded, "updateddate": release.recorded, "html": told, "unique_id": permanent_id(release.path)}
        feed.add_item(release.title, as_asked(release.path), told, **own)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def told_of(release):
    counts = ", ".join(f"{label}: {getattr(release, name):,}" for name, label in COUNTED.items())
    return f"{counts}. {release.note}".strip()


def find(moment, day, revision):
    """(release, the one before it or None) of an address. Raises Http404."""
    known = published(moment)
    wanted = f"{PATH}{day}{f'.{revision}' if revision else ''}/"
    for place, release in enumerate(known):
        if release.path == wanted:
            return release, known[place - 1] if place else None
    raise Http404


@query_parameters("format")
@require_safe
def release_page(request, day, revision="", is_source=False):
    release, before = find(request.moment, day, revision)
    if form := request.GET.get("format"):
        if form != "json":
            raise Http404
        return json_answer(for_programs(release))
    report = release.report
    context = {
        "release": release,
        "before": before,
        "counted": [(label, getattr(release, name)) for name, label in COUNTED.items()],
        "rejects": reasons([line[:3] for line in report if line[3] == "rejected"]),
        "warnings": reasons([line[:3] for line in report if line[3] == "warning"]),
    }
    if is_source:
        return release_markdown.of_release(**context)
    return render(request, "registry/release.html", context | {"reported": len(report)})


@query_parameters("what", "field", "page", "format")
@require_safe
def release_changes(request, day, revision="", is_source=False):
    release, before = find(request.moment, day, revision)
    if before is None:
        if request.GET.get("format") or is_source:
            raise Http404
        return render(request, "registry/changes.html", {"release": release, "before": None})
    found, form = changes_of(release, before), request.GET.get("format")
    what, name = (request.GET.get(key, "") for key in ("what", "field"))
    if what not in ("", *WHAT) or name not in ("", *FIELDS) or form not in (None, "csv", "json"):
        raise Http404
    chosen = found.narrowed(what, name)
    if form == "csv":
        return csv_answer(f"changes-{release.as_of}-{release.revision_number}.csv", COLUMNS, records(chosen, name))
    if form == "json":
        return json_answer(changes_for_programs(release, before, found, records(chosen, name)))
    page = page_of(request, chosen, SIZE)
    if is_source:
        kinds = [(label, found.counts[key]) for key, label in WHAT.items()]
        told = _("page {number} of {last}").format(number=page.number, last=page.paginator.num_pages)
        return release_markdown.of_changes(release, before, found, kinds, page.object_list, told)
    context = {
        "release": release,
        "before": before,
        "found": found,
        "kinds": [(key, label, found.counts[key]) for key, label in WHAT.items()],
        "matrix": found.matrix,
        "what": what,
        "field": name,
        "field_label": FIELDS.get(name, ""),
        "page_obj": page,
    }
    return render(request, "registry/changes.html", context)


def records(chosen, name=""):
    """A tuple for each change, by the names of COLUMNS."""
    for one in chosen:
        head = one.what, one.key, one.reference, one.title
        changes = [change for change in one.changes if name in ("", change.name)]
        yield from ((*head, change.name, change.before, change.after) for change in changes)
        if not one.changes:
            yield (*head, "", "", "")


def changes_for_programs(release, before, found, rows):
    issued = found.issuances
    return {
        "release": canonical(release.path),
        "before": canonical(before.path),
        "activities": dict(found.counts),
        "fields": {name: count for name, _label, count in found.by_field},
        "moves_of_status": [{"before": old, "after": new, "activities": count} for (old, new), count in found.moves.items()],
        "issuances_added": {"count": issued.added[0], "cers": issued.added[1]},
        "issuances_gone": {"count": issued.gone[0], "cers": issued.gone[1]},
        "issuances_added_of_the_past": {"count": issued.past[0], "cers": issued.past[1]},
        "items": [dict(zip(COLUMNS, row, strict=True)) for row in rows],
    }
