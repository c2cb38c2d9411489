"""Roles as they are given to accounts, and the rule that one administrator always stays."""

import unicodedata

from django import forms
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.roles import ADMINISTRATOR, AUTHOR, PUBLISHER, role

ROLES = [
    ("", _("None: may not enter the desk")),
    (AUTHOR, _("Author: writes drafts in the sections given below")),
    (PUBLISHER, _("Publisher: also publishes, schedules and withdraws, everywhere")),
    (ADMINISTRATOR, _("Administrator: also erases, and manages accounts")),
]


class RoleField(forms.ChoiceField):
    def __init__(self, choices=ROLES, **options):
        options = {"required": False, "label": _("Role"), "widget": forms.RadioSelect} | options
        super().__init__(choices=choices, **options)


class ToldApart:
    """Mixin for forms of accounts: no two share a mail address or have names that look the same."""

    def clean_email(self):
        refuse_address_of_another(self.cleaned_data["email"], self.instance)
        return self.cleaned_data["email"]

    def clean_username(self):
        name = self.cleaned_data["username"]
        if name != self.instance.username:
            refuse_name_like_another(name, self.instance)
        return name


def give_role(user, name):
    """Make the role the user's only group; it decides whether the user may enter the desk."""
    user.is_staff = bool(name) or user.is_superuser
    user.save(update_fields=["is_staff"])
    user.groups.set(Group.objects.filter(name=name) if name else [])


def given_role(user):
    """The role that was given to an account, be it switched off or not; empty for none."""
    if user.is_superuser:
        return ADMINISTRATOR
    names = {group.name for group in user.groups.all()}
    return next((name for name in (ADMINISTRATOR, PUBLISHER, AUTHOR) if name in names), "")


def refuse_last(user):
    """Raise ValidationError where the user is the last administrator who can log in. Call it in a transaction: two at once come in turn."""
    if role(User.objects.get(pk=user.pk)) != ADMINISTRATOR:
        return
    staff = User.objects.select_for_update().filter(is_active=True, is_staff=True).order_by("pk")
    others = [other for other in list(staff) if other.pk != user.pk and other.has_usable_password()]
    if not any(role(other) == ADMINISTRATOR for other in others):
        raise ValidationError(_("This is the last administrator. Give the role to somebody else first."))


def refuse_address_of_another(email, user):
    """Raise ValidationError where another account has the mail address, in whatever case."""
    if email and User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise ValidationError(_("Another account has this address."))


def refuse_name_like_another(name, user):
    """Raise ValidationError for a name that another account has in whatever case, or in which letters of two scripts may look alike."""
    if User.objects.filter(username__iexact=name).exclude(pk=user.pk).exists():
        raise ValidationError(_("Another account has this name, perhaps with other capitals."))
    if len({unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()}) > 1:
        raise ValidationError(_("The letters of a name are of one script, so that it cannot be taken for another."))
