"""Short ways to make calls and published submissions."""

from datetime import UTC, datetime

import pytest

from calls.models import Call, PublishedSubmission
from publishing.ledger import publish
from tests.bodies.conftest import live, live_body
from tests.record import DAY, START, clock

__all__ = ["clock"]

OPENS, CLOSES = START + DAY, START + 31 * DAY


@pytest.fixture
def board(db, clock):
    return live_body()


def new_call(board, slug="drafts", **fields):
    values = {
        "title": slug.replace("-", " ").capitalize(),
        "opens": OPENS,
        "closes": CLOSES,
        "summary": f"What {slug} asks.",
        "body": "Text.",
    }
    return Call.objects.create(slug=slug, asked_by=board, **values | fields)


def live_call(*args, **fields):
    return live(new_call(*args, **fields))


def new_submission(call, number=1, **fields):
    values = {"submitted": datetime(2030, 3, 20, 8, 59, tzinfo=UTC), "name": f"Person {number}", "body": f"View {number}."}
    return PublishedSubmission.objects.create(of_call=call, submission_number=number, **values | fields)


def live_submission(*args, **fields):
    return live(new_submission(*args, **fields))


def republished(draft, note="", author="", **fields):
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    return publish([draft], note=note, author=author)[0]
