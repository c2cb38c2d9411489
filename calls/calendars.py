"""Calls as entries of a calendar: from opening to closing, and each topic with a deadline of its own."""

from django.db.models import Count
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.lists import calls
from calls.models import CallEdition
from publishing.addresses import canonical
from publishing.calendars import CalendarEntry, calendar_answer, permanent_uid
from publishing.models import Thing
from publishing.parameters import query_parameters
from publishing.snapshots import Snapshot

# What a calendar program shows of an entry; each change of them makes the next in the sequence.
SEQUENCED = ("title", "opens", "closes", "opens_day", "closes_day", "topics", "is_cancelled")


def read_sequences(moment):
    """How many changes of dates came before the edition in force, by the ids of things of several editions, and the references of all."""
    editions, found, last = CallEdition.objects.ever_in_force().filter(live_from__lte=moment.at).order_by(), {}, {}
    several = editions.values("thing_id").annotate(count=Count("number")).filter(count__gt=1).values("thing_id")
    for thing, *shown in editions.filter(thing__in=several).order_by("live_from", "number").values_list("thing_id", *SEQUENCED):
        found[thing] = found.get(thing, -1) + (last.get(thing) != shown)
        last[thing] = shown
    return found, dict(Thing.objects.filter(kind=CallEdition.KIND).values_list("pk", "key"))


# Read once for each state of the calls.
read = Snapshot(read_sequences, of=["call"])


def entries_of(rows, moment):
    """The CalendarEntries of calls at a moment."""
    sequences, keys = read(moment)
    return [entry for row in rows for entry in entries_for(row, sequences.get(row.thing_id, 0), f"{row.KIND}/{keys[row.thing_id]}")]


def entries_for(row, sequence, reference):
    spans = [(row.title, *bounds(row), 1)]
    own = ((place, topic) for place, topic in enumerate(row.parsed_topics, 2) if topic.closes and topic.closes != row.closes)
    spans += [(_("{call}: “{topic}” closes").format(call=row.title, topic=topic.title), topic.closes, None, place) for place, topic in own]
    return [
        CalendarEntry(
            uid=permanent_uid(reference, part),
            title=title,
            start=start,
            end=end,
            changed=row.live_from,
            sequence=sequence,
            address=canonical(row.path),
            description="\n".join(filter(None, (row.asker, closing(row), row.cancelled_reason))),
            is_cancelled=row.is_cancelled,
        )
        for title, start, end, part in spans
    ]


def bounds(row):
    """Its first and last instant or day; where nothing tells when it opened, it is an entry of its closing alone."""
    if row.is_of_days:
        return row.opens_day or row.closes_day, row.closes_day
    return (row.opens, row.closes) if row.opens else (row.closes, None)


def closing(row):
    return _("Closes: {closing}").format(closing=row.shown_closing)


@query_parameters("all")
@require_safe
def calendar_of_calls(request):
    name = _("Calls for public inputs")
    return calendar_answer(request, name, entries_of(calls(request.moment).live, request.moment))
