"""Pages of notices: what others did with one's things, and how one is told of it."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk import notices
from desk.models import DeskNotice
from desk.notice_lines import lines
from desk.notice_settings import SettingsForm
from desk.numbers import row_numbers
from mail import outbox

PER_PAGE = 40


def notice_list(request):
    """The person's notices, unread ones first; a POST marks one or all of them as read."""
    if request.method == "POST":
        count = notices.mark_read(request.user, None if "all" in request.POST else row_numbers(request.POST.getlist("notice")))
        text = ngettext("%d notice is marked as read.", "%d notices are marked as read.", count)
        messages.success(request, text % count) if count else messages.info(request, _("They were read already."))
        return redirect("admin:notices")
    own = DeskNotice.objects.filter(user=request.user).order_by(F("read").desc(nulls_first=True), "-pk")
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": _("Your notices"), "page_obj": page, "lines": lines(request.user, page.object_list)}
    return TemplateResponse(request, "admin/desk/notices.html", admin.site.each_context(request) | context)


def preferences(request):
    """How the person is told: by group of events, and in which zone."""
    form = SettingsForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your choice is kept."))
        return redirect("admin:notice_preferences")
    context = {"title": _("How you are told"), "form": form, "is_reached": outbox.writes_to_people()}
    return TemplateResponse(request, "admin/desk/notice_preferences.html", admin.site.each_context(request) | context)
