"""Notices as they are read: titles and addresses are looked up at that moment, with the rights of that moment."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from desk import deletion, people
from desk.models import DeskNotice, NoticeEvent
from publishing import kinds
from publishing.moment import Moment
from publishing.roles import Can, reach

HIDDEN = ("", "")


@dataclass(frozen=True)
class NoticeLine:
    """A notice in words. `title` is empty for what the person may not read; `address` where nothing leads to it."""

    notice: DeskNotice
    kind: str
    title: str
    address: str

    @property
    def what(self):
        return NoticeEvent(self.notice.event).label

    @property
    def named(self):
        return f"“{self.title}”" if self.title else _("Something that is gone or that you may no longer read")


def lines(user, notices):
    """NoticeLines for the desk: drafts that the person may read by the titles of the drafts."""
    return told(user, notices, at_the_desk)


def mail_lines(user, notices):
    """NoticeLines for a mail: by the public title where there is one, since a draft's new title is a word of the draft."""
    return told(user, notices, in_a_mail)


def told(user, notices, choose):
    notices = list(notices)
    found = {}
    for kind in kinds.every():
        if things := {notice.thing for notice in notices if notice.kind == kind.name}:
            found |= choose(user, kind, things)
    labels = {kind.name: kind.label for kind in kinds.every()}
    return [NoticeLine(one, labels.get(one.kind, one.kind), *found.get(one.thing, HIDDEN)) for one in notices]


def at_the_desk(user, kind, things):
    """(title, address) of a kind's things: of the draft, of what is in the bin, or of what is public."""
    return public(kind, things) | binned(user, kind, things) | drafts(user, kind, things)


def in_a_mail(user, kind, things):
    return binned(user, kind, things) | drafts(user, kind, things) | public(kind, things)


def drafts(user, kind, things):
    within = reach(user, Can.READ_DRAFT, kind)
    readable = things if within is None else things & within
    found = kind.draft.objects.filter(pk__in=readable).defer(*kind.draft.long_texts())
    return {draft.pk: (people.title_within(user, kind, draft), history(kind, draft.pk)) for draft in found}


def history(kind, thing):
    meta = kind.draft._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[thing])
    except NoReverseMatch:
        return ""


def binned(user, kind, things):
    found = deletion.deleted_drafts().filter(kind=kind.name, thing__in=things)
    return {
        one.thing: (one.title, reverse("admin:deleted_draft", args=[one.thing])) for one in found if deletion.may(user, Can.READ_DRAFT, one)
    }


def public(kind, things):
    return {thing: (target.title, target.address) for thing, target in kind.targets(list(things), Moment()).items()}
