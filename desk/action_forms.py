"""Forms to publish, withdraw, cancel, restore and erase: each shows what will happen, then does it once."""

from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.form_fields import AddressField, UTCMomentField
from markup.characters import visible
from publishing.ledger import OnPending, ScheduleConflict
from publishing.models import Action, Edition, Record, Thing

NOW, LATER = "now", "later"


class SentTwice(Exception):
    """Refusal of a form whose entry is in the record already: it was sent twice, or by another person from the same state."""

    def __init__(self, edition):
        self.edition = edition
        super().__init__(str(edition))


class DraftMovedOn(ValidationError):
    """Refusal of a form whose draft was saved after the form had been opened."""

    def __init__(self):
        super().__init__(_("The draft was saved after you opened this form. Look at what has changed, then decide again."), code="moved_on")


def state_seen(drafts):
    """Name of the state that a form shows: version of each draft and newest edition of each thing."""
    newest = newest_editions(drafts)
    return " ".join(f"{draft.pk}:{draft.version}:{newest.get(draft.pk, 0)}" for draft in drafts)


def newest_editions(drafts):
    rows = Edition.objects.filter(thing__in=[draft.pk for draft in drafts]).order_by().values("thing")
    return dict(rows.annotate(newest=Max("number")).values_list("thing", "newest"))


@contextmanager
def only_if_seen(drafts, seen):
    """A transaction under the record's lock in which the things still stand as the form showed them.

    Raises SentTwice if an edition has been recorded since, DraftMovedOn if a draft has been saved since.
    """
    with transaction.atomic():
        Record.objects.select_for_update().get()
        newest, versions = newest_editions(drafts), dict(Thing.objects.filter(pk__in=[d.pk for d in drafts]).values_list("pk", "version"))
        known = {int(thing): (int(version), int(number)) for thing, version, number in (part.split(":") for part in seen.split())}
        for draft in drafts:
            version, number = known.get(draft.pk, (0, 0))
            if newest.get(draft.pk, 0) != number:
                raise SentTwice(Edition.objects.get(number=newest[draft.pk]))
            if not versions.get(draft.pk) == draft.version == version:
                raise DraftMovedOn
        yield


class RecordForm(forms.Form):
    """Form of a record entry: its moment, its note for readers, and what becomes of what is already scheduled."""

    when = forms.ChoiceField(label=_("When"), choices=[(NOW, _("Now")), (LATER, _("At a time"))], widget=forms.RadioSelect, initial=NOW)
    at = UTCMomentField(
        label=_("Date and time in UTC"),
        required=False,
        help_text=_("Coordinated Universal Time (UTC), not the time of your own clock. Nobody needs to be there."),
    )
    note = forms.CharField(
        label=_("Public note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What changed and why, in a sentence. Visitors read it in the page's history."),
    )
    on_pending = forms.ChoiceField(
        label=_("Already scheduled"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(OnPending.DROP, _("Drop what was scheduled")), (OnPending.KEEP, _("Keep it: it follows after this, at its own moment"))],
    )
    seen = forms.RegexField(r"^(\d{1,18}:\d{1,18}:\d{1,18}( |$))+$", widget=forms.HiddenInput)

    def __init__(self, *args, drafts, **kwargs):
        self.drafts = drafts
        kwargs["initial"] = (kwargs.get("initial") or {}) | {"seen": state_seen(drafts)}
        super().__init__(*args, **kwargs)
        self.pending = []
        now = _("It is now %s UTC.") % f"{timezone.now():%d %B %Y, %H:%M}"
        self.fields["at"].help_text = f"{now} {self.fields['at'].help_text}"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("when") == LATER and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Please give the date and the time in UTC."))
        if "seen" in self.errors:
            raise ValidationError(_("This form is incomplete. Please open it again."))
        return cleaned

    @property
    def moment(self):
        """The moment to record, or None for now."""
        return self.cleaned_data["at"] if self.cleaned_data["when"] == LATER else None

    @property
    def choice(self):
        """The OnPending that the person has chosen, ASK until then."""
        return self.cleaned_data["on_pending"] or OnPending.ASK

    def says_more_than(self, edition):
        """Whether somebody typed words into the form that the edition does not bear."""
        typed = (self.cleaned_data.get(name, "").split() for name in ("note", "reason"))
        return any(words not in ([], edition.note.split(), edition.reason.split()) for words in typed)

    def refuse(self, error):
        """Add the record's refusal as an error, with the state as it is now."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = state_seen(self.drafts)
        if isinstance(error, ScheduleConflict):
            self.pending = error.pending
        self.add_error(None, error.messages)  # also of fields that this form does not have

    @property
    def asks_about_pending(self):
        return bool(self.pending) or "on_pending" in self.data


class PublishForm(RecordForm):
    minor = forms.BooleanField(
        label=_("Minor change"),
        required=False,
        help_text=_("A spelling mistake or the like, which news feeds need not tell."),
    )
    again = forms.BooleanField(
        label=_("Nothing differs from what is live. Publish it all the same"),
        required=False,
        help_text=_("Perhaps it has been published already. The history would get one more edition that changes nothing."),
    )
    field_order = ["when", "at", "note", "minor", "again", "on_pending", "seen"]
    changes_nothing = False

    def clean(self):
        cleaned = super().clean()
        if self.changes_nothing and not cleaned.get("again") and cleaned.get("seen") == state_seen(self.drafts):
            self.add_error("again", _("Nothing is published: the draft says the same as what is live. Tick this if you mean it."))
        return cleaned


class WithdrawForm(RecordForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        validators=[visible],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Visitors read it at the old address."),
    )
    successor = AddressField(
        label=_("Successor"),
        required=False,
        help_text=_("The address of what takes its place, such as /about/ccs/. Visitors are led there by a link."),
    )
    field_order = ["reason", "successor", "when", "at", "note", "on_pending", "seen"]

    def clean_successor(self):
        successor = self.cleaned_data["successor"]
        if successor and successor.pk in {draft.pk for draft in self.drafts}:
            raise ValidationError(_("A page cannot take its own place."))
        return successor


class EraseForm(forms.Form):
    editions = forms.TypedMultipleChoiceField(label=_("Editions to erase"), coerce=int, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        validators=[visible],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The legal cause in general words. Visitors read it instead of the text, so do not repeat what is being taken away."),
    )
    draft = forms.BooleanField(
        label=_("Empty the draft as well"),
        required=False,
        help_text=_(
            "The same words go from the draft in any case. Tick this if the draft holds them in another form: it is emptied, what people "
            "have typed and not saved is forgotten, and the share links are closed."
        ),
    )

    def __init__(self, *args, editions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["editions"].choices = [(edition.number, in_words(edition)) for edition in editions]


def in_words(edition):
    return _("Edition %(number)s, live from %(day)s UTC") % {"number": edition.number, "day": f"{edition.live_from:%d %B %Y %H:%M}"}


def erasable_editions(kind, thing):
    """Editions of the thing that still have a text and are not merely scheduled, newest first."""
    editions = kind.edition.objects.ever_in_force().filter(thing=thing, action=Action.PUBLISH, erased_by__isnull=True)
    return editions.filter(live_from__lte=timezone.now()).order_by("-number")
