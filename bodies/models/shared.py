"""Fields and checks that the kinds of this app share."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _

from publishing import dates
from publishing.dates import Precision
from publishing.models import Thing

# Steps of addresses that the portal itself answers.
RESERVED_SLUGS = {"history", "timemap", "preview", "meetings", "feed"}
# Years that a day may lie in; every zone can tell its instants.
EARLIEST, LATEST = 1900, 2199


def refuse_reserved(slug):
    if slug in RESERVED_SLUGS:
        raise ValidationError({"slug": _("The portal itself uses “%(slug)s”. Please choose another address.") % {"slug": slug}})


def refuse_what_is_no_body(content, name):
    """Raise ValidationError where a list of bodies names something else, such as the page of the Board's section."""
    if other := Thing.objects.filter(pk__in=getattr(content, name)).exclude(kind="body").first():
        said = _("“%s” is no body. Write the address of one, such as /panels/executive-board/ for the Board.")
        raise ValidationError({name: said % other.reference})


def bound(verbose_name, help_text):
    return models.DateField(verbose_name, null=True, blank=True, help_text=help_text)


def known_to(verbose_name):
    return models.CharField(verbose_name, max_length=5, choices=Precision, default=Precision.DAY)


def address_field(verbose_name, help_text="Starts with https:// or http://."):
    return models.CharField(verbose_name, max_length=500, blank=True, validators=[URLValidator(["http", "https"])], help_text=help_text)


def put_bounds(content, first, last):
    """Keep a beginning under the first day, and an end under the last day, of what is known of it; an end lies not before its beginning."""
    start, start_precision = getattr(content, first), getattr(content, f"{first}_precision")
    end, end_precision = getattr(content, last), getattr(content, f"{last}_precision")
    if start and start_precision in Precision.values:
        start = dates.first_day(start, start_precision)
        setattr(content, first, start)
    if end and end_precision in Precision.values:
        end = dates.last_day(end, end_precision)
        setattr(content, last, end)
    for name, day in ((first, start), (last, end)):
        if day and not EARLIEST <= day.year <= LATEST:
            said = _("Write a year between %(earliest)d and %(latest)d.")
            raise ValidationError({name: said % {"earliest": EARLIEST, "latest": LATEST}})
    if start and end and end < start:
        raise ValidationError({last: _("The end lies before the beginning.")})
