"""What one person has typed into a form and not saved yet: kept for that person alone, never public, never the shared draft."""

import json

from django.db import IntegrityError, transaction
from django.http import QueryDict

from publishing.models import WorkingCopy

LIMIT = 2_000_000
# Fields of a form that say something about the form, not about the thing.
ABOUT_THE_FORM = {"csrfmiddlewaretoken", "version", "working_copy"}


class KeptElsewhere(Exception):
    """The server keeps another text of this person for the same form: from another window, or one that waits to be used or discarded."""


class TooLong(Exception):
    """More than any text of ours may hold."""


def of(user, kind, thing=None):
    """The person's working copies for the form of a thing, or of a new thing of the kind: one or none."""
    return WorkingCopy.objects.filter(user=user, kind=kind.name, thing=thing)


def stamp(copy):
    """Tells one saving of a working copy from another; empty for none."""
    return copy.saved.isoformat() if copy else ""


def typed(post):
    """The fields of a posted form that hold what was typed, without U+0000, which no database keeps."""
    own = ((name, values) for name, values in post.lists() if name not in ABOUT_THE_FORM and not name.startswith("_"))
    fields = {name: [value.replace("\0", "") for value in values] for name, values in own}
    if len(json.dumps(fields)) > LIMIT:
        raise TooLong
    return fields


def as_post(copy):
    """A working copy as the form would have sent it, with the version of the draft that it was typed on."""
    post = QueryDict(mutable=True)
    for name, values in copy.fields.items():
        post.setlist(name, values)
    post["version"], post["working_copy"] = str(copy.base_version), stamp(copy)
    return post


def keep(user, kind, thing, fields, base_version, seen):
    """Keep what was typed and return the working copy. `seen` is the stamp that the form last knew, "" for none.

    Raises KeptElsewhere instead of writing over a text that the form does not know.
    """
    try:
        with transaction.atomic():
            copy = of(user, kind, thing).select_for_update().first() or WorkingCopy(user=user, kind=kind.name, thing=thing)
            if copy.pk and copy.fields != fields and stamp(copy) != seen:
                raise KeptElsewhere
            if copy.fields != fields or not copy.pk:
                copy.fields, copy.base_version = fields, base_version
                copy.save()
            return copy
    except IntegrityError as error:
        raise KeptElsewhere from error


def settle(user, kind, thing, seen):
    """Forget the working copy once its text is in the draft; one that the form did not know stays and is offered again."""
    copy = of(user, kind, thing).first()
    if copy and stamp(copy) == seen:
        copy.delete()


def set_aside(user, kind, draft, fields):
    """Keep a state of the draft that is about to go as the person's working copy, unless one waits already; returns whether it is kept."""
    if of(user, kind, draft).exists():
        return False
    keep(user, kind, draft, fields, draft.version + 1, "")
    return True
