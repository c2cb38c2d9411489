"""Log-in of areas: password, then a code of the phone, a recovery code, or the setting up of a phone, as at the desk (accounts/way_in.py).

Members are not staff: they never see the desk's pages. `next` leads into areas alone, and the desk's log-in never leads here.
"""

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import half, new_phone, second_factor, telling
from accounts.forms import CodeForm, RecoveryForm
from accounts.models import Phone, RecoveryCodes
from accounts.way_in import refusal, wrong_first_code
from areas import entry, rights


def inside(request):
    """Where the person wants to go: an address of areas, else the list of the own ones."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    mine = reverse("areas:mine")
    is_ours = asked.startswith(mine) and asked.isascii() and asked.isprintable() and "\\" not in asked and "//" not in asked
    return asked if is_ours else mine


@entry.sealed
def log_in(request):
    """First step: name and password."""
    form = AuthenticationForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        if step := next_step(user):
            half.begin(request, user, inside(request), new_phone.new_key())
            return redirect(step)
        login(request, user)
        return let_in(request, user, inside(request), has_second_factor=False)
    factor_is_missing = entry.is_in(request) and not request.session[entry.SESSION]["factor"]
    context = {"form": form, "next": inside(request), "factor_is_missing": factor_is_missing, "whom": telling.whom_to_ask()}
    return render(request, "areas/log_in.html", context)


def next_step(user):
    """The name of the address where somebody goes whose password was right; empty where that is enough."""
    if second_factor.phone(user):
        return "areas:code"
    is_asked = any(member.area.asks_second_factor for member in rights.current(user))
    return "areas:phone" if is_asked or second_factor.is_demanded(user) else ""


def let_in(request, user, goes_to, has_second_factor):
    entry.begin(request, has_second_factor)
    telling.tell_at_log_in(request, user)
    return HttpResponseRedirect(goes_to)


@entry.sealed
def code(request):
    """Second step: a code of the phone, or a recovery code in a field of its own."""
    user = half.person(request)
    if user is None or not second_factor.phone(user):
        return redirect("areas:phone" if user else "areas:log_in")
    device = RecoveryCodes if "recovery" in request.POST else Phone
    data = request.POST if request.method == "POST" else None
    form = CodeForm(data if device is Phone else None)
    recovery = RecoveryForm(data if device is RecoveryCodes else None)
    sent = form if device is Phone else recovery
    if request.method == "POST" and sent.is_valid():
        verdict = second_factor.checked(device, user, next(iter(sent.cleaned_data.values())))
        if verdict.right:
            return finish(request, user)
        sent.add_error(next(iter(sent.fields)), refusal(verdict, _("This code is not right, or has been used.")))
    context = {"form": form, "recovery": recovery, "name": user.get_username(), "whom": telling.whom_to_ask()}
    return render(request, "areas/code.html", context)


@entry.sealed
def phone(request):
    """Second step of who has no phone yet and must have one."""
    user = half.person(request)
    if user is None or second_factor.phone(user):
        return redirect("areas:code" if user else "areas:log_in")
    key = half.facts(request)["key"]
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.enrol(user, key, form.cleaned_data["code"], is_first=True)
        if codes:
            answer = finish(request, user)
            return render(request, "areas/recovery_codes.html", {"codes": codes, "goes_to": answer.url})
        form.add_error("code", wrong_first_code())
    context = {"form": form, "picture": second_factor.picture(user, key), "key": second_factor.key_in_groups(key)}
    context |= {"address": second_factor.address_for_app(user, key), "name": user.get_username(), "whom": telling.whom_to_ask()}
    return render(request, "areas/phone.html", context)


def finish(request, user):
    held = half.facts(request)
    half.forget(request)
    login(request, user, held["backend"])
    goes_to = held["goes_to"]
    return let_in(request, user, goes_to if goes_to.startswith(reverse("areas:mine")) else reverse("areas:mine"), has_second_factor=True)


@entry.sealed
def log_out(request):
    """End the whole session, that of the desk too."""
    if request.method == "POST":
        logout(request)
        return redirect("areas:log_in")
    return redirect("areas:mine")
