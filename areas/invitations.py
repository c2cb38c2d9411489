"""Invitations into an area: a secret address in a mail that names neither area nor sender's words. A form alone uses one up, once.

Who holds the address and has, or makes, an account with the invited mail address becomes a member; an account with another address asks the
stewards.
"""

import re
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from areas import events
from areas.models import Area, AreaEvent, AreaInvitation, AreaMembership, AreaState
from mail import outbox

Happening = AreaEvent.Happening
LASTING = timedelta(days=7)
SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def digest(token):
    return sha256(token.encode()).hexdigest()


def open_invitations(area=None):
    rows = AreaInvitation.objects.filter(used=None, revoked=None, expires__gt=timezone.now())
    return rows.filter(area=area) if area else rows


def locked(area):
    """The area's row, held until the transaction ends. Whatever changes invitations or memberships takes it first, and no other lock."""
    return Area.objects.select_for_update().get(pk=area)


@transaction.atomic
def invite(invitation, by):
    """Save a new AreaInvitation and have it mailed; returns its address. Earlier ones to the same address in the same area end."""
    locked(invitation.area_id)
    for earlier in open_invitations(invitation.area).filter(email__iexact=invitation.email):
        revoke(earlier, by)
    token, now = token_urlsafe(32), timezone.now()
    invitation.digest, invitation.made_by, invitation.made, invitation.expires = digest(token), by, now, now + LASTING
    invitation.save()
    events.note(invitation.area, Happening.INVITED, by, invitation.email)
    address = settings.SITE_ADDRESS + reverse("areas:invitation", args=[token])
    body = _(
        "You are invited to an extranet of the CDM portal.\n\nAccept until %(until)s UTC at\n%(address)s\n\n"
        "The address works once. If you expected no invitation, do nothing."
    )
    facts = {"until": f"{invitation.expires:%d %B %Y, %H:%M}", "address": address}
    key = f"area invitation {invitation.digest}"
    outbox.send(invitation.email, _("Invitation to an extranet"), body % facts, key, expires=invitation.expires, secret=True)
    return address


@transaction.atomic
def revoke(invitation, by):
    locked(invitation.area_id)
    outbox.drop([f"area invitation {invitation.digest}"])
    invitation.revoked = timezone.now()
    invitation.save(update_fields=["revoked"])
    events.note(invitation.area, Happening.REVOKED, by, invitation.email)


def found(token, for_use=False):
    """The open invitation of a token, or None; with `for_use` nobody else uses or ends it until the transaction ends."""
    if not SHAPE.fullmatch(token):
        return None
    rows = open_invitations().select_related("area").filter(digest=digest(token))
    if for_use and (area := rows.values_list("area", flat=True).first()):
        locked(area)
    invitation = rows.first()
    return invitation if invitation and invitation.area.state in {AreaState.OPEN, AreaState.READ_ONLY} else None


def is_for(invitation, account):
    return account.email.casefold() == invitation.email.casefold()


@transaction.atomic
def accept(invitation, account):
    """Make the account a member and use the invitation up. Raises ValidationError where it is a member already, or came too late."""
    locked(invitation.area_id)
    if not open_invitations().filter(pk=invitation.pk).exists():
        raise ValidationError(_("This invitation was used or revoked a moment ago."))
    if AreaMembership.objects.filter(area=invitation.area, account=account, ended_at=None).exists():
        raise ValidationError(_("This account is a member already."))
    invitation.used = timezone.now()
    invitation.save(update_fields=["used"])
    facts = {name: getattr(invitation, name) for name in ("role", "represents", "ends")}
    member = AreaMembership.objects.create(area=invitation.area, account=account, invited_by=invitation.made_by, **facts)
    events.note(invitation.area, Happening.JOINED, account.get_username())
    return member


@transaction.atomic
def ask(invitation, account):
    """Note that an account with another address wants to use the invitation; a steward decides."""
    locked(invitation.area_id)
    invitation.asked_by = account
    invitation.save(update_fields=["asked_by"])
    events.note(invitation.area, Happening.ASKED, account.get_username(), invitation.email)
