"""Template tags of the registry's pages: numbers, marks on values, charts."""

from django import template

from registry.days import long_day, short_day

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
