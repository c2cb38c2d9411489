"""Form fields of drafts: lists of lines, other things by their address, moments in UTC."""

from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from publishing import kinds
from publishing.models import Thing
from publishing.moment import Moment


class LinesField(forms.CharField):
    """A list of words as a text with one a line."""

    widget = forms.Textarea

    def __init__(self, **options):
        options.pop("encoder", None), options.pop("decoder", None)
        super().__init__(**options)
        self.widget.attrs.setdefault("rows", 4)

    def prepare_value(self, value):
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial, data):
        return self.to_python(data or "") != (initial or [])


def thing_at(words):
    """The id of the thing that an editor names by its address or by its reference, such as `/about/ccs/` or `page/about/ccs`."""
    if target := words.startswith("/") and kinds.resolve(words, Moment()):
        return target.thing
    kind, _slash, key = words.replace("\0", "\ufffd").partition("/")
    if found := Thing.objects.filter(kind=kind, key=key).values_list("pk", flat=True).first():
        return found
    raise ValidationError(
        _("Nothing is published at “%(words)s”. Write an address of this portal, such as /about/ccs/.") % {"words": words[:200]}
    )


def words_for(things):
    """Names of things in a form: their addresses now, or their references where nothing is published."""
    named = {thing.pk: thing for thing in Thing.objects.filter(pk__in=things)}
    live = kinds.targets([(thing.kind, thing.pk) for thing in named.values()], Moment())
    return [live[pk].address if pk in live and live[pk].thing else named[pk].reference for pk in things if pk in named]


class ChosenByTitle:
    """Mixin of fields that name things by their addresses: a script offers them by title."""

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | {"data-things": reverse_lazy("admin:links")}


class ThingsField(ChosenByTitle, LinesField):
    """A list of things, named by one address a line."""

    def prepare_value(self, value):
        return "\n".join(words_for(value)) if isinstance(value, list) else value

    def to_python(self, value):
        return [thing_at(line) for line in super().to_python(value)]


class AddressField(ChosenByTitle, forms.CharField):
    """One thing, named by its address; the value is its Thing or None."""

    def to_python(self, value):
        words = (super().to_python(value) or "").strip()
        return Thing.objects.get(pk=thing_at(words)) if words else None


class UTCMomentField(forms.DateTimeField):
    """A minute, typed or picked, always meant in UTC; one typed with another offset is told and recorded as the UTC that it is."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value):
        moment = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
