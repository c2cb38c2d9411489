"""Events of an area: who did what to whom, without content. Call `note` in the transaction of what happened."""

from areas.models import AreaEvent


def note(area, what, by, whom=""):
    return AreaEvent.objects.create(area=area, what=what, by=by, whom=whom)
