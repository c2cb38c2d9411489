"""Meetings as entries of a calendar: one for each sitting, or one of whole days where sittings do not tell all of them."""

from django.db.models import Count

from bodies.models import CALLED_OFF, MeetingEdition, Status
from publishing.addresses import canonical
from publishing.calendars import CalendarEntry, permanent_uid
from publishing.models import Thing
from publishing.snapshots import Snapshot

# What a calendar program shows of an entry; each change of them makes the next in the sequence.
SEQUENCED = ("start", "start_precision", "end", "end_precision", "sittings", "zone", "place", "country", "venue", "mode", "status")


def entries_of(rows, moment):
    """The CalendarEntries of meetings at a moment. What is known to a month or year only has none."""
    pasts, keys = read(moment)
    exact = (row for row in rows if row.is_exact)
    return [entry for row in exact for entry in entries_for(row, pasts.get(row.thing_id), f"{row.KIND}/{keys[row.thing_id]}")]


class Past:
    """What a meeting's calendar entries owe to its earlier editions: their sequence, and the numbers of its sittings.

    A sitting keeps its number, and with it the UID of its entry, when another is put before it or when its own time changes.
    """

    def __init__(self):
        self.sequence, self.shown = -1, None
        self.numbered, self.last = [], 0

    def go_on(self, shown, sittings):
        self.sequence += self.shown != shown
        self.shown = shown
        if sittings:
            self.numbered = self.renumbered(sittings)

    def renumbered(self, sittings):
        """(number, sitting) pairs. A sitting has the number of one that is as it was, else began then or on that day, else of the next that
        is there no more; others get new numbers."""
        left, found = list(self.numbered), {}
        for alike in (str, when, day, lambda _line: ""):
            for place, line in enumerate(sittings):
                pair = next((pair for pair in left if alike(pair[1]) == alike(line)), None) if place not in found else None
                if pair:
                    left.remove(pair)
                    found[place] = pair[0]
        for place in range(len(sittings)):
            if place not in found:
                self.last += 1
                found[place] = self.last
        return [(found[place], line) for place, line in enumerate(sittings)]


def when(line):
    return line.partition(";")[0].strip()


def day(line):
    return line[:10]


def read_pasts(moment):
    """The Past of each meeting of several editions by the id of its thing, and the references of all."""
    editions, found = MeetingEdition.objects.ever_in_force().filter(live_from__lte=moment.at).order_by(), {}
    several = editions.values("thing_id").annotate(count=Count("number")).filter(count__gt=1).values("thing_id")
    changed = editions.filter(thing__in=several).order_by("live_from", "number")
    for thing, *shown in changed.values_list("thing_id", *SEQUENCED):
        found.setdefault(thing, Past()).go_on(shown, shown[SEQUENCED.index("sittings")])
    return found, dict(Thing.objects.filter(kind=MeetingEdition.KIND).values_list("pk", "key"))


# What entries owe to the past, read once for each state of the meetings.
read = Snapshot(read_pasts, of=["meeting"])


def entries_for(row, past, reference):
    """The entries of one meeting: its sittings, or its days as one. A meeting of one edition has no `past`."""
    told, numbered = spans(row), past.numbered if past else ()
    numbers = [number for number, _line in numbered] if len(told) == len(numbered) else range(1, len(told) + 1)
    zone, place = row.clock, ", ".join(filter(None, (row.venue, row.where)))
    return [
        CalendarEntry(
            uid=permanent_uid(reference, number),
            title=f"{row.label} ({label})" if label else row.label,
            start=start,
            end=end,
            changed=row.live_from,
            sequence=past.sequence if past else 0,
            address=canonical(row.path),
            place=own_place or place,
            description="\n".join(filter(None, (row.host.name, row.notice, webcast or row.webcast_url))),
            zone=zone,
            is_tentative=row.status == Status.TENTATIVE,
            is_cancelled=row.status in CALLED_OFF,
        )
        for number, (start, end, label, own_place, webcast) in zip(numbers, told, strict=True)
    ]


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
