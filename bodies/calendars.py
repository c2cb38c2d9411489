"""Meetings as entries of a calendar: one for each sitting, or one of whole days where sittings do not tell all of them."""

from django.utils.translation import gettext as _

from bodies.models import CALLED_OFF, MeetingEdition, Status
from publishing.addresses import canonical
from publishing.calendars import CalendarEntry, permanent_uid
from publishing.models import Thing
from publishing.snapshots import Snapshot

# What a calendar program shows of an entry; each change of them makes the next in the sequence.
SEQUENCED = ("start", "start_precision", "end", "end_precision", "sittings", "zone", "place", "country", "venue", "mode", "status")


def entries_of(rows, moment):
    """The CalendarEntries of meetings at a moment. What is known to a month or year only has none."""
    known = read(moment)
    return [entry for row in rows if row.is_exact for entry in entries_for(row, *known[row.thing_id])]


def read_known(moment):
    changes = sequences(moment)
    return {number: (thing.reference, changes[number]) for number, thing in Thing.objects.in_bulk(list(changes)).items()}


# (permanent reference, sequence) of each meeting by the id of its thing, read once for each state of the meetings.
read = Snapshot(read_known, of=["meeting"])


def sequences(moment):
    """The number of earlier editions, by thing, from which what a calendar shows of a meeting changed. It only grows."""
    found, before = {}, {}
    editions = MeetingEdition.objects.ever_in_force().filter(live_from__lte=moment.at)
    for thing, *shown in editions.order_by("live_from", "number").values_list("thing_id", *SEQUENCED):
        found[thing] = found.get(thing, -1) + (before.get(thing) != shown)
        before[thing] = shown
    return found


def entries_for(row, reference, sequence):
    """The entries of one meeting, numbered in the order of its sittings."""
    return [
        CalendarEntry(
            uid=permanent_uid(reference, part),
            title=f"{row.label} ({label})" if label else row.label,
            start=start,
            end=end,
            changed=row.live_from,
            sequence=sequence,
            address=canonical(row.path),
            place=place or ", ".join(filter(None, (row.venue, row.where))),
            description="\n".join(filter(None, (row.host.name, called_off(row), webcast or row.webcast_url))),
            zone=row.clock,
            is_tentative=row.status == Status.TENTATIVE,
            is_cancelled=row.status in CALLED_OFF,
        )
        for part, (start, end, label, place, webcast) in enumerate(spans(row), 1)
    ]


def called_off(row):
    """Why it does not take place as it was told, in words."""
    if row.status not in CALLED_OFF:
        return ""
    return _("%(status)s: %(reason)s") % {"status": row.get_status_display(), "reason": row.status_reason}


def spans(row):
    """(start, end, part, place, webcast) of each entry: days, the last one included, or instants."""
    sittings = row.parsed_sittings
    tells_all = sittings and sittings[0].first == row.first_day and max(sitting.last for sitting in sittings) == row.last_day
    if not tells_all:
        return [(row.first_day, row.last_day, "", "", "")]
    told = []
    for sitting in sittings:
        bounds = (
            (sitting.start(row.clock), sitting.end(row.clock) if sitting.length else None) if sitting.at else (sitting.first, sitting.last)
        )
        told.append((*bounds, str(sitting.part_label), sitting.place, sitting.webcast))
    return told
