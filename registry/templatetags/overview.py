"""Template tags of CDM Home: the four figures, the curve of CERs, and the ways to other days."""

from datetime import date

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from publishing.figures import Figures
from registry.charts import in_prose
from registry.curve import curve_of, path, straightened
from registry.days import long_day
from registry.moments import registry_at
from registry.sample import running_totals
from registry.statistics import source_of
from registry.templatetags.registry import first_address, thousands

# Days worth a visit, each with the page that shows most of it: the first CERs, the site that this one follows, the end of the first
# commitment period.
DAYS = ((date(2005, 10, 20), "/statistics/"), (date(2010, 3, 10), "/"), (date(2012, 12, 31), "/"))

register = template.Library()


@register.inclusion_tag("registry/_key_figures.html", takes_context=True)
def key_figures(context):
    """Four figures of the moment with their day; none before the first CERs."""
    figures = Figures(context["request"].moment)
    cers, issuances, activities, parties = (figures[name] for name in ("cers", "issuances", "activities", "parties"))
    registered = figures["registered"]
    rows = [
        (in_prose(cers.value), _("CERs issued, one a tonne of CO₂ equivalent"), "/statistics/"),
        (thousands(issuances.value), _("issuances"), "/issuance/"),
        (thousands(registered.value), _("activities registered"), "/projects/")
        if registered
        else (thousands(activities.value), _("activities with CERs"), "/projects/"),
        (thousands(parties.value), _("host Parties with CERs"), "/dna/"),
    ]
    return {"rows": rows if cers.value else [], "figure": cers}


@register.inclusion_tag("registry/_curve.html", takes_context=True)
def cers_curve(context):
    """The running total of CERs with the moment on it."""
    registry = registry_at(context["request"].moment)
    return {"curve": curve_of(registry), "source": source_of(registry)}


@register.inclusion_tag("registry/_travel.html", takes_context=True)
def travel(context):
    """Ways to days of the past and to now, each with its CERs as far as the moment knows of them."""
    moment = context["request"].moment
    registry, today = registry_at(moment), moment.at.date()

    def cers(day):
        return in_prose(registry.totals_by(day.toordinal()).cers) if day <= today else ""

    stops = [(long_day(day), cers(day), first_address(context, day, path), day == today) for day, path in DAYS]
    now = in_prose(registry.totals()[0].cers) if moment.is_now else ""
    root = context["request"].META.get("SCRIPT_NAME", "").rstrip("/") + "/"
    return {"stops": [*stops, (_("Today"), now, root, moment.is_now)], "is_now": moment.is_now}


@register.simple_tag
def ground_of_time(axis):
    """Path of the running total of CERs in a box of 1000 by 100 on a TimeAxis: the shipped table, so that no page waits for a release."""
    days, totals = running_totals()
    known = {date.fromordinal(day): one.cers for day, one in zip(days, totals, strict=True)}
    most = totals[-1].cers
    kept = [day for day in known if (day.month, day.day) == (12, 31) or day == max(known)]
    points = [(axis.per_mille(day), 100 - known[day] * 100 // most) for day in kept]
    return mark_safe(f"{path(straightened(points))}V100H{points[0][0]}z")  # noqa: S308 - whole numbers
