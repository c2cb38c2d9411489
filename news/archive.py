"""The news archive at a moment: all items by address, year, month, day and topic, held in the process."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from news.entries import Entries, drafted, load_rows
from news.models import NewsItemEdition
from news.topics import Topic
from publishing import dates
from publishing.snapshots import Snapshot

FIELDS = ("date", "precision", "slug", "title", "summary", "topics")
ADDRESS = re.compile(r"/news/(?P<day>[0-9]{4}/[0-9]{2}/[0-9]{2})/(?P<slug>[-\w]+)/\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """A news item as lists and links need it."""

    thing: int
    number: int
    is_live: bool
    live_from: datetime
    date: date
    precision: str
    slug: str
    title: str
    summary: str
    topic_names: list

    @property
    def order(self):
        return self.date, self.thing

    @property
    def path(self):
        return f"/news/{self.date.isoformat().replace('-', '/')}/{self.slug}/"

    @property
    def shown_date(self):
        return dates.shown(self.date, self.precision)

    @property
    def machine_date(self):
        return dates.machine(self.date, self.precision)

    @property
    def topics(self):
        return [Topic(name) for name in self.topic_names if name in Topic.values]


@dataclass(frozen=True)
class Count:
    """How many items there are of a time; `below` has the months of a year."""

    day: date
    items: int
    below: tuple = ()


class Archive(Entries):
    @cached_property
    def groups(self):
        """The live items of each year, month, day and topic, by (year,), (year, month), (year, month, day) or topic."""
        found = {}
        for item in self.live:
            day = item.date
            for group in ((day.year,), (day.year, day.month), (day.year, day.month, day.day), *item.topic_names):
                found.setdefault(group, []).append(item)
        return found

    def of(self, *when):
        """The items of a year, of a month or of a day."""
        return self.groups.get(when, [])

    def with_topic(self, topic):
        return self.groups.get(topic, [])

    @cached_property
    def years(self):
        """Counts of the years that have items, the latest first, with those of their months."""
        times = sorted((group for group in self.groups if isinstance(group, tuple) and len(group) < 3), reverse=True)
        months = [Count(date(*group, 1), len(self.groups[group])) for group in times if len(group) == 2]
        years = [group for group in times if len(group) == 1]
        return [Count(date(*y, 1, 1), len(self.groups[y]), tuple(m for m in months if m.day.year == y[0])) for y in years]

    @cached_property
    def topics(self):
        """The topics that have items, with their counts, in the order of the list of topics."""
        return [(topic, len(self.groups[topic])) for topic in Topic if topic in self.groups]


def load_archive(at):
    return Archive(NewsItemEdition, at, [Item(*row) for row in load_rows(NewsItemEdition, at, FIELDS)])


def item_of(draft, at):
    return drafted(Item, draft, at, FIELDS)


archive = Snapshot(lambda moment: load_archive(moment.at), most=4, of=["newsitem"])


def items_of(content, moment):
    """The items that a newsletter gathers, in its order, as far as they are live at the moment."""
    by_thing = archive(moment).by_thing
    return [by_thing[thing] for thing in content.items if thing in by_thing and by_thing[thing].is_live]


def former_owner(path, now):
    """The id of the item that had the address `path` at some time up to `now`, or None."""
    match = ADDRESS.match(path)
    day = match and parse_date(match["day"].replace("/", "-"))
    if not day:
        return None
    earlier = NewsItemEdition.objects.ever_in_force().filter(slug=match["slug"], date=day, live_from__lte=now)
    return earlier.order_by("-number").values_list("thing_id", flat=True).first()


def parse_date(text):
    """The day that `2010-03-11` names, or None where there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
