"""Eight threads publishing at once, held against a plain Python oracle."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from pages.models import PageEdition
from publishing.ledger import OnPending, publish
from publishing.models import Edition, Record
from tests.record import new_page

THREADS, ROUNDS, MOMENTS = 8, 12, 500


def publish_at_random(pages, seed):
    chance = random.Random(seed)
    try:
        for number in range(ROUNDS):
            page = chance.choice(pages)
            page.title = f"Thread {seed}, text {number}"
            later = timezone.now() + timedelta(seconds=chance.uniform(1, 3600)) if chance.random() < 0.5 else None
            publish([page], later, on_pending=OnPending.DROP)
    finally:
        connections.close_all()


def oracle(editions, at):
    """Numbers live at a moment, by the rule itself: the last word about a thing wins from its own moment on."""
    latest = {thing: number for number, thing, live_from in sorted(editions) if live_from <= at}
    return set(latest.values())


@pytest.mark.django_db(transaction=True)
def test_eight_threads_publish_without_gap_or_error_as_the_oracle_says():
    pages = [new_page(f"page-{number}") for number in range(5)]
    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = [pool.submit(publish_at_random, [*pages], seed) for seed in range(THREADS)]
        for outcome in outcomes:
            outcome.result(timeout=120)
    rows = list(Edition.objects.values_list("number", "thing", "live_from"))
    assert sorted(number for number, _, _ in rows) == list(range(1, THREADS * ROUNDS + 1))
    assert Record.objects.get().last == THREADS * ROUNDS
    chance = random.Random(1)
    first, last = min(row[2] for row in rows), max(row[2] for row in rows)
    for _ in range(MOMENTS):
        at = first + (last - first) * chance.uniform(-0.05, 1.05)
        assert set(PageEdition.objects.live(at).values_list("number", flat=True)) == oracle(rows, at)
