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
    thing = kinds.owner(path, request.moment)
    if thing is None:
        raise Http404
    return thing


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
    return next((kinds.get(e.kind).title(e) for e in editions if has_text(e)), "")


@query_parameters("against")
@require_safe
def difference(request, number, address=""):
    """The words that one edition changed against the one before it, or against `?against=<number>`."""
    editions = list(editions_until(thing_at(request, address), request.moment.at))
    place = next((place for place, edition in enumerate(editions) if str(edition.number) == number), None)
    if place is None:
        raise Http404
    new, texts = editions[place], [edition for edition in editions if has_text(edition)]
    earlier = [edition for edition in editions[place + 1 :] if edition in texts]
    against = request.GET.get("against", "")
    old = next((edition for edition in texts if str(edition.number) == against), (earlier or [None])[0])
    shown = partial(kinds.get(new.kind).shown, moment=request.moment)
    context = {
        "path": f"/{address}",
        "title": title_of(editions),
        "new": new,
        "old": old,
        "readable": new in texts,
        "changes": fields_changed(old, new, shown) if new in texts else [],
        "previous": (earlier or [None])[0],
        "following": next((edition for edition in reversed(editions[:place]) if edition in texts), None),
        "others": [edition for edition in texts if edition != new] if len(texts) > 2 and new in texts else [],
    }
    return render(request, "publishing/difference.html", context)


def has_text(edition):
    return edition.action == Action.PUBLISH and not hasattr(edition, "erased_by")


@require_safe
def source(request, address=""):
    """The text of the thing at this address as its editor wrote it, in Markdown, with where and when it stands."""
    path = f"/{address}"
    target = kinds.resolve(path, request.moment)
    if target is None or target.outside:
        raise Http404
    kind = kinds.get(target.kind)
    edition = kind.edition.objects.live(request.moment.at).get(thing=target.thing)
    origin = f"<{canonical(path)}>, edition {edition.number}, live from {edition.live_from:%Y-%m-%dT%H:%M:%SZ}"
    response = HttpResponse(f"{kind.markdown(edition)}\n\n---\n\n{origin}\n", content_type="text/markdown; charset=utf-8")
    response["Link"] = f'<{canonical(path)}>; rel="canonical"'
    return response


@require_safe
def timemap(request, address=""):
    """The TimeMap of RFC 7089 in link format: a memento for each edition."""
    thing = thing_at(request, address)
    path = f"/{address}"
    # Addresses name seconds, so of several editions within one second only the last has an address.
    texts = reversed([edition for edition in editions_until(thing, request.moment.at) if has_text(edition)])
    addresses = {at_moment(path, edition.live_from): http_date(int(edition.live_from.timestamp())) for edition in texts}
    mementos = (f'<{address}>; rel="memento"; datetime="{when}"' for address, when in addresses.items())
    own = f'<{canonical(path)}timemap/>; rel="self"; type="application/link-format"'
    lines = [f'<{canonical(path)}>; rel="original"', own, *mementos]
    return HttpResponse(",\n".join(lines) + "\n", content_type="application/link-format")
