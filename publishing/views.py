"""What every public thing has besides its page: history, differences, the TimeMap."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from publishing import kinds
from publishing.addresses import at_moment, canonical
from publishing.diff import fields_changed
from publishing.models import Action, Thing
from publishing.parameters import query_parameters


def thing_at(request, address):
    """The thing whose address it is at the moment, withdrawn ones included. Raises Http404."""
    path = f"/{address}"
    for kind in kinds.every():
        if (thing := kind.owner(path, request.moment)) is not None:
            return thing
    raise Http404


def editions_until(thing, at):
    """The editions of a thing that had come into force by `at`, newest first."""
    editions = kinds.get(Thing.objects.values_list("kind", flat=True).get(pk=thing)).edition.objects
    return editions.ever_in_force().filter(thing=thing, live_from__lte=at).select_related("erased_by").order_by("-live_from", "-number")


@require_safe
def history(request, address=""):
    """All editions of the thing at this address, with their public notes."""
    editions = list(editions_until(thing_at(request, address), request.moment.at))
    if not editions:
        raise Http404
    return render(request, "publishing/history.html", {"path": f"/{address}", "editions": editions, "title": title_of(editions)})


def title_of(editions):
    """The title of the newest edition that still has one."""
    return next((kinds.get(e.kind).title(e) for e in editions if e.action == Action.PUBLISH and not hasattr(e, "erased_by")), "")


@query_parameters("against")
@require_safe
def difference(request, number, address=""):
    """The words that one edition changed against the one before it, or against `?against=<number>`."""
    editions = list(editions_until(thing_at(request, address), request.moment.at))
    by_number = {e.number: e for e in editions}
    if number not in by_number:
        raise Http404
    new = by_number[number]
    earlier = [e for e in editions if (e.live_from, e.number) < (new.live_from, new.number) and e.action == Action.PUBLISH]
    against = request.GET.get("against", "")
    old = by_number.get(int(against)) if against.isascii() and against.isdigit() else (earlier or [None])[0]
    readable = new.action == Action.PUBLISH and not hasattr(new, "erased_by")
    shown = partial(kinds.get(new.kind).shown, moment=request.moment)
    changes = fields_changed(old, new, shown) if readable else []
    context = {"path": f"/{address}", "new": new, "old": old, "changes": changes, "title": title_of(editions), "readable": readable}
    return render(request, "publishing/difference.html", context)


@require_safe
def timemap(request, address=""):
    """The TimeMap of RFC 7089 in link format: a memento for each edition."""
    thing = thing_at(request, address)
    path = f"/{address}"
    mementos = (
        f'<{at_moment(path, edition.live_from)}>; rel="memento"; datetime="{http_date(int(edition.live_from.timestamp()))}"'
        for edition in reversed(editions_until(thing, request.moment.at))
    )
    own = f'<{canonical(path)}timemap/>; rel="self"; type="application/link-format"'
    lines = [f'<{canonical(path)}>; rel="original"', own, *mementos]
    return HttpResponse(",\n".join(lines) + "\n", content_type="application/link-format")
