"""Forms of areas. Times are typed as a clock shows them in a zone that is named beside them."""

from datetime import UTC
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.forms import SetPasswordForm, UsernameField
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.membership import ToldApart
from areas.models import AreaComment, AreaInvitation, AreaMembership, AreaNotice
from files.formats import FORMATS

ACCEPTED = ",".join(f".{extension}" for extension in FORMATS)


class ZonedTime(forms.Form):
    """A wall time with its zone; `instant` tells which instant it is."""

    zone = forms.CharField(label=_("Time zone"), max_length=40, initial="UTC", help_text=_("Such as UTC or Europe/Berlin."), required=False)

    def clean_zone(self):
        name = self.cleaned_data["zone"] or "UTC"
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as unknown:
            raise ValidationError(_("There is no time zone of this name.")) from unknown
        return name

    def in_zone(self, name):
        """Put the instant in the place of the wall time in the field `name`; a time that the zone has twice or never is refused."""
        typed, zone = self.cleaned_data.get(name), self.cleaned_data.get("zone")
        if not typed or not zone:
            return
        try:
            with timezone.override(zone):
                self.cleaned_data[name] = from_current_timezone(typed.replace(tzinfo=None)).astimezone(UTC)
        except ValidationError as refused:
            self.add_error(name, refused)
        except OverflowError:
            self.add_error(name, self.fields[name].error_messages["invalid"])


def wall_time(label, **options):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget, **options)


class NoticeForm(ZonedTime, forms.ModelForm):
    due = wall_time(_("Due"), help_text=_("Leave it empty where nothing is due."))
    field_order = ["title", "text", "due", "zone"]

    class Meta:
        model = AreaNotice
        fields = ["title", "text"]

    def clean(self):
        cleaned = super().clean()
        self.in_zone("due")
        return cleaned


class NextVersionForm(ZonedTime):
    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ACCEPTED}), allow_empty_file=True)
    note = forms.CharField(label=_("Note"), max_length=300, required=False, help_text=_("What is new in this version."))
    comments_until = wall_time(_("Comments until"), help_text=_("For a draft for comment."))
    field_order = ["title", "folder", "file", "note", "comments_until", "zone"]

    def clean(self):
        cleaned = super().clean()
        self.in_zone("comments_until")
        return cleaned


class PaperForm(NextVersionForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    folder = forms.CharField(label=_("Folder"), max_length=80, required=False)


class RemarkForm(forms.ModelForm):
    class Meta:
        model = AreaComment
        fields = ["place", "text"]


class AreaInvitationForm(forms.ModelForm):
    class Meta:
        model = AreaInvitation
        fields = ["email", "role", "represents", "ends"]
        widgets = {"ends": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class AreaMembershipForm(forms.ModelForm):
    class Meta:
        model = AreaMembership
        fields = ["role", "represents", "begins", "ends"]
        widgets = {name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("begins", "ends")}


class EndForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("Stewards read it."))


class NewMemberForm(ToldApart, SetPasswordForm):
    """An account for somebody who was invited and has none: names and a password. The mail address is the invited one."""

    username = UsernameField(
        label=_("User name"), max_length=150, validators=User._meta.get_field("username").validators, help_text=_("With it you log in.")
    )
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    field_order = ["username", "first_name", "last_name", "new_password1", "new_password2"]

    def __init__(self, email, *args, **kwargs):
        self.instance = User(email=email)
        super().__init__(self.instance, *args, **kwargs)

    clean_email = None

    def save(self, commit=True):
        for name in ("username", "first_name", "last_name"):
            setattr(self.user, name, self.cleaned_data[name])
        return super().save(commit)
