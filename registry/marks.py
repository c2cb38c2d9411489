"""Marks on values that are not as the release gives them, in words: what stands beside the value, and what it means."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ValueMark(TextChoices):
    DERIVED = "derived", _("derived")
    MATCHED_REFERENCE = "matched", _("matched reference")
    MAP_FILE_2018 = "map", _("2018 map file")
    REPAIRED = "repaired", _("repaired")
    CONTRADICTED = "contradicted", _("contradicted")
    PUBLISHED = "published", _("from a publication")

    @property
    def meaning(self):
        return MEANINGS[self]


MEANINGS = {
    ValueMark.DERIVED: _("Worked out by this portal from other values of the release, which does not tell it."),
    ValueMark.MATCHED_REFERENCE: _("The release gives no number here; this one was found elsewhere by the title."),
    ValueMark.MAP_FILE_2018: _("The release leaves it out; it comes from a map file that the UNFCCC published in 2018."),
    ValueMark.REPAIRED: _(
        "The file holds a slip that shows what was meant, such as a lost sign; put right here, beside the file’s own value."
    ),
    ValueMark.CONTRADICTED: _("The release contradicts itself; what was decided, and why, stands beside the value."),
    ValueMark.PUBLISHED: _("The release does not tell it; a publication does, which is named with the facts."),
}
