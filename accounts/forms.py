"""Forms of the way in: a code of the phone, a recovery code, the password asked again."""

import re

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


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
