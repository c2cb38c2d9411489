"""Mails to members that there is something new. They carry no word of the area, not even its name, and are checked again when sent."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from areas.models import AreaMails, AreaMembership
from areas.rights import Act, may
from mail import outbox

MORNING = 7  # o'clock in UTC, of daily mails


def tell(area, but):
    """Have the members of an area told, all but the account who did it; call it in the transaction of what is new."""
    if area.mails == AreaMails.NONE:
        return
    now = timezone.now()
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    morning += timedelta(days=1) if morning <= now else timedelta()
    is_daily = area.mails == AreaMails.DAILY
    when = f"{morning:%Y-%m-%d}" if is_daily else f"{now:%Y-%m-%d %H}"
    for member in AreaMembership.objects.filter(area=area, ended_at=None).exclude(account=but).select_related("account", "area"):
        if member.account.email and may(member, Act.READ):
            key = f"extranet {member.pk} {when}"
            outbox.send_written(
                member.account.email, "extranet", {"membership": member.pk}, key, member.account, morning if is_daily else None
            )


@outbox.writer("extranet")
def written(mail):
    """(subject, body), or None where the person may not read the area any more."""
    member = AreaMembership.objects.filter(pk=mail.about["membership"]).select_related("area", "account").first()
    if member is None or not may(member, Act.READ) or member.area.mails == AreaMails.NONE or member.account.email != mail.to:
        return None
    body = _("There is something new in an area of yours.\n\nLog in at\n%(address)s")
    return _("Something new in an extranet"), body % {"address": settings.SITE_ADDRESS + reverse("areas:log_in")}
