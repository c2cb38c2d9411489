"""Registry at a moment: which release is shown, its table, and the rows of its activities.

A view writes

    registry = registry_at(request.moment)
    matching = registry.table.matching(criteria, registry.day)
    rows = registry.activities(registry.table.places_of(matching)[:25])

Three clocks stand beside each other: `registry.day` is T, of which the figures are; `registry.release.as_of` is the day up to which the
data tell; `registry.release.recorded` is when they were published here. Whatever is text of an activity (status, title, host) is as of
the release. Until a release is imported, `registry.is_sample` is true, `release` None and only `registry.totals()` gives totals.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from operator import attrgetter

from django.db.models import F, Q

from publishing.models import Action
from publishing.snapshots import Snapshot
from registry import tables
from registry.addresses import path_of
from registry.models import ActivityRow, IssuanceRow, MethodologyRow, ReleaseEdition
from registry.published_days import MONTH, registration
from registry.sample import sample, totals_by
from registry.unit_rows import SampleUnitRows, UnitRows

AT_ONCE = 500  # rows of one query


@dataclass(frozen=True)
class ShownRelease:
    """Release that is shown at a moment, None while there is none; `is_reconstructed` if it was published later than the moment."""

    release: ReleaseEdition | None
    is_reconstructed: bool = False


class Registry(UnitRows):
    """What the portal tells of the registry at a moment. Days are ordinals, places those of `table`."""

    def __init__(self, shown, day):
        self.release, self.is_reconstructed, self.day = shown.release, shown.is_reconstructed, day

    # Whether no release has been imported: the answers rest on the shipped sample, and are never final.
    is_sample = False

    @cached_property
    def table(self):
        return tables.table_of(self.release)

    def totals(self):
        """(Totals of all issuances, the day as an ordinal of which they are) at the moment: the day itself, but not past the data's end."""
        day = min(self.day, self.table.as_of)
        return self.table.totals(day), day

    def totals_by(self, day):
        """Totals of all issuances by a day (ordinal) that is not after that of the moment."""
        return self.table.totals(day)

    @property
    def ends(self):
        """Last day (a date) of which figures are told: that of the moment, or that of the data if they end before it."""
        return date.fromordinal(min(self.day, self.table.as_of))

    @property
    def is_past_the_end(self):
        """Whether the moment lies after the end of the data: then a zero is no figure."""
        return self.day > self.table.as_of

    def activities(self, places):
        """ActivityRows at the places, in their order, in one query."""
        numbers = [self.table.numbers[place] for place in places]
        found = ActivityRow.objects.in_bulk(numbers)
        return [found[number] for number in numbers]

    def activity_paths(self):
        """The paths of the pages of all activities."""
        keys = self.rows(ActivityRow).filter(reference__isnull=True).values_list("key", flat=True)
        return [path_of(ref, "") for ref in self.table.refs if ref] + [path_of(None, key) for key in keys]

    def values(self, places, fields):
        """Tuples of these fields of the activities at the places, in their order, in one query; quicker than their rows."""
        numbers = [self.table.numbers[place] for place in places]
        # Whole numbers of our own; with `pk__in` a file of all rows spends an eighth of its time on looking at each of them again.
        own = ActivityRow.objects.extra(where=[f"id IN ({', '.join(map(str, numbers))})"]) if numbers else ActivityRow.objects.none()  # noqa: S610
        found = {row[0]: row[1:] for row in own.values_list("pk", *fields)}
        return [found[number] for number in numbers]

    def state(self, place):
        """The ActivityState at the day, with what publications tell of its registration."""
        told = registration(self.table.kind(place), self.table.refs[place])
        state = self.table.state(place, self.day, told.day.toordinal() if told else 0)
        return replace(state, since=None) if state.is_published and told.precision == MONTH else state

    def issuance_count(self, place):
        """How many issuances an activity had by the day."""
        return bisect_right(self.table.issuances_of(place), self.day, key=self.table.days.__getitem__)

    def issuance_counts(self):
        """The same for all activities, by place."""
        counts = [0] * (self.table.size + 1)  # the last is for issuances of no activity
        for place in self.table.places[: bisect_right(self.table.days, self.day)]:
            counts[place] += 1
        return counts[:-1]

    def issuances_numbered(self, numbers):
        """IssuanceRows by their numbers in the table, in their order."""
        found = IssuanceRow.objects.in_bulk(list(numbers))
        return [found[number] for number in numbers]

    def issuance_values(self, numbers, fields):
        """Tuples of these fields of the issuances with these numbers in the table, in their order; of many at once in several queries."""
        for start in range(0, len(numbers), AT_ONCE):
            chunk = numbers[start : start + AT_ONCE]
            found = {number: values for number, *values in IssuanceRow.objects.filter(pk__in=chunk).values_list("pk", *fields)}
            yield from (found[number] for number in chunk)

    def is_single(self, _number):
        """Whether the issuance of a number in the table is one, and not the sum of several."""
        return True

    def activity(self, key):
        """(place, ActivityRow) of an activity by its number, one matched by title too, or its unique identifier (text); None without."""
        wanted = Q(reference=key) | Q(matched_reference=key) if isinstance(key, int) else Q(key=key)
        row = self.rows(ActivityRow).filter(wanted).order_by(F("matched_reference").asc(nulls_first=True)).first()
        return (self.table.place_of_number(row.pk), row) if row else None

    def issuances(self, row):
        """IssuanceRows of an activity up to the day, in order."""
        own = self.rows(IssuanceRow).filter(reference=row.reference, kind=row.kind, date__lte=date.fromordinal(self.day))
        return list(own.order_by("date", "pk"))

    def methodology(self, code):
        """MethodologyRow of a code as the file has it, or None."""
        return self.rows(MethodologyRow).filter(key=code).first()

    def rows(self, model):
        """Rows of the release, of a model of rows."""
        return model.objects.of_release(self.release.thing_id)


class SampleRegistry(SampleUnitRows, Registry):
    """What the portal tells of the registry until a release is imported: facts of some activities, and a table of running totals.

    Its rows are not in the database. `is_sum_of` of an issuance tells of how many it is the sum, where it is one. No total rests on it.
    """

    is_sample = True

    @cached_property
    def table(self):
        return sample().table

    def totals(self):
        return totals_by(self.day)

    def totals_by(self, day):
        return totals_by(day)[0]

    def activities(self, places):
        return [sample().activities[self.table.numbers[place] - 1] for place in places]

    def values(self, places, fields):
        get = attrgetter(*fields)
        return [list(get(row)) for row in self.activities(places)]

    def issuance_count(self, place):
        numbers = (self.table.issuance_numbers[issuance] for issuance in self.table.issuances_of(place, self.day))
        return sum(getattr(row, "is_sum_of", 1) for row in self.issuances_numbered(numbers))

    def issuance_counts(self):
        return [self.issuance_count(place) for place in range(self.table.size)]

    def issuances_numbered(self, numbers):
        return [sample().issuances[number - 1] for number in numbers]

    def issuance_values(self, numbers, fields):
        get = attrgetter(*fields)
        return [get(row) for row in self.issuances_numbered(numbers)]

    def is_single(self, number):
        return not hasattr(sample().issuances[number - 1], "is_sum_of")

    def activity(self, key):
        for row in sample().activities:
            if key in (row.reference, row.key):
                return self.table.place_of_number(row.pk), row
        return None

    def issuances(self, row):
        until = date.fromordinal(self.day)
        return [one for one in sample().issuances if (one.kind, one.reference) == (row.kind, row.reference) and one.date <= until]

    def rows(self, model):
        return model.objects.none()


def find_shown(moment):
    """The latest release published by the moment; before the first, the first one, as a reconstruction.

    So a release that puts an earlier one right never changes what was said of a past day.
    """
    releases = ReleaseEdition.objects.defer("report")
    release = releases.live(moment.at).order_by("-thing_id").first()
    if release:
        return ShownRelease(release)
    ever = releases.ever_in_force().filter(action=Action.PUBLISH, live_from__lte=max(moment.now, moment.at))
    first = ever.order_by("thing_id", "number").first()
    return ShownRelease(first, is_reconstructed=first is not None)


shown_release = Snapshot(find_shown, of=["release"])


def find_releases(moment):
    """Editions of all releases up to the moment's now, for those who ask for many days."""
    known = ReleaseEdition.objects.ever_in_force(live_from__lte=max(moment.now, moment.at)).filter(action=Action.PUBLISH)
    return list(known.select_related("erased_by").defer("report").order_by("thing_id", "number"))


releases = Snapshot(find_releases, of=["release"])


def shown_of(known, at):
    """The ShownRelease at an instant, of the editions of `find_releases`. Twin of `find_shown`."""
    live = [edition for edition in known if edition.is_live(at)]
    if live:
        return ShownRelease(live[-1])
    return ShownRelease(known[0], is_reconstructed=True) if known else ShownRelease(None)


def registry_at(moment):
    """The Registry at a moment of a request."""
    shown = shown_release(moment)
    day = moment.at.date().toordinal()
    if shown.release is None:
        moment.is_provisional = True
        return SampleRegistry(shown, day)
    return Registry(shown, day)


def registry_on(moment, day):
    """The Registry as the end of a day (UTC) shows it, for what bears a date of its own; at most that of the moment."""
    if day >= moment.at.date():
        return registry_at(moment)
    shown = shown_of(releases(moment), datetime.combine(day, time.max, UTC))
    if shown.release is None:
        moment.is_provisional = True
    return (Registry if shown.release else SampleRegistry)(shown, day.toordinal())
