"""What the other apps may know of news items, newsletters and recordings."""

import re

from django.core.exceptions import ValidationError

from news import archive, newsletters, recordings
from news.models import NewsItem, NewsItemEdition, Newsletter, NewsletterEdition, Recording, RecordingEdition
from news.topics import Topic
from publishing import dates
from publishing.clashes import claimed_twice, refusal
from publishing.kinds import Addressed, Searched, Target

FEED = r"(?:feed/(?:atom|rss|json)/)?"
LIST = re.compile(rf"/news/(?:(?P<when>[0-9]{{4}}/(?:[0-9]{{2}}/){{0,2}})|topics/|(?:topics/(?P<topic>[a-z-]+)/)?{FEED})\Z")


class DatedKind(Addressed, Searched):
    """A kind whose things in force are held by address: `entries(moment)` gives them, `former_owner(path, now)` asks the record,
    `entry(draft, at)` makes one of a draft."""

    # The fields that make an address; no two live things may have the same.
    address_fields = ()
    entries = None
    former_owner = None
    entry = None

    def find(self, path, moment):
        entry = self.entries(moment).by_path.get(path)
        return self._target(entry) if entry and entry.is_live else None

    def owner(self, path, moment):
        entry = self.entries(moment).by_path.get(path)
        return entry and entry.thing

    def find_former(self, path, moment):
        return self.former_owner(path, moment.now)

    def targets(self, things, moment):
        by_thing = self.entries(moment).by_thing
        found = (by_thing.get(thing) for thing in things)
        return {entry.thing: self._target(entry) for entry in found if entry and entry.is_live}

    def _target(self, entry):
        return Target(entry.thing, self.name, entry.title, entry.path)

    def check_record(self, things, since):
        """No two things have one address, and none is public before the day that it bears."""
        published = self.edition.objects.live_from_on(since).defer(*self.edition.long_texts())
        own = published if things is None else published.filter(thing__in=things)
        for edition in own:
            if edition.live_from >= since:
                self.check_not_early(edition, edition.live_from)
        first_field = self.address_fields[0]
        near = published.filter(**{f"{first_field}__in": {getattr(edition, first_field) for edition in own}}) if things else own
        for one, other, _address, at in claimed_twice(near, self.claims, since, things):
            raise refusal(f"“{one.title}” and “{other.title}” would both have the same address", at)

    def claims(self, edition):
        return {tuple(getattr(edition, name) for name in self.address_fields)}

    def check_not_early(self, edition, at):
        """Raise ValidationError for what would be public before the day that it bears."""
        start = dates.first_day(edition.date, getattr(edition, "precision", dates.Precision.DAY))
        if start > at.date():
            moment = f"{at:%d %B %Y %H:%M} UTC"
            raise ValidationError(f"“{edition.title}” is dated {dates.shown(edition.date)} and cannot be public before, from {moment}.")

    def address(self, draft, moment):
        return self.entry(draft, moment.at).path

    def words(self, edition):
        return [Topic(name).label for name in getattr(edition, "topics", ()) if name in Topic.values]


class NewsItemKind(DatedKind):
    draft = NewsItem
    edition = NewsItemEdition
    section = "CDM News Archive"
    address_fields = ("slug", "date")
    entries = staticmethod(archive.archive)
    former_owner = staticmethod(archive.former_owner)
    entry = staticmethod(archive.item_of)

    def serves(self, path, moment):
        match = LIST.match(path)
        if not match:
            return False
        if match["when"]:
            return bool(archive.archive(moment).of(*map(int, match["when"].strip("/").split("/"))))
        return match["topic"] is None or match["topic"] in Topic.values


class NewsletterKind(DatedKind):
    draft = Newsletter
    edition = NewsletterEdition
    section = "CDM Newsletters"
    address_fields = ("issue_number",)
    entries = staticmethod(newsletters.issues)
    former_owner = staticmethod(newsletters.former_owner)
    entry = staticmethod(newsletters.issue_of)

    def is_own(self, edition):
        return True

    def serves(self, path, moment):
        return bool(re.match(rf"/newsletters/{FEED}\Z", path))


class RecordingKind(DatedKind):
    draft = Recording
    edition = RecordingEdition
    section = "CDM Audio Files"
    address_fields = ("slug",)
    entries = staticmethod(recordings.recordings)
    former_owner = staticmethod(recordings.former_owner)
    entry = staticmethod(recordings.heard_of)

    def is_own(self, edition):
        return True

    def serves(self, path, moment):
        if path in {"/audio/", "/audio/feed/podcast/"}:
            return True
        recording, _, name = path.removeprefix("/audio/").partition("/")
        entry = self.entries(moment).by_path.get(f"/audio/{recording}/")
        return bool(entry and entry.is_live and name == entry.file.name)
