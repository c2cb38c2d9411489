"""Models of what is known of addresses on other sites. An address stands here as a digest alone: its words are in the texts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkVerdict(models.TextChoices):
    """What a try at an address showed. Only `NOT_FOUND` is an error of the text that links to it."""

    NOT_LOOKED = "not_looked", _("not looked at yet")
    WORKS = "works", _("works")
    MOVED = "moved", _("moved for good")
    NOT_FOUND = "not_found", _("not found")
    CANNOT = "cannot", _("cannot be checked")


class OutsideAddress(models.Model):
    """Address on another site. `status` is that of its last answer, None without one; `missed` counts the days on which it was missing."""

    digest = models.CharField(max_length=64, unique=True)
    verdict = models.CharField(max_length=16, choices=LinkVerdict, default=LinkVerdict.NOT_LOOKED, db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    leads_to = models.TextField(blank=True, help_text="Where it has moved for good.")
    tried = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True, db_index=True)
    missed = models.PositiveSmallIntegerField(default=0)
    missed_since = models.DateField(null=True)

    def __str__(self):
        return f"address {self.digest[:8]}: {self.get_verdict_display()}"


class TextWithLinks(models.Model):
    """Text in force, told by the number of its edition, that names addresses on other sites."""

    edition = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=32)
    thing = models.PositiveBigIntegerField()
    addresses = models.ManyToManyField(OutsideAddress, related_name="texts")

    class Meta:
        indexes = [models.Index(fields=["kind", "thing"], name="withlinks_kind_thing")]

    def __str__(self):
        return f"links of edition {self.edition}"
