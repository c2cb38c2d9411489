"""The desk's forms and lists of documents and their versions."""

from django.contrib import admin
from django.db.models import Q
from django.http import Http404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import people
from desk.change_list import ThingChangeList
from desk.draft_form import AddressedForm, DraftForm
from desk.model_admin import ThingAdmin
from documents.models import Document, DocumentVersion
from documents.pictures.admin import PictureAdmin
from files import downloads
from publishing.roles import Can

__all__ = ["PictureAdmin"]


class VersionForm(DraftForm):
    def add_error(self, field, error):
        """Add an error, but not that a file is missing where it was refused."""
        told = getattr(error, "error_dict", {})
        if set(told) == {"file"} and "file" in self.errors:
            return
        super().add_error(field, error)


@admin.register(Document)
class DocumentAdmin(ThingAdmin):
    form = AddressedForm
    list_display = ["titled", "document_class", "date", "marks", "versions"]
    list_filter = [*ThingAdmin.list_filter, "document_class", "issued_by", "language"]
    search_fields = ["symbol", "title", "slug"]
    search_help_text = gettext_lazy("Symbol, title or address")
    ordering = ["symbol", "title"]
    fieldsets = [
        (None, {"fields": ["symbol", "title", "slug", "document_class", "issued_by", "summary", "body"]}),
        (
            gettext_lazy("Where and when"),
            {"fields": ["of_meeting", "role", "annex", "paragraph", "meeting", "date", "precision", "language"]},
        ),
        (gettext_lazy("What it is about"), {"fields": ["subjects"]}),
    ]

    readonly_fields = ["versions"]

    def get_fieldsets(self, request, obj=None):
        own = super().get_fieldsets(request, obj)
        return [*own, (gettext_lazy("Its versions"), {"fields": ["versions"]})] if obj else own

    @admin.display(description=gettext_lazy("Versions"))
    def versions(self, document):
        name = document.symbol or document.title
        ways = (("changelist", _("Versions of “%s”") % name), ("add", _("New version of “%s”") % name))
        links = ((reverse(f"admin:documents_documentversion_{view}"), document.pk, label) for view, label in ways)
        return format_html_join(", ", '<a href="{}?of_document={}">{}</a>', links)


class VersionChangeList(ThingChangeList):
    """Versions with the titles of their documents, as far as the person may read those."""

    def get_results(self, request):
        super().get_results(request)
        titles = people.titles_to_read(request.user, "document")
        for version in self.result_list:
            version.document_title = titles.get(version.of_document_id, _("Something outside your sections"))


@admin.register(DocumentVersion)
class DocumentVersionAdmin(ThingAdmin):
    form = VersionForm
    list_display = ["titled", "valid_from", "marks", "file_link"]
    list_filter = [*ThingAdmin.list_filter, "is_page_about"]
    search_fields = ["version_number", "outside_address"]
    search_help_text = gettext_lazy("Symbol or title of the document, version or outside address")
    ordering = ["of_document", "version_number"]
    fieldsets = [
        (None, {"fields": ["of_document", "version_number", "file", "outside_address", "is_page_about", "outside_size"]}),
        (gettext_lazy("When it holds"), {"fields": ["valid_from", "valid_to"]}),
    ]

    def get_urls(self):
        own = [path("<row:pk>/file/", self.admin_site.admin_view(self.file_view), name="documents_documentversion_file")]
        return own + super().get_urls()

    def get_changeform_initial_data(self, request):
        """Number of a new version: for a document that is named, the whole number after its newest version."""
        initial = super().get_changeform_initial_data(request)
        named = initial.get("of_document", "")
        if named.isascii() and named.isdecimal() and len(named) < 10:
            numbers = DocumentVersion.objects.filter(of_document=named).values_list("version_number", flat=True)
            initial["version_number"] = str(max((int(number.partition(".")[0]) for number in numbers), default=0) + 1)
        return initial

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "of_document" or super().lookup_allowed(lookup, value, request)

    def get_changelist(self, request, **kwargs):
        return VersionChangeList

    def get_search_results(self, request, queryset, search_term):
        """Versions that hold every word themselves or in the title of their document, as far as the person may read it."""
        titles = {thing: title.casefold() for thing, title in people.titles_to_read(request.user, "document").items()}
        for word in search_term.casefold().split():
            named = [thing for thing, title in titles.items() if word in title]
            own = Q(version_number__icontains=word) | Q(outside_address__icontains=word)
            queryset = queryset.filter(own | Q(of_document__in=named))
        return queryset, False

    @admin.display(description=gettext_lazy("Version"))
    def titled(self, version):
        return _("%(document)s, version %(number)s") % {"document": version.document_title, "number": version.version_number}

    @admin.display(description=gettext_lazy("File of the draft"))
    def file_link(self, version):
        if version.file is None:
            return version.outside_address
        return format_html('<a href="{}">{}</a>', self.address("file", version.pk), version.file.name)

    def file_view(self, request, pk):
        """The file of a draft, for those who may read the draft; visitors have no way to it."""
        draft = self.draft(request, pk, Can.READ_DRAFT)
        if draft.file is None:
            raise Http404
        response = downloads.serve(request, draft.file)
        response.headers["Cache-Control"] = "private, no-store"
        return response
