"""Recent events at the desk: what everybody saved, published, scheduled, withdrew, restored or deleted, as far as one may see it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.db.models import Q
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from desk import deletion, people
from publishing import kinds
from publishing.exports import csv_answer
from publishing.models import Action, DraftVersion, Edition, How
from publishing.roles import Can, reach

FEW, MANY = 12, 200


@dataclass(frozen=True)
class Event:
    """What somebody did with a thing."""

    when: datetime
    what: str
    title: str
    kind: str
    address: str
    by: str
    is_mine: bool
    note: str = ""


def events(user, most, mine=False):
    """The latest events that the person may see, newest first; with `mine`, the person's own."""
    name = user.get_username()
    within = {kind.name: reach(user, Can.READ_DRAFT, kind) for kind in kinds.every()}
    own = Q(author=name) if mine else Q()
    editions = Edition.objects.filter(own, covers("kind", within), imported=False).order_by("-number")[:most]
    versions = DraftVersion.objects.filter(own, covers("thing__kind", within)).exclude(how=How.FOUND)
    versions = versions.select_related("thing").defer("body").order_by("-pk")[:most]
    found = [(edition.recorded, done(edition), edition.kind, edition.thing_id, edition.author, edition.note) for edition in editions]
    found += [(version.made, saved(version), version.thing.kind, version.thing_id, version.author, "") for version in versions]
    found = sorted(found, key=lambda event: event[0], reverse=True)[:most]
    drafts = drafts_of({(kind, thing) for _when, _what, kind, thing, _author, _note in found})
    told = [
        Event(when, what, *shown(user, kinds.get(kind), thing, drafts), author, author == name, note)
        for when, what, kind, thing, author, note in found
    ]
    gone = [one for one in deletion.deleted_drafts().filter(own)[:most] if deletion.may(user, Can.READ_DRAFT, one)]
    told += [
        Event(one.deleted, _("Deleted"), one.title, kinds.get(one.kind).label, binned(one), one.author, one.author == name) for one in gone
    ]
    return sorted(told, key=lambda event: event.when, reverse=True)[:most]


def covers(field, within):
    """The Q of what belongs to things in reach, given as ids by kind, or None for all of the kind."""
    whole = Q(**{f"{field}__in": [kind for kind, things in within.items() if things is None]})
    parts = [Q(**{field: kind, "thing__in": things}) for kind, things in within.items() if things]
    return Q(whole, *parts, _connector=Q.OR)


def done(edition):
    """Words for an entry of the record."""
    if edition.action == Action.CANCEL:
        return _("Schedule cancelled")
    if edition.action == Action.ERASE:
        return _("Text erased")
    is_later = edition.live_from > edition.recorded
    if edition.action == Action.WITHDRAW:
        return _("Withdrawal scheduled") if is_later else _("Withdrawn")
    return _("Publication scheduled") if is_later else _("Published")


def saved(version):
    """Words for a save of a draft."""
    if version.how == How.SAVE:
        return _("Draft saved") if version.number > 1 else _("Draft begun")
    words = {
        How.RESTORE: _("Edition %d restored into the draft"),
        How.TAKE_BACK: _("Version %d taken back"),
        How.RETURN: _("Brought back from the bin"),
        How.ERASE: _("Text erased from the draft"),
        How.RELEASE: _("Draft written by a release of the portal"),
        How.RELATION: _("Relation added to the draft by a release of the portal"),
    }[version.how]
    return words % (version.origin or 0) if "%d" in words else words


def drafts_of(pairs):
    """Drafts by id, of (kind, thing) pairs, without their long texts."""
    found = {}
    for kind in kinds.every():
        things = [thing for name, thing in pairs if name == kind.name]
        if things:
            found |= {draft.pk: draft for draft in kind.draft.objects.filter(pk__in=things).defer(*kind.draft.long_texts())}
    return found


def shown(user, kind, thing, drafts):
    """(title, kind, address of its history) of a thing."""
    draft = drafts.get(thing)
    meta = kind.draft._meta
    try:
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[thing]) if draft else ""
    except NoReverseMatch:
        address = ""
    return people.title_within(user, kind, draft) if draft else _("Something that is gone"), kind.label, address


def binned(deleted):
    return reverse("admin:deleted_draft", args=[deleted.thing])


def recent_csv(request):
    """The same as a file; `?by=me` leaves one's own."""
    found = events(request.user, MANY, mine=request.GET.get("by") == "me")
    rows = ([f"{one.when:%Y-%m-%d %H:%M}", one.what, one.title, one.kind, one.by, one.note] for one in found)
    answer = csv_answer(f"what-happened-{timezone.now():%Y-%m-%d}.csv", ["when", "what", "title", "kind", "by", "note"], rows)
    answer["Cache-Control"] = "private, no-store"
    return answer


def recent(request):
    """The list of what happened; `?by=me` leaves one's own."""
    mine = request.GET.get("by") == "me"
    context = {"title": _("What happened"), "events": events(request.user, MANY, mine), "mine": mine, "most": MANY}
    return TemplateResponse(request, "admin/desk/recent.html", admin.site.each_context(request) | context)
