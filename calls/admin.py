"""The desk's forms and lists of calls and published submissions."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.extensions import is_extended, is_shortened
from calls.models import Call, CallEdition, PublishedSubmission
from desk.draft_form import AddressedForm, DraftForm
from desk.model_admin import StateFilter, ThingAdmin
from publishing.moment import Moment


@admin.register(Call)
class CallAdmin(ThingAdmin):
    form = AddressedForm
    list_display = ["titled", "closing", "audience", "marks"]
    list_filter = [StateFilter, "audience"]
    list_per_page = 50
    search_fields = ["title", "slug", "summary"]
    search_help_text = gettext_lazy("Title, address or summary")
    ordering = ["-closes", "-closes_day", "title"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "asked_by", "of_meeting", "summary", "body", "questions", "drafts"]}),
        (gettext_lazy("When"), {"fields": ["opens", "closes", "closes_as_stated", "topics", "late", "late_until"]}),
        (gettext_lazy("Long over"), {"fields": ["opens_day", "closes_day", "submissions_seen"]}),
        (
            gettext_lazy("Who answers, and how"),
            {"fields": ["audience", "has_form", "outside_address", "other_ways", "accepts", "languages", "names", "publish"]},
        ),
        (gettext_lazy("Personal data"), {"fields": ["privacy_version", "retention_months"]}),
        (gettext_lazy("What came of it"), {"fields": ["outcome", "outcome_papers", "outcome_due", "is_cancelled", "cancelled_reason"]}),
        (gettext_lazy("Source"), {"fields": ["source_title", "source_url"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*self.model.bodies())

    def notes(self, request, draft):
        """Other notes, and what publishing the draft asks for where it moves a deadline that readers know."""
        yield from super().notes(request, draft)
        moment = Moment()
        old = CallEdition.objects.live(moment.at).filter(thing=draft.pk).first() if draft.pk else None
        if old and is_shortened(old, draft, moment.at):
            yield "closes", _("It is open and would close earlier than announced: only an administrator may publish that, with the reason.")
        elif old and is_extended(old, draft):
            yield "closes", _("It would close later than announced: the note of the publication has to tell readers why.")

    @admin.display(description=gettext_lazy("Closes"))
    def closing(self, draft):
        return draft.shown_last_closing


@admin.register(PublishedSubmission)
class PublishedSubmissionAdmin(ThingAdmin):
    form = DraftForm
    list_display = ["titled", "submitted", "marks"]
    list_per_page = 50
    search_fields = ["name", "organisation", "country"]
    search_help_text = gettext_lazy("Name, organisation or country")
    ordering = ["of_call", "submission_number"]
    fieldsets = [
        (None, {"fields": ["of_call", "submission_number", "submitted", "submitted_as_stated", "topic", "is_late", "like_count"]}),
        (gettext_lazy("Who"), {"fields": ["name", "is_withheld", "organisation", "country", "language"]}),
        (gettext_lazy("What"), {"fields": ["body", "redaction_reason", "file_1", "file_2", "file_3", "file_4", "file_5"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*self.model.bodies())
