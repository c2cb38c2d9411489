"""The desk's form and list of issues."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from desk.draft_form import DraftForm
from desk.form_fields import AddressField, words_for
from desk.model_admin import ThingAdmin
from search.models import Issue, Spelling


class TargetField(AddressField):
    """Target of an issue, named by its address."""

    def prepare_value(self, value):
        return "".join(words_for([value])) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != (data or "").strip()


class IssueForm(DraftForm):
    target = TargetField(
        label=gettext_lazy("Leads to"),
        help_text=gettext_lazy("An address of this portal, such as /about/ccs/. While nothing is public there, the issue leads nowhere."),
    )


@admin.register(Issue)
class IssueAdmin(ThingAdmin):
    form = IssueForm
    list_display = ["titled", "heading", "marks"]
    search_fields = ["label"]
    ordering = ["heading", "position", "label"]
    fieldsets = [
        (None, {"fields": ["label", "abbreviations", "synonyms", "foreign_names"]}),
        (gettext_lazy("Where it leads"), {"fields": ["target", "place", "best_bet"]}),
        (gettext_lazy("In the Quickfinder's list"), {"fields": ["heading", "position"]}),
    ]


@admin.register(Spelling)
class SpellingAdmin(ThingAdmin):
    fieldsets = [(None, {"fields": ["equals"]})]
    search_fields = ["equals"]
