"""Areas at the desk: administrators open, set up and close them. What lies in an area they read as members alone, which is recorded."""

from django import forms
from django.contrib import admin, messages
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from areas import events, invitations
from areas.models import Area, AreaEvent, AreaInvitation, AreaMembership, AreaRole, AreaState
from mail import outbox
from publishing.roles import Can, can


class AreaForm(forms.ModelForm):
    steward = forms.EmailField(
        label=_("Invite a steward"), required=False, max_length=254, help_text=_("Mail address. Stewards invite everybody else.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "state" in self.fields:  # nobody chooses that an area is deleted: it is once areas/jobs.py has deleted what it held
            self.fields["state"].choices = [choice for choice in AreaState.choices if choice[0] != AreaState.DELETED]

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk and not cleaned.get("steward"):
            self.add_error("steward", _("An area needs a steward, who invites the others."))
        return cleaned


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    form = AreaForm
    list_display = ["name", "whose", "state", "is_listed", "stewards", "delete_on"]
    list_filter = ["state"]
    fields = [
        *("name", "whose", "purpose", "is_listed", "how_to_ask", "asks_second_factor", "session_minutes"),
        *("members_see_each_other", "old_versions_stay", "mails", "state", "delete_on", "steward", "stewards", "happened"),
    ]
    readonly_fields = ["stewards", "happened"]

    def has_view_permission(self, request, obj=None):
        return can(request.user, Can.GIVE_ROLES)

    has_module_permission = has_add_permission = has_view_permission

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request) and (obj is None or obj.state != AreaState.DELETED)

    def has_delete_permission(self, request, obj=None):
        return False  # an area is closed, then deleted on its day

    @admin.display(description=_("stewards"))
    def stewards(self, area):
        rows = AreaMembership.objects.filter(area=area, role=AreaRole.STEWARD, ended_at=None).select_related("account")
        return ", ".join(row.account.get_username() for row in rows) or "–"

    @admin.display(description=_("what happened"))
    def happened(self, area):
        rows = [(f"{event.at:%Y-%m-%d %H:%M}", event.get_what_display(), event.by) for event in area.events.all()[:50]] if area.pk else []
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} UTC: {} ({})</li>", rows)) if rows else "–"

    def log_change(self, request, obj, message):
        """The events of the area tell it; Django's own log would keep its name."""

    log_addition = log_change

    def save_model(self, request, obj, form, change):
        by = request.user.get_username()
        super().save_model(request, obj, form, change)
        events.note(obj, AreaEvent.Happening.SETTINGS if change else AreaEvent.Happening.OPENED, by)
        if email := form.cleaned_data.get("steward"):
            address = invitations.invite(AreaInvitation(area=obj, role=AreaRole.STEWARD, email=email), by)
            if not outbox.writes_to_people():
                text = _("This portal sends no mail. Give this address to %(email)s; it works once, for seven days: %(address)s")
                messages.warning(request, text % {"email": email, "address": address})
