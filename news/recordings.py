"""The audio recordings at a moment, held in the process."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from files.store import StoredFile
from news.entries import Entries, drafted, load_rows
from news.models import RecordingEdition
from news.topics import Topic
from publishing import dates
from publishing.snapshots import Snapshot

FIELDS = ("date", "title", "slug", "summary", "topics", "speaker", "file", "seconds")
ADDRESS = re.compile(r"/audio/(?P<slug>[-\w]+)/\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording as lists, links and the podcast need it."""

    thing: int
    number: int
    is_live: bool
    live_from: datetime
    date: date
    title: str
    slug: str
    summary: str
    topic_names: list
    speaker: str
    file: StoredFile
    seconds: int

    @property
    def order(self):
        return self.date, self.thing

    @property
    def path(self):
        return f"/audio/{self.slug}/"

    @property
    def file_path(self):
        return f"{self.path}{self.file.name}" if self.file else ""  # a draft may still be without its file

    @property
    def shown_date(self):
        return dates.shown(self.date)

    @property
    def machine_date(self):
        return dates.machine(self.date)

    @property
    def topics(self):
        return [Topic(name) for name in self.topic_names if name in Topic.values]

    @property
    def length(self):
        """As players show it: `1:02` or `1:00:05`."""
        hours, minutes, seconds = str(timedelta(seconds=self.seconds)).split(":")
        return f"{hours}:{minutes}:{seconds}" if hours != "0" else f"{int(minutes)}:{seconds}"

    @property
    def machine_length(self):
        """For <time datetime>."""
        return f"PT{self.seconds}S"


class Recordings(Entries):
    @property
    def topics(self):
        """The topics that have recordings, with their counts."""
        counts = [(topic, len(self.with_topic(topic))) for topic in Topic]
        return [(topic, count) for topic, count in counts if count]

    def with_topic(self, topic):
        return [entry for entry in self.live if topic in entry.topic_names]


def load_recordings(at):
    return Recordings(RecordingEdition, at, [Heard(*row) for row in load_rows(RecordingEdition, at, FIELDS)])


def heard_of(draft, at):
    return drafted(Heard, draft, at, FIELDS)


recordings = Snapshot(lambda moment: load_recordings(moment.at), of=["recording"])


def former_owner(path, now):
    """The id of the recording that had the address `path` at some time up to `now`, or None."""
    match = ADDRESS.match(path)
    if not match:
        return None
    earlier = RecordingEdition.objects.ever_in_force().filter(slug=match["slug"], live_from__lte=now)
    return earlier.order_by("-number").values_list("thing_id", flat=True).first()


def had_file(thing, name, now):
    """Whether the recording's file bore this name at some time up to `now`."""
    earlier = RecordingEdition.objects.ever_in_force().filter(thing=thing, live_from__lte=now)
    return any(file and file.name == name for file in earlier.values_list("file", flat=True))
