"""The subjects of a document: short words that lists and searches use."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from publishing.text import normalised

MOST = 12
LONGEST = 60


def split(text):
    """The subjects in a text that separates them by commas or lines, each once."""
    return list(dict.fromkeys(word for part in re.split(r"[,\n]", text) if (word := " ".join(part.split()))))


def check(subjects):
    if not isinstance(subjects, list) or not all(isinstance(word, str) for word in subjects):
        raise ValidationError("Subjects are a list of words.")
    if len(subjects) > MOST or any(len(word) > LONGEST for word in subjects):
        raise ValidationError(f"At most {MOST} subjects of {LONGEST} letters each.")
    for word in subjects:
        normalised(word)


class SubjectInput(forms.Textarea):
    def __init__(self, attrs=None):
        super().__init__({"rows": 2} | (attrs or {}))

    def format_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value


class SubjectFormField(forms.CharField):
    widget = SubjectInput

    def to_python(self, value):
        return split(super().to_python(value))

    def has_changed(self, initial, data):
        return split(data or "") != (initial or [])


class SubjectListField(models.JSONField):
    """A list of short texts, in the editor's order."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": list, "blank": True, "validators": [check]} | options)

    def formfield(self, **options):
        return SubjectFormField(required=False, help_text=self.help_text, label=self.verbose_name.capitalize())
