"""News for pages of other apps."""

from django import template

from news.archive import archive

register = template.Library()


@register.inclusion_tag("news/_latest.html", takes_context=True)
def latest_news(context, most=5):
    """The latest news items at the moment of the request, and the way to all of them."""
    request = context["request"]
    return {"request": request, "items": archive(request.moment).live[:most]}
