"""Meetings for pages of other apps."""

from django import template

from bodies.lists import bodies
from bodies.pages import BodyPage

register = template.Library()


@register.simple_tag(takes_context=True)
def board(context):
    """The Executive Board with its next and its last meeting, or None while it is not published as a body."""
    request = context["request"]
    found = bodies(request.moment).board
    return BodyPage(request, found) if found else None
