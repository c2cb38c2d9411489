"""Days of review: by when a thing is to be looked over again, the page on which that is said, and who is told when the day has come."""

from calendar import monthrange
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from desk import notices
from desk.models import NoticeEvent, ReviewDate
from publishing import clock
from publishing.models import Action, Edition, Thing
from publishing.roles import ADMINISTRATOR, PUBLISHER, Can, can

MONTHS_AHEAD = (3, 6, 12)


class ReviewForm(forms.Form):
    """A day to come, typed or so many months from today; none takes the day away."""

    day = forms.DateField(
        label=gettext_lazy("Review by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    months = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(number, ngettext_lazy("%d month", "%d months", number) % number) for number in MONTHS_AHEAD],
    )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day and day <= today() and "months" not in self.data:
            raise ValidationError(_("Please choose a day to come."))
        return day

    def chosen(self):
        """The day, or None."""
        months = self.cleaned_data["months"]
        return months_after(today(), months) if months else self.cleaned_data["day"]


def today():
    return timezone.now().date()


def months_after(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def review(desk, request, pk):
    """Say by when a thing is to be looked over; sent again after a review it names the next day."""
    draft = desk.draft(request, pk, Can.READ_DRAFT)
    may_write = can(request.user, Can.WRITE, draft)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    stored = ReviewDate.objects.filter(thing=pk).first()
    form = ReviewForm(request.POST if request.method == "POST" else None, initial={"day": stored and stored.day})
    if form.is_bound and form.is_valid():
        put(draft, form.chosen(), request.user)
        day = form.chosen()
        said = _("“%(title)s” is to be looked over by %(day)s.") if day else _("“%(title)s” has no day of review any more.")
        messages.success(request, said % {"title": draft, "day": day and date_format(day, "j F Y")})
        return redirect(desk.address("change", pk))
    context = {"form": form, "stored": stored, "is_due": stored and stored.day <= today(), "may_write": may_write}
    return desk.page(request, "review", _("Review of “%s”") % draft, draft, **context)


def put(draft, day, user):
    """Keep the day, or none; whoever was told of an earlier one is told of this one too."""
    if day is None:
        ReviewDate.objects.filter(thing=draft.pk).delete()
    else:
        ReviewDate.objects.update_or_create(
            thing=draft.pk, defaults={"kind": draft.KIND, "day": day, "set_by": user if user.pk else None, "told": None}
        )


def standing():
    """Days of what is there: neither in the bin nor withdrawn."""
    gone = Edition.objects.in_force(clock.now()).exclude(action=Action.PUBLISH).order_by().values("thing")
    return ReviewDate.objects.filter(thing__in=Thing.objects.values("pk")).exclude(thing__in=gone)


@transaction.atomic
def tell_due():
    """Tell of each day that has come, once; returns how many."""
    due = list(standing().select_for_update().filter(day__lte=today(), told=None))
    for one in due:
        notices.tell(NoticeEvent.DUE, responsible(one.thing, one.set_by_id), one.kind, one.thing, f"review {one.thing} {one.day}", by="")
    ReviewDate.objects.filter(pk__in=[one.pk for one in due]).update(told=timezone.now())
    return len(due)


def responsible(thing, set_by=None):
    """Whoever wrote the thing or named a day for it (a user's id); where nobody of them is there, those who publish."""
    at_desk = User.objects.filter(is_active=True, is_staff=True)
    writers = Q(pk__in=notices.writers_of(thing).values("pk")) | Q(pk=set_by)
    return list(at_desk.filter(writers)) or list(at_desk.filter(groups__name__in=[PUBLISHER, ADMINISTRATOR]).distinct())
