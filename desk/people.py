"""Knowledge that an editor may have of the work of others: titles within reach, names of those who write."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from desk import autosave
from desk.draft_form import is_readable, titles_of
from publishing import kinds
from publishing.models import Thing
from publishing.moment import Moment
from publishing.roles import Can, can, reach

# Whoever has typed within this time is taken to be there still.
STILL_THERE = timedelta(minutes=30)


def readable_title(user, kind, thing):
    """The title of a thing as the person may read it: of its draft, or of what is public, or none."""
    draft = kind.draft.objects.filter(pk=thing).first()
    if draft and can(user, Can.READ_DRAFT, draft):
        return f"“{title_within(user, kind, draft)}”"
    live = kind.targets([thing], Moment()).get(thing)
    return f"“{live.title}”" if live else _("something outside your sections")


def titles_to_read(user, name):
    """Titles of a kind's things as the person may read them, as a dict by id: drafts within reach, else what is public."""
    kind = kinds.get(name)
    within = reach(user, Can.READ_DRAFT, kind)
    if within is None:
        return titles_of(name)
    live = kind.edition.objects.live(Moment().at).values_list("thing_id", flat=True)
    public = {thing: target.title for thing, target in kind.targets(list(live), Moment()).items()}
    return public | titles_of(name, within)


def hides(user, draft):
    """Whether the draft is part of something that the person may not read; a page of it would show that too."""
    needed = [field for field in draft.content_fields() if isinstance(field, models.ForeignKey) and not field.null]
    things = Thing.objects.filter(pk__in=[getattr(draft, field.attname) for field in needed])
    return not all(is_readable(user, thing) for thing in things)


def title_within(user, kind, draft):
    """The title of a draft within reach; what it is part of is named only to those who may read that."""
    return ("" if hides(user, draft) else kind.title(draft)) or str(draft) or draft.reference


def title_of_thing(user, pk):
    thing = Thing.objects.filter(pk=pk).first()
    return readable_title(user, kinds.get(thing.kind), pk).strip("“”") if thing else ""


def time_of(moment):
    """A time of today, or the day too."""
    return f"{moment:%H:%M}" if moment.date() == timezone.now().date() else f"{moment:%d %B %Y, %H:%M}"


def writing(user, thing):
    """Sentences that name who else has text in the forms of a thing that is not saved."""
    by_person = {}
    for copy in autosave.others(user, thing):
        by_person.setdefault(copy.user.get_username(), []).append(copy)
    now_open = _("One more editor, %(name)s, has this open since %(opened)s UTC, with text that is not saved (%(saved)s UTC).")
    left = _("One more editor, %(name)s, typed text here that is not saved, the last of it at %(saved)s UTC.")
    for name, copies in by_person.items():
        opened, saved = min(copy.opened for copy in copies), max(copy.saved for copy in copies)
        said = now_open if timezone.now() - saved < STILL_THERE else left
        yield said % {"name": name, "opened": time_of(opened), "saved": time_of(saved)}
