"""Sizes of pictures: smaller copies that were made once, found by the hash of the picture of which they are."""

from django.db import models

from files.fields import StoredFileField


class PictureSize(models.Model):
    """Smaller copy of a stored picture. A cache: what is lost is made anew by `make_sizes`, and no dump has it.

    `name` tells width and format, of a crop its shape and focus too: `960.avif`, `wide-50-30-480.webp`. `maker` is the version of the
    program that made it (files/sizes.py).
    """

    original = models.CharField(max_length=64)
    name = models.CharField(max_length=40)
    maker = models.PositiveSmallIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    is_clear = models.BooleanField("transparent", default=False)
    file = StoredFileField(blank=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["original", "maker", "name"], name="picture_size_once")]

    def __str__(self):
        return f"{self.name} of {self.original[:12]}"
