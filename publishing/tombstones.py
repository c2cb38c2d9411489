"""What visitors see where something has been withdrawn or erased."""

from django.shortcuts import render

from publishing import kinds
from publishing.models import Action, Edition

STATUS = {Action.WITHDRAW: 410, Action.ERASE: 451}


def tombstone(request, number):
    """410 with reason and successor for what was withdrawn, 451 for what was erased. `number` is the edition in force."""
    edition = Edition.objects.select_related("successor", "erased_by").get(number=number)
    mark = getattr(edition, "erased_by", edition)
    successor = edition.successor and kinds.targets([(edition.successor.kind, edition.successor_id)], request.moment).get(
        edition.successor_id
    )
    status = STATUS[mark.action]
    return render(request, f"{status}.html", {"edition": mark, "successor": successor}, status=status)
