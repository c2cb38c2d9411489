"""The desk's forms and lists of bodies, meetings and terms of office."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bodies import holders
from bodies.kinds import clash
from bodies.lists import meetings
from bodies.models import BodyMeeting, CDMBody, Office
from desk.draft_form import AddressedForm, DraftForm
from desk.model_admin import StateFilter, ThingAdmin
from publishing.moment import Moment


@admin.register(CDMBody)
class BodyAdmin(ThingAdmin):
    form = AddressedForm
    list_display = ["titled", "body_class", "marks"]
    list_filter = [StateFilter, "body_class"]
    search_fields = ["name", "short", "slug"]
    search_help_text = gettext_lazy("Name, short name or address")
    ordering = ["position", "name"]
    fieldsets = [
        (None, {"fields": ["name", "short", "aliases", "slug", "body_class", "summary", "body"]}),
        (gettext_lazy("Its place"), {"fields": ["parent", "position", "follows"]}),
        (
            gettext_lazy("Since when and until when"),
            {"fields": ["founded", "founded_precision", "founded_by", "dissolved", "dissolved_precision", "dissolved_by"]},
        ),
        (gettext_lazy("Seats and meetings"), {"fields": ["seats", "meeting_label", "zone"]}),
        (gettext_lazy("Source"), {"fields": ["source_title", "source_url"]}),
    ]


class MeetingForm(DraftForm):
    """Form that makes the address of the number where the editor leaves it empty, and never of the date."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text += " " + _("Left empty, it is made of the number.")

    def clean_slug(self):
        slug = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("designation", ""))[: self.fields["slug"].max_length].strip("-")
        if not slug:
            raise ValidationError(_("Please write an address: none can be made of the number."))
        return slug


@admin.register(BodyMeeting)
class MeetingAdmin(ThingAdmin):
    form = MeetingForm
    list_display = ["titled", "days", "status", "marks"]
    list_filter = [StateFilter, "status", "mode"]
    list_per_page = 50
    search_fields = ["title", "designation", "slug", "place"]
    search_help_text = gettext_lazy("Name, number, address or place")
    ordering = ["-start", "-ordinal", "title"]
    fieldsets = [
        (None, {"fields": ["of_body", "designation", "number_basis", "ordinal", "title", "slug", "summary"]}),
        (
            gettext_lazy("When"),
            {"fields": ["start", "start_precision", "end", "end_precision", "sittings", "zone", "announced_for"]},
        ),
        (gettext_lazy("Where and how"), {"fields": ["mode", "place", "country", "venue", "webcast_url", "joint_with"]}),
        (gettext_lazy("Status"), {"fields": ["status", "status_reason", "moved_to", "instead_of"]}),
        (gettext_lazy("What came of it"), {"fields": ["points", "body"]}),
        (gettext_lazy("Source"), {"fields": ["source_title", "source_url"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*self.model.long_texts())

    @admin.display(description=gettext_lazy("Days"))
    def days(self, draft):
        return draft.shown_date


@admin.register(Office)
class OfficeAdmin(ThingAdmin):
    form = DraftForm
    list_display = ["titled", "role", "start", "marks"]
    list_filter = [StateFilter, "role"]
    search_fields = ["person", "on_behalf_of", "post"]
    search_help_text = gettext_lazy("Person, Party or post")
    ordering = ["-start", "person"]
    fieldsets = [
        (None, {"fields": ["person", "person_key", "of_body", "role", "post", "on_behalf_of", "basis"]}),
        (gettext_lazy("From"), {"fields": ["start", "start_precision", "start_meeting", "start_kind"]}),
        (
            gettext_lazy("To"),
            {"fields": ["end_kind", "end", "end_precision", "end_meeting", "end_words", "end_reason", "left_vacant"]},
        ),
        (gettext_lazy("Source"), {"fields": ["source_title", "source_url"]}),
    ]

    def notes(self, request, draft):
        """Other notes, that the body has no such seat, and that another holds it at the same time as far as is known."""
        yield from super().notes(request, draft)
        host = CDMBody.objects.filter(pk=draft.of_body_id).first()
        if host and not any((seat.role, seat.post) == (draft.role, draft.post) for seat in host.parsed_seats):
            yield "role", _("The list of seats of “%s” has no such seat.") % host.name
        met = meetings(Moment()).by_thing
        for other in Office.objects.filter(of_body=draft.of_body_id, role=draft.role, post=draft.post).exclude(pk=draft.pk):
            if clash(draft, other) and holders.may_overlap(draft, other, met):
                yield "start", _("By what is given, “%s” holds this seat at the same time.") % other.title
