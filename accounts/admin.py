"""Accounts of editors: a role, the sections given to an author. Only administrators come here."""

from functools import partial, update_wrapper

import django_otp.plugins.otp_totp.admin  # noqa: F401  (registers what is taken away below)
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import administration, second_factor, tickets
from accounts.membership import ROLES, RoleField, ToldApart, give_role, refuse_last
from accounts.models import AccountEvent
from accounts.telling import tell
from desk.choosers import ThingField
from publishing import kinds
from publishing.models import SectionGrant
from publishing.roles import ADMINISTRATOR, Can, can, role


class PlainWords:
    """Mixin for forms with a switch of passwords: it says what the switch does here, where there is no other way in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        switch = self.fields["usable_password"]
        switch.label, switch.choices = _("Log-in with a password"), {"true": _("Allowed"), "false": _("Not allowed")}
        switch.help_text = _("While it is not allowed, nobody can log in to this account.")


class AccountCreationForm(PlainWords, ToldApart, AdminUserCreationForm):
    role = RoleField()
    email = forms.EmailField(label=_("Email address"), required=False, max_length=254)


class PasswordForm(PlainWords, AdminPasswordChangeForm):
    def clean(self):
        cleaned = super().clean()
        if not cleaned["set_usable_password"]:
            try:
                refuse_last(self.user)
            except ValidationError as refused:
                self.add_error("usable_password", refused)
        return cleaned


class AccountForm(ToldApart, UserChangeForm):
    password = None
    role = RoleField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "is_active" not in self.fields:  # only to be read
            return
        self.fields["is_active"].label = _("May log in")
        self.fields["is_active"].help_text = _(
            "Accounts are not deleted, as the record names them. For those who leave, “Switch off…” below also hands over what is open."
        )
        names = [name for name, _label in ROLES if name and self.instance.groups.filter(name=name).exists()]
        self.initial["role"] = names[-1] if names else ""

    def clean(self):
        cleaned = super().clean()
        stays = cleaned.get("is_active") and (cleaned.get("role") == ADMINISTRATOR or self.instance.is_superuser)
        if not stays:
            refuse_last(self.instance)
        return cleaned


class GrantForm(forms.ModelForm):
    kind = forms.ChoiceField(label=_("A whole kind"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "–"), *((kind.name, kind.label_plural) for kind in kinds.every())]


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

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name != "section":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        told = {"label": _("Section"), "help_text": f"{_('An address such as /about/ccs/.')} {db_field.help_text}"}
        return ThingField(kind="page", user=request.user, has_page=False, required=False, **told)


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
    change_list_template = "admin/accounts/account_list.html"
    readonly_fields = ["password_set", "link", "factor_set", "leaving"]
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email", "role"]}),
        (_("Log-in"), {"fields": ["password_set", "link", "factor_set", "is_active", "leaving"]}),
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

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        """A password given by an administrator is told to its owner."""
        user = self.get_object(request, unquote(id))
        if user == request.user and self.has_change_permission(request, user):  # the old one is asked there
            return redirect("admin:password_change")
        answer = super().user_change_password(request, id, form_url)
        if user and User.objects.get(pk=user.pk).password != user.password:
            tell(user, AccountEvent.What.PASSWORD, request.user.get_username())
        return answer

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

    @admin.display(description=_("Link"))
    def link(self, user):
        """The way to invite again, or to give a link for a new password."""
        address = reverse("admin:auth_user_link", args=[user.pk])
        if not user.has_usable_password():
            ticket = tickets.open_tickets(tickets.INVITATION).filter(user=user).first()
            until = _("Invited until %s UTC.") % f"{ticket.expires:%d %B %Y, %H:%M}" if ticket else _("Not invited, or too long ago.")
            return format_html('{} <a href="{}">{}</a>', until, address, _("Invite again or revoke…"))
        return format_html('<a href="{}">{}</a>', address, _("Give a link for a new password…")) if user.is_active else "–"

    @admin.display(description=_("Leaves"))
    def leaving(self, user):
        if not user.is_active:
            return "–"
        return format_html('<a href="{}">{}</a>', reverse("admin:auth_user_off", args=[user.pk]), _("Switch off and hand over…"))

    def get_urls(self):
        def page(view):
            return self.admin_site.admin_view(update_wrapper(partial(view, self), view))

        return [
            path("invite/", page(administration.invite), name="auth_user_invite"),
            path("<row:pk>/second-factor/", page(administration.reset_factor), name="auth_user_factor"),
            path("<row:pk>/switch-off/", page(administration.switch_off), name="auth_user_off"),
            path("<row:pk>/link/", page(administration.link), name="auth_user_link"),
            *super().get_urls(),
        ]

    @admin.display(description=_("Role"))
    def role_name(self, user):
        return role(user) or "–"

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        give_role(form.instance, form.cleaned_data["role"])
        if change:
            administration.tell_changes(form, request.user.get_username())
