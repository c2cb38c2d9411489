"""Comparison of two states of a draft, for editors: a form with the saved draft, an old edition with the draft."""

from copy import copy
from functools import partial

from django.db import models

from desk.form_fields import words_for
from desk.people import title_of_thing
from markup.diff import fields_changed
from publishing.field_text import as_text
from publishing.fields import ThingListField


def value_text(user, field, value):
    """Text of a content field's value for an editor, who may know the names of drafts within reach."""
    if isinstance(field, models.ForeignKey) and value:
        return title_of_thing(user, value)
    if isinstance(field, ThingListField):
        return "\n".join(words_for(value or []))
    return as_text(field, value, None)


def changes(old, new, user):
    """FieldChanges from one content of a kind to another, for the person who reads them; `old` may be None."""
    found = fields_changed(old, new, partial(value_text, user))
    if old is None or any(getattr(content, "is_version", False) for content in (old, new)):
        found = [change for change in found if change.name not in new.UNVERSIONED]
    return found


def field_texts(content, user):
    """(label, text) of every content field of a version that holds something."""
    fields = [field for field in content.content_fields() if field.name not in content.UNVERSIONED]
    texts = ((field.verbose_name, value_text(user, field, getattr(content, field.attname))) for field in fields)
    return [(label, text) for label, text in texts if text]


def form_changes(form_class, post, stored):
    """FieldChanges from the stored draft to what a form would make of it, and the draft as the form would make it."""
    form = form_class(post, instance=copy(stored))
    form.is_trial = True
    form.is_valid()
    for name in form.errors.keys() & set(form.content_names):
        if isinstance(stored._meta.get_field(name), models.CharField | models.TextField):
            setattr(form.instance, name, form.data.get(name, ""))
    names = set(form.content_names)
    return [change for change in changes(stored, form.instance, form.user) if change.name in names]
