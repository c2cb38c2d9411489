"""Subjects of a document: short words for lists and searches."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

MOST = 12
LONGEST = 60


def check(subjects):
    if not isinstance(subjects, list) or not all(isinstance(word, str) for word in subjects):
        raise ValidationError(_("Subjects are a list of words."))
    if len(subjects) > MOST or any(len(word) > LONGEST for word in subjects):
        raise ValidationError(_("At most %(most)s subjects of %(longest)s letters each.") % {"most": MOST, "longest": LONGEST})


class SubjectListField(models.JSONField):
    """A list of short texts, in the editor's order."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": list, "blank": True, "validators": [check]} | options)
