"""Values of content fields as text, for those who compare editions."""

from django.db import models

from publishing import kinds
from publishing.fields import ThingListField
from publishing.models import Thing


def as_text(field, value, moment):
    """A content field's value as people read it; things are named by their titles at the moment, flags by yes and no."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, models.ForeignKey):
        return titles([value], moment)
    if isinstance(field, ThingListField):
        return titles(value, moment)
    return "\n".join(map(getattr(field, "label_of", str), value)) if isinstance(value, list) else str(value)


def titles(things, moment):
    """The titles of things, one a line; what is not public at the moment is not named."""
    references = Thing.objects.filter(pk__in=things).values_list("kind", "pk")
    live = kinds.targets(references, moment)
    return "\n".join(live[thing].title if thing in live else "(not public)" for thing in things)
