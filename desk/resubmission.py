"""Resubmission of a form after its session ended: the log-in carries what was typed, and the form opens with it again."""

from copy import copy

from django.contrib import admin
from django.core import signing
from django.http import JsonResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.autosave import ABOUT_THE_FORM

SALT = "publishing.keeping"  # signs what is out already, so it keeps the module's former name
LIMIT = 2_000_000
DAY = 86_400
SECRET = {"csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2", "password1", "password2", "carried"}
# Posted with it, a form is shown with the fields sent and does nothing else.
REFILL = "_refill"
LOST_FILES = "_lost_files"


def refills(view):
    """Decorator of a desk view whose form, on a POST with REFILL, opens with what was sent and saves nothing."""
    view.refills = True
    return view


def asks_refill(request):
    return request.method == "POST" and REFILL in request.POST


def opening(request):
    """The request as one that only opens its form; `prefill` holds what was sent."""
    shown = copy(request)
    shown.method, shown.prefill = "GET", request.POST.copy()
    return shown


def fields_sent(post):
    return {name: values for name, values in post.lists() if name not in SECRET and name != REFILL}


def files_sent(request):
    """The names of the files chosen in a form; the files themselves reach the store only when the form is saved."""
    return [file.name for file in request.FILES.values()] if request.method == "POST" else []


def lost_files(request):
    """The names of the files that had been chosen in the form that is shown, before the session ended."""
    return request.POST.getlist(LOST_FILES)


def sealed(request):
    """Sealed copy of what was sent, for a hidden field that nobody can forge; empty if it is longer than any form of ours."""
    if unsealed(request.POST.get("carried", "")):  # what was carried already is carried on
        return request.POST["carried"]
    fields = fields_sent(request.POST)
    if sum(len(value) for values in fields.values() for value in values) > LIMIT:
        return ""
    return signing.dumps({"path": request.get_full_path(), "fields": fields, "files": files_sent(request)}, salt=SALT, compress=True)


def unsealed(text):
    """The path and the fields that a log-in carries, or None."""
    try:
        return signing.loads(text, salt=SALT, max_age=DAY)
    except signing.BadSignature:
        return None


def ask_to_log_in(site, request):
    """The log-in in answer to a form that was sent after the session had ended."""
    carried = sealed(request)
    held = unsealed(carried) or {"fields": fields_sent(request.POST), "files": files_sent(request)}
    form = copy(request)
    form.method = "GET"
    context = {"carried": carried, "kept": typed_characters(held["fields"]), "lost_files": held.get("files", [])}
    context |= {"next": reverse("admin:index"), "app_path": reverse("admin:login")}
    response = site.login_page(form, context)
    response.status_code = 403
    return response


def typed_characters(fields):
    return sum(len(value) for values in fields.values() for value in values)


def resume(site, request, carried):
    """After the log-in: one button that opens the form with what was typed."""
    fields = [(name, value) for name, values in carried["fields"].items() for value in values]
    context = {**site.each_context(request), "title": _("You are logged in again"), "path": carried["path"], "fields": fields}
    context["lost_files"] = carried.get("files", [])
    return TemplateResponse(request, "admin/desk/resume.html", context)


def show_fields(site, request, reason="", status=200):
    """Page with what was sent to a view that has no form to fill, to read and copy."""
    reason = reason or _("Nothing has been done yet. This is what you had sent before the session ended; do it again from the desk.")
    context = {"title": _("What you had sent"), "fields": readable(request.POST), "reason": reason, "lost_files": files_sent(request)}
    return TemplateResponse(request, "admin/desk/sent.html", site.each_context(request) | context, status=status)


def refused(site, request):
    """Answer to a person who may not do it any more: what was sent, so that it can be copied; None where nothing was sent."""
    reason = _("You may not do this, or not any more: nothing has been saved. Ask an administrator for the right.")
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": f"{reason} {_('Your text is kept in this browser only.')}"}, status=403)
    if not readable(request.POST):
        return None
    return show_fields(site, request, f"{reason} {_('This is what you had sent.')}", status=403)


def nowhere(site, request):
    """Answer to a form about something that is gone: what was sent, so that it can be copied; None for scripts and empty forms."""
    if "application/json" in request.headers.get("Accept", "") or not readable(request.POST):
        return None
    reason = _("What you were writing in is not there any more, so nothing has been saved. This is what you had sent.")
    return show_fields(site, request, reason, status=404)


def readable(post):
    sent = ((name, "\n".join(values)) for name, values in fields_sent(post).items())
    return [(name, text) for name, text in sent if text and not name.startswith("_") and name not in ABOUT_THE_FORM]


def overtaken(site, request, carried):
    """Answer to a log-in whose cookie another window has renewed since: the next step, with what was typed."""
    answer = site.go_on(request, carried) or ask_to_log_in(site, request)
    answer.status_code = 403
    return answer


def csrf_failure(request, **_reason):
    """A form without the cookie that belongs to it is refused; its words are shown, so that they can be copied."""
    if carried := unsealed(request.POST.get("carried", "")):
        return overtaken(admin.site, request, carried)
    context = {"title": _("This form could not be accepted"), "fields": readable(request.POST), "path": request.get_full_path()}
    context |= {"lost_files": files_sent(request), "is_logged_in": admin.site.has_permission(request)}
    context["again"] = [(name, value) for name, values in fields_sent(request.POST).items() for value in values]
    context["opens"] = getattr(request.resolver_match and request.resolver_match.func, "refills", False)
    context |= {"site_title": admin.site.site_title, "site_header": admin.site.site_header}
    return render(request, "admin/desk/csrf_failure.html", context, status=403)
