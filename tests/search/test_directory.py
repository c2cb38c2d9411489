"""The directory of names brought up to date after random histories, against one made anew."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from news.models import NewsItem
from publishing import ledger
from publishing.ledger import OnPending
from publishing.models import Edition, Thing
from publishing.moment import fixed
from search import directory, results
from search.issues import Group
from search.models import Issue
from tests.record import clock, new_page, new_term

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
WORDS = ["Baseline", "Board", "CCS", "EB #", "Forest", "Fees", "Annex 5", "São Tomé", "board-meeting", "of"]
TYPED = ["b", "ba", "board", "boadr", "eb 50", "fees forest", "sao", "annex", "anex 5", "of", "ccs", "forset fee", "meeting"]


class NamesHistory:
    def __init__(self, clock, seed):
        self.clock, self.random = clock, random.Random(seed)
        pages = [new_page(f"p{number}", title=self.title()) for number in range(4)]
        items = [NewsItem.objects.create(date=date(2030, 1, 1), slug=f"n{n}", title=self.title(), body="Text.") for n in range(4)]
        terms = [new_term(f"Term{number}", synonyms=[self.title()]) for number in range(2)]
        target = Thing.objects.get(pk=pages[0].pk)
        issues = [
            Issue.objects.create(label=f"Issue {n}", synonyms=[f"{self.title()} {n}"], heading=Group.values[0], target=target)
            for n in range(3)
        ]
        self.drafts = [*pages, *items, *terms, *issues]

    def title(self):
        return " ".join(self.random.sample(WORDS, self.random.choice([1, 2, 3])))

    def step(self):
        self.clock.tick(timedelta(seconds=self.random.choice([1, 61, 3700])))
        draft = self.random.choice(self.drafts)
        with transaction.atomic():
            if self.random.random() < 0.25:
                ledger.withdraw(draft, "Old.", on_pending=OnPending.DROP)
            else:
                self.rename(draft)
                draft.save()
                later = self.clock.now + timedelta(seconds=1800)
                ledger.publish([draft], self.random.choice([None, None, later]), on_pending=OnPending.DROP)

    def rename(self, draft):
        if isinstance(draft, Issue):
            draft.synonyms = [f"{self.title()} {draft.label[-1]}"]
            draft.position = self.random.choice([0, 1, 2])
        elif hasattr(draft, "synonyms"):
            draft.synonyms = [self.title()]
        else:
            draft.title = self.title()


@pytest.mark.parametrize("seed", range(8))
def test_directory_brought_up_to_date_suggests_what_one_made_anew_does(clock, monkeypatch, seed):
    history, built = NamesHistory(clock, seed), []
    monkeypatch.setattr(directory.directory, "build", lambda moment: built.append(moment) or directory.load_directory(moment))
    found = 0
    for _ in range(40):
        try:
            history.step()
        except ValidationError:
            history.drafts = [type(draft).objects.get(pk=draft.pk) for draft in history.drafts]
        for at in (fixed(history.clock.now).now, history.clock.now + timedelta(seconds=2000)):
            moment = fixed(at)
            fresh = directory.load_directory(moment)
            for typed in TYPED:
                suggested = directory.suggest(typed, moment)
                assert suggested == fresh.suggest([typed], directory.MOST)
                assert directory.exact(typed, moment) == fresh.exact(typed)
                found += len(suggested)
            live = dict(Edition.objects.live(at).values_list("thing_id", "number"))
            assert dict(results.live_numbers(moment)) == live
    assert found > 200
    assert len(built) < 10
