"""Template tag of the line of time on CDM Home."""

from django import template

from cdmportal import timeline

register = template.Library()


@register.inclusion_tag("_strip.html", takes_context=True)
def time_strip(context):
    """All decisions and news in one row, with the way to the line of time."""
    return {"strip": timeline.strip(context["request"].moment)}
