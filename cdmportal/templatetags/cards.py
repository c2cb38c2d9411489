"""Template tag of the card that others show beside a link to a page."""

from django import template
from django.conf import settings

from cdmportal.cards.shelf import card_of

register = template.Library()


@register.simple_tag(takes_context=True)
def card_address(context):
    """The address with host of the page's card, or an empty text."""
    request = context["request"]
    name = card_of(getattr(request.resolver_match, "view_name", ""), request.moment)
    return f"{settings.SITE_ADDRESS}/cards/{name}" if name else ""
