"""Due work of areas: closed ones are deleted on their day, readings after twelve months, used and void invitations after a month."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from areas import events, invitations, readings
from areas.models import Area, AreaEvent, AreaInvitation, AreaState, AreaVersion
from areas.papers import ROOM
from due.jobs import job
from files import private

HOUR, KEPT = timedelta(hours=1), timedelta(days=30)
# Events that name an invited mail address.
WITH_ADDRESS = (AreaEvent.Happening.INVITED, AreaEvent.Happening.REVOKED, AreaEvent.Happening.ASKED)


@job("delete_areas", every=HOUR)
def delete_areas():
    """Delete what the areas whose day has come hold. Files go first, so that a killed run leaves rows that the next one finds again."""
    due = Area.objects.filter(state=AreaState.CLOSED, delete_on__lte=timezone.localdate())
    counts = [delete(area) for area in due]
    return f"{len(counts)} areas with {sum(counts)} files" if counts else ""


def delete(area):
    versions = list(AreaVersion.objects.filter(file__area=area))
    for version in versions:
        private.forget(version.place)
    with transaction.atomic():
        for held in (area.files, area.notices, area.memberships, area.invitations, area.readings):
            held.all().delete()
        area.state, area.purpose, area.how_to_ask, area.is_listed = AreaState.DELETED, "", "", False
        area.save()
        area.events.filter(what__in=WITH_ADDRESS).update(whom="")
        events.note(area, AreaEvent.Happening.DELETED, "")
    return len(versions)


@job("forget_area_readings", every=HOUR)
def forget_readings():
    count = readings.forget_old()
    return f"{count} deleted" if count else ""


@job("forget_area_invitations", every=HOUR)
def forget_invitations():
    """With them the invited addresses in the events of the area."""
    over = timezone.now() - KEPT
    count = AreaInvitation.objects.filter(expires__lt=over).delete()[0]
    AreaEvent.objects.filter(what__in=WITH_ADDRESS, at__lt=over - invitations.LASTING).exclude(whom="").update(whom="")
    return f"{count} deleted" if count else ""


@job("forget_area_strays", every=24 * HOUR)
def forget_strays():
    """Files of uploads that were killed before their row was written."""
    found = private.strays(ROOM, set(AreaVersion.objects.values_list("place", flat=True)))
    for path in found:
        path.unlink(missing_ok=True)
    return f"{len(found)} deleted" if found else ""
