"""Tickets: secret addresses by which somebody joins or sets a new password. Only a digest is kept, and the form alone uses one up."""

import re
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.membership import given_role
from accounts.models import AskedReset, Ticket
from accounts.telling import whom_to_ask
from accounts.throttling import network_of, pseudonym
from mail import outbox

INVITATION, RESET = Ticket.INVITATION, Ticket.RESET
LASTING = {INVITATION: timedelta(hours=72), RESET: timedelta(hours=1)}
SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
HOUR = timedelta(hours=1)
OF_ONE_ADDRESS, OF_ONE_NETWORK = 3, 10  # asked for within an hour


def digest(token):
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def issue(purpose, user, made_by=""):
    """A new ticket and its token, which is told to nobody else; those from before for the same purpose end."""
    end(purpose, user)
    token, now = token_urlsafe(32), timezone.now()
    bound = {"email": user.email, "role": given_role(user), "password": digest(user.password)}
    ticket = Ticket.objects.create(
        purpose=purpose, user_id=user.pk, digest=digest(token), made_by=made_by, made=now, expires=now + LASTING[purpose], **bound
    )
    return ticket, token


def end(purpose, user):
    """End what is open for this purpose, and drop the mails that were still to be sent; returns whether something was."""
    ended = open_tickets(purpose).filter(user=user.pk)
    outbox.drop(ended.values(key=Concat(Value("ticket "), "digest")))
    return bool(ended.update(ended=timezone.now()))


def open_tickets(purpose):
    return Ticket.objects.filter(purpose=purpose, used=None, ended=None, expires__gt=timezone.now())


def found(purpose, token, for_use=False):
    """The open ticket of a token, or None. One that was made for another address, role or password than the account has now is void."""
    if not SHAPE.fullmatch(token):
        return None
    tickets = open_tickets(purpose).select_for_update(of=["self"]) if for_use else open_tickets(purpose)
    ticket = tickets.select_related("user").filter(digest=digest(token)).first()
    if ticket is None:
        return None
    user = ticket.user
    is_bound = (ticket.email, ticket.role, ticket.password) == (user.email, given_role(user), digest(user.password))
    is_expected = user.is_active and user.has_usable_password() if purpose == RESET else not user.has_usable_password()
    return ticket if is_bound and is_expected else None


def address(purpose, token):
    name = "invitation" if purpose == INVITATION else "reset_link"
    return settings.SITE_ADDRESS + reverse(f"admin:{name}", args=[token])


def mail(ticket, token):
    """Send the address to the one whom it is for."""
    facts = {"name": ticket.user.get_username(), "by": ticket.made_by, "role": ticket.role, "whom": whom_to_ask()}
    facts |= {"until": f"{ticket.expires:%d %B %Y, %H:%M}", "address": address(ticket.purpose, token)}
    facts["factor"] = announced_factor() if ticket.role in settings.SECOND_FACTOR else ""
    subject, body = invitation_letter() if ticket.purpose == INVITATION else reset_letter()
    key = f"ticket {ticket.digest}"
    outbox.send(ticket.email, subject, body % facts, key, ticket.user, expires=ticket.expires, secret=True)


def invitation_letter():
    body = _(
        "%(by)s invites you to the desk of the CDM portal, as %(role)s with the user name %(name)s.\n\n"
        "Choose a password until %(until)s UTC at\n%(address)s\n\n%(factor)s"
        "The address works once. If you expected no invitation, do nothing."
    )
    return _("Invitation to the CDM portal"), body


def announced_factor():
    return _("Have your phone at hand for the first log-in, with an app for log-in codes: you set it up then.") + "\n\n"


def reset_letter():
    body = _(
        "Somebody, probably you, asked for a new password for the account %(name)s.\n\n"
        "Choose one until %(until)s UTC at\n%(address)s\n\nThe address works once. If it was not you, do nothing; "
        "if it happens often, tell %(whom)s."
    )
    return _("New password for the CDM portal"), body


def is_too_much(request):
    """Whether a network has asked for too many links within the hour."""
    recent = AskedReset.objects.filter(at__gt=timezone.now() - HOUR)
    return recent.filter(network=pseudonym(f"network {network_of(request)}")).count() >= OF_ONE_NETWORK


@transaction.atomic
def ask(request, email):
    """Mail a link for a new password to the accounts with this address. Where there is none the same work is done and taken back."""
    named = pseudonym(f"address {email.casefold()}")
    times = AskedReset.objects.filter(at__gt=timezone.now() - HOUR, address=named).count()
    AskedReset.objects.create(address=named if times < OF_ONE_ADDRESS else "", network=pseudonym(f"network {network_of(request)}"))
    users = [user for user in User.objects.filter(email__iexact=email, is_active=True) if user.has_usable_password()]
    is_real = users and times < OF_ONE_ADDRESS
    for user in users or [User(pk=0, username="nobody", email="nobody@example.org")]:
        with transaction.atomic():
            ticket, token = issue(RESET, user)
            ticket.user = user
            mail(ticket, token)
            if not is_real:
                transaction.set_rollback(True)
