"""Kinds: news items, newsletters and recordings, as the other apps know them."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.archive import archive, items_of, recordings
from news.models import NewsItem, NewsItemEdition, Newsletter, NewsletterEdition, Recording, RecordingEdition
from news.topics import Topic
from publishing import dates
from publishing.addresses import canonical
from publishing.kinds import Searched, register
from publishing.listing import FEED, ListedKind, live_list
from publishing.occasions import Occasional

LIST = re.compile(rf"/news/(?:(?P<when>[0-9]{{4}}/(?:[0-9]{{2}}/){{0,2}})|topics/|(?:topics/(?P<topic>[a-z-]+)/)?(?:{FEED})?)\Z")


class DatedKind(ListedKind, Searched):
    """A kind whose things bear a date before which they cannot be public."""

    def check_edition(self, edition):
        self.check_not_early(edition, edition.live_from)

    def check_not_early(self, edition, at):
        """Raise ValidationError for what would be public before the day that it bears."""
        start = dates.first_day(edition.date, getattr(edition, "precision", dates.Precision.DAY))
        if start > at.date():
            moment = f"{at:%d %B %Y %H:%M} UTC"
            said = _("“%(title)s” is dated %(day)s and cannot be public before, from %(moment)s.")
            raise ValidationError(said % {"title": edition.title, "day": edition.shown_date, "moment": moment})

    def words(self, edition):
        return edition.categories


@register
class NewsItemKind(DatedKind, Occasional):
    draft = NewsItem
    edition = NewsItemEdition
    section = "CDM News Archive"
    home = "/news/"
    rows = archive
    papers_heading = gettext_lazy("News")
    pattern = re.compile(r"/news/(?P<date>[0-9]{4}/[0-9]{2}/[0-9]{2})/(?P<slug>[-\w]+)/\Z", re.ASCII)
    columns = ("date", "date_precision", "title", "summary", "topics")
    template = "news/item.html"

    def fields_of(self, **steps):
        day = parse_date(steps["date"].replace("/", "-"))
        return day and steps | {"date": day}

    def record(self, row):
        values = (row.machine_date, row.precision, row.title, row.summary, row.categories, canonical(row.path))
        return dict(zip((*self.columns, "address"), values, strict=True))

    def serves(self, path, moment):
        match = LIST.match(path)
        if not match:
            return False
        if match["when"]:
            return bool(archive(moment).items_in(*map(int, match["when"].strip("/").split("/"))))
        return match["topic"] is None or match["topic"] in Topic.values


def parse_date(text):
    """The day that `2010-03-11` names, or None where there is no such day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@register
class NewsletterKind(DatedKind):
    draft = Newsletter
    edition = NewsletterEdition
    section = "CDM Newsletters"
    home = "/newsletters/"
    rows = live_list(NewsletterEdition)
    pattern = re.compile(r"/newsletters/(?P<issue_number>[1-9][0-9]{0,8})/\Z", re.ASCII)
    template = "news/newsletter.html"
    list_template = "news/newsletters.html"
    description = gettext_lazy("The portal's own digest of its news archive. Not a newsletter of the UNFCCC.")

    def gathered(self, row, moment):
        return items_of(row, moment)

    def is_own(self, edition):
        return True


@register
class RecordingKind(DatedKind):
    draft = Recording
    edition = RecordingEdition
    section = "CDM Audio Files"
    home = "/audio/"
    rows = recordings
    # Not the portal's own last steps, which every address has.
    pattern = re.compile(r"/audio/(?P<slug>(?!(?:history|timemap|preview|feed)/)[-\w]+)/\Z", re.ASCII)
    template = "news/recording.html"

    def is_own(self, edition):
        return True

    def serves(self, path, moment):
        if path in {"/audio/", "/audio/feed/podcast/"}:
            return True
        recording, _step, name = path.removeprefix("/audio/").partition("/")
        row = self.rows(moment).by_path.get(f"/audio/{recording}/")
        return bool(row and not row.is_gone and name == row.file.name)
