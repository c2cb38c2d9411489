"""Lists of the desk: drafts with their states, and a filter by state."""

from functools import lru_cache

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.states import states
from publishing import kinds


@lru_cache(maxsize=500)
def marks_html(marks):
    return format_html_join(" ", '<span class="mark {}">{}</span>', ((mark.name, mark.text) for mark in marks))


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        names = {
            "new": _("New"),
            "changed": _("Draft changed"),
            "scheduled": _("Scheduled"),
            "live": _("Live"),
            "withdrawn": _("Withdrawn"),
        }
        return list(names.items())

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        found = states(kinds.get(queryset.model.KIND), list(queryset.values_list("pk", flat=True)), timezone.now())
        return queryset.filter(pk__in=[thing for thing, state in found.items() if self.value() in {mark.name for mark in state.marks()}])


class ThingChangeList(ChangeList):
    """List of drafts with their states; it asks the record once for all rows."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.arranged(request))
        found = states(self.model_admin.kind, [draft.pk for draft in self.result_list], request.moment.now)
        for draft in self.result_list:
            draft.desk_state = found[draft.pk]

    def arranged(self, request):
        return self.result_list

    def url_for_result(self, result):
        """Relative to the list: in a list of a thousand, finding each address by its name takes a third of the time."""
        return f"{result.pk}/change/"
