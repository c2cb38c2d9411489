"""Template tags of the registry's pages: numbers, marks on values, charts."""

from urllib.parse import quote, urlencode

from django import template
from django.utils.html import format_html

from publishing.addresses import as_asked
from registry.days import long_day, short_day
from registry.records import NOT_GIVEN

register = template.Library()
register.filter(long_day)
register.filter(short_day)


@register.filter
def thousands(number):
    """A whole number as people read it: `1,234,567`; nothing for None."""
    return "" if number is None else f"{number:,}"


@register.simple_tag(takes_context=True)
def first_address(context, day, path):
    """The address of a root-relative path as it stood at the end of a day."""
    return f"{context['request'].META.get('SCRIPT_NAME', '').rstrip('/')}/@{day.isoformat()}{path}"


@register.inclusion_tag("registry/_year_chart.html")
def year_chart(chart, source):
    """A chart of CERs by year (registry/charts.py) with its source and its table."""
    return {"chart": chart, "source": source}


@register.simple_tag
def group_link(name, group):
    """The label of a group of statistics (registry/statistics.py), with the way to the thing or the list that it counts."""
    paths = {"host": f"/parties/{group.value}/", "method": f"/methodologies/{quote(group.value)}/"}
    lists = {"type", "scope", "scale", "verifier", "kind", "subregion", "un_group", "ldc", "sids"}
    path = paths.get(name) or (f"/projects/?{urlencode({name: group.value})}" if name in lists else "")
    if not path or group.value in ("", NOT_GIVEN):
        return group.label
    return format_html('<a href="{}">{}</a>', as_asked(path), group.label)
