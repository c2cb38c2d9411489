"""Facets of the registry's lists, by the names that they bear in addresses."""

from datetime import date
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from publishing.facets import Facet, latest_first
from registry.parties import parties, party
from registry.records import NOT_GIVEN, SEVERAL

UNKNOWN = {NOT_GIVEN: _("Not given")}
YES_NO = {"yes": _("Yes"), "no": _("No")}
STATUSES = {
    "Registered": _("Registered"),
    "De-registered": _("De-registered"),
    "Authorized": _("Authorised"),
    "Validated": _("Under or after validation"),
    "Listed": _("Listed"),
    "Withdrawn": _("Withdrawn, rejected or terminated"),
}
PERIODS = {"1": _("First commitment period, to 2012"), "2": _("Second commitment period, 2013 to 2020")}  # of the Kyoto Protocol
KINDS = {"PA": _("Project activity"), "PoA": _("Programme of activities")}
GROUPS = {
    "africa": _("African States"),
    "asia-pacific": _("Asia-Pacific States"),
    "eastern-europe": _("Eastern European States"),
    "latin-america-caribbean": _("Latin American and Caribbean States"),
    "western-europe-others": _("Western European and other States"),
}
SCOPES = {
    "1": _("Energy industries (renewable and non-renewable sources)"),
    "2": _("Energy distribution"),
    "3": _("Energy demand"),
    "4": _("Manufacturing industries"),
    "5": _("Chemical industries"),
    "6": _("Construction"),
    "7": _("Transport"),
    "8": _("Mining and mineral production"),
    "9": _("Metal production"),
    "10": _("Fugitive emissions from fuels"),
    "11": _("Fugitive emissions from halocarbons and sulphur hexafluoride"),
    "12": _("Solvent use"),
    "13": _("Waste handling and disposal"),
    "14": _("Afforestation and reforestation"),
    "15": _("Agriculture"),
    "16": _("Carbon capture and storage in geological formations"),
    SEVERAL: _("Several, not given"),
}
SCALES = {"LARGE": _("Large"), "SMALL": _("Small")} | UNKNOWN
FAMILIES = {
    "large": _("Large-scale"),
    "consolidated": _("Consolidated large-scale"),
    "small": _("Small-scale"),
    "forest": _("Afforestation and reforestation"),
} | UNKNOWN


def family_of(code):
    """Family of a methodology by its code: `ACM0002` is consolidated, `AMS-I.D.` small-scale, `AR-AM0003` a forest one.

    >>> family_of("AR-ACM0001")
    'forest'
    """
    prefixes = {"AR-": "forest", "ACM": "consolidated", "AMS": "small", "AM": "large"}
    return next((family for prefix, family in prefixes.items() if code.startswith(prefix)), NOT_GIVEN)


def given(values):
    """The values as a list, or that there are none."""
    return list(values) or [NOT_GIVEN]


def of_hosts(attribute):
    """Function that gives a value of each host Party of a record, each once."""
    return lambda row: given(dict.fromkeys(filter(None, (getattr(party(host), attribute) for host in row.hosts))))


def any_host(attribute):
    """Function that tells whether one of the host Parties of a record is of a group."""
    return lambda row: "yes" if any(getattr(party(host), attribute) for host in row.hosts) else "no"


def crediting_year(row):
    return str(date.fromordinal(row.crediting_start).year) if row.crediting_start else NOT_GIVEN


def is_located(row):
    """Whether the record has a point of this world, be it plausible or not."""
    return "no" if row.latitude is None else "yes"


def by_name(code):
    """Sort key of Parties: their names."""
    return code == NOT_GIVEN, party(code).name


def by_text(value):
    return value == NOT_GIVEN, value.casefold()


FACETS = (
    Facet("status", _("Status"), attrgetter("status"), STATUSES),
    Facet("kind", _("Kind"), attrgetter("kind"), KINDS),
    Facet("host", _("Host Party"), lambda row: given(row.hosts), {code: one.name for code, one in parties().items()} | UNKNOWN, by_name),
    Facet("subregion", _("Subregion"), lambda row: given(row.subregions), UNKNOWN, by_text),
    Facet("un_group", _("UN regional group"), of_hosts("un_group"), GROUPS | UNKNOWN),
    Facet("ldc", _("Least developed country"), any_host("is_ldc"), YES_NO),
    Facet("sids", _("Small island developing State"), any_host("is_sids"), YES_NO),
    Facet("scope", _("Sectoral scope"), lambda row: list(row.scopes) or [SEVERAL], SCOPES),
    Facet("type", _("Type"), lambda row: row.type or NOT_GIVEN, UNKNOWN, by_text),
    Facet("method", _("Methodology"), lambda row: given(row.methodologies), UNKNOWN, by_text),
    Facet("family", _("Family of methodologies"), lambda row: given(dict.fromkeys(map(family_of, row.methodologies))), FAMILIES),
    Facet("scale", _("Scale"), lambda row: row.scale or NOT_GIVEN, SCALES),
    Facet("validator", _("Validated by"), lambda row: row.validator or NOT_GIVEN, UNKNOWN, by_text),
    Facet("crediting", _("Crediting period from"), crediting_year, UNKNOWN, latest_first),
    Facet("located", _("Located"), is_located, YES_NO),
)


def dressed(facet, query, is_ranked):
    """A facet of `publishing.facets.offered` as a page shows it: counts as people read them, the most frequent values first if it is
    ranked, and the way to all of its values. `query` gives the address of a list with further parameters."""
    if is_ranked:
        facet["choices"].sort(key=lambda choice: -choice["count"])
    for choice in facet["choices"]:
        choice["count"] = f"{choice['count']:,}"
    facet["all_values"] = query(facets=facet["name"]) if facet["more"] else ""
    return facet
