"""What happened to an account is told to its owner: at the desk, and by mail where there is an address."""

from django.conf import settings
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AccountEvent
from mail import outbox

What = AccountEvent.What
OWN_ACTS = {What.JOINED, What.ENROLLED, What.RENEWED, What.REMOVED}  # whoever did it is there and knows


def tell(user, what, by="", reason="", formerly=""):
    """Keep an event for the owner of an account and mail it; call it within the transaction of what happened.

    Where the address has changed, the mail goes to the one from before, `formerly`, too.
    """
    told = timezone.now() if what in OWN_ACTS else None
    event = AccountEvent.objects.create(user=user, what=what, by=by, reason=reason, told=told)
    addresses = [address for address in (user.email, formerly) if address and what != What.JOINED]
    for number, address in enumerate(addresses):
        body = _("%(said)s\n\nIt was on %(when)s UTC, for the account %(name)s.\nIf this surprises you, tell %(whom)s.\n\n%(address)s")
        facts = {"said": sentence(event), "when": f"{event.at:%d %B %Y, %H:%M}", "name": user.get_username(), "whom": whom_to_ask()}
        body %= facts | {"address": settings.SITE_ADDRESS}
        key = f"account event {event.pk}" + (f", copy {number}" if number else "")
        outbox.send(address, _("Your account at the CDM portal"), body, key, user)
    return event


def whom_to_ask():
    return settings.DESK_CONTACT or _("an administrator of this portal")


def sentence(event):
    """The event in words, with who did it and why."""
    said = [str(What(event.what).label)]
    if event.by:
        said.append(_("By %(name)s.") % {"name": event.by})
    if event.reason:
        said.append(_("Reason: %(reason)s") % {"reason": event.reason})
    return " ".join(said)


def tell_at_log_in(request, user):
    """Messages about what happened to the person's account since the last log-in."""
    events = list(AccountEvent.objects.filter(user=user, told=None))
    for event in reversed(events):
        messages.warning(request, f"{event.at:%d %B %Y, %H:%M} UTC: {sentence(event)}")
    AccountEvent.objects.filter(pk__in=[event.pk for event in events]).update(told=timezone.now())
