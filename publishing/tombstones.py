"""Tombstones, which stand where something was withdrawn or erased, and redirects to where it moved."""

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render

from publishing import kinds
from publishing.addresses import address_of
from publishing.models import Action, Edition

STATUS = {Action.WITHDRAW: 410, Action.ERASE: 451}


def moved(request, path):
    """Lead to the root-relative path at the moment of the request. Browsers ask again each time: what moved may move back."""
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(address_of(path) + ("?" + query if query else ""))
    response["Cache-Control"] = "no-cache"
    return response


def tombstone(request, number):
    """410 with reason and successor for what was withdrawn, 451 for what was erased. `number` is the edition in force."""
    edition = Edition.objects.select_related("successor", "erased_by").get(number=number)
    mark = getattr(edition, "erased_by", edition)
    successor = edition.successor and kinds.targets([(edition.successor.kind, edition.successor_id)], request.moment).get(
        edition.successor_id
    )
    status = STATUS[mark.action]
    return render(request, f"{status}.html", {"edition": mark, "successor": successor}, status=status)
