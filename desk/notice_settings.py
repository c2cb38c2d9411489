"""Choices of how people are told: what holds for a person, and the form in which they say it."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.models import UNCHOSEN, DeskNotice, HowOften, NoticeEvent, NoticeGroup, NoticeSettings


def settings_of(user):
    """The person's settings, kept or not."""
    return NoticeSettings.objects.filter(user=user).first() or NoticeSettings(user=user)


def how_often(settings, group):
    chosen = settings.how.get(group)
    return HowOften(chosen) if chosen in HowOften.values else UNCHOSEN[group]


def events_told(settings, how):
    """The events that the person is told of so often."""
    return [event.value for event in NoticeEvent if how_often(settings, event.group) == how]


def zone_of(settings):
    """The person's zone; UTC where this machine does not know it."""
    try:
        return ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@cache
def zone_choices():
    """Names of zones by places; those by number, or of former times, are left out."""
    regions = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    names = sorted(name for name in available_timezones() if name.startswith(regions))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class SettingsForm(forms.Form):
    """One choice a group of events, and the zone."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, help_text=_("Its 07:00 is when daily and weekly mails are sent."))

    def __init__(self, *args, user, **kwargs):
        self.settings = settings_of(user)
        super().__init__(*args, initial={"zone": self.settings.zone}, **kwargs)
        for group in NoticeGroup:
            self.fields[group.value] = forms.ChoiceField(
                label=group.label, choices=HowOften.choices, widget=forms.RadioSelect, initial=how_often(self.settings, group)
            )
        self.order_fields([*NoticeGroup.values, "zone"])

    def save(self):
        """Keep what was chosen. Of what nobody wanted to be told until now nothing old is told."""
        chosen = self.cleaned_data
        silent = events_told(self.settings, HowOften.NEVER)
        DeskNotice.objects.filter(user=self.settings.user, event__in=silent, mail="").update(mail=DeskNotice.NO_MAIL)
        how, zone = {group: chosen[group] for group in NoticeGroup.values}, chosen["zone"]
        NoticeSettings.objects.update_or_create(user=self.settings.user, defaults={"how": how, "zone": zone})
