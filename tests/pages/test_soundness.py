"""What a publication checks of what it touches, against the check of the whole tree: the same is accepted, the same refused, for the same
reason and from the same moment on; and the tree held in the process against one made anew."""

import random
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from pages import navigation, soundness
from pages.glossary import Glossary
from pages.models import Page, Term, TermEdition
from pages.navigation import load_tree
from publishing import ledger
from publishing.ledger import OnPending
from publishing.models import Edition
from publishing.moment import fixed
from publishing.record_transaction import RecordTransaction
from tests.record import new_page, new_term

pytestmark = pytest.mark.django_db
SLUGS = ["a", "a", "b", "c", "glossary", "unit", "other", "search", ""]
DELAYS = [None, None, None, 60, 3600, 7200]
check_touched = RecordTransaction.check


def refusals(since):
    """What the whole tree says at the first moment from `since` on at which it is not sound."""
    later = Edition.objects.pending(since).values_list("live_from", flat=True)
    for at in sorted({since, *later}):
        tree = load_tree(at)
        problems = [*tree.problems(), *soundness.hidden(tree, None, {term.path for term in Glossary(TermEdition, at).live})]
        if problems:
            return {f"{problem.removesuffix('.')} (from {at:%d %B %Y %H:%M} UTC)." for problem in problems}
    return set()


class RandomHistory:
    def __init__(self, clock, seed):
        self.clock, self.random = clock, random.Random(seed)
        self.pages = [new_page(f"p{number}") for number in range(9)]
        self.term = new_term("Unit")
        self.accepted = self.refused = 0

    def step(self):
        self.clock.tick(timedelta(seconds=self.random.choice([1, 61, 3700])))
        try:
            with transaction.atomic():
                self.random.choice([self.change, self.change, self.change, self.swap, self.withdraw, self.cancel, self.erase, self.name])()
            self.accepted += 1
        except ValidationError:
            self.refused += 1
            self.pages = list(Page.objects.order_by("pk"))
            self.term = Term.objects.get()

    def moment(self):
        delay = self.random.choice(DELAYS)
        return delay and self.clock.now + timedelta(seconds=delay)

    def some(self):
        return self.random.choice(self.pages)

    def change(self):
        pages = self.random.sample(self.pages, self.random.choice([1, 1, 1, 2, 4]))
        for page in pages:
            if self.random.random() < 0.5:
                page.slug = self.random.choice(SLUGS)
            if self.random.random() < 0.6:
                page.parent_id = self.random.choice([None, self.some().pk, self.some().pk])
            if self.random.random() < 0.3:
                page.menu_below_id = self.random.choice([None, self.some().pk])
            page.save()
        ledger.publish(pages, self.moment(), on_pending=self.random.choice([OnPending.DROP, OnPending.KEEP]))

    def swap(self):
        one, other = self.random.sample(self.pages, 2)
        one.slug, other.slug, one.parent_id, other.parent_id = other.slug, one.slug, other.parent_id, one.parent_id
        ledger.publish([one, other], self.moment(), on_pending=OnPending.DROP)

    def withdraw(self):
        ledger.withdraw(self.some(), "Old.", self.moment(), on_pending=self.random.choice([OnPending.DROP, OnPending.KEEP]))

    def cancel(self):
        pending = list(Edition.objects.pending(fixed(self.clock.now).now))
        if pending:
            ledger.cancel(self.random.choice(pending))

    def erase(self):
        if self.random.random() < 0.3 and (newest := self.some().newest_edition()):
            ledger.erase(newest, "Law.")

    def name(self):
        self.term.slug = self.random.choice(SLUGS[:-1])
        ledger.publish([self.term], self.moment(), on_pending=OnPending.DROP)


@pytest.fixture
def compared(monkeypatch):
    """Each publication is checked both ways."""

    def check(record):
        expected = refusals(min(moment for touched in record.touched.values() for moment, _ in touched))
        said = set()
        try:
            check_touched(record)
        except ValidationError as refusal:
            said = set(refusal.messages)
            raise
        finally:
            assert bool(said) == bool(expected)
            assert said <= expected

    monkeypatch.setattr(RecordTransaction, "check", check)
    monkeypatch.setattr("pages.tree.DEPTH_LIMIT", 3)  # so that branches are often too deep for where they move


@pytest.mark.parametrize("seed", range(12))
def test_what_is_touched_is_refused_exactly_where_the_whole_tree_is_not_sound(clock, compared, seed):
    history = RandomHistory(clock, seed)
    for _ in range(60):
        history.step()
    assert history.accepted > 10
    assert history.refused > 10


def state(tree):
    menus = {thing: [node.thing for node in tree.menu_children(thing)] for thing in (None, *tree.nodes)}
    owners = {path: node.thing for path, node in tree.by_path.items()}
    nodes = {n.thing: (n.number, n.action, n.path, n.depth, n.label, [c.thing for c in n.children]) for n in tree.nodes.values()}
    return nodes, owners, menus, [node.thing for node in tree.top]


@pytest.mark.parametrize("seed", range(100, 106))
def test_tree_brought_up_to_date_is_the_one_made_anew(clock, monkeypatch, seed):
    history = RandomHistory(clock, seed)
    built = []
    monkeypatch.setattr(navigation.tree, "build", lambda moment: built.append(moment) or load_tree(moment.at))
    for _ in range(40):
        history.step()
        now = fixed(history.clock.now).now
        for at in (now, now + timedelta(seconds=3000), now - timedelta(seconds=2000), now):
            assert state(navigation.tree(fixed(at))) == state(load_tree(at))
    assert len(built) < 60  # of 160, those of a moment before any that is held
