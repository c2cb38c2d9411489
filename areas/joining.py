"""The page of an invitation. Opening it changes nothing, however often; its forms do."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.utils.translation import gettext as _

from areas import entry, invitations
from areas.forms import NewMemberForm


@entry.sealed
@transaction.atomic
def invitation(request, token):
    """Become a member: with a new account, with the account of the invited address, or by asking with another one."""
    is_sent = request.method == "POST"
    found = invitations.found(token, for_use=is_sent)
    if found is None:
        return render(request, "areas/void_invitation.html", status=404)
    if request.user.is_authenticated and is_sent and request.POST.get("do") in {"accept", "ask"}:
        return with_own_account(request, found)
    form = NewMemberForm(found.email, request.POST if is_sent else None)
    if is_sent and form.is_valid():
        if User.objects.filter(email__iexact=found.email).exists():
            form.add_error(None, _("There is an account with the invited address: log in with it, and open the invitation again."))
        else:
            return joined(request, found, form.save())
    is_theirs = request.user.is_authenticated and invitations.is_for(found, request.user)
    return render(request, "areas/invitation.html", {"form": form, "invitation": found, "is_theirs": is_theirs})


def with_own_account(request, found):
    if not invitations.is_for(found, request.user):
        invitations.ask(found, request.user)
        return render(request, "areas/asked.html")
    return joined(request, found, request.user)


def joined(request, found, account):
    try:
        invitations.accept(found, account)
    except ValidationError as refused:
        return render(request, "areas/joined.html", {"refused": refused.messages[0]})
    return render(request, "areas/joined.html", {"account": account})
