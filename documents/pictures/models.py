"""Pictures, which texts show by their address: `![words](/pictures/<slug>/)`."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.fields import StoredFileField
from files.inspectors import images
from files.inspectors.refusal import Refused
from publishing.content import Content, Draft
from publishing.fields import body_field
from publishing.models import Edition

# Parts of addresses below /pictures/ that the portal itself answers.
RESERVED_SLUGS = {"history", "timemap", "preview", "draft"}
ENDINGS = ("png", "jpg", "jpeg", "webp")

PER_CENT = MaxValueValidator(100)
OPENING = re.compile(r"(?:an? |the )?(?:image|picture|photo|photograph|graphic) of\b", re.IGNORECASE)
CAMERA_NAME = re.compile(r"(?:img|dsc[nf]?|pict?|image|photo|screenshot|scan)[-_ ]?\d*\Z", re.IGNORECASE)


class Licence(models.TextChoices):
    """Terms under which a picture may be used again."""

    CC0 = "cc0", "CC0 1.0"
    CC_BY_4 = "cc-by-4.0", "CC BY 4.0"
    CC_BY_3_IGO = "cc-by-3.0-igo", "CC BY 3.0 IGO"
    CC_BY_SA_4 = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_SA_3 = "cc-by-sa-3.0", "CC BY-SA 3.0"
    OGL_3 = "ogl-3.0", "Open Government Licence 3.0"
    PUBLIC_DOMAIN = "public-domain", gettext_lazy("Public domain")
    PERMISSION = "permission", gettext_lazy("All rights reserved, used by permission")

    @property
    def address(self):
        """Where the licence is to be read; nothing where there is none."""
        return ADDRESSES.get(self.value, "")


ADDRESSES = {
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-3.0-igo": "https://creativecommons.org/licenses/by/3.0/igo/",
    "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc-by-sa-3.0": "https://creativecommons.org/licenses/by-sa/3.0/",
    "ogl-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "public-domain": "https://creativecommons.org/publicdomain/mark/1.0/",
}


class PictureContent(Content):
    KIND = "picture"
    ERASABLE = ("title", "alternative", "summary", "credit", "file", "body")
    UNIQUE = ("slug",)
    APPARATUS = ("slug", "focus_x", "focus_y", "is_for_dark")

    title = models.CharField(max_length=200, help_text="What editors and visitors find it by, such as “Issuance by year, 2005 to 2012”.")
    slug = models.SlugField(
        "address",
        max_length=80,
        help_text="Last part of the address below /pictures/: small letters, digits and hyphens. Old addresses lead here.",
    )
    file = StoredFileField(blank=False, help_text="At most 50 MB and 40 million points: JPEG, PNG or WebP, not moving.")
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    alternative = models.CharField(
        "words instead of it",
        max_length=300,
        blank=True,
        help_text="What the picture tells, for those who cannot see it. A text may use other words where it shows the picture.",
    )
    is_decorative = models.BooleanField(
        "decorative", default=False, help_text="It tells nothing that the text beside it does not tell; screen readers pass over it."
    )
    summary = models.TextField("caption", max_length=400, blank=True, help_text="Stands below it, unless a text gives another.")
    credit = models.CharField(max_length=200, blank=True, help_text="Who made it, such as “Photo: A. Person”.")
    licence = models.CharField(max_length=20, choices=Licence)
    focus_x = models.PositiveSmallIntegerField(
        "focus, from the left", default=50, validators=[PER_CENT], help_text="In per cent. Crops for lists keep this point."
    )
    focus_y = models.PositiveSmallIntegerField("focus, from the top", default=50, validators=[PER_CENT], help_text="In per cent.")
    is_for_dark = models.BooleanField(
        "made for light and dark", default=False, help_text="Where it is transparent, it needs no light plate behind it in dark mode."
    )
    body = body_field(verbose_name="long description", help_text="All that a chart shows, for those who cannot see it. Markdown.")

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def path(self):
        return f"/pictures/{self.slug}/"

    @property
    def shape(self):
        """Value of the list's facet: how it lies."""
        if self.width == self.height:
            return "square"
        return "landscape" if self.width > self.height else "portrait"

    @property
    def words(self):
        """Words instead of the picture, none for a decorative one."""
        return "" if self.is_decorative else self.alternative

    @property
    def licence_label(self):
        return self.get_licence_display()

    @property
    def licence_address(self):
        return ADDRESSES.get(self.licence, "")

    def clean(self):
        super().clean()
        self.slug = self.slug.lower()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("The portal itself uses “%(slug)s”. Please choose another address.") % {"slug": self.slug}})
        if self.file:
            self.width, self.height = points_of(self.file)
        if fault := self.fault_of_words():
            raise ValidationError({"alternative": fault})

    def fault_of_words(self):
        """What is wrong with the words instead of the picture, or nothing."""
        words = self.alternative.strip()
        if self.is_decorative:
            return _("A decorative picture has no words. Please empty the field, or untick “decorative”.") if words else ""
        if not words:
            return _("Please write what the picture tells, or tick “decorative” if it tells nothing.")
        if OPENING.match(words):
            return _("Please begin with what is to be seen: that it is a picture is said anyway.")
        name = self.file.name.rpartition(".")[0] if self.file else ""
        if squeezed(words) in {squeezed(name), squeezed(self.file.name if self.file else ""), squeezed(self.title)}:
            return _("Please write what the picture tells; the name of the file or the title does not.")
        if CAMERA_NAME.match(words) or words.lower().endswith(tuple(f".{ending}" for ending in ENDINGS)):
            return _("Please write what the picture tells; this is the name of a file.")
        if "automatically generated" in words.lower():
            return _("Please write what the picture tells in your own words; these are a program's.")
        return ""


def squeezed(text):
    """Text without all that is no letter or digit, so that `Chart-of_issuance` is `Chart of issuance`."""
    return re.sub(r"[\W_]+", "", text).casefold()


def points_of(stored):
    """Width and height of a stored picture, read without decoding it. Raises ValidationError for any other file."""
    if stored.extension not in ENDINGS:
        raise ValidationError({"file": _("A picture is a JPEG, PNG or WebP file.")})
    try:
        with stored.open() as file:
            return images.points(file, stored.extension)
    except Refused as error:
        raise ValidationError({"file": _("This picture cannot be read: %(error)s") % {"error": error}}) from error
    except FileNotFoundError as error:
        raise ValidationError({"file": _("The store has lost this file. Please upload it again.")}) from error


class Picture(PictureContent, Draft):
    class Meta:
        verbose_name = "picture"


class PictureEdition(Edition, PictureContent):
    class Meta:
        indexes = [models.Index(fields=["slug"], name="picture_edition_slug")]
