"""Notices of what the record says: read from it by due work, so that no kill between an entry and its notices loses one.

Entries are read by number, in the order in which they were committed. What was scheduled is told when its moment has come.
"""

from django.db import transaction
from django.db.models import F, Q

from desk.models import DeskNotice, NoticeCursor, NoticeEvent
from publishing import clock
from publishing.models import Action, DraftVersion, Edition, Record

BATCH = 500


def read_on():
    """Tell of everything that has come since the last time; returns the number of notices, which tells nothing twice."""
    count = 0
    while (told := read_batch()) is not None:
        count += told
    return count


@transaction.atomic
def read_batch():
    """Tell of the next BATCH entries and of what has come by the clock; how many notices that are, or None where nothing is left."""
    cursor = NoticeCursor.objects.select_for_update().first()
    if cursor is None:  # what was there before anybody could be told is old
        NoticeCursor.objects.get_or_create(pk=1, defaults={"number": Record.objects.get().last, "at": clock.now()})
        return None
    now = clock.now()
    stands = Edition.objects.filter(Q(live_to=None) | Q(live_to__gt=F("live_from")), imported=False)
    entries = list(Edition.objects.filter(number__gt=cursor.number).order_by("number")[:BATCH])
    new = [entry for entry in entries if entry.live_from <= now and not entry.is_dropped() and not entry.imported]
    came = list(stands.filter(number__lte=cursor.number, live_from__gt=cursor.at, live_from__lte=now))
    if not entries and not came:
        return None
    told = notices_of([entry for entry in came + new if entry.action in {Action.PUBLISH, Action.WITHDRAW}])
    DeskNotice.objects.bulk_create(told, ignore_conflicts=True, batch_size=BATCH)
    cursor.number, cursor.at = entries[-1].number if entries else cursor.number, max(now, cursor.at)
    cursor.save()
    return len(told)


def notices_of(entries):
    """The notices of entries of the record. Of a publication those are told whose text it is: who saved it since the last one."""
    things = {entry.thing_id for entry in entries}
    told = []
    saves, published = saves_of(things), publications_of(things)
    for entry in entries:
        since = max((at for number, at in published.get(entry.thing_id, ()) if number < entry.number), default=None)
        people = {
            person: name
            for person, name, made in saves.get(entry.thing_id, ())
            if entry.action == Action.WITHDRAW or (made <= entry.recorded and (since is None or made > since))
        }
        told += [notice(entry, person) for person, name in people.items() if name != entry.author]
    return told


def saves_of(things):
    """(person's id, user name, moment) of the saves of each thing's draft, of people who still are at the desk."""
    found = {}
    saves = DraftVersion.objects.filter(thing__in=things, user__is_active=True, user__is_staff=True)
    for thing, *save in saves.values_list("thing_id", "user_id", "user__username", "made"):
        found.setdefault(thing, []).append(save)
    return found


def publications_of(things):
    """(number, moment of recording) of the publications of each thing."""
    found = {}
    for thing, *publication in Edition.objects.filter(thing__in=things, action=Action.PUBLISH).values_list(
        "thing_id", "number", "recorded"
    ):
        found.setdefault(thing, []).append(publication)
    return found


def notice(entry, person):
    event = NoticeEvent.WITHDRAWN
    if entry.action == Action.PUBLISH:
        event = NoticeEvent.CAME if entry.live_from > entry.recorded else NoticeEvent.PUBLISHED
    ref = f"edition {entry.number}"
    return DeskNotice(user_id=person, event=event, kind=entry.kind, thing=entry.thing_id, ref=ref, by=entry.author, made=clock.now())
