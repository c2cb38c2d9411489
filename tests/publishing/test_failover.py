"""A failover that loses the last entry: the numbers recur, and nothing of the lost text does, in a process that lived through it."""

import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection

from publishing import immutability
from publishing.ledger import withdraw
from publishing.models import Edition, Record
from publishing.moment import Moment, Version
from publishing.snapshots import changes
from search.engine.generations import Head, drawn
from tests.cdmportal.conftest import portal
from tests.record import clock, new_term
from tests.record import publish as record
from tests.serving import Portal, publish, publish_again

__all__ = ["clock", "portal"]
pytestmark = pytest.mark.django_db(transaction=True)
LOST = "Verlorenwort"
ADDRESSES = (
    "/about/",
    "/",
    "/glossary/",
    "/about/history/",
    "/changes/",
    "/sitemap.xml",
    "/quickfinder/suggestions/?q=verl",
    "/search/?q=verlorenwort",
)


@contextmanager
def lost_afterwards():
    """Whatever is recorded within is gone afterwards, as in a copy of the database that was taken before."""
    standing, ends = Record.objects.get(), dict(Edition.objects.values_list("number", "live_to"))
    yield
    immutability.disarm(connection)
    try:
        for edition in Edition.objects.filter(number__gt=standing.last).order_by("-number"):
            edition.delete()
        for number, live_to in ends.items():
            Edition.objects.filter(number=number).update(live_to=live_to)
        standing.save()
    finally:
        immutability.arm(connection)


@pytest.mark.parametrize("is_same_instant", [True, False])
def test_lost_text_is_never_shown_again(portal, clock, is_same_instant):
    """Also where the entry that takes the number comes at the very instant of the lost one."""
    about = publish("more", "More")
    start = clock.tick()
    with lost_afterwards():
        about = publish_again(about, title=LOST, body=f"{LOST} stood here.")[0].thing.page
        record([new_term(LOST)])
        seen = [portal.get(path) for path in (*ADDRESSES, "/more/")]
        assert sum(LOST in answer.text for answer in seen) >= 3
    clock.set(start if is_same_instant else clock.tick())
    publish("other", "Other")
    record([new_term("Unit")])
    for path in (*ADDRESSES, "/more/", "/other/", f"/@{clock.now:%Y-%m-%d}/more/"):
        answer = portal.get(path)
        assert answer.status == 200 or "changes" in path, path
        assert LOST not in answer.text.replace(LOST.lower(), ""), path
    kept = [store.get(key).body for store in (portal.cache.now, portal.cache.made_up) for key in store.keys()]  # noqa: SIM118 - no dictionary
    assert not [body for body in kept if LOST.encode() in body], "nor as a last good copy"
    assert portal.get("/more/").body == Portal().get("/more/").body


@pytest.mark.clock
def test_loss_alone_is_seen_before_anything_else_is_recorded(portal, clock):
    page = publish("more", "More")
    with lost_afterwards():
        publish_again(page, body=LOST)
        assert LOST in portal.get("/more/").text
    time.sleep(0.3)  # the watch relies on no answer that is older than 200 ms
    assert LOST not in portal.get("/more/").text


def test_lost_withdrawal_leaves_what_was_there(portal, clock):
    page = publish("more", "More", "Standing")
    with lost_afterwards():
        withdraw(page, "It went.")
        assert portal.get("/more/").status == 410
    publish("other", "Other")
    assert "Standing" in portal.get("/more/").text


def test_each_entry_is_drawn_and_its_editions_bear_it(portal, clock):
    entries = list(Edition.objects.order_by("number").values_list("entry", flat=True))
    assert None not in entries
    assert len(set(entries)) == len(entries)
    assert Moment().version.entry == Record.objects.get().entry == entries[-1]
    record([new_term("One"), new_term("Two")])
    assert Edition.objects.filter(entry=Record.objects.get().entry).count() == 2


def test_version_goes_on_only_from_one_that_the_record_holds(portal, clock):
    before = Moment().version
    publish("more", "More")
    after = Moment().version
    assert changes(before, after)["page"]
    assert "newsitem" not in changes(before, after)
    strange = before._replace(entry=after.entry.__class__(int=1))
    assert changes(strange, after)["page"] is None
    assert len(changes(strange, after)) > 5


def test_index_covers_the_entry_that_it_has_read_and_no_other_of_that_number():
    changed = datetime(2030, 1, 1, tzinfo=UTC)
    version = Version(7, changed, Record(entry="00000000-0000-0000-0000-000000000001").entry)
    head = Head("index-000001", 1, 0, 7, "", changed.isoformat(), changed.isoformat(), entry=drawn(version))
    assert head.covers(version)
    assert not head.covers(version._replace(entry="00000000-0000-0000-0000-000000000002"))
