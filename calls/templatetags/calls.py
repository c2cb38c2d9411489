"""Open calls for the menu and for CDM Home."""

from django import template
from django.utils.html import format_html
from django.utils.translation import ngettext

from calls.lists import call_rows
from calls.models import HOME

register = template.Library()


@register.simple_tag(takes_context=True)
def open_beside(context, path):
    """How many calls are open, to stand beside the menu's label of their section; nothing where none is, and beside any other label."""
    if path != HOME or not (count := len(call_rows(context["request"].moment).open)):
        return ""
    words = ngettext("%(count)d call open", "%(count)d calls open", count) % {"count": count}
    return format_html('<span class="open"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>', count, words)


@register.simple_tag(takes_context=True)
def calls_shown(context):
    """The CallRows of the moment, with those that are open and those to come."""
    return call_rows(context["request"].moment)
