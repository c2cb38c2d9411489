"""Language and direction of texts that are in another language than the page around them."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language

register = template.Library()


@register.filter
def in_language(code):
    """The attributes of an element whose text is in the language; none where that is the page's own, or not known."""
    if not code or code == (get_language() or "").partition("-")[0]:
        return ""
    return format_html(' lang="{}" dir="{}"', code, "rtl" if code in settings.LANGUAGES_BIDI else "ltr")


@register.filter
def spoken_in(text, code):
    """A text within a sentence of the page, marked as being in its language."""
    attributes = in_language(code)
    return format_html("<bdi{}>{}</bdi>", attributes, text) if attributes else text
