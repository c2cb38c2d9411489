"""Notices: who is told of what others did with a thing. Nobody is told of what they did themselves."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from desk.models import DeskNotice, NoticeEvent
from publishing.models import DraftVersion

KEPT, KEPT_UNREAD = timedelta(days=90), timedelta(days=365)


def writers_of(thing):
    """People of the desk who have saved the draft of a thing, at any time."""
    saved = DraftVersion.objects.filter(thing=thing).exclude(user=None).values("user")
    return User.objects.filter(pk__in=saved, is_active=True, is_staff=True)


def tell(event, people, kind, thing, ref, by):
    """Tell each of the people but the one who did it; within the transaction of the event. What was told already is left."""
    others = [person for person in people if person.get_username() != by]
    told = [DeskNotice(user=other, event=event, kind=kind, thing=thing, ref=ref, by=by, made=timezone.now()) for other in others]
    DeskNotice.objects.bulk_create(told, ignore_conflicts=True)


def tell_moved(user, draft):
    """Tell the others who work on a draft that it stands elsewhere."""
    tell(NoticeEvent.MOVED, writers_of(draft.pk), draft.KIND, draft.pk, f"version {draft.pk} {draft.version}", user.get_username())


def tell_deleted(user, draft):
    """Tell the others who work on a draft that it is in the bin."""
    tell(NoticeEvent.DELETED, writers_of(draft.pk), draft.KIND, draft.pk, f"version {draft.pk} {draft.version}", user.get_username())


def forget_old():
    """Delete notices that were read, or that nobody has read for a long time; returns how many."""
    now = timezone.now()
    old = DeskNotice.objects.filter(read__lte=now - KEPT) | DeskNotice.objects.filter(made__lte=now - KEPT_UNREAD)
    return old.delete()[0]


def unread_count(user):
    return DeskNotice.objects.filter(user=user, read=None).count()


def mark_read(user, numbers=None):
    """Mark notices of the person as read, or all; returns how many."""
    own = DeskNotice.objects.filter(user=user, read=None)
    return (own if numbers is None else own.filter(pk__in=numbers)).update(read=timezone.now())
