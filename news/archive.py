"""News archive at a moment: all items by address, year, month, day and topic, as a snapshot."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from news.models import NewsItemEdition, RecordingEdition
from news.topics import Topic
from publishing.facets import Facet
from publishing.listing import LiveList, live_list

TOPICS = Facet("topic", _("Topic"), lambda row: row.known_topics, dict(Topic.choices))


@dataclass(frozen=True)
class Count:
    """Number of items of a time; `below` has the months of a year."""

    day: date
    items: int
    below: tuple = ()


class TopicalList(LiveList):
    """A list whose things have topics."""

    @cached_property
    def topics(self):
        """The topics that have things, with their counts, in the order of the list of topics."""
        return self.index.counts({})["topic"]

    def with_topic(self, topic):
        return self.index.rows_of(self.index.matches({"topic": [topic]}))


class Archive(TopicalList):
    @cached_property
    def groups(self):
        """The live items of each year, month and day, by (year,), (year, month) or (year, month, day), as far as their dates are known."""
        found = {}
        for item in self.live:
            known = tuple(map(int, item.machine_date.split("-")))
            for parts in range(1, len(known) + 1):
                found.setdefault(known[:parts], []).append(item)
        return found

    def wider(self, path):
        """The items of the year or month of an item whose address lies below the path; its date is not known so exactly."""
        below = next((item for item in self.live if item.path.startswith(path)), None)
        return below and f"/news/{below.machine_date.replace('-', '/')}/"

    def items_in(self, *when):
        """The items of a year, of a month or of a day."""
        return self.groups.get(when, [])

    @cached_property
    def years(self):
        """Counts of the years that have items, the latest first, with those of their months."""
        times = sorted((group for group in self.groups if len(group) < 3), reverse=True)
        months = [Count(date(*group, 1), len(self.groups[group])) for group in times if len(group) == 2]
        years = [group for group in times if len(group) == 1]
        return [Count(date(*y, 1, 1), len(self.groups[y]), tuple(m for m in months if m.day.year == y[0])) for y in years]


archive = live_list(NewsItemEdition, Archive, [TOPICS], most=4)
recordings = live_list(RecordingEdition, TopicalList, [TOPICS])


def items_of(content, moment):
    """The items that a newsletter gathers, in its order, as far as they are live at the moment."""
    by_thing = archive(moment).by_thing
    return [by_thing[thing] for thing in content.items if thing in by_thing and not by_thing[thing].is_gone]
