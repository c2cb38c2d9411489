"""What tests of the record share: a clock that they set, and short ways to make things and read them back."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from pages.models import Page, PageEdition, Term
from pages.navigation import load_tree
from publishing.ledger import publish
from publishing.models import Edition

START = datetime(2030, 3, 10, 17, 7, tzinfo=UTC)
MILLISECOND, SECOND, MINUTE, HOUR, DAY = (
    timedelta(milliseconds=1),
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)


class Clock:
    """The system's clock: it goes on by a millisecond whenever it is read, and as far as it is told."""

    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        self.now += MILLISECOND
        return self.now

    def set(self, now):
        self.now = now

    def tick(self, by=MINUTE):
        self.now += by
        return self.now

    def held(self):
        return mock.patch("django.utils.timezone.now", self)


class Steps:
    """Steps of a history, each a method by its name with its arguments; one that is refused leaves the `pages` as they are recorded."""

    def __init__(self, pages):
        self.clock, self.pages = Clock(), pages

    def take(self, step):
        name, *arguments = step
        try:
            with transaction.atomic():
                getattr(self, name)(*arguments)
        except ValidationError:
            self.read_again()

    def read_again(self):
        self.pages = [type(page).objects.get(pk=page.pk) for page in self.pages]

    def moment(self, delay):
        """So many seconds from now; None for now."""
        return None if delay is None else self.clock.now + timedelta(seconds=delay)


@pytest.fixture
def clock():
    clock = Clock()
    with clock.held():
        yield clock


def new_page(slug, parent=None, **fields):
    """A draft that has been saved and not published."""
    values = {"title": slug.capitalize() or "Home", "body": f"Text of {slug}."} | fields
    return Page.objects.create(slug=slug, parent=parent, **values)


def live_page(slug, parent=None, **fields):
    page = new_page(slug, parent, **fields)
    publish([page])
    return page


def new_term(name, **fields):
    return Term.objects.create(**{"name": name, "slug": name.lower(), "body": f"What {name} means."} | fields)


def edit(draft, **fields):
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def republish(draft, live_from=None, **fields):
    return publish([edit(draft, **fields)], live_from)[0]


def paths(at):
    """Address and title of every page that can be read at `at`."""
    return {node.path: node.title for node in load_tree(at).nodes.values() if node.is_live}


def body(thing, at):
    """The text that readers see of a page at `at`, or None."""
    return PageEdition.objects.live(at).filter(thing=thing.pk).values_list("body", flat=True).first()


def numbers():
    return list(Edition.objects.order_by("number").values_list("number", flat=True))
