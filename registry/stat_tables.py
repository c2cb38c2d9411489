"""Statistics that are no breakdown of CERs: first-time issuers by year, time from the end of monitoring to issuance, concentration, and the
comparison of Parties. Each is a table with a heading, a sentence that its numbers bear out and, where years are told, a chart.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from statistics import quantiles

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.charts import YearChart, year_chart
from registry.columns import NO_DAY, NO_PLACE
from registry.days import long_day
from registry.parties import party
from registry.statistics import breakdown, share_of

HEADINGS = {
    "first": gettext_lazy("Activities with their first CERs, by year"),
    "delay": gettext_lazy("Days from the end of monitoring to issuance, by year"),
    "concentration": gettext_lazy("Concentration of CERs"),
    "then": gettext_lazy("Share of each type on 10 March 2010 and since"),
}
THEN = date(2010, 3, 10)  # the day of the site that this portal follows
MOST_PARTIES = 4
SHARES = (1, 5, 10, 25, 50)  # per cent of the activities with CERs, those with the most first


@dataclass
class StatTable:
    """Table of statistics: `columns` are (name, label) pairs, the first that of the rows' heads. `charts` are (label, YearChart) pairs. Of
    one thing it bears its name (`subject`), the day up to which it goes and its source; else those of the registry hold."""

    name: str
    heading: str
    finding: str
    columns: list
    rows: list
    charts: list[tuple[str, YearChart]] = field(default_factory=list)
    note: str = ""
    subject: str = ""
    until: date | None = None
    source: str = ""

    @property
    def bars(self):
        """The places of the columns whose cells are per cent of a whole, which bars compare."""
        return [place for place, (name, _label) in enumerate(self.columns) if name.startswith("share")]


def stat_table(registry, name):
    """The StatTable of a name of HEADINGS at the registry's moment; None of the sample, on which no total rests."""
    return None if registry.is_sample else MAKERS[name](registry)


def first_issuers(registry):
    days = registry.table.dimensions["total"].first_times()
    counted = Counter(date.fromordinal(day).year for day in days if day <= registry.day)
    rows, total = [], 0
    for year in years_of(counted, registry):
        total += counted[year]
        rows.append((str(year), counted[year], total))
    most = max(counted, key=counted.get, default=None)
    words = _("Most activities had their first CERs in %(year)s: %(count)s")
    finding = words % {"year": most, "count": f"{counted[most]:,}"} if most else ""
    columns = [("year", _("Year")), ("activities", _("Activities")), ("running_total", _("Running total"))]
    chart = year_chart(dict(counted), registry.ends, title=finding) if counted else None
    return StatTable("first", HEADINGS["first"], finding, columns, rows, [("", chart)] if chart else [])


def delays(registry):
    table, by_year = registry.table, {}
    for day, end in zip(table.days, table.monitoring_ends, strict=True):
        if day > registry.day:
            break
        if end != NO_DAY and day >= end:
            by_year.setdefault(date.fromordinal(day).year, []).append(day - end)
    rows = [(str(year), len(by_year[year]), *quarters(by_year[year])) for year in sorted(by_year)]
    middle = {int(row[0]): row[3] for row in rows}
    finding = ""
    if middle:
        least, most = min(middle, key=middle.get), max(middle, key=middle.get)
        words = _("Half of the issuances of %(most)s came within %(long)s days after the end of monitoring, of %(least)s within %(short)s")
        finding = words % {"most": most, "long": middle[most], "least": least, "short": middle[least]}
    columns = [
        ("year", _("Year of issuance")),
        ("issuances", _("Issuances")),
        ("quarter", _("A quarter within")),
        ("half", _("Half within")),
        ("three_quarters", _("Three quarters within")),
    ]
    note = _("Days from the last day monitored to the day of issuance; issuances without a day of monitoring are left out.")
    return StatTable("delay", HEADINGS["delay"], finding, columns, rows, note=note)


def quarters(days):
    """(a quarter, half, three quarters) of the days are at most as many."""
    return tuple(round(one) for one in quantiles(days, n=4, method="inclusive")) if len(days) > 1 else (days[0],) * 3


def concentration(registry):
    table, by_place = registry.table, Counter()
    for day, place, cers in zip(table.days, table.places, table.cers, strict=True):
        if day > registry.day:
            break
        if place != NO_PLACE:
            by_place[place] += cers
    found = sorted(by_place.values(), reverse=True)
    total, rows = sum(found), []
    for percent in SHARES if found else ():
        count = max(len(found) * percent // 100, 1)
        cers = sum(found[:count])
        rows.append((f"{percent} %", count, cers, per_cent(cers, total)))
    finding = ""
    if found:
        half = how_many_for_half(found, total)
        finding = _("%(few)s of %(all)s activities have half of all CERs") % {"few": f"{half:,}", "all": f"{len(found):,}"}
    columns = [
        ("activities_with_most", _("Activities with the most CERs")),
        ("activities", _("Activities")),
        ("cers", _("CERs")),
        ("share_percent", _("Per cent")),
    ]
    return StatTable("concentration", HEADINGS["concentration"], finding, columns, rows)


def types_then(registry):
    """Per cent of all CERs by type at THEN and at the day; of an earlier day, at the day alone."""
    found = breakdown(registry, "type").groups
    day, is_later = registry.ends, registry.ends > THEN
    earlier = registry.table.dimensions["type"].all_at(THEN.toordinal()) if is_later else {}
    total, all_then = sum(group.cers for group in found), sum(one.cers for one in earlier.values())
    shares = [(group, share_of(earlier[group.value].cers, all_then) if group.value in earlier else 0) for group in found]
    rows = [(group.label, group.cers, *([tenths(share)] if is_later else []), per_cent(group.cers, total)) for group, share in shares]
    columns = [("type", _("Type")), ("cers", _("CERs")), ("share", _("Per cent, %(day)s") % {"day": long_day(day)})]
    if is_later:
        columns.insert(2, ("share_2010", _("Per cent, %(day)s") % {"day": long_day(THEN)}))
    finding = ""
    if all_then:
        group, share = max(shares, key=lambda pair: abs(pair[1] - share_of(pair[0].cers, total)))
        words = _("%(type)s: %(then)s per cent of all CERs on %(first)s, %(now)s on %(day)s")
        told = {"type": group.label, "then": tenths(share), "now": per_cent(group.cers, total)}
        finding = words % (told | {"first": long_day(THEN), "day": long_day(day)})
    return StatTable("then", HEADINGS["then"], finding, columns, rows)


def tenths(share):
    return f"{share // 10}.{share % 10}"


def how_many_for_half(found, total):
    together = 0
    for count, cers in enumerate(found, 1):
        together += cers
        if 2 * together >= total:
            return count
    return len(found)


def per_cent(cers, total):
    return tenths(share_of(cers, total))


def years_of(counted, registry):
    return range(min(counted), registry.ends.year + 1) if counted else ()


MAKERS = {"first": first_issuers, "delay": delays, "concentration": concentration, "then": types_then}


# Comparison


def comparison(registry, codes):
    """The StatTable of two to four Parties side by side: figures, then CERs by year; one chart each, all with the same axis."""
    table, day, names = registry.table, registry.day, [party(code).name for code in codes]
    totals = [table.totals(day, "host", code) for code in codes]
    everything = registry.totals()[0].cers
    listed = [(table.index.bitmaps["host"].get(code, 0) & table.listed_by(day)).bit_count() for code in codes]
    rows = [
        (_("CERs issued"), *(one.cers for one in totals)),
        (_("Per cent of all CERs"), *(per_cent(one.cers, everything) for one in totals)),
        (_("Issuances"), *(one.issuances for one in totals)),
        (_("Activities with CERs"), *(one.activities for one in totals)),
        (_("Activities listed"), *listed),
    ]
    by_year = [cers_by_year(registry, code) for code in codes]
    years = sorted({year for one in by_year for year in one})
    rows += [(str(year), *(one.get(year, 0) for one in by_year)) for year in years]
    highest = max((cers for one in by_year for cers in one.values()), default=0)
    charts = []
    for name, own in zip(names, by_year, strict=True):
        if any(own.values()):
            title = _("%(party)s: %(cers)s CERs") % {"party": name, "cers": f"{sum(own.values()):,}"}
            charts.append((name, year_chart({years[0]: 0} | own, registry.ends, title=title, highest=highest)))
    columns = [("figure", _("Figure")), *zip(codes, names, strict=True)]
    return StatTable("compare", _("Host Parties compared"), told_of(names, totals, registry), columns, rows, charts)


def told_of(names, totals, registry):
    """The sentence that the numbers bear out."""
    (most, name), *_others, (least, last) = sorted(((one.cers, name) for one, name in zip(totals, names, strict=True)), reverse=True)
    if not most:
        return _("None of them had CERs by %(day)s") % {"day": long_day(registry.ends)}
    if not least:
        return _("%(name)s has the most CERs of them; %(last)s had none") % {"name": name, "last": last}
    times = f"{most / least:,.1f}"
    return _("%(name)s has %(times)s times as many CERs as %(last)s") % {"name": name, "times": times, "last": last}


def cers_by_year(registry, code):
    """CERs of a Party's issuances by year up to the day, with zeros between."""
    lists = registry.table.dimensions["host"]
    if not lists.at(registry.day, code).issuances:
        return {}
    first = date.fromordinal(lists.first_times(code)[0]).year
    found = {}
    for year in range(first, registry.ends.year + 1):
        last = min(date(year, 12, 31).toordinal(), registry.ends.toordinal())
        found[year] = lists.between(date(year, 1, 1).toordinal(), last, code)[0]
    return found
