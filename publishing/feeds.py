"""Feeds in any form: channel and stories. Id and links are those of the moment of the request; an entry has the id of its thing at any."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.contrib.syndication.views import Feed
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.feedgenerator import Enclosure
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.translation import gettext as _

from publishing import figures
from publishing.addresses import as_asked, canonical, permanent_id
from publishing.corrections import corrections
from publishing.links import render_away
from publishing.listing import page_of

SITE = "CDM portal"
SIZE = 50
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def sendable(text):
    """The text without the characters that no XML document may hold."""
    return NO_XML.sub("", text)


def with_last_change(response, moment):
    """The answer with the time of the record's last change: other things may change a feed too, as by their addresses.

    A feed of the past names none, since an erasure may still change it.
    """
    response.headers.pop("Last-Modified", None)
    if moment.is_now and moment.version.changed:
        response["Last-Modified"] = http_date(moment.version.changed.timestamp())
    return response


@dataclass(frozen=True)
class Story:
    """Entry of a feed, ready for any form."""

    id: str
    title: str
    address: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    categories: list = field(default_factory=list)
    sound: Enclosure | None = None
    speaker: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Channel:
    """Channel: the feed's own data, and the page of entries asked for. `home` and `feed` are paths from the root."""

    title: str
    description: str
    home: str
    feed: str
    page: Page
    updated: datetime
    stories: list
    extra: dict = field(default_factory=dict)

    def address(self, number=1):
        return as_asked(self.feed) + (f"?page={number}" if number > 1 else "")

    @property
    def pages(self):
        """Addresses of the other pages by their relation to this one (RFC 5005, section 3)."""
        if self.page.paginator.num_pages == 1:
            return {}
        found = {"first": self.address(), "last": self.address(self.page.paginator.num_pages)}
        if self.page.has_previous():
            found["previous"] = self.address(self.page.previous_page_number())
        if self.page.has_next():
            found["next"] = self.address(self.page.next_page_number())
        return found


def channel(request, rows, stories, title, description, home, feed, holds=None, extra=None):
    """The Channel of a LiveList, or of its rows of which `holds(row)` is true; `stories` takes request, list and one page of rows."""
    moment = request.moment
    in_force = [row for row in rows.by_publication if holds is None or holds(row)]
    page = page_of(request, [row for row in in_force if not row.is_gone], SIZE)
    if not moment.is_now:
        description += " " + _("As it stood at {moment} UTC.").format(moment=f"{moment.at:%H:%M %d %B %Y}")
    # Withdrawals change a feed too.
    updated = max((row.live_from for row in in_force), default=moment.version.changed or BEGINNING)
    told = list(stories(request, rows, page.object_list))
    return Channel(f"{SITE}: {title}", description, home, feed, page, updated, told, extra or {})


def stories_of(request, held, rows, gathered=lambda _row, _moment: (), **extra):
    """Stories of some rows of a LiveList, in two queries.

    `gathered(row, moment)` gives rows of other things that it draws together; `extra` maps further fields of Story to functions of a row.
    """
    moment, model = request.moment, held.model
    editions = model.objects.select_related("thing").in_bulk([row.number for row in rows])
    changes = corrections(model, [row.thing_id for row in rows], moment.at)
    for row in rows:
        edition, changed = editions[row.number], changes.get(row.thing_id, [])
        day = figures.own_day(row, held)
        summary = figures.in_text(row.summary, moment, day)
        text = render_away(moment, edition.body, row.path, as_asked("/"), day)
        links = [{"address": as_asked(other.path), "other": other} for other in gathered(row, moment)]
        context = {"edition": edition, "summary": summary, "text": text, "corrections": changed, "links": links}
        html = render_to_string("publishing/_feed_entry.html", context)
        yield Story(
            id=permanent_id(edition.thing.reference),
            title=sendable(row.label),
            address=as_asked(row.path),
            summary=sendable(summary),
            html=sendable(html),
            published=held.published(row),
            updated=changed[-1].at if changed else held.published(row),
            categories=row.categories,
            **{name: value(row) for name, value in extra.items()},
        )


class ChannelFeed(Feed):
    """Django's syndication view of the Channel that `make(request, **where)` gives, in the form of `generator`."""

    author_name = SITE
    item_guid_is_permalink = False

    def __init__(self, generator, make):
        self.feed_type = generator
        self.make = make

    def __call__(self, request, *args, **where):
        return with_last_change(super().__call__(request, *args, **where), request.moment)

    def get_object(self, request, **where):
        return self.make(request, **where)

    def title(self, channel):
        return channel.title

    def link(self, channel):
        return as_asked(channel.home)

    def description(self, channel):
        return channel.description

    subtitle = description

    def feed_url(self, channel):
        return channel.address(channel.page.number)

    def feed_guid(self, channel):
        return channel.address()

    def author_link(self, _channel):
        return canonical("/")  # the author is the portal, which has one home at any moment

    def feed_extra_kwargs(self, channel):
        return {"updated": channel.updated, "pages": channel.pages} | channel.extra

    def items(self, channel):
        return channel.stories

    def item_title(self, story):
        return story.title

    def item_link(self, story):
        return story.address

    def item_description(self, story):
        return escape(story.summary)

    def item_guid(self, story):
        return story.id

    def item_pubdate(self, story):
        return story.published

    def item_updateddate(self, story):
        return story.updated

    def item_categories(self, story):
        return story.categories

    def item_enclosures(self, story):
        return [story.sound] if story.sound else []

    def item_extra_kwargs(self, story):
        return {"html": story.html, "summary": story.summary, "speaker": story.speaker, "seconds": story.seconds}
