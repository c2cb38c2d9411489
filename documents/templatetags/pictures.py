"""Template filter for lists of pictures."""

from django import template
from django.urls import get_script_prefix

from markup.rendering import picture_thumbnail
from publishing import kinds
from publishing.links import root_of_bytes

register = template.Library()


@register.filter
def with_thumbnails(rows, moment):
    """(row, its crop as safe HTML, or nothing) of rows of a list; in two queries."""
    rows = list(rows)
    drawn = kinds.get("picture").drawn([row.thing_id for row in rows], moment)
    root = root_of_bytes(moment, get_script_prefix())
    return [(row, picture_thumbnail(drawn[row.thing_id], root) if row.thing_id in drawn else "") for row in rows]
