"""What administrators do with the accounts of others: invite, give a link, take a lost phone off. `accounts` is the AccountAdmin."""

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import leaving, second_factor, tickets, way_in
from accounts.forms import InvitationForm, PasswordAgainForm
from accounts.links import wrong_fields
from accounts.membership import give_role
from accounts.models import AccountEvent
from accounts.telling import tell
from desk import people
from desk.share_links import unlisted
from mail import outbox
from publishing import kinds
from publishing.roles import role


class FactorResetForm(PasswordAgainForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, help_text=gettext_lazy("Told to the person by mail and at the desk.")
    )
    field_order = ["reason", "password"]


def person_to_change(accounts, request, pk):
    """The account, if the person may change it. Raises PermissionDenied or Http404."""
    user = User.objects.filter(pk=pk).first()
    if not accounts.has_change_permission(request, user):
        raise PermissionDenied
    if user is None:
        raise Http404
    return user


def reset_factor(accounts, request, pk):
    """Take the second factor of somebody else away, whose phone is lost."""
    user = person_to_change(accounts, request, pk)
    if user == request.user:
        return redirect("admin:factor")
    form = FactorResetForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        was_there = second_factor.forget(user, AccountEvent.What.RESET, request.user.get_username(), form.cleaned_data["reason"])
        taken = _("The second factor of %(name)s is taken away, and all their sessions are ended.")
        none = _("There was no second factor on the account of %(name)s; all its sessions are ended.")
        messages.success(request, (taken if was_there else none) % {"name": user})
        return redirect("admin:auth_user_change", user.pk)
    context = {"form": form, "person": user, "phone": second_factor.phone(user)}
    return way_in.page(accounts.admin_site, request, "reset_factor", _("A lost phone"), **context)


def invite(accounts, request):
    """Make an account that nobody can enter yet, and invite whom it is for."""
    if not accounts.has_add_permission(request):
        raise PermissionDenied
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with transaction.atomic():
            user = form.save(commit=False)
            user.is_active = False
            user.set_unusable_password()
            user.save()
            give_role(user, form.cleaned_data["role"])
            return hand_over(accounts, request, user, tickets.INVITATION)
    return way_in.page(accounts.admin_site, request, "invite", _("Invite somebody"), form=form, wrong=wrong_fields(form))


def hand_over(accounts, request, user, purpose):
    """Mail the link; where no mail is sent, or there is no address, show it this once."""
    ticket, token = tickets.issue(purpose, user, request.user.get_username())
    if user.email and outbox.writes_to_people():
        tickets.mail(ticket, token)
        messages.success(request, _("A mail with the link goes to %(name)s; it works until %(until)s UTC.") % said_of(ticket))
        return redirect("admin:auth_user_change", user.pk)
    context = {"person": user, "ticket": ticket, "address": tickets.address(purpose, token)}
    return unlisted_here(way_in.page(accounts.admin_site, request, "hand_over", _("A link to hand over"), **context))


def said_of(ticket):
    return {"name": ticket.user, "until": f"{ticket.expires:%d %B %Y, %H:%M}"}


def unlisted_here(response):
    """Nobody keeps the page, and its own forms still work."""
    response = unlisted(response)
    del response["Referrer-Policy"]
    return response


def link(accounts, request, pk):
    """Invite again, revoke an invitation, or give a link for a new password."""
    user = person_to_change(accounts, request, pk)
    purpose = tickets.RESET if user.has_usable_password() else tickets.INVITATION
    if purpose == tickets.RESET and not user.is_active:
        raise Http404
    if request.method == "POST" and request.POST.get("do") == "revoke":
        ended = tickets.end(purpose, user)
        messages.success(request, _("The link does not work any more.") if ended else _("There was no link that worked."))
        return redirect("admin:auth_user_change", user.pk)
    if request.method == "POST":
        return hand_over(accounts, request, user, purpose)
    context = {"person": user, "is_invitation": purpose == tickets.INVITATION, "mails": bool(user.email and outbox.writes_to_people())}
    context["ticket"] = tickets.open_tickets(purpose).filter(user=user).first()
    return way_in.page(accounts.admin_site, request, "link", _("Link for %s") % user, **context)


def tell_changes(form, by):
    """Tell the owner of an account what another person changed in it; who may not log in any more is logged out at once."""
    user, changed = form.instance, form.changed_data
    if "is_active" in changed and not user.is_active:
        leaving.shut_out(user, by)
    if "role" in changed:
        tell(user, AccountEvent.What.ROLE, by)
    if "email" in changed:
        tell(user, AccountEvent.What.ADDRESS, by, formerly=form.initial["email"])


class LeavingForm(forms.Form):
    heir = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label=gettext_lazy("Hand over to"),
        empty_label=gettext_lazy("nobody: all stays as it is"),
        help_text=gettext_lazy("Who gets what is open, as far as they may have it."),
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(is_active=True, is_staff=True).exclude(pk=user.pk).order_by("username")
        self.fields["heir"].queryset = staff.filter(pk__in=[other.pk for other in staff if role(other)])


def switch_off(accounts, request, pk):
    """List what is open of a person who leaves, hand it over and switch the account off."""
    user = person_to_change(accounts, request, pk)
    form = LeavingForm(user, request.POST if request.method == "POST" else None)
    if user.is_active and form.is_valid():
        try:
            leaving.switch_off(user, form.cleaned_data["heir"], request.user.get_username())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("%(name)s is switched off, and all sessions are ended.") % {"name": user})
            return redirect("admin:login" if user == request.user else "admin:auth_user_changelist")
    work = leaving.open_work(user)
    context = {"form": form, "person": user, "work": work, "lines": lines_of(request.user, work)}
    return way_in.page(accounts.admin_site, request, "switch_off", _("Switch off %s") % user, **context)


def lines_of(viewer, work):
    """(heading, titles) of what is open, as the viewer may read it."""
    drafts = [people.title_within(viewer, kind, draft) for kind, draft in work.drafts]
    texts = [people.title_of_thing(viewer, text.thing_id) if text.thing_id else kinds.get(text.kind).label for text in work.texts]
    scheduled = [f"{people.title_of_thing(viewer, one.thing_id)}, {one.live_from:%d %B %Y, %H:%M} UTC" for one in work.scheduled]
    links = [f"{people.title_of_thing(viewer, one.thing_id)}, {one.expires:%d %B %Y}" for one in work.links]
    grants = [kinds.get(one.kind).label_plural if one.kind else people.title_of_thing(viewer, one.section_id) for one in work.grants]
    headings = {
        _("Drafts that visitors do not see as they are; they stay, and who may write there goes on with them"): drafts,
        _("Texts typed and not saved; they go to the other person"): texts,
        _("Scheduled; it will be published all the same, unless it is cancelled under “Scheduled”"): scheduled,
        _("Share links that are open; handed over they go on working, otherwise they end"): links,
        _("Sections and kinds given; they go to another author"): grants,
    }
    return [(heading, titles) for heading, titles in headings.items() if titles]
