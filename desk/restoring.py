"""Restoring of an edition or an earlier version into a draft: never over a save made meanwhile, and what was there stays a version."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.html import format_html
from django.utils.translation import gettext as _

from desk.action_forms import DraftMovedOn
from desk.draft_form import check_move
from publishing import draft_versions
from publishing.models import Thing


def put_back(desk, request, draft, content, write, words):
    """Whether the content is in the draft now, put there by `write()`; refusals are told as messages. `words` name it."""
    try:
        with transaction.atomic():
            if getattr(content, "parent_id", None) != getattr(draft, "parent_id", None):  # locks the record, as all do before a thing
                check_move(request.user, draft, *[Thing.objects.filter(pk=place.parent_id).first() for place in (draft, content)])
            locked = Thing.objects.select_for_update().filter(pk=draft.pk).first()
            if locked is None or request.POST.get("version") != str(locked.version) or draft.version != locked.version:
                raise DraftMovedOn
            write()
    except DraftMovedOn as moved_on:
        if is_there(draft, content):  # the form was sent twice
            messages.success(request, _("The draft holds %s again. Visitors see it once you publish.") % words)
            return True
        messages.error(request, " ".join(moved_on.messages))
        return False
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    desk.log_change(request, draft, _("Put %s into the draft.") % words)
    messages.success(request, _("The draft holds %s again. Visitors see it once you publish.") % words)
    if before := draft_versions.for_thing(draft.pk)[1:2]:
        messages.info(request, what_was_there(desk, draft, before[0]))
    return True


def is_there(draft, content):
    """Whether the draft as it is stored says what is to be put back."""
    stored = type(draft).objects.filter(pk=draft.pk).first()
    wanted = type(draft)(**draft_versions.content(type(draft), draft_versions.state(content)))
    return stored is not None and draft_versions.state(stored) == draft_versions.state(wanted)


def what_was_there(desk, draft, version):
    said = _("What the draft held before, saved by %(name)s, is kept as version %(number)s.")
    words = said % {"name": version.author or _("somebody"), "number": version.number}
    return format_html('{} <a href="{}">{}</a>', words, desk.address("version", draft.pk, version.number), _("Look at it"))
