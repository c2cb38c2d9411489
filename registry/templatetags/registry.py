"""Template tags of the registry's pages: numbers, marks on values, charts."""

from urllib.parse import quote, urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from publishing.addresses import address_of
from registry.days import long_day, short_day
from registry.issuance_rows import issuance_rows
from registry.records import NOT_GIVEN

BAR = '<rect class="bar{}" x="{}" y="{}" width="{}" height="{}"/>'
WIDE = mark_safe(' class="wide"')
LABEL = '<text{} x="{}" y="95%" text-anchor="middle">{}</text>'
PEAK = '<text class="peak" x="{}" y="{}" dy="-.3em" text-anchor="{}">{}</text>'
YEAR = '<tr><th scope="row">{}{}</th><td class="right">{}</td></tr>'

register = template.Library()
register.filter(long_day)
register.filter(short_day)


@register.filter
def thousands(number):
    """A whole number as people read it: `1,234,567`; nothing where there is none."""
    return "" if number in (None, "") else f"{number:,}"


@register.filter
def figure(cell):
    """A cell of a table of statistics: whole numbers as people read them."""
    return thousands(cell) if isinstance(cell, int) else cell


@register.simple_tag(takes_context=True)
def first_address(context, day, path):
    """The address of a root-relative path as it stood at the end of a day."""
    return f"{context['request'].META.get('SCRIPT_NAME', '').rstrip('/')}/@{day.isoformat()}{path}"


@register.inclusion_tag("registry/_year_chart.html")
def year_chart(chart, source, what="", number="", table=""):
    """A chart of CERs, or of `what` else, by year (registry/charts.py) with its source and its table, which may stand at `table`.

    `number` tells charts of one page apart. Bars are drawn here: a template takes its time.
    """
    in_part = " " + _("(in part)")
    shown = [bar for bar in chart.bars if bar.cers]
    bars = ((" part" if bar.is_part else "", bar.x, bar.y, bar.width, bar.height) for bar in shown)
    labels = ((WIDE if bar.is_wide else "", bar.middle, bar.label) for bar in chart.bars)
    peaks = ((bar.at, bar.y, bar.anchor, bar.number) for bar in chart.bars if bar.number)
    rows = ((bar.year, in_part if bar.is_part else "", thousands(bar.cers)) for bar in shown)
    return {
        "chart": chart,
        "source": source,
        "number": number,
        "table": table,
        "what": what or _("CERs by year of issuance"),
        "column": _("Units") if what else _("CERs"),
        "bars": format_html_join("", BAR, bars),
        "labels": format_html_join("", LABEL, labels) + format_html_join("", PEAK, peaks),
        "rows": format_html_join("\n", YEAR, rows),
    }


@register.simple_tag(name="issuance_rows")
def rows_of_issuances(activity):
    """The rows of the table of an activity's issuances (registry/issuance_rows.py)."""
    return issuance_rows(activity.issued, activity.has_other_hosts)


@register.simple_tag
def group_link(name, group):
    """The label of a group of statistics (registry/statistics.py), with the way to the thing or the list that it counts."""
    paths = {"host": f"/parties/{group.value}/", "method": f"/methodologies/{quote(group.value)}/"}
    lists = {"type", "scope", "scale", "verifier", "kind", "subregion", "un_group", "ldc", "sids"}
    path = paths.get(name) or (f"/projects/?{urlencode({name: group.value})}" if name in lists else "")
    if not path or group.value in ("", NOT_GIVEN):
        return group.label
    return format_html('<a href="{}">{}</a>', address_of(path), group.label)
