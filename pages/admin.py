"""The desk's forms and lists of pages, glossary terms and notices."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import choosers
from desk.change_list import ThingChangeList
from desk.draft_form import AddressedForm
from desk.model_admin import ThingAdmin
from desk.numbers import row_number
from desk.people import readable_title, titles_to_read
from pages import moves
from pages.models import Notice, Page, Term
from publishing.roles import Can, can, lineage, reach

WAYS = {"up": moves.Places.up, "down": moves.Places.down, "in": moves.Places.inward, "out": moves.Places.outward}


class PageForm(AddressedForm):
    """Form of a page: as places it offers the pages within the person's reach, and what the draft has now."""

    def clean_slug(self):
        """Clean the address as for other things, but one page, CDM Home, has an empty one."""
        others = Page.objects.filter(slug="").exclude(pk=self.instance.pk)
        return super().clean_slug() if self.cleaned_data["slug"] or others.exists() else ""

    def check_place(self, cleaned):
        super().check_place(cleaned)
        below, parent = cleaned.get("menu_below"), cleaned.get("parent")
        if below and below.pk != self.stored.menu_below_id and not can(self.user, Can.WRITE, below):
            self.add_error("menu_below", _("Please choose a page within the sections given to you."))
        if self.instance.pk and parent and parent.pk != self.stored.parent_id:
            tree = moves.drafts_tree()
            moves.refuse_impossible(tree.nodes[self.instance.pk], tree.nodes[parent.pk])


class PageChangeList(ThingChangeList):
    """List of pages in the order of the tree of drafts."""

    def arranged(self, request):
        tree, chosen = moves.drafts_tree(), set(self.queryset.values_list("pk", flat=True))
        nodes = [node for node in moves.in_order(tree) if node.thing in chosen]
        if self.multi_page and not self.show_all:
            start = (self.page_num - 1) * self.list_per_page
            nodes = nodes[start : start + self.list_per_page]
        pages = {page.pk: page for page in self.queryset.filter(pk__in=[node.thing for node in nodes])}
        top = min((node.depth for node in nodes), default=1)
        for node in nodes:
            if (page := pages.get(node.thing)) is None:
                continue  # deleted meanwhile
            page.node, page.indent = node, min(node.depth - top, 6)
            page.shown_below = tree.nodes.get(node.menu_below_id)
            yield page


@admin.register(Page)
class PageAdmin(ThingAdmin):
    form = PageForm
    list_display = ["titled", "place", "marks", "ways"]
    list_per_page = 100
    list_max_show_all = 1000
    search_fields = ["title", "menu_title", "slug"]
    search_help_text = gettext_lazy("Title or address")
    fieldsets = [
        (None, {"fields": ["title", "menu_title", "summary", "body"]}),
        (gettext_lazy("Place"), {"fields": ["parent", "slug"]}),
        (gettext_lazy("Menu"), {"fields": ["in_menu", "menu_below"]}),
    ]

    def get_changelist(self, request, **kwargs):
        return PageChangeList

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*Page.long_texts())

    def get_urls(self):
        own = [path("<row:pk>/move/", self.admin_site.admin_view(self.move_view), name="pages_page_move")]
        return own + super().get_urls()

    @admin.display(description=gettext_lazy("Title"))
    def titled(self, page):
        return format_html('<span class="depth-{}">{}</span>', page.indent, str(page) or page.reference)

    @admin.display(description=gettext_lazy("Address"))
    def place(self, page):
        place = page.node.path or _("outside the tree")
        if not page.shown_below:
            return place
        return format_html("{} <small>{}</small>", place, _("in the menu below “%s”") % page.shown_below.label)

    @admin.display(description=gettext_lazy("Do"))
    def ways(self, page):
        ways = [(f"{page.pk}/move/", _("Move…")), (f"add/?parent={page.pk}", _("Add below…"))]
        links = ((address, label, page) for address, label in ways)
        return format_html_join(" · ", '<a href="{}">{}<span class="visually-hidden"> {}</span></a>', links)

    def get_changeform_initial_data(self, request):
        """A new page of an author begins at the top of what was given to them; a page is named by its number in `?parent=`."""
        initial = super().get_changeform_initial_data(request)
        if reach(request.user, Can.WRITE, self.kind) is not None:
            sections = [grant.section for grant in request.user.section_grants.select_related("section") if grant.section_id]
            top = min(sections, key=lambda section: len(lineage(section)), default=None)
            initial = {"parent": top and top.pk} | initial
        return initial | {name: number for name in ("parent", "menu_below") if (number := row_number(initial.get(name) or "")) is not None}

    def save_model(self, request, obj, form, change):
        if not change or "parent" in form.changed_data:
            obj.position = moves.last_position(obj.parent_id)
        super().save_model(request, obj, form, change)

    def put_last(self, draft):
        draft.position = moves.last_position(draft.parent_id)

    def notes(self, request, draft):
        yield from super().notes(request, draft)
        if draft.in_menu and (above := moves.hidden_above(moves.drafts_tree(), draft.pk)):
            words = _("%s, which is above it in the menu, is in no menu itself, so no menu leads here. Show that too, or choose another.")
            yield "in_menu", words % readable_title(request.user, self.kind, above.thing)

    def move_view(self, request, pk):
        """Move a page: one step up, down, in or out, or below any other page."""
        page = self.draft(request, pk, Can.WRITE)
        taken = choosers.taken(request)
        below = taken[1] if taken else page.parent_id
        form = MoveForm(None if taken or "below" not in request.POST else request.POST, user=request.user, page=page, below=below)
        if choosers.asks(request):
            return choosers.page(self, request, form.fields, page)
        if request.method == "POST":
            way = WAYS.get(request.POST.get("to", ""))
            if form.is_bound and form.is_valid():
                parent = form.cleaned_data["below"]
                way = partial(moves.Places.below, parent=parent and parent.pk)
            if way and try_move(request, pk, way):
                return redirect(self.address("move", pk) + "?" + urlencode({"pressed": request.POST.get("to", "below")}))
        places = moves.Places(moves.drafts_tree(), pk)
        titles, outside = titles_to_read(request.user, "page"), _("(a page outside your sections)")
        shown = [node and (node, titles.get(node.thing, outside)) for node in [places.node.parent, *places.beside]]
        context = {"form": form, "places": places, "above": shown[0], "beside": shown[1:], "pressed": request.GET.get("pressed", "")}
        return self.page(request, "move", _("Move “%s”") % page, page, **context)


class MoveForm(forms.Form):
    """The page below which another is to be put; none stands for the top of the tree."""

    def __init__(self, *args, user, page, below, **kwargs):
        super().__init__(*args, initial={"below": below}, **kwargs)
        told = _("An address such as /about/ccs/. Left empty, it is put at the top of the tree.")
        field = choosers.ThingField(kind="page", user=user, held=page.parent_id, label=_("Below"), help_text=told, required=False)
        self.fields["below"] = field


def try_move(request, pk, way):
    """Move the page; returns whether it was moved. Refusals become messages."""
    try:
        page = moves.move(request.user, pk, way)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, _("“%s” is moved. Visitors see it once it is published.") % page)
    return True


@admin.register(Term)
class TermAdmin(ThingAdmin):
    form = AddressedForm
    list_display = ["titled", "marks"]
    search_fields = ["name", "abbreviation", "slug"]
    ordering = ["name"]
    fieldsets = [(None, {"fields": ["name", "abbreviation", "slug", "synonyms", "foreign_names", "body"]})]


@admin.register(Notice)
class NoticeAdmin(ThingAdmin):
    search_fields = ["title"]
    ordering = ["title"]
    fieldsets = [(None, {"fields": ["title", "body"]})]
