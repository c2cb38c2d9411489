"""The topics by which news and recordings are sorted, and the field that holds them."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _


class Topic(models.TextChoices):
    MILESTONES = "milestones", "Milestones"
    BOARD = "board", "Executive Board"
    PROGRAMMES = "programmes", "Programmes of activities"
    ISSUANCE = "issuance", "Issuance"
    REGISTRY = "registry", "Registry"
    METHODOLOGIES = "methodologies", "Methodologies"
    ACCREDITATION = "accreditation", "Accreditation"
    PUBLIC_INPUTS = "public-inputs", "Public inputs"
    STATISTICS = "statistics", "Statistics"
    AUDIO = "audio", "Audio"
    RULES = "rules", "Rules"
    REGIONS = "regions", "Regional distribution"
    TRANSITION = "transition", "After 2020 and Article 6.4"


def check_topics(value):
    """Raise ValidationError unless the value is a list of topics, each once."""
    unknown = [topic for topic in value if topic not in Topic.values] if isinstance(value, list) else [value]
    if unknown:
        said = _("There is no topic %(unknown)s. Topics are: %(topics)s.")
        raise ValidationError(said % {"unknown": ", ".join(map(repr, unknown)), "topics": ", ".join(Topic.values)})
    if len(set(value)) < len(value):
        raise ValidationError(_("Each topic can be given only once."))


class TopicListField(models.JSONField):
    """A list of topics, which an edition carries in its own row."""

    def __init__(self, **options):
        super().__init__(**{"default": list, "blank": True, "validators": [check_topics]} | options)

    def label_of(self, topic):
        return Topic(topic).label if topic in Topic.values else topic

    def formfield(self, **options):
        return forms.MultipleChoiceField(
            choices=Topic.choices,
            required=not self.blank,
            widget=forms.CheckboxSelectMultiple,
            label=self.verbose_name.capitalize(),
            help_text=self.help_text,
        )
