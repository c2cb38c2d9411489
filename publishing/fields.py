"""Model fields for relations that an immutable edition can carry in its own row."""

from django.db import models


class ThingListField(models.JSONField):
    """A list of ids of Things, in the editor's order. Written as references in dumps."""

    def __init__(self, **options):
        super().__init__(**{"default": list, "blank": True} | options)
