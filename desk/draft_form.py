"""Form of a draft, for every kind."""

from contextlib import suppress
from copy import copy

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from markup import rendering
from publishing import kinds
from publishing.content import cleaned
from publishing.fields import BODY_LIMIT, MARKDOWN_FIELDS
from publishing.models import Record, Thing
from publishing.moment import Moment
from publishing.roles import Can, can


class DraftForm(forms.ModelForm):
    """Form that refuses a text that cannot be formatted, a place that is not the person's to give, and saving over another's save.

    `ModelAdmin.get_form` sets `user`, and `prefill` where the form opens with other values than those of the draft.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    working_copy = forms.CharField(widget=forms.HiddenInput, required=False)

    user = None
    prefill = None
    is_trial = False  # the values are only compared or previewed, never saved

    def __init__(self, *args, **kwargs):
        instance = kwargs.get("instance")
        initial = {"version": instance.version if instance else 0} | (kwargs.get("initial") or {})
        if self.prefill is not None:
            initial |= {name: field.widget.value_from_datadict(self.prefill, {}, name) for name, field in self.base_fields.items()}
        super().__init__(*args, **kwargs | {"initial": initial})
        self.stored = copy(self.instance)
        for name in self.content_names:
            if hasattr(self.fields[name], "held"):
                self.fields[name].held = getattr(self.stored, f"{name}_id")
        self.is_behind = False

    @property
    def content_names(self):
        """The fields of the form that are content of the draft."""
        return [field.name for field in self.instance.content_fields() if field.name in self.fields]

    @property
    def changed_data(self):
        cleaned = getattr(self, "cleaned_data", {})
        names = [name for name in super().changed_data if name in self.content_names]
        # A new draft may still lack a relation that it must have.
        return [name for name in names if name not in cleaned or cleaned[name] != getattr(self.stored, name, None)]

    def clean(self):
        cleaned = super().clean()
        self.normalise(cleaned)
        if not self.is_trial:
            self.check_markdown(cleaned)
            self.check_place(cleaned)
            self.is_within_reach()
            self.check_version(cleaned)
        return cleaned

    def normalise(self, values):
        """Values with stored line ends, as other ones of browsers are no change. What cannot be stored is left for the draft to refuse."""
        for name in self.content_names:
            if name in values:
                with suppress(ValidationError):
                    values[name] = cleaned(values[name])

    def check_markdown(self, cleaned):
        """What is over the limit is refused by the draft itself, and costs no conversion."""
        for name in MARKDOWN_FIELDS & set(cleaned):
            try:
                if len(cleaned[name]) <= BODY_LIMIT:
                    rendering.check(cleaned[name])
            except ValidationError as error:
                self.add_error(name, error)

    def check_place(self, cleaned):
        """A draft may be written where its writer may write, and moved only between two such places."""
        old = self.stored.parent_id if hasattr(self.stored, "parent_id") else None
        parent = cleaned.get("parent")
        if self.instance.pk and "parent" in cleaned and old != (parent and parent.pk):
            check_move(self.user, self.stored, Thing.objects.filter(pk=old).first(), parent)
        elif not self.instance.pk:
            placed = copy(self.instance)
            if "parent" in cleaned:
                placed.parent = parent
            if not can(self.user, Can.WRITE, placed):
                raise ValidationError(_("You may write only in the sections given to you. Please choose a place within them."))

    def check_version(self, cleaned):
        """Compare-and-set: what another person saved since this form was opened is shown, not overwritten."""
        if self.instance.pk and cleaned.get("version") != self.stored.version and self.differs(cleaned):
            self.is_behind = True
            self.data = self.data.copy()
            self.data["version"] = str(self.stored.version)
            raise ValidationError(
                _("The draft was saved while you were writing. Nothing of yours is lost: compare the two texts below."), code="behind"
            )

    def is_within_reach(self):
        """Whether the place that was chosen for the draft may be read by the person; a preview shows what stands around it."""
        fields = [field for field in self.instance.content_fields() if isinstance(field, models.ForeignKey)]
        chosen = {field: self.cleaned_data.get(field.name) for field in fields if field.name in self.fields}
        new = {field.name: thing for field, thing in chosen.items() if thing and thing.pk != getattr(self.stored, field.attname)}
        unread = [name for name, thing in new.items() if not is_readable(self.user, thing)]
        for name in unread:
            self.add_error(name, _("Please choose something within the sections given to you."))
        return not unread

    def wrong_fields(self):
        """(id of the field, its label) of every field to correct."""
        return [(self[name].id_for_label, self[name].label) for name in self.errors if name in self.fields]

    @property
    def has_other_errors(self):
        """Whether anything but another's save keeps the form from being saved."""
        return any(error.code != "behind" for errors in self.errors.as_data().values() for error in errors)

    def differs(self, cleaned):
        """Whether the form would change the stored draft."""
        return any(cleaned[name] != getattr(self.stored, name) for name in self.content_names if name in cleaned)


class AddressedForm(DraftForm):
    """Form that makes the address of the symbol or the title where the editor leaves it empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].error_messages["invalid"] = _("An address holds the letters a to z, digits, hyphens and underscores only.")
            self.fields["slug"].help_text += " " + _("Left empty, it is made of the title.")

    def clean_slug(self):
        named = next(filter(None, (self.cleaned_data.get(name) for name in ("symbol", "name", "title"))), "")
        slug = self.cleaned_data["slug"] or slugify(named.replace("/", "-").replace(".", "-"))[: self.fields["slug"].max_length].strip("-")
        if not slug:
            raise ValidationError(_("Please write an address: none can be made of the title."))
        return slug


def as_typed(form):
    """The values with which a form opens, as it would send them back: a dict of lists by name."""
    values = {name: form[name].value() for name in form.content_names}
    return {name: ["on" if value is True else str(value)] for name, value in values.items() if value not in {None, False}}


def check_move(user, thing, old, new):
    """Raise ValidationError unless the user may take the thing from below `old` and put it below `new` (None is the top of the tree)."""
    for place in (old, new):
        allowed = can(user, Can.WRITE, place) if place else can(user, Can.WRITE, type(thing)())
        if not allowed:
            raise ValidationError(_("You may move pages only within the sections given to you."), code="place")
    Record.objects.select_for_update().get()  # two moves at once could make a circle; one waits here for the other


def is_readable(user, thing):
    """Whether the person may know of a thing: it is public, or its draft lies within reach."""
    kind = kinds.get(thing.kind)
    return can(user, Can.READ_DRAFT, thing) or bool(kind.targets([thing.pk], Moment()))


def titles_of(kind, things=None):
    """Titles of a kind's drafts as a dict by id, for lists that editors choose from."""
    model = kinds.get(kind).draft
    drafts = model.objects.all() if things is None else model.objects.filter(pk__in=things)
    return {draft.pk: str(draft) for draft in drafts.defer(*model.long_texts())}
