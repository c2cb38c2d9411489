"""Views of the Issues Quickfinder: straight to the page of a name, suggestions while typing, results for everything else."""

import re
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from publishing import holdings
from publishing.addresses import address_of, as_asked
from publishing.anchors import existing
from publishing.occasions import asked_meeting
from publishing.parameters import query_parameters
from search import directory as names
from search.search_request import parsed

MOST_TYPED = 128
NUMBER = re.compile(r"[0-9]")


@query_parameters("q", "issue")
@require_safe
def find(request):
    """Redirect to the page whose name was typed or chosen, else to the search results, as for what has a prefix of the search."""
    typed = request.GET.get("q", "").strip() or request.GET.get("issue", "").strip()
    if place := place_of(typed, request.moment):
        return HttpResponseRedirect(address_of(place))
    query = {"q": typed[:MOST_TYPED].replace("\0", " ")} if typed else {}
    return HttpResponseRedirect(reverse("search:results") + ("?" + urlencode(query) if query else ""))


def place_of(typed, moment, is_of_data=False):
    """The address of what was named; for a meeting that is not listed, that of its body, which tells the nearest.

    Nothing if it is not clear, as a bare number that a meeting and an activity bear, nor for long texts and for prefixes of the search.
    With `is_of_data` only of what has a number, a code or a symbol, or is in the data.
    """
    if len(typed) > names.MOST_TYPED or parsed(typed, moment).filters:
        return ""
    if names.is_shared_number(typed, moment):
        return ""
    meant, found = asked_meeting(typed, moment), names.exact(typed, moment)
    if meant and (meant.is_listed or found is None or found.kind == names.ISSUE):
        return meant.address
    if found is None or (is_of_data and not is_thing_of_data(found, typed)):
        return ""
    return existing(found.address, moment)


def is_thing_of_data(found, typed):
    return found.kind != names.ISSUE and bool(holdings.find(found.kind) or NUMBER.search(typed))


@query_parameters("q", "format")
@require_safe
def suggestions(request):
    """Suggestions as JSON; the shape is described in docs/search.md."""
    typed = request.GET.get("q", "")
    if len(typed) > names.MOST_TYPED:
        return HttpResponse("At most 64 characters are looked up.", status=400, content_type="text/plain; charset=utf-8")
    found = names.suggest(typed, request.moment)
    if request.GET.get("format") == "opensearch":
        return as_opensearch(typed, found)
    response = JsonResponse({"query": typed, "suggestions": [as_json(suggestion) for suggestion in found]})
    response["Cache-Control"] = "public, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def as_json(suggestion):
    kind = str(holdings.kind_or_holding(suggestion.kind).label)
    language = {"language": suggestion.language} if suggestion.language not in {"", "en"} else {}
    return {"title": suggestion.title, "kind": kind, "url": address_of(suggestion.address), "why": suggestion.why} | language


def as_opensearch(typed, found):
    """Suggestions in the form in which browsers ask for them in their address field."""
    rows = [typed, [s.title for s in found], [s.why for s in found], [as_asked(s.address) for s in found]]
    return JsonResponse(rows, safe=False, content_type="application/x-suggestions+json")
