"""Base admin of every kind: the form of its drafts, and the pages on which all that leads to the public is decided."""

from functools import cached_property, update_wrapper

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import actions, autosave, change_form, choosers, deletion, notices, people, resubmission, review_dates, versions, views
from desk.change_list import StateFilter, ThingChangeList, marks_html
from desk.draft_form import DraftForm
from desk.draft_notes import twins
from desk.form_fields import LinesField, ThingsField, UTCMomentField
from desk.numbers import row_number
from desk.states import states
from files import metadata
from files.fields import stored_files
from publishing import draft_versions, kinds
from publishing.fields import MARKDOWN_FIELDS, ThingListField
from publishing.models import Edition, Record, Thing
from publishing.moment import Moment, fixed
from publishing.roles import Can, can, reach


class MadeAlready(Exception):
    """Refusal: the form of a new thing has been sent twice, and the draft is there."""

    def __init__(self, draft):
        self.draft = draft
        super().__init__(str(draft))


class DraftChanged(Exception):
    """Refusal: another person saved the draft between the check of the form and its saving."""


class ThingAdmin(admin.ModelAdmin):
    """Base of the admin of each kind. Subclasses name their fields; access is decided by publishing.roles alone."""

    form = DraftForm
    list_display = ["titled", "marks"]
    list_filter = [StateFilter]
    list_per_page = 200
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    actions = ["publish_chosen"]
    view_on_site = False
    change_list_template = "admin/desk/change_list.html"
    add_form_template = change_form_template = "admin/desk/change_form.html"
    delete_confirmation_template = "admin/desk/delete_confirmation.html"

    class Media:
        css = {"all": ["desk/editor.css", "desk/pictures.css"]}
        js = [forms.Script("desk/editor.js", type="module")]

    @cached_property
    def kind(self):
        return kinds.get(self.model.KIND)

    # Access

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.may(request, Can.READ_DRAFT, obj)

    def has_add_permission(self, request):
        return self.may(request, Can.WRITE)

    def has_change_permission(self, request, obj=None):
        return self.may(request, Can.WRITE, obj)

    def has_delete_permission(self, request, obj=None):
        """Only what never had an edition may go; everything else is withdrawn."""
        return obj is not None and can(request.user, Can.WRITE, obj) and not Edition.objects.filter(thing=obj.pk).exists()

    def has_publish_permission(self, request):
        return self.may(request, Can.PUBLISH)

    def may(self, request, action, obj=None):
        return can(request.user, action, obj) if obj else reach(request.user, action, self.kind) != frozenset()

    def draft(self, request, pk, action):
        """The draft with which the person may do `action`. Raises Http404 or PermissionDenied."""
        draft = self.model.objects.filter(pk=pk).first()
        if draft is None:
            raise Http404
        if not can(request.user, action, draft):
            raise PermissionDenied
        return draft

    def lookup_allowed(self, lookup, value, request):
        """Lists are narrowed by their filters and searched; nobody asks the database about other columns."""
        own = {getattr(one, "parameter_name", f"{one}__exact") for one in self.get_list_filter(request)}
        own |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return lookup in own and "\0" not in value

    def get_queryset(self, request):
        drafts = super().get_queryset(request)
        within = reach(request.user, Can.READ_DRAFT, self.kind)
        return drafts if within is None else drafts.filter(pk__in=within)

    def get_object(self, request, object_id, from_field=None):
        """Any draft there is: what lies outside the person's reach is refused, not denied to exist."""
        try:
            return self.model.objects.get(pk=row_number(object_id))
        except self.model.DoesNotExist:
            return None

    # Addresses

    def address(self, view, *arguments):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=arguments)

    def link_to_site(self, draft, at=None):
        """A link to the thing as visitors see it now, or to the preview of what they will see at a moment to come."""
        target = self.kind.targets([draft.pk], fixed(at) if at else Moment()).get(draft.pk)
        if not target or (at and target.outside):
            return ""
        moment, words = (f"/@{at:%Y-%m-%dT%H:%M}", _("See it as it will be")) if at else ("", _("View on site"))
        return format_html('<a href="{}{}">{}</a>', moment, target.address, words)

    def get_urls(self):
        def at(route, view, name):
            def bound(request, **values):
                return view(self, request, **values)

            bound = self.admin_site.admin_view(update_wrapper(bound, view))
            return path(route, bound, name=f"{self.opts.app_label}_{self.opts.model_name}_{name}")

        own = [
            at("publish/", actions.publish, "publish_chosen"),
            at("<row:pk>/publish/", actions.publish, "publish"),
            at("<row:pk>/inbound/", views.inbound, "inbound"),
            at("<row:pk>/withdraw/", actions.withdraw, "withdraw"),
            at("<row:pk>/cancel/", actions.cancel, "cancel"),
            at("<row:pk>/restore/<row:number>/", actions.restore, "restore"),
            at("<row:pk>/erase/", actions.erase, "erase"),
            at("<row:pk>/history/<row:number>/", versions.compare, "compare"),
            at("<row:pk>/differences/", versions.difference, "difference"),
            at("<row:pk>/versions/<row:version>/", versions.version, "version"),
            at("<row:pk>/versions/<row:version>/take-back/", versions.take_back, "take_back"),
            at("<row:pk>/preview/", views.preview, "preview"),
            at("<row:pk>/review/", review_dates.review, "review"),
            at("<row:pk>/share/", views.share, "share"),
            at("<row:pk>/working-copy/", views.working_copy, "working_copy"),
            at("<row:pk>/working-copy/discard/", views.discard, "discard"),
            at("preview/", views.preview, "preview_new"),
            at("working-copy/", views.working_copy, "working_copy_new"),
            at("working-copy/discard/", views.discard, "discard_new"),
        ]
        return own + super().get_urls()

    def history_view(self, request, object_id, extra_context=None):
        draft = self.get_object(request, object_id)
        if draft is None:
            raise Http404
        return views.history(self, request, draft.pk)

    # The list

    def get_changelist(self, request, **kwargs):
        return ThingChangeList

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": self.kind.label_plural} | (extra_context or {}))

    @admin.display(description=gettext_lazy("Title"))
    def titled(self, draft):
        return str(draft) or draft.reference

    @admin.display(description=gettext_lazy("State"))
    def marks(self, draft):
        return marks_html(tuple(draft.desk_state.marks()))

    def action_checkbox(self, draft):
        """Checkbox as Django's, without a template for each row."""
        return format_html(
            '<input type="checkbox" name="_selected_action" value="{}" class="action-select" aria-label="{}">', draft.pk, self.titled(draft)
        )

    @admin.action(description=gettext_lazy("Publish the chosen drafts together…"), permissions=["publish"])
    def publish_chosen(self, request, queryset):
        chosen = urlencode({"thing": list(queryset.values_list("pk", flat=True))}, doseq=True)
        return redirect(f"{self.address('publish_chosen')}?{chosen}")

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form)(form.__name__, (form,), {"user": request.user, "prefill": getattr(request, "prefill", None)})

    def form_of(self, request, draft):
        """The form as it opens on a draft."""
        return self.get_form(request, draft, change=bool(draft.pk))(instance=draft)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.ForeignKey) and db_field.remote_field.model is Thing:
            return self.chooser(request.user, db_field)
        if isinstance(db_field, models.JSONField):
            kind_of_list = ThingsField if isinstance(db_field, ThingListField) else LinesField
            return db_field.formfield(form_class=kind_of_list, required=not db_field.blank)
        if isinstance(db_field, models.DateTimeField):
            return db_field.formfield(form_class=UTCMomentField, widget=UTCMomentField.widget)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 3
        if db_field.name in MARKDOWN_FIELDS:
            addresses = {f"data-{name}": reverse(f"admin:{name}") for name in ("markdown", "links", "paste", "pictures")}
            field.widget.attrs |= {"rows": 26, **addresses}
        return field

    def chooser(self, user, db_field):
        """Form field of a relation to another thing."""
        options = {"label": capfirst(db_field.verbose_name), "help_text": db_field.help_text, "required": not db_field.blank}
        return choosers.ThingField(kind=db_field.remote_field.limit_choices_to["kind"], user=user, **options)

    def notes(self, request, draft):
        """(name of a field, sentence) about what would keep the draft from being published, or from being found."""
        yield from twins(self, request, draft)

    def put_last(self, draft):
        """Give a draft that comes back a place among its neighbours."""

    @resubmission.refills
    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, extra_context)

    @resubmission.refills
    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.POST = change_form.without_save_as_new(request.POST)
        if choosers.asks(request) and not resubmission.asks_refill(request):
            return self.choose(request, object_id)
        request = change_form.prefilled(self, request, object_id)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DraftChanged:
            return self.changeform_view(request, object_id, form_url, extra_context)
        except MadeAlready as made:
            return self.response_change(request, made.draft)

    def choose(self, request, object_id):
        """The page on which a thing is found for a field of the form."""
        draft = self.get_object(request, object_id) if object_id else None
        if object_id and draft is None:
            raise Http404
        if not (self.has_change_permission(request, draft) if draft else self.has_add_permission(request)):
            raise PermissionDenied
        return choosers.page(self, request, self.get_form(request, draft, change=bool(draft)).base_fields, draft)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Page with the text of a form whose draft is gone, and the way to bring it back, where Django would only say that it is gone."""
        is_form = request.resolver_match.url_name.endswith("_change")
        answer = deletion.form_of_gone(self, request, object_id) if is_form else None
        return answer or super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def new_form(self, request, deleted):
        """The form of a new thing, filled with what was typed into the form of one that is gone."""
        return super().changeform_view(request, None, self.address("add"), {"deleted": deleted})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= change_form.context_of(self, request, context["adminform"].form, obj)
        form = context["adminform"].form
        context["wrong"] = [] if context["is_behind"] and not form.has_other_errors else form.wrong_fields()
        context["errors"] = None  # the template names the fields; of another's save the comparison says what happened
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        about = {"user": request.user, "slot": autosave.named_slot(request.POST)}
        if not change:
            Record.objects.select_for_update().get()  # the same form sent twice at once waits here
            if made := draft_versions.made_by(obj, **about):
                raise MadeAlready(made)
            obj.save()
            draft_versions.begin(obj, **about)
        elif form.differs(form.cleaned_data) and not obj.save_if_unchanged(form.stored.version, **about):
            raise DraftChanged
        if change and getattr(obj, "parent_id", None) != getattr(form.stored, "parent_id", None):
            notices.tell_moved(request.user, obj)
        autosave.settle(request.user, self.kind, request.POST)

    def delete_view(self, request, object_id, extra_context=None):
        if self.get_object(request, object_id) is None and (answer := deletion.already(self, request, object_id)):
            return answer
        told = {"writing": list(people.writing(request.user, row_number(object_id) or 0)), "days": deletion.DAYS}
        return super().delete_view(request, object_id, told | (extra_context or {}))

    def delete_model(self, request, obj):
        deletion.delete(request.user, obj)

    def response_delete(self, request, obj_display, obj_id):
        text, undo = _("“%s” is deleted.") % obj_display, _("Bring it back")
        messages.success(request, format_html('{} <a href="{}">{}</a>', text, reverse("admin:deleted_draft", args=[obj_id]), undo))
        return redirect(self.address("changelist"))

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_change(request, obj)

    def response_change(self, request, obj):
        to_come = _("Visitors see it once it is published.") if obj.is_changed() else _("It says the same as the edition published last.")
        messages.success(request, f"{_('The draft of “%s” is saved.') % obj} {to_come}")
        for stored in stored_files(obj):
            if stored.taken_out:
                told = {"name": stored.name, "what": metadata.in_words(stored.taken_out)}
                messages.warning(request, _("Taken out of “%(name)s”, so that it does not become public: %(what)s.") % told)
        if "_publish" in request.POST and can(request.user, Can.PUBLISH, obj):
            return redirect(self.address("publish", obj.pk))
        if "_close" in request.POST:
            return redirect(self.address("changelist"))
        return redirect(self.address("change", obj.pk))

    # What the other views of the desk share

    def state(self, request, draft):
        return states(self.kind, [draft.pk], request.moment.now)[draft.pk]

    def editions(self, pk):
        """All editions of a thing, newest first, each knowing whether it still `has_text`."""
        found = list(self.kind.edition.objects.filter(thing=pk).select_related("erased_by", "successor").order_by("-number"))
        for edition in found:
            edition.has_text = edition.action == "publish" and not hasattr(edition, "erased_by")
        return found

    def page(self, request, template, title, draft, **context):
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "original": draft, **context}
        context["back"] = self.address("change", draft.pk) if draft else self.address("changelist")
        return TemplateResponse(request, f"admin/desk/{template}.html", context)
