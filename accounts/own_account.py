"""Pages of one's own account: second factor, sessions, what happened to it. `site` is the GuardedDesk."""

from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import new_phone, second_factor, sessions, telling, way_in
from accounts.forms import PasswordAgainForm
from accounts.models import AccountEvent
from publishing.roles import role

EVENTS = 20


def account(site, request):
    """What the portal knows of one's own account."""
    user = request.user
    events = [(event.at, telling.sentence(event)) for event in AccountEvent.objects.filter(user=user)[:EVENTS]]
    context = {"sessions": sessions.open_sessions(user), "this": sessions.digest(request.session.session_key or ""), "events": events}
    return way_in.page(site, request, "account", _("Your account"), role=role(user), **context, **factor_of(user))


def factor_of(user):
    return {
        "phone": second_factor.phone(user),
        "codes_left": second_factor.codes_left(user),
        "is_demanded": second_factor.is_demanded(user),
    }


def factor(site, request):
    """Change the second factor; each change asks the password again."""
    form = PasswordAgainForm(request, request.POST if request.method == "POST" else None)
    state = factor_of(request.user)
    if request.method == "POST" and form.is_valid():
        wanted = request.POST.get("do")
        if wanted == "codes" and state["phone"]:
            return way_in.show_recovery_codes(site, request, second_factor.renew_codes(request.user), reverse("admin:account"))
        if wanted == "remove" and state["phone"] and not state["is_demanded"]:
            second_factor.forget(request.user, AccountEvent.What.REMOVED)
            messages.success(request, _("The second factor is taken away; the password alone lets you in."))
            return redirect("admin:account")
        if wanted == "new":
            new_phone.offer(request)
            return redirect("admin:enrol")
        return redirect("admin:account")
    return way_in.page(site, request, "factor", _("Your second factor"), form=form, **state)


def end_sessions(site, request):
    """Log out elsewhere: one session, or all but this one."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    own = request.session.session_key
    if (name := request.POST.get("session", "")) and name != sessions.digest(own):
        count = int(sessions.end(request.user, name))
    else:
        count = sessions.end_all(request.user, but=own) if not name else 0
    said = ngettext("%d session is ended.", "%d sessions are ended.", count) % count
    messages.success(request, said) if count else messages.warning(request, _("There was no such session; nothing is ended."))
    return redirect("admin:account")
