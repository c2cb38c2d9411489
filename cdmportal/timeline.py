"""Line of time: year by year what was decided and reported, and the CERs of the year, from the record's own things at the moment."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.library import library
from documents.models import DocumentClass
from news.archive import archive
from publishing.addresses import canonical
from publishing.exports import markdown_answer, markdown_list
from publishing.listing import lines
from publishing.parameters import query_parameters
from registry.charts import in_prose, percent
from registry.moments import registry_at
from registry.statistics import breakdown

FIRST = 1997  # the year of the Kyoto Protocol
FEW = 3  # of a year on the page of all years


@dataclass(frozen=True)
class Year:
    """Year with its events in the order of their days. `shown` are the first few, decisions before news, or all."""

    number: int
    events: list
    cers: int = 0
    share: int = 0  # per cent of the CERs of the year with the most
    is_part: bool = False
    is_whole: bool = False

    @property
    def shown(self):
        if self.is_whole:
            return self.events
        first = sorted(self.events, key=lambda row: (not is_decision(row), row.date))[:FEW]
        return sorted(first, key=lambda row: row.date)

    @property
    def more(self):
        return len(self.events) - len(self.shown)

    @property
    def cers_in_prose(self):
        return in_prose(self.cers)


def is_decision(row):
    return getattr(row, "document_class", "") == DocumentClass.DECISION


def years(moment):
    """The years from the Kyoto Protocol to that of the moment, as far as they have an event or CERs."""
    today = moment.at.date()
    decisions = (row for row in library(moment).live if is_decision(row) and row.date)
    found = {}
    for row in sorted(chain(decisions, archive(moment).live), key=lambda row: (row.date, row.thing_id)):
        if FIRST <= row.date.year <= today.year:
            found.setdefault(row.date.year, []).append(row)
    issued = {int(group.value): group for group in breakdown(registry_at(moment), "year").groups}
    most = max((group.cers for group in issued.values()), default=0)
    return [of_year(number, found.get(number, []), issued.get(number), most) for number in sorted({*found, *issued})]


def of_year(number, events, issued, most):
    if not issued:
        return Year(number, events)
    return Year(number, events, issued.cers, issued.cers * 100 // most if most else 0, issued.is_part)


@dataclass(frozen=True)
class Strip:
    """The whole line of time in one row: places in per cent of decisions, and of news as the path of ticks in a box of 1000 by 10."""

    decisions: list[str]
    news: str
    years: list[tuple[str, int]]
    decision_count: int
    news_count: int
    first: int
    last: int


def strip(moment):
    """The Strip of a moment, None where nothing is known yet."""
    found = [row for year in years(moment) for row in year.events]
    if not found:
        return None
    start, end = date(FIRST, 1, 1), date(moment.at.year, 12, 31)
    decided = [row.date for row in found if is_decision(row)]
    told = sorted({per_mille(row.date, start, end) for row in found if not is_decision(row)})
    return Strip(
        decisions=[percent(place) for place in sorted({per_mille(day, start, end) for day in decided})],
        news="".join(f"M{place} 0v10" for place in told),
        years=[(percent(per_mille(date(year, 1, 1), start, end)), year) for year in range(FIRST, end.year + 1) if year % 5 == 0],
        decision_count=len(decided),
        news_count=len(found) - len(decided),
        first=found[0].date.year,
        last=found[-1].date.year,
    )


def per_mille(day, start, end):
    return (day - start).days * 1000 // (end - start).days


@query_parameters("year")
@require_safe
def timeline(request):
    """The line of time; with `?year=` all of one year."""
    found, chosen = years(request.moment), request.GET.get("year")
    if chosen is None:
        return render(request, "timeline.html", {"years": found})
    place = next((place for place, year in enumerate(found) if str(year.number) == chosen), None)
    if place is None:
        raise Http404
    previous, following = found[place - 1] if place else None, found[place + 1] if place + 1 < len(found) else None
    year = replace(found[place], is_whole=True)
    return render(request, "timeline.html", {"years": [year], "chosen": year, "previous": previous, "following": following})


@query_parameters("year")
@require_safe
def timeline_source(request):
    """The same as Markdown."""
    found = [year for year in years(request.moment) if request.GET.get("year") in (None, str(year.number))]
    if not found:
        raise Http404
    parts = []
    for year in found:
        cers = _("CERs issued: {number}").format(number=f"{year.cers:,}") if year.cers else ""
        parts += [f"## {year.number}", cers, markdown_list(lines(year.events))]
    return markdown_answer(_("# Line of time"), *parts, "---", f"<{canonical('/timeline/')}>")
