"""Methodologies: the list above which the page on them stands, and a page each."""

from urllib.parse import quote

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.parameters import query_parameters
from publishing.tombstones import moved
from registry.addresses import methodology_path
from registry.days import short_day
from registry.facets import FAMILIES, family_of
from registry.groups import REGISTERED, Cell, GroupPage, issuances_of_members
from registry.methodologies import catalogue_of
from registry.moments import registry_at
from registry.views.groups import GroupList, plain_fact, show_group, show_list, sorted_cells

OFFICIAL = "https://cdm.unfccc.int/methodologies/index.html"


@query_parameters("family", "sort", "page", "format")
@require_safe
def methodology_list(request, is_source=False):
    """All methodologies that the release lists or an activity names, those of one family where one is chosen."""
    registry, family = registry_at(request.moment), request.GET.get("family", "")
    catalogue = catalogue_of(registry)
    cells = [cell_of(registry, catalogue, code) for code in catalogue.codes if not family or family_of(code) == family]
    shown = GroupList(
        path="/methodologies/",
        title=_("Methodologies"),
        columns=columns(registry),
        cells=sorted_cells(cells, request.GET.get("sort", "")),
        notes=(_("An activity that names several methodologies counts under each of them, with all its CERs."),),
        choices=families(catalogue, family),
        empty=_("No methodology is of this family."),
        item=_("Methodology"),
        items=_("methodologies"),
    )
    return show_list(request, registry, shown, is_source)


def families(catalogue, chosen):
    """(name, label, whether it is chosen) of the families that have methodologies."""
    found = {family_of(code) for code in catalogue.codes}
    return tuple((name, label, name == chosen) for name, label in FAMILIES.items() if name in found)


def columns(registry):
    if registry.is_sample:
        return [("listed", _("Activities in the sample"))]
    registered = _("Registered (%(day)s)") % {"day": short_day(registry.release.as_of)}
    return [("listed", _("Activities listed")), ("registered", registered), ("cers", _("CERs"))]


def cell_of(registry, catalogue, code):
    table, day = registry.table, registry.day
    listed = table.index.bitmaps["method"].get(code, 0) & table.listed_by(day)
    numbers = {"listed": listed.bit_count()}
    if not registry.is_sample:
        registered = table.index.bitmaps["status"].get(REGISTERED, 0)
        numbers |= {"registered": (listed & registered).bit_count(), "cers": table.totals(day, "method", code).cers}
    return Cell(code, methodology_path(code), catalogue.title(code) or family_label(code), numbers)


def family_label(code):
    return FAMILIES[family_of(code)]


@query_parameters("by", "format")
@require_safe
def methodology_page(request, code, is_source=False):
    """A methodology by its code, however it is written; the release's own form leads."""
    registry = registry_at(request.moment)
    catalogue = catalogue_of(registry)
    written = catalogue.code_of(code)
    if written is None:
        raise Http404
    if code != written:
        return moved(request, methodology_path(written) + ("index.md" if is_source else ""))
    return show_group(request, page_of(registry, catalogue, written), is_source)


def page_of(registry, catalogue, code):
    table, row = registry.table, catalogue.rows.get(code)
    members = table.index.bitmaps["method"].get(code, 0)
    issued = issuances_of_members(table, registry.day, members)
    page = GroupPage(
        registry=registry,
        list_path="/methodologies/",
        list_label=_("All methodologies"),
        over=_("Methodology"),
        title=code,
        subtitle=catalogue.title(code),
        path=methodology_path(code),
        members=members,
        own=issued,
        query=f"?method={quote(code)}",
        notes=[_("An activity that names several methodologies counts under each of them, with all its CERs.")],
        links=[(_("Methodologies, at the UNFCCC"), OFFICIAL)],
    )
    page.facts = [plain_fact("family", _("Family"), str(family_label(code)), _("by its code"))]
    if row:
        source = row.title_source if row.is_official else ""
        title = row.title if row.is_official else ""
        page.facts.append(plain_fact("title", _("Title"), title or _("none with a source"), source))
        page.facts.append(plain_fact("version", _("Latest version seen"), row.latest_version))
    if not registry.is_sample:
        page.more = [(len(issued.hosts), _("host Parties of its issuances"))]
    return page
