"""CERs by year of one activity, Party, methodology or entity: a table of statistics with its chart, at an address of its own."""

from datetime import date
from itertools import accumulate

from django.utils.translation import gettext as _

from registry.stat_tables import StatTable

BY = "year"


def years_of_activity(page):
    """The StatTable of an ActivityPage; in the sample sums count as the issuances that they are sums of."""
    issued = [(one.row.date, one.row.cers, one.more or 1) for one in reversed(page.issued)]
    return of_years(page, page.short_name, issued)


def years_of_group(page):
    """The StatTable of a GroupPage; None of the sample, on which no total rests."""
    if page.registry.is_sample:
        return None
    table = page.table
    issued = [(date.fromordinal(table.days[place]), table.cers[place], 1) for place in page.own.places]
    return of_years(page, page.title, issued)


def of_years(page, subject, issued):
    """`issued` are (day, CERs, number of issuances) in the order of their days."""
    by_year = {year: [0, 0] for year in range(issued[0][0].year, page.until.year + 1)} if issued else {}
    for day, cers, count in issued:
        by_year[day.year][0] += cers
        by_year[day.year][1] += count
    running = accumulate(cers for cers, _count in by_year.values())
    rows = [(str(year), cers, count, total) for (year, (cers, count)), total in zip(by_year.items(), running, strict=True)]
    columns = [("year", _("Year")), ("cers", _("CERs")), ("issuances", _("Issuances")), ("running_total", _("Running total"))]
    words = _("{subject}: CERs by year of issuance").format(subject=subject)
    finding = page.chart.title if page.chart else ""
    charts = [("", page.chart)] if page.chart else []
    own = {"subject": subject, "until": page.until, "source": page.source}
    return StatTable(name_of(page.path), words, finding or words, columns, rows, charts, **own)


def name_of(path):
    """The beginning of a file's name: `projects-8-cers-by-year`."""
    return f"{path.strip('/').replace('/', '-')}-cers-by-year"
