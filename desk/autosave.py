"""Autosave: the text that one person has typed into one form and not saved, for that person alone; never public, never the draft.

Each form has a slot of its own, so that two windows on one page keep two texts; only the form that wrote a text forgets it.
"""

import json
import re
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone

from publishing.models import WorkingCopy

LIMIT = 2_000_000
# So many texts of one person may wait for one form.
MOST = 50
DAYS = 30
# Fields of a form that say something about the form, not about the thing.
ABOUT_THE_FORM = {"csrfmiddlewaretoken", "version", "working_copy", "slot", "seen"}
SLOT = re.compile(r"[-\w]{0,64}\Z", re.ASCII)


class KeptElsewhere(Exception):
    """Refusal: another text is under this form's slot, as the window was doubled, or the text waits to be used or discarded."""


class TooLong(Exception):
    """Refusal of more than any text of ours may hold."""


class TooMany(Exception):
    """Refusal of a text beyond the number that may wait for one form."""


def new_slot():
    return secrets.token_urlsafe(12)


def named_slot(post):
    """The slot that a form names; what can be none is no slot."""
    slot = post.get("slot", "")
    return slot if SLOT.match(slot) else ""


def for_user(user, kind, thing=None):
    """The person's texts that wait for the form of a thing, or of a new thing of the kind, newest first."""
    return WorkingCopy.objects.filter(user=user, kind=kind.name, thing=thing, discarded=None).order_by("-saved")


def others(user, thing):
    """Texts that other people have typed into the forms of a thing and not saved, the latest first."""
    return WorkingCopy.objects.filter(thing=thing, discarded=None).exclude(user=user).select_related("user").order_by("-saved")


def discarded_texts(user):
    """Texts that the person has discarded and can still bring back."""
    since = timezone.now() - timedelta(days=DAYS)
    return WorkingCopy.objects.filter(user=user, discarded__gt=since).order_by("-discarded")


def stamp(copy):
    """Stamp that tells one saving of a working copy from another; empty for none."""
    return copy.saved.isoformat() if copy else ""


def typed_fields(post):
    """The fields of a posted form that hold what was typed, without U+0000, which no database keeps."""
    own = ((name, values) for name, values in post.lists() if name not in ABOUT_THE_FORM and not name.startswith("_"))
    fields = {name.replace("\0", ""): [value.replace("\0", "") for value in values] for name, values in own}
    if len(json.dumps(fields)) > LIMIT:
        raise TooLong
    return fields


def as_post(copy):
    """A working copy as the form would have sent it, with the version of the draft that it was typed on."""
    post = QueryDict(mutable=True)
    for name, values in copy.fields.items():
        post.setlist(name, values)
    post["version"], post["working_copy"], post["slot"] = str(copy.base_version), stamp(copy), copy.slot
    return post


def keep(user, kind, thing, slot, fields, base_version, seen):
    """Keep what was typed and return the working copy. `thing` is an id or None, `seen` the stamp that the form last knew, "" for none.

    Raises KeptElsewhere instead of writing over a text that the form does not know, TooMany instead of filling the database.
    """
    own = WorkingCopy.objects.filter(user=user, kind=kind.name)
    # A form of a thing that was deleted goes on as the form of a new one, and keeps its slot.
    same_form = own.filter(slot=slot) if slot else own.filter(slot="", thing=thing)
    try:
        with transaction.atomic():
            copy = same_form.select_for_update().first()
            if copy is None and own.filter(thing=thing, discarded=None).count() >= MOST:
                raise TooMany
            copy = copy or WorkingCopy(user=user, kind=kind.name, slot=slot)
            if copy.pk and copy.fields != fields and stamp(copy) != seen:
                raise KeptElsewhere
            if (copy.fields, copy.thing_id, copy.discarded) != (fields, thing, None) or not copy.pk:
                copy.fields, copy.thing_id, copy.base_version, copy.discarded = fields, thing, base_version, None
                copy.save()
            return copy
    except IntegrityError as error:
        raise KeptElsewhere from error


def settle(user, kind, post):
    """Delete the form's own text once it is in the draft, and texts that say the same; everything else stays and is offered again."""
    fields, slot, seen = typed_fields(post), named_slot(post), post.get("working_copy", "")
    for copy in WorkingCopy.objects.filter(user=user, kind=kind.name):
        if copy.fields == fields or (copy.slot == slot and stamp(copy) == seen):
            copy.delete()


def discard(copies, seen):
    """Discard a text, so that the form no longer offers it; it can be brought back for DAYS days.

    Returns whether none of them waits any more: a text that has changed since stays.
    """
    waiting = list(copies)
    for copy in waiting:
        if stamp(copy) == seen:
            copies.filter(pk=copy.pk).update(discarded=timezone.now())
    return all(stamp(copy) == seen for copy in waiting)
