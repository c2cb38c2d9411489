"""The desk's pages of imports: files are uploaded and checked, the report is read, then they are published or discarded."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.roles import Can, can
from registry import import_runs
from registry.models import ImportRun, Release

MOST_LISTED = 50


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; their names and sizes are checked here, what they hold by the import."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = [super(FilesField, self).clean(one, initial) for one in (data or [None])]
        import_runs.check_files(files)
        return files


class ImportForm(forms.ModelForm):
    files = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("CSV in UTF-8 or the workbooks of the UNFCCC; several at once. What a set lacks stays as it was."),
    )

    class Meta:
        model = ImportRun
        fields = ["files", "as_of", "note"]
        widgets = {"as_of": forms.DateInput(attrs={"type": "date"}), "note": forms.Textarea(attrs={"rows": 3})}


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """Imports, for those who publish."""

    def has_view_permission(self, request, obj=None):
        return can(request.user, Can.PUBLISH)

    has_add_permission = has_module_permission = has_view_permission

    def has_change_permission(self, request, obj=None):
        return False

    has_delete_permission = has_change_permission

    def get_urls(self):
        wrap, name = self.admin_site.admin_view, "registry_importrun"
        return [
            path("", wrap(self.listed), name=f"{name}_changelist"),
            path("add/", wrap(self.begin), name=f"{name}_add"),
            path("<row:pk>/", wrap(self.run), name=f"{name}_run"),
        ]

    def page(self, request, template, title, **context):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return render(request, f"admin/registry/{template}.html", self.admin_site.each_context(request) | {"title": title} | context)

    def listed(self, request):
        import_runs.end_silent()
        return self.page(request, "imports", _("Imports of registry data"), runs=ImportRun.objects.select_related("user")[:MOST_LISTED])

    def begin(self, request):
        form = ImportForm(request.POST or None, request.FILES or None)
        if self.has_add_permission(request) and request.method == "POST" and form.is_valid():
            try:
                data = form.cleaned_data
                return self.shown(import_runs.begin(request.user, data["files"], data["as_of"], data["note"]))
            except ValidationError as error:
                form.add_error(None, error)
        return self.page(request, "import_form", _("Import registry data"), form=form)

    def run(self, request, pk):
        import_runs.end_silent()
        run = ImportRun.objects.select_related("user").filter(pk=pk).first()
        if run is None and self.has_view_permission(request):
            raise Http404
        if self.has_add_permission(request) and request.method == "POST":
            done = import_runs.publish(run) if "publish" in request.POST else "discard" in request.POST and import_runs.discard(run)
            if not done:
                messages.warning(request, _("Nothing was done: this import no longer waits to be published."))
            return self.shown(run)
        label_of = {field.name: field.verbose_name for field in Release._meta.fields}
        rows = [(label_of[sort], *counts) for sort, *counts in run.told.get("rows", [])] if run else []
        return self.page(request, "import_run", str(run), run=run, rows=rows)

    def shown(self, run):
        return HttpResponseRedirect(reverse("admin:registry_importrun_run", args=[run.pk]))
