"""Template tag of the Quickfinder in the head of every page."""

from django import template
from django.utils.html import format_html_join

from publishing.snapshots import Snapshot
from search.issues import issues

register = template.Library()


def options_of(moment):
    """Options of the list, by groups. One without a value sends its text, and needs no end tag: the list is in every page."""
    groups = issues(moment).groups
    listed = ((label, format_html_join("", "<option>{}", ((entry.label,) for entry in entries))) for label, entries in groups)
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', listed)


options = Snapshot(options_of, of=["issue"])


@register.inclusion_tag("search/_quickfinder.html", takes_context=True)
def quickfinder(context):
    return {"options": options(context["request"].moment)}


@register.inclusion_tag("search/_examples.html")
def examples():
    """A name, a Party, a methodology and a decision, each of which the search takes for the thing itself."""
    return {"examples": ("NovaGerar", "China", "ACM0002", "3/CMP.1")}
