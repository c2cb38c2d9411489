"""Two states of a draft side by side, for editors: what is in a form against what is saved, an old edition against the draft."""

from copy import copy

from django.db import models

from desk.form_fields import words_for
from markup.diff import fields_changed
from publishing import kinds
from publishing.field_text import as_text
from publishing.fields import ThingListField
from publishing.models import Thing


def shown(field, value):
    """A content field's value as text for editors, who may know the names of drafts."""
    if isinstance(field, models.ForeignKey) and value:
        return title_of_thing(value)
    if isinstance(field, ThingListField):
        return "\n".join(words_for(value or []))
    return as_text(field, value, None)


def title_of_thing(pk):
    thing = Thing.objects.filter(pk=pk).first()
    draft = thing and kinds.get(thing.kind).draft.objects.filter(pk=pk).first()
    return str(draft or "")


def changes(old, new):
    """FieldChanges from one content of a kind to another; `old` may be None."""
    return fields_changed(old, new, shown)


def changes_typed(form_class, post, stored):
    """FieldChanges from the stored draft to what a form would make of it, and the draft as the form would make it."""
    form = form_class(post, instance=copy(stored))
    form.is_trial = True
    form.is_valid()
    for name in form.errors.keys() & set(form.content_names):
        if isinstance(stored._meta.get_field(name), models.CharField | models.TextField):
            setattr(form.instance, name, form.data.get(name, ""))
    names = set(form.content_names)
    return [change for change in changes(stored, form.instance) if change.name in names]
