"""Questions of a call, one a line, as they are numbered."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

MOST_QUESTIONS = 60
LONGEST_QUESTION = 600


def check_questions(lines):
    """Raise ValidationError unless the value is a list of so many texts of bounded length."""
    if not isinstance(lines, list) or len(lines) > MOST_QUESTIONS or not all(isinstance(line, str) for line in lines):
        raise ValidationError(_("Give at most %d questions, one a line.") % MOST_QUESTIONS)
    if any(len(line) > LONGEST_QUESTION for line in lines):
        raise ValidationError(_("A question may have at most %d characters.") % LONGEST_QUESTION)


class QuestionsField(models.JSONField):
    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": list, "blank": True, "validators": [check_questions]} | options)
