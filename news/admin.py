"""The desk's forms and lists of news items, newsletters and recordings."""

from django.contrib import admin
from django.db.models import Max, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy

from desk.draft_form import AddressedForm
from desk.model_admin import StateFilter, ThingAdmin
from news.archive import archive
from news.models import NewsItem, Newsletter, Recording
from news.topics import Topic
from publishing import dates
from publishing.dates import Precision

# A new issue offers so many items at most.
MOST_ITEMS = 30


class TopicFilter(admin.SimpleListFilter):
    title = gettext_lazy("topic")
    parameter_name = "topic"

    def lookups(self, request, model_admin):
        return Topic.choices

    def queryset(self, request, queryset):
        if self.value() not in Topic.values:
            return queryset
        # In both databases a list in JSON is a text with each topic between quotation marks.
        return queryset.alias(listed=Cast("topics", TextField())).filter(listed__contains=f'"{self.value()}"')


class DatedAdmin(ThingAdmin):
    form = AddressedForm
    list_display = ["titled", "day", "marks"]
    list_per_page = 50
    date_hierarchy = "date"
    ordering = ["-date", "title"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*self.model.long_texts())

    def get_changeform_initial_data(self, request):
        return {"date": timezone.now().date()} | super().get_changeform_initial_data(request)

    @admin.display(description=gettext_lazy("Date"))
    def day(self, draft):
        return dates.shown(draft.date, getattr(draft, "precision", Precision.DAY))


@admin.register(NewsItem)
class NewsItemAdmin(DatedAdmin):
    list_filter = [StateFilter, TopicFilter]
    search_fields = ["title", "slug", "source_title"]
    search_help_text = gettext_lazy("Title, address or source")
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        (gettext_lazy("Date and address"), {"fields": ["date", "precision", "slug"]}),
        (gettext_lazy("Topics and relations"), {"fields": ["topics", "of_meeting", "related"]}),
        (gettext_lazy("Source"), {"fields": ["source_title", "source_url"]}),
    ]


@admin.register(Newsletter)
class NewsletterAdmin(DatedAdmin):
    search_fields = ["title", "issue_number"]
    fieldsets = [
        (None, {"fields": ["issue_number", "date", "title", "summary", "body"]}),
        (gettext_lazy("What it gathers"), {"fields": ["items"]}),
    ]

    def get_changeform_initial_data(self, request):
        """The next number, and the latest live items that are newer than the last issue."""
        last = Newsletter.objects.aggregate(number=Max("issue_number"), date=Max("date"))
        newer = [item.thing_id for item in archive(request.moment).live if last["date"] is None or item.date > last["date"]]
        return {"issue_number": (last["number"] or 0) + 1, "items": newer[MOST_ITEMS - 1 :: -1]} | super().get_changeform_initial_data(
            request
        )


@admin.register(Recording)
class RecordingAdmin(DatedAdmin):
    list_filter = [StateFilter, TopicFilter]
    search_fields = ["title", "slug"]
    fieldsets = [
        (None, {"fields": ["title", "summary", "file", "speaker", "body"]}),
        (gettext_lazy("Date, address, topics"), {"fields": ["date", "slug", "topics"]}),
    ]
