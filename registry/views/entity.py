"""Operational entities: the list above which the page on them stands, and a page each."""

from datetime import date

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.parameters import any_query, query_parameters
from publishing.tombstones import moved
from registry.accreditation import changes_of, entities_told
from registry.entities import entities, entities_in
from registry.groups import Cell, EntityPage, codes_of, issuances_where
from registry.moments import registry_at
from registry.views.groups import GroupList, plain_fact, show_group, show_list, sorted_cells

OFFICIAL = "https://cdm.unfccc.int/DOE/list/index.html"


@query_parameters("sort", "page", "format")
@require_safe
def entity_list(request, is_source=False):
    """All entities that the release names as validators or verifiers."""
    registry = registry_at(request.moment)
    day = date.fromordinal(registry.day)
    cells = [cell_of(registry, entity, day) for entity in entities_in(registry.table).values()]
    cells = [cell for cell in cells if any(cell.numbers.values())]
    counted = {cell.path for cell in cells}
    told = [entity for entity in entities_told(day).values() if entity.path not in counted]
    shown = GroupList(
        path="/doe/",
        title=_("Designated Operational Entities (DOE)"),
        columns=columns(registry),
        cells=sorted_cells(cells, request.GET.get("sort", "")),
        others=[cell_of(registry, entity, day) for entity in told],
        others_label=_("Named by decisions alone:"),
        notes=(
            _("The files name validators and verifiers in two ways, which are brought together by hand."),
            _("This is no list of who is accredited: it has the entities that the data name."),
        ),
        empty=_("No entity had validated or verified anything yet at this moment."),
        item=_("Entity"),
        items=_("entities"),
    )
    return show_list(request, registry, shown, is_source)


def columns(registry):
    if registry.is_sample:
        return [("validated", _("Activities validated, in the sample"))]
    return [("validated", _("Activities validated")), ("issuances", _("Issuances verified")), ("cers", _("CERs verified"))]


def cell_of(registry, entity, until):
    table, day = registry.table, registry.day
    validated = table.index.bitmaps["validator"].get(entity.validator, 0) & table.listed_by(day)
    numbers = {"validated": validated.bit_count()}
    if not registry.is_sample:
        totals = [table.totals(day, "verifier", name) for name in entity.verifiers]
        numbers |= {"issuances": sum(found.issuances for found in totals), "cers": sum(found.cers for found in totals)}
    return Cell(entity.name, entity.path, "", numbers, {"accreditation": [change.as_data() for change in changes_of(entity.slug, until)]})


@query_parameters("by", "format")
@require_safe
def entity_page(request, slug, is_source=False):
    """An entity by its step of the address: of our table, or one that the release alone names."""
    registry = registry_at(request.moment)
    entity = entities_in(registry.table).get(slug) or entities().get(slug)
    if entity is None:
        raise Http404
    return show_group(request, page_of(registry, entity), is_source)


def page_of(registry, entity):
    table = registry.table
    page = EntityPage(
        registry=registry,
        list_path="/doe/",
        list_label=_("All entities"),
        over=_("Operational entity"),
        title=entity.name,
        path=entity.path,
        members=table.index.bitmaps["validator"].get(entity.validator, 0) if entity.validator else 0,
        own=issuances_where(table, registry.day, "verifiers", codes_of(table, "verifier", set(entity.verifiers))),
        query="",
        notes=[note for note in [entity.note] if note],
        links=[(_("Entities, at the UNFCCC"), OFFICIAL)],
    )
    names = {
        "validator": (_("As validator, the files call it"), entity.validator or _("no activity names it")),
        "verifier": (_("As verifier, the files call it"), ", ".join(entity.verifiers) or _("no issuance names it")),
    }
    page.accreditation = changes_of(entity.slug, page.day)
    page.facts = [plain_fact(name, label, text, page.release_shortly) for name, (label, text) in names.items()]
    return page


@any_query
@require_safe
def to_list(request):
    return moved(request, "/doe/")
