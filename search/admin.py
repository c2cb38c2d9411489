"""The desk's form and list of issues."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Sum
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from desk import reports
from desk.draft_form import DraftForm
from desk.form_fields import AddressField, words_for
from desk.model_admin import ThingAdmin
from publishing import kinds
from publishing.roles import Can, reach
from search import found_nothing
from search.models import Issue, SearchWithoutResult, Spelling

DAYS, MOST_SHOWN = 7, 200


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
    change_list_template = "admin/search/spelling_list.html"

    def get_urls(self):
        own = [path("found-nothing/", self.admin_site.admin_view(self.found_nothing), name="search_spelling_found_nothing")]
        return own + super().get_urls()

    def found_nothing(self, request):
        """Page of the searches that found nothing in the last week, the most frequent first, each a step from a new spelling."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = without_result().values("words").annotate(times=Sum("count"), last=Max("day"))
        context = {"rows": rows.order_by("-times", "words")[:MOST_SHOWN], "days": DAYS, "weeks": found_nothing.WEEKS}
        context |= {"may_add": self.has_add_permission(request), "longest": found_nothing.LONGEST}
        return self.page(request, "found_nothing", gettext("Searches that found nothing"), None, **context)


@reports.elsewhere.append
def searches_without_result(user):
    """For the desk's list of reports: searches that found nothing, for those who may read spellings."""
    if reach(user, Can.READ_DRAFT, kinds.get(Spelling.KIND)) == frozenset():
        return None
    lead = gettext("Words by which visitors found nothing in the last %d days.") % DAYS
    count = without_result().values("words").distinct().count()
    return gettext("Searches that found nothing"), lead, count, reverse("admin:search_spelling_found_nothing")


def without_result():
    return SearchWithoutResult.objects.filter(day__gt=timezone.now().date() - timedelta(days=DAYS))
