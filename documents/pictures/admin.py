"""The desk's form, list and chooser of pictures."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.draft_form import AddressedForm
from desk.model_admin import ThingAdmin
from documents.pictures import chooser
from documents.pictures.models import ENDINGS, Picture
from files import downloads, metadata, sizes
from publishing.backlinks import linking_here
from publishing.roles import Can


class PictureForm(AddressedForm):
    """Form that makes the sizes of the picture when it comes in, and new crops when the focus moves."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].widget.endings = ENDINGS

    def _post_clean(self):
        super()._post_clean()
        stored = self.cleaned_data.get("file")
        if stored and not self.errors and not self.is_trial:
            try:
                sizes.make(stored, (self.cleaned_data["focus_x"], self.cleaned_data["focus_y"]))
            except ValidationError as error:
                self.add_error("file", error)


@admin.register(Picture)
class PictureAdmin(ThingAdmin):
    form = PictureForm
    list_display = ["thumbnail", "titled", "marks", "credit"]
    list_display_links = ["titled"]
    list_filter = [*ThingAdmin.list_filter, "licence", "is_decorative"]
    list_per_page = 40
    search_fields = ["title", "slug", "alternative", "summary", "credit"]
    search_help_text = gettext_lazy("Title, words, caption, credit or address")
    ordering = ["title"]
    readonly_fields = ["shown"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "file", "alternative", "is_decorative", "summary", "credit", "licence", "body"]}),
        (gettext_lazy("How it is shown"), {"fields": ["focus_x", "focus_y", "is_for_dark"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        own = super().get_fieldsets(request, obj)
        return [*own, (gettext_lazy("The picture"), {"fields": ["shown"]})] if obj and obj.file else own

    def get_urls(self):
        own = [
            path("choose/", self.admin_site.admin_view(chooser.chooser), name="pictures"),
            path("upload/", self.admin_site.admin_view(partial(chooser.upload, self)), name="documents_picture_upload"),
            path("<row:pk>/file/<str:name>", self.admin_site.admin_view(self.file_view), name="documents_picture_file"),
        ]
        return own + super().get_urls()

    def notes(self, request, draft):
        yield from super().notes(request, draft)
        for twin in chooser.twins(request.user, draft):
            yield (
                "file",
                _("“%(title)s” is the same picture: texts may show that one, at %(address)s.") % {"title": twin, "address": twin.path},
            )
        if draft.pk and (uses := len(linking_here(draft, request.moment))):
            said = ngettext(
                "%d thing shows the picture, and will show the new one at once.",
                "%d things show it, and will show the new one at once.",
                uses,
            )
            yield "file", said % uses

    def told_of(self, draft):
        """Sentence on what was taken out of the file that came in, or nothing."""
        taken = metadata.in_words(draft.file.taken_out)
        return _("Taken out, so that it does not become public: %s.") % taken if taken else ""

    @admin.display(description=gettext_lazy("Picture"))
    def thumbnail(self, picture):
        return self.image(picture, 96) if picture.file else ""

    @admin.display(description=gettext_lazy("The draft's picture"))
    def shown(self, picture):
        told = _("%(width)d × %(height)d points, %(size)s") % {
            "width": picture.width,
            "height": picture.height,
            "size": picture.file.size_label,
        }
        return format_html("{}<br>{}<br><code>![]({})</code>", self.image(picture, 480), told, picture.path)

    def image(self, picture, most):
        """`<img>` of a draft's picture, at most so wide."""
        width = min(most, picture.width or most)
        height = round(width * picture.height / picture.width) if picture.width else width
        address = f"{self.address('file', picture.pk, '480.webp')}?{picture.file.sha256[:12]}"
        return format_html('<img src="{}" width="{}" height="{}" alt="" loading="lazy">', address, width, height)

    def file_view(self, request, pk, name):
        """The file of a draft or one of its sizes, for those who may read the draft; visitors have no way to it."""
        draft = self.draft(request, pk, Can.READ_DRAFT)
        if draft.file is None or not sizes.NAME.match(name):
            raise Http404
        response = downloads.serve(request, sizes.named(draft.file.sha256, name) or draft.file)
        response.headers["Cache-Control"] = "private, no-store"
        return response
