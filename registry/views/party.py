"""Host Parties: the list above which the page on national authorities stands, and a page each."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from publishing.parameters import any_query, query_parameters
from publishing.tombstones import moved
from registry.days import short_day
from registry.facets import GROUPS
from registry.groups import REGISTERED, Cell, PartyPage, codes_of, issuances_where
from registry.hosts import codes_in, first_hosts
from registry.moments import registry_at
from registry.parties import parties, party
from registry.records import NOT_GIVEN
from registry.views.groups import GroupList, plain_fact, show_group, show_list, sorted_cells

AUTHORITIES = "https://cdm.unfccc.int/DNA/index.html"
OWN_LIST = "UN, M49"


@query_parameters("sort", "page", "format")
@require_safe
def party_list(request, is_source=False):
    """All Parties that host an activity, any of its hosts counted, or an issuance."""
    registry = registry_at(request.moment)
    cells = [cell_of(registry, code) for code in codes_in(registry.table)]
    shown = GroupList(
        path="/dna/",
        title=_("Designated National Authorities (DNA)"),
        columns=columns(registry),
        cells=sorted_cells([cell for cell in cells if cell.numbers["listed"] or cell.numbers.get("cers")], request.GET.get("sort", "")),
        notes=notes(registry),
        empty=_("No activity had been listed yet at this moment."),
        item=_("Host Party"),
        items=_("host Parties"),
    )
    return show_list(request, registry, shown, is_source)


def columns(registry):
    if registry.is_sample:
        return [("listed", _("Activities in the sample"))]
    return [
        ("listed", _("Activities listed")),
        ("registered", _("Registered (%(day)s)") % {"day": short_day_of(registry)}),
        ("cers", _("CERs")),
    ]


def short_day_of(registry):
    return short_day(registry.ends) if not registry.release else short_day(registry.release.as_of)


def cell_of(registry, code):
    table, day, own = registry.table, registry.day, party(code)
    listed = table.index.bitmaps["host"].get(code, 0) & table.listed_by(day)
    numbers = {"listed": listed.bit_count()}
    if not registry.is_sample:
        registered = table.index.bitmaps["status"].get(REGISTERED, 0)
        numbers |= {"registered": (listed & registered).bit_count(), "cers": table.totals(day, "host", code).cers}
    return Cell(own.name, f"/parties/{code}/", own.subregion, numbers)


def notes(registry):
    """Why other numbers of host Parties are printed elsewhere, beside ours."""
    if registry.is_sample:
        return ()
    hosts = registry.table.index.bitmaps["host"]
    registered = registry.table.index.bitmaps["status"].get(REGISTERED, 0)
    count = sum(bool(bits & registered) for code, bits in hosts.items() if code != NOT_GIVEN)
    names, codes = first_hosts(registry)
    words = _(
        "%(count)s host Parties have activities that the release calls registered, each host of an activity counted. Where %(names)s are "
        "printed, an activity counts for the name of its first host alone; by the code of the first host they are %(codes)s."
    )
    return (
        words % {"count": count, "names": names, "codes": codes},
        _("CERs are counted under the Party of their issuance; activities that several Parties host count for each."),
    )


@query_parameters("by", "format")
@require_safe
def party_page(request, code, is_source=False):
    """A Party by its ISO code, in whatever case."""
    registry, written = registry_at(request.moment), code.upper()
    if written not in codes_in(registry.table) and written not in parties():
        raise Http404
    if code != written:
        return moved(request, f"/parties/{written}/" + ("index.md" if is_source else ""))
    return show_group(request, page_of(registry, code), is_source)


def page_of(registry, code):
    table, own = registry.table, party(code)
    issued = issuances_where(table, registry.day, "issuance_hosts", codes_of(table, "host", {code}))
    page = PartyPage(
        registry=registry,
        list_path="/dna/",
        list_label=_("All host Parties"),
        over=_("Host Party"),
        title=own.name,
        path=f"/parties/{code}/",
        members=table.index.bitmaps["host"].get(code, 0),
        own=issued,
        query=f"?host={code}",
        facts=[
            plain_fact("subregion", _("Subregion"), own.subregion, OWN_LIST),
            plain_fact("group", _("UN regional group"), str(GROUPS.get(own.un_group, "")), _("United Nations")),
            plain_fact("ldc", _("Least developed country"), yes_no(own.is_ldc), _("United Nations")),
            plain_fact("sids", _("Small island developing State"), yes_no(own.is_sids), _("United Nations")),
            plain_fact("code", _("Codes"), " · ".join(filter(None, (own.iso2, own.iso3))), "ISO 3166-1"),
        ],
        notes=[_("CERs are counted under the Party of their issuance; an activity of several Parties counts for each of its hosts.")],
        links=[(_("National authorities, at the UNFCCC"), AUTHORITIES)],
    )
    if issued.places and not registry.is_sample:
        totals = sorted((found.cers for found in table.dimensions["host"].all_at(registry.day).values()), reverse=True)
        page.rank = totals.index(issued.cers) + 1, len(totals)
    if issued.first:
        page.facts.append(plain_fact("first", _("First CERs"), short_day(issued.first), page.release_shortly))
    return page


def yes_no(value):
    return _("Yes") if value else _("No")


@any_query
@require_safe
def to_list(request):
    return moved(request, "/dna/")
