"""The way in: password, then a code of the phone, a recovery code, or the setting up of a phone. `site` is the GuardedDesk."""

from copy import copy

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import half, new_phone, second_factor, telling
from accounts.forms import CodeForm, RecoveryForm
from accounts.models import Phone, RecoveryCodes
from desk import resubmission


class PasswordStep(LoginView):
    """Log-in by name and password. Who has a phone, or must have one, is only let in by half."""

    def form_valid(self, form):
        user = form.get_user()
        if step := second_factor.next_step(user):
            half.begin(self.request, user, self.get_success_url(), new_phone.new_key())
            return redirect(step)
        answer = super().form_valid(form)
        telling.tell_at_log_in(self.request, user)
        return answer


def typed_before(request):
    """Context of the hidden field that carries what was typed before the session ended."""
    sealed = request.POST.get("carried", "")
    carried = resubmission.unsealed(sealed) if sealed else None
    return {"carried": sealed, "kept": resubmission.typed_characters(carried["fields"])} if carried else {}


def page(site, request, template, title, **context):
    whole = {**site.each_context(request), "title": title, "whom": telling.whom_to_ask(), **typed_before(request), **context}
    return TemplateResponse(request, f"admin/accounts/{template}.html", whole)


def start_again(site, request):
    """Nobody here owes a second factor, or took longer than the half session: back to the log-in, with what was typed before."""
    if half.is_over(request) or new_phone.is_over(request):
        messages.warning(request, _("The half hour for this step is over, and nothing was changed. Please begin again."))
        half.forget(request)
        new_phone.forget(request)
    if site.has_permission(request):
        return redirect("admin:index")
    typed = typed_before(request)
    if not typed:
        return redirect("admin:login")
    form = copy(request)
    form.method = "GET"
    return site.login_page(form, typed | {"next": reverse("admin:index"), "app_path": reverse("admin:login")})


def step(site, request, user):
    """The page of the step that the person owes."""
    return show_codes_asked(site, request) if second_factor.phone(user) else show_enrolment(site, request, user, half.facts(request)["key"])


def second_step(site, request):
    """Ask for a code of the phone, or for a recovery code in a field of its own."""
    user = half.person(request)
    if user and second_factor.next_step(user) == "admin:enrol":
        return redirect("admin:enrol")
    if user is None or not second_factor.phone(user):
        return start_again(site, request)
    if request.method != "POST":
        return show_codes_asked(site, request)
    if "recovery" in request.POST:
        return with_recovery_code(site, request, user)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return show_codes_asked(site, request, form=form)
    verdict = second_factor.checked(Phone, user, form.cleaned_data["code"])
    if verdict.right:
        return finish(site, request, user)
    form.add_error("code", refusal(verdict, _("This code is not right, or has been used.")))
    return show_codes_asked(site, request, form=form)


def with_recovery_code(site, request, user):
    form = RecoveryForm(request.POST)
    if not form.is_valid():
        return show_codes_asked(site, request, recovery=form)
    verdict = second_factor.checked(RecoveryCodes, user, form.cleaned_data["recovery"])
    if not verdict.right:
        form.add_error("recovery", refusal(verdict, _("This is none of your recovery codes, or it has been used.")))
        return show_codes_asked(site, request, recovery=form)
    answer = finish(site, request, user)
    left = ngettext("%d recovery code is left.", "%d recovery codes are left.", verdict.left) % verdict.left
    advice = _('If the phone is lost, set up another one under <a href="{}">“Your account”</a>; new recovery codes come with it.')
    messages.warning(request, format_html("{} {}", left, format_html(advice, reverse("admin:account"))))
    return answer


def refusal(verdict, reason):
    """Why a code was not taken, and how long to wait."""
    if not verdict.wait:
        return reason
    minutes, seconds = divmod(verdict.wait, 60)
    wait = [ngettext("%d minute", "%d minutes", minutes) % minutes] if minutes else []
    wait += [ngettext("%d second", "%d seconds", seconds) % seconds] if seconds else []
    return f"{reason} {_('Please wait %(time)s before the next try.') % {'time': ', '.join(wait)}}"


def show_codes_asked(site, request, form=None, recovery=None):
    forms = {"form": form or CodeForm(), "recovery": recovery or RecoveryForm()}
    return page(site, request, "second_step", _("Second step of the log-in"), name=half.facts(request)["name"], **forms)


def finish(site, request, user):
    """Let the person in: a whole session, in which what was typed before opens again."""
    held = half.facts(request)
    log_in_wholly(request, user, held)
    carried = resubmission.unsealed(request.POST.get("carried", ""))
    return resubmission.resume(site, request, carried) if carried else HttpResponseRedirect(held["goes_to"])


def log_in_wholly(request, user, held):
    half.forget(request)
    login(request, user, held["backend"])
    telling.tell_at_log_in(request, user)


def enrol(site, request):
    """Set up a phone: at the first log-in of those who must have one, or by a person within, who has just typed the password again."""
    user = half.person(request)
    is_first = user is not None
    if is_first and second_factor.phone(user):
        return redirect("admin:second_step")
    if not is_first and site.has_permission(request):
        user = request.user
    key = half.facts(request)["key"] if is_first else new_phone.key(request)
    if user is None or not key:
        return start_again(site, request)
    if request.method != "POST" or "code" not in request.POST:
        return show_enrolment(site, request, user, key)
    form = CodeForm(request.POST)
    codes = second_factor.enrol(user, key, form.cleaned_data["code"], is_first) if form.is_valid() else None
    if codes is None:
        if form.is_valid():
            form.add_error("code", wrong_first_code())
        return show_enrolment(site, request, user, key, form)
    goes_to = reverse("admin:account")
    if is_first:
        held = half.facts(request)
        goes_to = held["goes_to"]
        log_in_wholly(request, user, held)
    new_phone.forget(request)
    return show_recovery_codes(site, request, codes, goes_to)


def wrong_first_code():
    said = _("This is not the code of this key. Take the one that the app shows now. It is %(now)s UTC here; is the phone's clock right?")
    return said % {"now": f"{timezone.now():%H:%M:%S}"}


def show_enrolment(site, request, user, key, form=None):
    context = {"picture": second_factor.picture(user, key), "key": second_factor.key_in_groups(key), "form": form or CodeForm()}
    context |= {"address": second_factor.address_for_app(user, key), "name": user.get_username()}
    return page(site, request, "enrol", _("Set up your phone"), **context)


def show_recovery_codes(site, request, codes, goes_to):
    return page(site, request, "codes", _("Your recovery codes"), codes=codes, goes_to=goes_to)


def resume(site, request):
    """After recovery codes were shown: the form with what was typed before the session ended."""
    carried = resubmission.unsealed(request.POST.get("carried", "")) if request.method == "POST" else None
    return resubmission.resume(site, request, carried) if carried else redirect("admin:index")
