"""Site of the desk behind its log-in. There are three states: no session, half a session (accounts/half.py), a whole one."""

from functools import partial, update_wrapper

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts import half, links, own_account, rights, sessions, way_in
from accounts.forms import is_own_password
from accounts.models import AccountEvent
from accounts.telling import tell, whom_to_ask
from desk import resubmission
from desk.site import METHODS, DeskSite
from publishing.roles import Can, can


class OwnPasswordForm(PasswordChangeForm):
    """Change of one's own password; guesses of the old one are slowed down as at the log-in."""

    required_css_class = "required"

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_old_password(self):
        if not is_own_password(self.request, self.cleaned_data["old_password"]):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return self.cleaned_data["old_password"]


class OwnPasswordChange(PasswordChangeView):
    form_class = OwnPasswordForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    @transaction.atomic
    def form_valid(self, form):
        """Whoever knew the old one is out at once, by half too, and the owner is told."""
        answer = super().form_valid(form)
        sessions.end_all(form.user, but=self.request.session.session_key)
        tell(form.user, AccountEvent.What.PASSWORD)
        return answer


class GuardedDesk(DeskSite):
    """The desk's site, which lets in who has a whole session."""

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        def noted(request, *args, **kwargs):
            response = guarded(request, *args, **kwargs)
            if request.user.is_authenticated:
                sessions.sign_of_life(request)
            return response

        return update_wrapper(noted, guarded)

    def each_context(self, request):
        return super().each_context(request) | {"gives_roles": can(request.user, Can.GIVE_ROLES)}

    def ask_to_log_in(self, request):
        """Who owes the second factor is asked for that; a form sent meanwhile is carried on."""
        user = half.person(request)
        if user is None:
            return super().ask_to_log_in(request)
        if request.path == reverse("admin:logout"):
            request.session.flush()
            return redirect("admin:login")
        if request.method != "POST":
            return redirect("admin:second_step")
        request.POST = request.POST.copy()
        request.POST["carried"] = resubmission.sealed(request)
        response = way_in.step(self, request, user)
        response.status_code = 403
        return response

    def login_page(self, request, context):
        """The first step, as Django's `AdminSite.login`, with a view of our own."""
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        request.current_app = self.name
        whole = {**self.each_context(request), "title": _("Log in"), "subtitle": None, "whom": whom_to_ask()}
        whole |= {"app_path": request.get_full_path(), "username": request.user.get_username()}
        if "next" not in {*request.GET, *request.POST}:
            whole["next"] = reverse("admin:index")
        view = way_in.PasswordStep.as_view(
            extra_context=whole | context, authentication_form=AdminAuthenticationForm, template_name=self.login_template
        )
        return view(request)

    def go_on(self, request, carried):
        user = half.person(request)
        return way_in.step(self, request, user) if user else super().go_on(request, carried)

    def password_change(self, request, extra_context=None):
        request.current_app = self.name
        context = {**self.each_context(request), **(extra_context or {})}
        view = OwnPasswordChange.as_view(
            success_url=reverse("admin:password_change_done"), extra_context=context, template_name="registration/password_change_form.html"
        )
        return view(request)

    def open_to_all(self, view):
        """View for people without a session or with half a one; it decides itself whom it answers."""

        def answered(request, *args, **kwargs):
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            return view(self, request, *args, **kwargs)

        return update_wrapper(csrf_protect(never_cache(answered)), view)

    def by_link(self, view):
        """View of a page that is entered by a secret address, without a cookie against forged forms (accounts/links.py)."""

        def answered(request, token):
            return view(self, request, token) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

        return csrf_exempt(update_wrapper(answered, view))

    def of_the_desk(self, view):
        return self.admin_view(update_wrapper(partial(view, self), view))

    def get_urls(self):
        own = [
            path("login/code/", self.open_to_all(way_in.second_step), name="second_step"),
            path("login/phone/", self.open_to_all(way_in.enrol), name="enrol"),
            path("login/resume/", self.of_the_desk(way_in.resume), name="resume"),
            path("reset/", self.open_to_all(links.ask_reset), name="reset"),
            path("reset/<str:token>/", self.by_link(links.reset_link), name="reset_link"),
            path("invitation/<str:token>/", self.by_link(links.invitation), name="invitation"),
            path("who/", self.of_the_desk(rights.who), name="who"),
            path("who/people.csv", self.of_the_desk(rights.who_csv), name="who_csv"),
            path("account/", self.of_the_desk(own_account.account), name="account"),
            path("account/second-factor/", self.of_the_desk(own_account.factor), name="factor"),
            path("account/sessions/", self.of_the_desk(own_account.end_sessions), name="end_sessions"),
        ]
        return own + super().get_urls()
