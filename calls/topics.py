"""Topics of a call, one a line: `annex-12 | Draft annex 12 | 2026-07-10 24:00 | /documents/annex-12/`.

The third piece is the topic's own deadline in UTC, the fourth the address of its document; either may be left out. `24:00` is the end of
its day, as the old site wrote it, and so the midnight with which the next day begins.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

LINE = re.compile(
    r"(?P<key>[a-z0-9]+(?:-[a-z0-9]+)*) *\| *(?P<title>[^|]*[^|\s])"
    r"(?: *\| *(?P<closes>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2})?(?: *\| *(?P<document>/[^|\s]*))?)?\Z",
)
MOST_TOPICS = 60
LONGEST_KEY, LONGEST_TITLE = 40, 200
END_OF_DAY = "24:00"


@dataclass(frozen=True)
class CallTopic:
    """Topic that may be answered by itself. `closes` is its own deadline, an instant, or None where it closes with its call."""

    key: str
    title: str
    closes: datetime | None = None
    closes_as_stated: str = ""
    document: str = ""


def minute(words):
    """The instant, UTC, of `2026-07-10 18:00` or `2026-07-10 24:00`. Raises ValueError for what is none."""
    day, wall = words.split(" ")
    first = datetime.combine(date.fromisoformat(day), time.min, UTC)
    return first + timedelta(days=1) if wall == END_OF_DAY else datetime.combine(first.date(), time.fromisoformat(wall), UTC)


def stated(words):
    """A deadline in words, with the time as it was written: `10 July 2026, 24:00 UTC`."""
    day, wall = words.split(" ")
    return f"{date_format(date.fromisoformat(day), 'j F Y')}, {wall} UTC"


def parse_topic(line):
    """The CallTopic of a line. Raises ValidationError, which quotes the line."""
    match = LINE.match(line)
    try:
        if not match or len(match["key"]) > LONGEST_KEY or len(match["title"]) > LONGEST_TITLE:
            raise ValueError
        closes = match["closes"]
        return CallTopic(
            match["key"], match["title"], minute(closes) if closes else None, stated(closes) if closes else "", match["document"] or ""
        )
    except (ValueError, OverflowError) as error:
        said = _("Write a topic as “annex-12 | Draft annex 12 | 2026-07-10 24:00 | /documents/annex-12/”, not “%s”.")
        raise ValidationError(said % line[:80]) from error


def check_topics(lines):
    """Raise ValidationError unless the value is a list of lines that each tell a topic with a key of its own."""
    if not isinstance(lines, list) or len(lines) > MOST_TOPICS or not all(isinstance(line, str) for line in lines):
        raise ValidationError(_("Give at most %d topics, one a line.") % MOST_TOPICS)
    keys = [parse_topic(line).key for line in lines]
    if len(set(keys)) < len(keys):
        raise ValidationError(_("Each topic needs a name of its own at the beginning of its line."))


class TopicsField(models.JSONField):
    """Topics of a call, one a line."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{"default": list, "blank": True, "validators": [check_topics]} | options)
