"""Columns of the registry's files: the type of each and what it holds, for the page on the data, CSVW and OpenAPI."""

from django.utils.translation import gettext_lazy as _

from registry import exports
from registry.views.issuance import COLUMNS as OF_ISSUANCES

INTEGER, NUMBER, DATE, TEXT = "integer", "decimal", "date", "string"
# Of each column its type and what it holds; lists of one cell are parted by "; ".
TOLD = {
    "project_ref": (INTEGER, _("Number of the activity; 5,639 activities of the release of 3 November 2023 have none.")),
    "unique_id": (TEXT, _("Unique identifier of the UNFCCC, which never changes.")),
    "title": (TEXT, _("Title; control characters in 648 titles are repaired.")),
    "activity_type": (TEXT, _("PA: project activity. PoA: programme of activities.")),
    "status_group": (TEXT, _("Status as of the release, in groups: Rejected and Validation Terminated are under Withdrawn.")),
    "host_country_first": (TEXT, _("Name of the first host Party.")),
    "host_iso2": (TEXT, _("Code of the host Party, ISO 3166-1; of an issuance its own. NA is Namibia.")),
    "subregion": (TEXT, _("Subregions of the host Parties.")),
    "scope_number": (TEXT, _("Sectoral scopes; empty where there are several and the release does not say which.")),
    "project_type": (TEXT, _("Type.")),
    "project_subtype": (TEXT, _("Subtype.")),
    "methodologies": (TEXT, _("Codes of methodologies.")),
    "scale": (TEXT, _("LARGE or SMALL, from the map file of 2018; missing on 2,736 registered activities.")),
    "validating_doe": (TEXT, _("Entity that validated.")),
    "doe": (TEXT, _("Entity that verified, by its short name.")),
    "validation_start": (DATE, _("Day on which validation began.")),
    "crediting_start": (DATE, _("First day of the first crediting period.")),
    "crediting_end": (DATE, _("Last day of the first crediting period.")),
    "annual_reductions_tco2e_2018": (NUMBER, _("Reductions expected, tonnes of CO₂ equivalent a year, from the map file of 2018.")),
    "cers_issued": (INTEGER, _("CERs issued: of an activity up to the day of the figures, of an issuance its own.")),
    "n_issuances": (INTEGER, _("Issuances up to the day of the figures.")),
    "first_issuance": (DATE, _("Day of the first issuance.")),
    "latest_issuance": (DATE, _("Day of the latest issuance up to the day of the figures.")),
    "capacity_mw": (NUMBER, _("Capacity, megawatts.")),
    "lat": (NUMBER, _("Latitude of the first place, degrees; repaired where a sign was lost or the two were exchanged.")),
    "lon": (NUMBER, _("Longitude of the first place, degrees.")),
    "n_locations": (INTEGER, _("Number of places.")),
    "ref_source": (TEXT, _("Where the number comes from.")),
    "official_url": (TEXT, _("Page of the activity at the UNFCCC.")),
    "hosts_iso2": (TEXT, _("Codes of all host Parties.")),
    "matched_ref": (INTEGER, _("Number found elsewhere by the title.")),
    "badges": (TEXT, _("Marks on values that are not as the release gives them.")),
    "address": (TEXT, _("Page here.")),
    "issuance_process_id": (TEXT, _("Number of the process; 646 occur twice.")),
    "issuance_date": (DATE, _("Day of issuance.")),
    "monitoring_start": (DATE, _("First day monitored.")),
    "monitoring_end": (DATE, _("Last day monitored.")),
    "kp_commitment_period": (INTEGER, _("Commitment period of the Kyoto Protocol, 1 or 2.")),
    "monitoring_report_no": (INTEGER, _("Number of the monitoring report.")),
}
# Of each file its address, its name and its columns.
FILES = {
    "activities": ("/projects/?format=csv", _("Project activities and programmes of activities"), tuple(exports.HEADER)),
    "issuances": ("/issuance/?format=csv", _("Issuances of CERs"), (*OF_ISSUANCES, "address")),
}


def columns_of(name):
    """(column, type, what it holds) of a file of FILES, in their order."""
    return [(column, *TOLD[column]) for column in FILES[name][2]]
