"""Content: the abstract base of what drafts and editions of a kind have in common."""

from django.core.exceptions import ValidationError
from django.db import models, transaction

from markup.characters import normalised, tells_nothing
from publishing import dates, draft_versions, kinds
from publishing.dates import Precision
from publishing.models import Action, Edition, Thing


def cleaned(value):
    """Normalised text, or texts of a list; any other value as it is. Raises ValidationError for what cannot be published."""
    if isinstance(value, list):
        return list(map(cleaned, value))
    return normalised(value) if isinstance(value, str) else value


class Content(models.Model):
    """Base of each kind's content class, which its draft and its edition share.

    `ERASABLE` names the text fields that an erasure blanks; all others are the frame (address, dates) that the tombstone needs.
    `UNVERSIONED` names those that versions of drafts leave out, `UNIQUE` those that no two public things have alike.
    """

    KIND = ""
    ERASABLE = ()
    UNVERSIONED = ()
    UNIQUE = ()
    # Fields of which a change puts no word right.
    APPARATUS = ("slug",)
    # Of an edition in a list: whether it was withdrawn or erased.
    is_gone = False

    class Meta:
        abstract = True

    @classmethod
    def content_fields(cls):
        """The model fields that make up the content, without those of Thing or Edition."""
        inherited = {f.name for base in (Thing, Edition) for f in base._meta.get_fields()}
        return [f for f in cls._meta.concrete_fields if f.name not in inherited and not f.name.endswith("_ptr")]

    @classmethod
    def long_texts(cls):
        """Names of the fields that lists of many things leave in the database."""
        return [f.name for f in cls.content_fields() if isinstance(f, models.TextField)]

    @classmethod
    def bodies(cls):
        """Names of the texts of any length, which a list of all things of a kind leaves in the database."""
        return [f.name for f in cls.content_fields() if isinstance(f, models.TextField) and f.max_length is None]

    @property
    def label(self):
        """Name in lists and links."""
        return self.title

    @property
    def categories(self):
        """Categories of its entry in feeds."""
        return []

    @property
    def order(self):
        """The key by which lists sort."""
        return self.label.casefold(), self.thing_id

    def clean_fields(self, exclude=None):
        """Normalise every text before its validation, so that no field is blank or too long only once it is stored."""
        errors = {}
        for field in self.content_fields():
            if field.name not in (exclude or ()):
                try:
                    value = cleaned(getattr(self, field.attname))
                    setattr(self, field.attname, value)
                    self.check_telling(field, value)
                except ValidationError as error:
                    errors[field.name] = error.error_list
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def check_telling(self, field, value):
        """Raise ValidationError for a text that must be given and tells nothing. Only drafts are held to it: a record that exists loads."""
        if isinstance(self, Draft) and isinstance(value, str) and value and not field.blank and tells_nothing(value):
            raise ValidationError(field.error_messages["blank"], code="blank")

    def content(self):
        """The content as a dict of attribute names and values, equal for a draft and the edition made from it."""
        return {f.attname: getattr(self, f.attname) for f in self.content_fields()}

    def put_content(self, values):
        for name, value in values.items():
            setattr(self, name, value)

    def erasable_blanks(self):
        """Values of the erasable fields after an erasure: their defaults, which for lists are empty lists."""
        defaults = {name: self._meta.get_field(name).get_default() for name in self.ERASABLE}
        return {name: "" if default is None else default for name, default in defaults.items()}


class DatedContent(Content):
    """Content with a `date`, and perhaps the `precision` to which it is known: lists show the newest first."""

    class Meta:
        abstract = True

    @property
    def order(self):
        return -self.date.toordinal(), -self.thing_id

    @property
    def shown_date(self):
        """The date as people read it, or nothing where none is known."""
        return dates.shown(self.date, getattr(self, "precision", Precision.DAY)) if self.date else ""

    @property
    def machine_date(self):
        return dates.machine(self.date, getattr(self, "precision", Precision.DAY)) if self.date else ""


class Draft(Thing):
    """Mixin of every draft model, beside Thing and its content. Public code reads a draft only to preview it."""

    is_version = False  # an earlier state of the draft, which is never saved as it is

    class Meta:
        abstract = True

    @property
    def thing_id(self):
        return self.pk

    def save(self, *args, **kwargs):
        self.kind = self.KIND
        super().save(*args, **kwargs)

    def save_if_unchanged(self, version, **about):
        """Save the draft as a new version only if nobody saved it since `version` was read; returns whether it is saved (compare-and-set).

        `about` tells who did it and how, as fields of DraftVersion. Content equal to what is stored makes no version.
        """
        with transaction.atomic():
            stored = type(self).objects.filter(pk=self.pk, version=version).first()
            if stored is None:
                return False
            if stored.content() == self.content():
                self.version = version
                return True
            number = draft_versions.number_after(stored)
            if not Thing.objects.filter(pk=self.pk, version=version).update(version=number):
                return False
            self.version = number
            self.save()
            draft_versions.follow(stored, self, **about)
        return True

    def newest_edition(self):
        """The newest edition of the draft's own kind with content that was published or is scheduled."""
        editions = kinds.get(self.KIND).edition.objects
        kept = editions.ever_in_force().filter(thing=self.pk, action=Action.PUBLISH, erased_by__isnull=True)
        return kept.order_by("-number").first()

    def is_changed(self):
        """True when the draft differs from the newest edition, or there is none."""
        newest = self.newest_edition()
        return newest is None or newest.content() != self.content()
