"""Pages of those who hold a link, and of those who ask for one. A link works by its form alone: opening it changes nothing.

The pages of a link need no cookie against forged forms: who could forge one would have to know the link. Their addresses are named to
nobody, so a browser sends `Origin: null` with the form, which Django would refuse.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor, sessions, tickets, way_in
from accounts.forms import AddressForm, JoiningForm, NewPasswordForm
from accounts.models import AccountEvent
from accounts.telling import tell
from accounts.throttling import refusal
from desk.share_links import unlisted
from mail import outbox


def shown(site, request, template, title, status=200, **context):
    """A page without the desk's frame: the frame's forms would be refused here."""
    response = way_in.page(site, request, template, title, has_permission=False, **context)
    response.status_code = status
    return unlisted(response)


def invitation(site, request, token):
    """Join the desk: names and a password."""
    return used(site, request, tickets.INVITATION, token, JoiningForm)


def reset_link(site, request, token):
    """Set a new password."""
    return used(site, request, tickets.RESET, token, NewPasswordForm)


@transaction.atomic
def used(site, request, purpose, token, form_class):
    """The form of a ticket; sending it rightly uses the ticket up."""
    is_sent = request.method == "POST"
    ticket = tickets.found(purpose, token, for_use=is_sent)
    if ticket is None:
        return shown(site, request, "void_link", _("This link does not work any more"), 404, purpose=purpose)
    form = form_class(ticket.user, request.POST) if is_sent else form_class(ticket.user)
    if is_sent and form.is_valid():
        accept(ticket, form)
        next_step = second_factor.next_step(ticket.user)
        return shown(site, request, "ready", _("Your password is set"), person=ticket.user, next_step=next_step)
    title = _("Join the desk") if purpose == tickets.INVITATION else _("Choose a new password")
    context = {"form": form, "ticket": ticket, "person": ticket.user, "is_invitation": purpose == tickets.INVITATION}
    return shown(site, request, "new_password", title, wrong=wrong_fields(form), **context)


def accept(ticket, form):
    ticket.used = timezone.now()
    ticket.save(update_fields=["used"])
    user = form.save()
    sessions.end_all(user)
    if ticket.purpose == tickets.INVITATION:
        tell(user, AccountEvent.What.JOINED)
    else:
        tell(user, AccountEvent.What.PASSWORD, reason=_("a link that %s gave") % ticket.made_by if ticket.made_by else "")


def wrong_fields(form):
    return [(form[name].id_for_label or form[name].auto_id, form[name].label) for name in form.fields if name in form.errors]


def ask_reset(site, request):
    """Ask for a link. The answer is the same whether an account has the address or not."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and outbox.writes_to_people():
        if tickets.is_too_much(request):
            return refusal(request, 3600, {"links": True})
        tickets.ask(request, form.cleaned_data["email"])
        return way_in.page(site, request, "asked", _("Look into your mail"))
    return way_in.page(site, request, "ask_reset", _("Forgotten password"), form=form, writes_to_people=outbox.writes_to_people())
