"""Accounts of editors: a role, the sections given to an author. Only administrators come here."""

import django_otp.plugins.otp_totp.admin  # noqa: F401  (registers what is taken away below)
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor, way_in
from accounts.forms import PasswordAgainForm
from accounts.models import AccountEvent
from desk.draft_form import titles_of
from publishing import kinds
from publishing.models import SectionGrant
from publishing.roles import ADMINISTRATOR, AUTHOR, PUBLISHER, Can, can, role

ROLES = [
    ("", _("None: may not enter the desk")),
    (AUTHOR, _("Author: writes drafts in the sections given below")),
    (PUBLISHER, _("Publisher: also publishes, schedules and withdraws, everywhere")),
    (ADMINISTRATOR, _("Administrator: also erases, and manages accounts")),
]


class RoleField(forms.ChoiceField):
    def __init__(self, **options):
        super().__init__(label=_("Role"), choices=ROLES, widget=forms.RadioSelect, required=False, **options)


def give_role(user, name):
    """Make the role the user's only group; it decides whether the user may enter the desk."""
    user.is_staff = bool(name) or user.is_superuser
    user.save(update_fields=["is_staff"])
    user.groups.set(Group.objects.filter(name=name) if name else [])


class PlainWords:
    """Mixin for forms with a switch of passwords: it says what the switch does here, where there is no other way in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        switch = self.fields["usable_password"]
        switch.label, switch.choices = _("Log-in with a password"), {"true": _("Allowed"), "false": _("Not allowed")}
        switch.help_text = _("While it is not allowed, nobody can log in to this account.")


class AccountCreationForm(PlainWords, AdminUserCreationForm):
    role = RoleField()


class PasswordForm(PlainWords, AdminPasswordChangeForm):
    pass


class AccountForm(UserChangeForm):
    password = None
    role = RoleField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "is_active" not in self.fields:  # only to be read
            return
        self.fields["is_active"].label = _("May log in")
        self.fields["is_active"].help_text = _(
            "Take the tick away from those who leave. Accounts are not deleted, as the record names them."
        )
        names = [name for name, _label in ROLES if name and self.instance.groups.filter(name=name).exists()]
        self.initial["role"] = names[-1] if names else ""

    def clean(self):
        cleaned = super().clean()
        stays = cleaned.get("is_active") and (cleaned.get("role") == ADMINISTRATOR or self.instance.is_superuser)
        if not stays and role(self.instance) == ADMINISTRATOR and not other_administrators(self.instance):
            raise ValidationError(_("This is the last administrator. Give the role to somebody else first."))
        return cleaned


def other_administrators(user):
    return any(role(other) == ADMINISTRATOR for other in User.objects.filter(is_active=True, is_staff=True).exclude(pk=user.pk))


class FactorResetForm(PasswordAgainForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Told to the person by mail and at the desk."))
    field_order = ["reason", "password"]


class GrantForm(forms.ModelForm):
    kind = forms.ChoiceField(label=_("A whole kind"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "–"), *((kind.name, kind.label_plural) for kind in kinds.every())]
        sections = titles_of("page") if any(kind.name == "page" for kind in kinds.every()) else {}
        self.fields["section"].queryset = self.fields["section"].queryset.filter(kind="page")
        self.fields["section"].choices = [("", "–"), *sorted(sections.items(), key=lambda choice: choice[1].casefold())]


class GrantInline(admin.StackedInline):
    model = SectionGrant
    form = GrantForm
    fields = ["section", "kind"]
    extra = 1
    verbose_name = _("section given to an author")
    verbose_name_plural = _("sections given to an author")

    def has_view_permission(self, request, obj=None):
        return can(request.user, Can.GIVE_ROLES)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.unregister(TOTPDevice)  # its pages show keys


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Admin of accounts. Neither permissions of single models nor superuser status are given here: the role is all there is."""

    form = AccountForm
    add_form = AccountCreationForm
    change_password_form = PasswordForm
    add_form_template = change_form_template = "admin/accounts/account_form.html"
    readonly_fields = ["password_set", "factor_set"]
    fieldsets = [
        (None, {"fields": ["username", "password_set", "factor_set", "first_name", "last_name", "email", "is_active", "role"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "email", "usable_password", "password1", "password2", "role"]})]
    list_display = ["username", "first_name", "last_name", "role_name", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    filter_horizontal = []
    search_fields = ["username", "first_name", "last_name"]
    inlines = [GrantInline]

    def has_module_permission(self, request):
        return can(request.user, Can.GIVE_ROLES)

    def has_view_permission(self, request, obj=None):
        return can(request.user, Can.GIVE_ROLES)

    def has_add_permission(self, request):
        return can(request.user, Can.GIVE_ROLES)

    def has_change_permission(self, request, obj=None):
        """The account of a superuser, who may also enter by the server, is changed by superusers only."""
        return can(request.user, Can.GIVE_ROLES) and (obj is None or not obj.is_superuser or request.user.is_superuser)

    def has_delete_permission(self, request, obj=None):
        """Accounts are switched off, so that the record's names keep their meaning."""
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def lookup_allowed(self, lookup, value, request):
        return lookup in {"is_active__exact", "groups__id__exact"}

    def render_change_form(self, request, context, *args, **kwargs):
        forms = [context["adminform"].form, *(form for inline in context["inline_admin_formsets"] for form in inline.formset.forms)]
        context["wrong"] = [(form[name].id_for_label, form[name].label) for form in forms for name in form.fields if name in form.errors]
        context["errors"] = None  # the template names the fields
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("Password"))
    def password_set(self, user):
        """Whether there is one, and the way to give another; how it is kept is nobody's concern."""
        said = _("Set.") if user.has_usable_password() else _("None: nobody can log in to this account.")
        return format_html(
            '{} <a href="{}">{}</a>', said, reverse("admin:auth_user_password_change", args=[user.pk]), _("Give another one")
        )

    @admin.display(description=_("Second factor"))
    def factor_set(self, user):
        if not second_factor.phone(user):
            return _("None.")
        way = format_html('<a href="{}">{}</a>', reverse("admin:auth_user_factor", args=[user.pk]), _("The phone is lost…"))
        return format_html("{} {}", _("Set."), way)

    def get_urls(self):
        view = self.admin_site.admin_view(self.reset_factor)
        return [path("<row:pk>/second-factor/", view, name="auth_user_factor"), *super().get_urls()]

    def reset_factor(self, request, pk):
        """Take the second factor of somebody else away, whose phone is lost."""
        user = User.objects.filter(pk=pk).first()
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user is None:
            raise Http404
        if user == request.user:
            return redirect("admin:factor")
        form = FactorResetForm(request, request.POST if request.method == "POST" else None)
        if form.is_valid():
            second_factor.forget(user, AccountEvent.What.RESET, request.user.get_username(), form.cleaned_data["reason"])
            messages.success(request, _("The second factor of %(name)s is taken away, and all their sessions are ended.") % {"name": user})
            return redirect("admin:auth_user_change", user.pk)
        context = {"form": form, "person": user, "phone": second_factor.phone(user)}
        return way_in.page(self.admin_site, request, "reset_factor", _("A lost phone"), **context)

    @admin.display(description=_("Role"))
    def role_name(self, user):
        return role(user) or "–"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        give_role(form.instance, form.cleaned_data["role"])
