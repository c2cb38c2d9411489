"""Forms of the way in: a code of the phone, a recovery code, the password asked again."""

import re

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.membership import ROLES, RoleField, ToldApart


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from your app"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "size": 12, "autofocus": True}),
        help_text=_("Six digits. The app shows new ones every 30 seconds; each works once."),
    )

    def clean_code(self):
        code = re.sub(r"[\s-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", code):
            raise ValidationError(_("A code has six digits."))
        return code


class RecoveryForm(forms.Form):
    recovery = forms.CharField(
        label=_("Recovery code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "size": 24}),
        help_text=_("One of the ten that you printed or copied, such as abcd-efgh-jkmn-pqrs. Each works once."),
    )


def is_own_password(request, password):
    """Whether it is the password of who is logged in. Wrong ones are counted and slowed down as at the log-in."""
    return authenticate(request, username=request.user.get_username(), password=password) is not None


class PasswordAgainForm(forms.Form):
    """Form that asks the password of the person who is logged in."""

    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_password(self):
        if not is_own_password(self.request, self.cleaned_data["password"]):
            raise ValidationError(_("This is not your password."))
        return self.cleaned_data["password"]


class NewPasswordForm(SetPasswordForm):
    """A new password, typed twice, by somebody who holds a link."""


class JoiningForm(NewPasswordForm):
    """What somebody who was invited says: the names shown to colleagues, and a password. Neither role nor address is asked."""

    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    field_order = ["first_name", "last_name", "new_password1", "new_password2"]

    def __init__(self, user, *args, **kwargs):
        super().__init__(user, *args, **kwargs)
        self.initial |= {"first_name": user.first_name, "last_name": user.last_name}

    def save(self, commit=True):
        self.user.first_name, self.user.last_name = self.cleaned_data["first_name"], self.cleaned_data["last_name"]
        self.user.is_active = True
        return super().save(commit)


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Mail address of your account"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class InvitationForm(ToldApart, forms.ModelForm):
    """Who is invited, and as what."""

    role = RoleField(choices=ROLES[1:], required=True)
    field_order = ["email", "username", "first_name", "last_name", "role"]

    class Meta:
        model = User
        fields = ["email", "username", "first_name", "last_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.fields["username"].help_text = _("What the record calls the author of an edition; it cannot be given to another person later.")
