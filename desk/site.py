"""Site of the desk: Django's admin with our rules of access, and pages that belong to no single kind."""

from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from desk import (
    choosers,
    dashboard,
    deletion,
    finding,
    insertion,
    link_picker,
    notice_views,
    notices,
    own_texts,
    pasting,
    recent,
    reports,
    resubmission,
    upkeep,
)
from desk.numbers import names_no_row, row_numbers
from publishing import roles

CHOSEN = "_selected_action"  # the rows ticked in a list, of which Django asks the database whatever they are called
WORDS = {"q", "_changelist_filters"}  # parameters in which people search for what they like, numbers of any length too
METHODS = ["GET", "HEAD", "POST"]
# Views of Django's admin that would show things without asking our rules.
LEFT_OUT = {"autocomplete", "view_on_site"}


class DeskSite(AdminSite):
    site_title = _("CDM portal desk")
    site_header = _("CDM portal: the editor's desk")
    index_title = _("Desk")
    index_template = "admin/desk/index.html"
    login_template = "admin/desk/login.html"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def has_permission(self, request):
        if request.user.is_authenticated:
            prefetch_related_objects([request.user], "groups", "section_grants")
        return roles.role(request.user) is not None

    def admin_view(self, view, cacheable=False):
        """View as in Django's admin, but a form sent without a session loses nothing, and only GET, HEAD and POST are answered."""

        def guarded(request, *args, **kwargs):
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            if not self.has_permission(request):
                return self.ask_to_log_in(request)
            if any(names_no_row(value) for name, values in request.GET.lists() for value in values if name not in WORDS):
                raise Http404
            if CHOSEN in request.POST:
                request.POST = request.POST.copy()
                request.POST.setlist(CHOSEN, map(str, row_numbers(request.POST.getlist(CHOSEN))))
            if resubmission.asks_refill(request) and not getattr(view, "refills", False):
                return resubmission.show_fields(self, request)
            try:
                return view(request, *args, **kwargs)
            except (PermissionDenied, Http404) as error:
                show = resubmission.nowhere if isinstance(error, Http404) else resubmission.refused
                answer = show(self, request) if request.method == "POST" else None
                if answer is None:
                    raise
                return answer

        return update_wrapper(csrf_protect(never_cache(guarded)), view)

    def ask_to_log_in(self, request):
        if request.path == reverse("admin:logout"):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.method == "POST" and request.user.is_authenticated and (answer := resubmission.refused(self, request)):
            return answer
        if request.method == "POST":
            return resubmission.ask_to_log_in(self, request)
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))

    def each_context(self, request):
        """Context of every page, with the number of the person's unread notices."""
        context = super().each_context(request)
        return context | {"unread_notices": notices.unread_count(request.user) if context["has_permission"] else 0}

    def login_page(self, request, context):
        return super().login(request, context)

    def login(self, request, extra_context=None):
        """Log-in that also carries what was typed before the session ended."""
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if request.method == "HEAD" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        sealed = request.POST.get("carried", "")
        carried = resubmission.unsealed(sealed) if sealed else None
        context = {"carried": sealed, "kept": resubmission.typed_characters(carried["fields"])} if carried else {}
        response = self.login_page(request, context | (extra_context or {}))
        if carried and request.method == "POST" and response.status_code == 302:
            return self.go_on(request, carried) or response
        return response

    def go_on(self, request, carried):
        """What is shown after the right password instead of going where the person wanted; None where nothing can be opened yet."""
        return resubmission.resume(self, request, carried) if self.has_permission(request) else None

    def get_app_list(self, request, app_label=None):
        """Apps in the order in which they register their kinds, not by the alphabet: pages come first."""
        order = list(self._registry)
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda entry: order.index(entry["model"]))
        return sorted(apps, key=lambda app: order.index(app["models"][0]["model"]))

    def index(self, request, extra_context=None):
        return super().index(request, dashboard.from_request(request) | (extra_context or {}))

    def get_urls(self):
        own = [
            path("scheduled/", self.admin_view(dashboard.scheduled), name="scheduled"),
            path("recent/", self.admin_view(recent.recent), name="recent"),
            path("reports/", self.admin_view(reports.report_list), name="reports"),
            path("reports/<slug:name>/", self.admin_view(reports.report_page), name="report"),
            path("reports/<slug:name>.csv", self.admin_view(reports.report_csv), name="report_csv"),
            path("scheduled/calendar.ics", self.admin_view(reports.scheduled_calendar), name="scheduled_calendar"),
            path("recent/events.csv", self.admin_view(recent.recent_csv), name="recent_csv"),
            path("notices/", self.admin_view(notice_views.notice_list), name="notices"),
            path("notices/preferences/", self.admin_view(notice_views.preferences), name="notice_preferences"),
            path("upkeep/", self.admin_view(upkeep.upkeep), name="upkeep"),
            path("find/", self.admin_view(finding.find), name="find"),
            path("things/", self.admin_view(choosers.things), name="things"),
            path("links/", self.admin_view(link_picker.links), name="links"),
            path("token/", self.admin_view(own_texts.token), name="token"),
            path("texts/", self.admin_view(own_texts.text_list), name="texts"),
            path("texts/<row:pk>/", self.admin_view(own_texts.text), name="text"),
            path("deleted/", self.admin_view(deletion.draft_bin), name="deleted"),
            path("deleted/<row:thing>/", self.admin_view(deletion.bin_item), name="deleted_draft"),
            path("markdown/", self.admin_view(link_picker.formatted), name="markdown"),
            path("insert/", self.admin_view(insertion.insert), name="insert"),
            path("paste/", self.admin_view(pasting.paste), name="paste"),
        ]
        return own + [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in LEFT_OUT]
