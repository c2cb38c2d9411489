"""Model fields for lists that an immutable edition can carry in its own row."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext as _

from markup.characters import normalised


class ThingListField(models.JSONField):
    """A list of ids of Things, in the editor's order. Written as references in dumps."""

    def __init__(self, **options):
        super().__init__(**{"default": list, "blank": True} | options)


FOREIGN_NAME = re.compile(r"([a-z]{2,3}(?:-[A-Z][a-z]{3})?): *(\S.{0,119})\Z")
MOST_FOREIGN_NAMES = 30


def check_foreign_names(names):
    """Raise ValidationError naming the line that is no name with its language."""
    if not isinstance(names, list) or len(names) > MOST_FOREIGN_NAMES:
        raise ValidationError(_("Give a list of at most %d names.") % MOST_FOREIGN_NAMES)
    for name in names:
        if not isinstance(name, str) or not FOREIGN_NAME.match(normalised(name)):
            raise ValidationError(_("Write the language first, such as “fr: Conseil exécutif”, not “%s”.") % str(name)[:60])


class ForeignNamesField(models.JSONField):
    """Names in other languages, each with its code of ISO 639: `["fr: Conseil exécutif", "es: Junta Ejecutiva"]`."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": list, "blank": True, "validators": [check_foreign_names]} | options)


def foreign_names(listed):
    """(language, name) pairs of the value of a ForeignNamesField."""
    return [FOREIGN_NAME.match(name).groups() for name in listed if FOREIGN_NAME.match(name)]


BODY_LIMIT = 200_000
# The names of texts in Markdown: those that `body_field` is given, and what came of a call.
MARKDOWN_FIELDS = {"body", "outcome"}
# The plain texts in which marks for figures are filled in.
FIGURED_FIELDS = {"summary"}


def body_field(verbose_name="text", **options):
    """A Markdown text of bounded length."""
    too_long = f"A text may have at most {BODY_LIMIT:,} characters. Please divide it over several pages."
    return models.TextField(verbose_name, blank=True, validators=[MaxLengthValidator(BODY_LIMIT, too_long)], **options)
