"""Model fields for relations that an immutable edition can carry in its own row."""

from django.core.validators import MaxLengthValidator
from django.db import models


class ThingListField(models.JSONField):
    """A list of ids of Things, in the editor's order. Written as references in dumps."""

    def __init__(self, **options):
        super().__init__(**{"default": list, "blank": True} | options)


BODY_LIMIT = 200_000
# The names that `body_field` is given.
MARKDOWN_FIELDS = {"body"}


def body_field(**options):
    """A Markdown text of bounded length."""
    too_long = f"A text may have at most {BODY_LIMIT:,} characters. Please divide it over several pages."
    return models.TextField(blank=True, validators=[MaxLengthValidator(BODY_LIMIT, too_long)], **options)
