"""Random histories: what was once said about the past is never unsaid, and no answer changes under the same version."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.models import PageEdition
from pages.navigation import load_tree
from publishing import ledger
from publishing.ledger import OnPending
from publishing.models import Edition
from publishing.moment import fixed, next_change
from tests.record import Steps, new_page

PAGES = 4
pages = st.integers(0, PAGES - 1)
delays = st.sampled_from([None, 30, 60, 3600, 86_400])
choices = st.sampled_from([OnPending.DROP, OnPending.KEEP])
steps = st.one_of(
    st.tuples(st.just("publish"), pages, delays, choices),
    st.tuples(st.just("move"), pages, st.none() | pages, delays),
    st.tuples(st.just("swap"), pages, pages, delays),
    st.tuples(st.just("withdraw"), pages, delays, choices),
    st.tuples(st.just("cancel"), pages),
    st.tuples(st.just("erase"), pages),
    st.tuples(st.just("wait"), st.sampled_from([1, 45, 4000, 90_000])),
    st.tuples(st.just("set_back"), st.sampled_from([1, 7, 61, 3000])),
)


class History(Steps):
    """Carries out steps and keeps every answer given on the way."""

    def __init__(self):
        super().__init__([new_page(f"page-{number}") for number in range(PAGES)])
        self.erased = set()
        self.given, self.by_version = {}, {}
        self.texts = 0

    def publish(self, page, delay, choice):
        self.texts += 1
        self.pages[page].body = f"Text {self.texts}."
        ledger.publish([self.pages[page]], self.moment(delay), on_pending=choice)

    def move(self, page, parent, delay):
        self.pages[page].parent_id = None if parent is None else self.pages[parent].pk
        ledger.publish([self.pages[page]], self.moment(delay), on_pending=OnPending.DROP)

    def swap(self, one, other, delay):
        if one != other:
            one, other = self.pages[one], self.pages[other]
            one.slug, other.slug = other.slug, one.slug
            ledger.publish([one, other], self.moment(delay), on_pending=OnPending.DROP)

    def withdraw(self, page, delay, choice):
        ledger.withdraw(self.pages[page], "Withdrawn in a history.", self.moment(delay), on_pending=choice)

    def cancel(self, page):
        if pending := Edition.objects.filter(thing=self.pages[page].pk).pending(fixed(self.clock.now).now).first():
            ledger.cancel(pending)

    def erase(self, page):
        newest = self.pages[page].newest_edition()
        if newest is not None:
            self.erased |= set(ledger.erase_all([newest], "Erased in a history."))

    def wait(self, seconds):
        self.clock.tick(timedelta(seconds=seconds))

    def set_back(self, seconds):
        self.clock.tick(timedelta(seconds=-seconds))

    def answer(self, at):
        """All that visitors can learn of the pages at a moment."""
        bodies = dict(PageEdition.objects.live(at).values_list("number", "body"))
        tree = load_tree(at)
        return {(node.path, node.thing, node.number, node.action, node.title, bodies.get(node.number)) for node in tree.nodes.values()}

    def but_erased(self, answer):
        """An answer without what has been taken out of the past for legal cause, now or since."""
        return {row for row in answer if row[2] not in self.erased}

    def look(self):
        """Ask about new moments of past, present and future, and again about some that were asked about before."""
        now = fixed(self.clock.now).now
        past = {now - timedelta(seconds=ago) for ago in (1, 5000)}
        self.ask_again(past | set(list(self.given)[::3]))
        for at in past | {now, now + timedelta(seconds=31), now + timedelta(seconds=3700)}:
            answer = self.answer(at)
            assert self.by_version.setdefault(fixed(at).version, answer) == answer, "an answer changed and the version did not"
        self.hold_until_next_change(now, self.answer(now))
        self.twins_agree(now)

    def ask_again(self, moments):
        for at in moments:
            answer = self.answer(at)
            assert self.but_erased(self.given.setdefault(at, answer)) == self.but_erased(answer), "what was said about the past has changed"

    def hold_until_next_change(self, at, answer):
        change = next_change(at)
        for later in (at + timedelta(microseconds=1), at + timedelta(days=30)):
            last = min(later, change - timedelta(microseconds=1)) if change else later
            assert self.answer(last) == answer, "something changed before next_change"

    def twins_agree(self, at):
        live = set(Edition.objects.live(at).values_list("number", flat=True))
        assert live == {edition.number for edition in Edition.objects.all() if edition.is_live(at)}


@pytest.mark.django_db
@settings(max_examples=20)
@given(st.lists(steps, min_size=4, max_size=10))
def test_past_never_changes_and_no_answer_changes_under_one_version(history_steps):
    with transaction.atomic():
        history = History()
        with history.clock.held():
            for page in history.pages:
                ledger.publish([page])
            for step in history_steps:
                history.clock.tick(timedelta(seconds=61 if step[0] != "set_back" else 0))
                history.take(step)
                history.look()
            history.ask_again(list(history.given))
        transaction.set_rollback(True)
