"""Template filter that names a page's one stylesheet."""

from django import template
from django.templatetags.static import static

from cdmportal.staticfiles import PAST

register = template.Library()


@register.filter
def stylesheet(name, is_now):
    """The address of a stylesheet of JOINED by its name; pages of another time have the one with the band of the past."""
    return static(f"css/{name.strip()}{'' if is_now else PAST}.css")
