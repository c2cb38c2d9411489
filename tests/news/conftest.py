"""What the tests of the news share: drafts and live things in one line, and the shipped content."""

from datetime import date
from itertools import count

import pytest

from files import uploads
from news.models import NewsItem, Newsletter, Recording
from publishing.ledger import publish
from tests.record import clock
from tests.shipped import shipped

__all__ = ["clock", "shipped"]

numbers = count(1)


def new_item(**fields):
    """A draft of a news item that has been saved and not published."""
    number = next(numbers)
    values = {"date": date(2030, 3, 8), "slug": f"item-{number}", "title": f"Item {number}", "summary": f"Summary {number}."}
    return NewsItem.objects.create(**values | fields)


def live_item(**fields):
    item = new_item(**fields)
    publish([item])
    return item


def live_newsletter(items, **fields):
    values = {"issue_number": 1, "date": date(2030, 3, 10), "title": "Digest No. 1", "summary": "What there was."}
    issue = Newsletter.objects.create(**values | {"items": [item.pk for item in items]} | fields)
    publish([issue])
    return issue


def live_recording(file, **fields):
    values = {"date": date(2030, 3, 10), "slug": "spoken", "title": "Spoken", "summary": "Heard.", "speaker": "A voice", "body": "Words."}
    recording = Recording(**values | {"file": file} | fields)
    recording.full_clean()
    recording.save()
    publish([recording])
    return recording


@pytest.fixture
def sound(settings, tmp_path):
    """A shipped MP3 in a store of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return uploads.accept_shipped(settings.BASE_DIR / "fixtures" / "files", "reading-a-past-date.mp3")
