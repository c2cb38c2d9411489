"""What turns by the clock alone: kept beside the record, in the version and in what is kept for it, half open at every moment."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import DateTimeField, Value

from pages.kinds import PageKind
from publishing import clock as steady
from publishing import immutability, turns
from publishing.content_files import dump
from publishing.ledger import OnPending, cancel, erase, publish, withdraw
from publishing.models import Edition, Record, Thing, Turn
from publishing.moment import LATEST_TURN, Moment, fixed, next_change
from publishing.snapshots import Snapshot, changes
from search import index_documents
from tests.publishing.turning.texts import named, says
from tests.record import DAY, HOUR, MINUTE, SECOND, START, live_page, new_page, republish

pytestmark = pytest.mark.django_db

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def pages_that_turn(monkeypatch):
    """Pages tell in their text when they turn: `closes 2030-03-10T18:00:00`."""
    monkeypatch.setattr(PageKind, "turns", lambda kind, edition: named(edition.body))


def kept():
    return sorted(Turn.objects.values_list("edition", "field", "instant"))


def test_instants_turn_the_version_half_open_now_and_at_every_past_moment(clock):
    opens, closes = START + HOUR, START + 2 * HOUR
    live_page("call", body=says(opens=opens, closes=closes))
    start = Moment().version
    assert next_change(clock.now) == opens
    for instant in (opens, closes):
        clock.set(instant - 10 * SECOND)
        before = Moment().version
        assert before.changed < instant
        assert next_change(clock.now) == instant
        assert fixed(instant - MICROSECOND).version == before
        clock.set(instant)
        assert Moment().version.changed == instant
        assert fixed(instant).version == Moment().version
        assert next_change(instant) != instant
    assert next_change(closes) is None
    clock.tick(DAY)
    assert fixed(opens - MICROSECOND).version == start
    assert fixed(opens).version.changed == fixed(closes - MICROSECOND).version.changed == opens
    assert Moment().version.changed == closes


def test_several_editions_and_what_follows_each(clock):
    one = live_page("one", body=says(closes=START + HOUR))
    two = live_page("two", body=says(opens=START + HOUR, closes=START + 3 * HOUR))
    assert len(kept()) == 3
    republish(one, body=says(closes=START + 2 * HOUR))
    assert [next_change(START + MINUTE + n * HOUR) for n in range(4)] == [START + n * HOUR for n in (1, 2, 3)] + [None]
    clock.set(START + 2 * HOUR + MINUTE)
    withdraw(two, "It was a trial.")
    assert next_change(clock.now) is None
    assert fixed(START + HOUR).version.changed == START + HOUR, "a turn that has passed stays"


def test_what_was_superseded_withdrawn_cancelled_or_dropped_turns_nothing(clock):
    page, closes = live_page("call", body=says(closes=START + DAY)), START + DAY
    republish(page, body="Open without an end.")
    assert kept() == []
    scheduled = republish(page, START + HOUR, body=says(closes=closes))
    assert next_change(START + HOUR) == closes
    cancel(scheduled)
    assert kept() == []
    republish(page, START + HOUR, body=says(closes=closes))
    publish([page], START + MINUTE, on_pending=OnPending.DROP)
    assert [edition for edition, _field, _instant in kept()] == [Edition.objects.latest("number").number]
    withdraw(page, "It was a trial.", START + 2 * HOUR)
    assert kept() == []
    clock.set(closes + HOUR)
    assert Moment().version.changed == START + 2 * HOUR


def test_version_costs_one_query_the_next_change_two_and_what_changed_one(clock, django_assert_num_queries):
    live_page("call", body=says(closes=START + HOUR))
    clock.tick()
    with django_assert_num_queries(1):
        before = Moment().version
    after = fixed(START + HOUR).version
    with django_assert_num_queries(2):
        next_change(clock.now)
    with django_assert_num_queries(1):
        assert changes(before, after)


def test_turns_are_looked_up_in_their_index_however_many_there_are(clock):
    page = live_page("call", body=says(closes=START + HOUR))
    number = page.newest_edition().number
    Turn.objects.bulk_create([Turn(edition_id=number, field=f"sitting {n}", instant=START + n * SECOND) for n in range(-2500, 2500)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    one = Record.objects.annotate(moment=Value(START, DateTimeField())).annotate(turned=LATEST_TURN).values_list("turned")
    coming = Turn.objects.filter(instant__gt=START).order_by("instant").values_list("instant")[:1]
    assert one.get() == (START,)
    for query in (one, coming):
        assert "publishing_turn_instant" in query.explain(), query.explain()


def test_indexer_hears_what_turned_and_nothing_twice(clock):
    call = live_page("call", body=says(closes=START + HOUR))
    live_page("other")
    last, closed = fixed(clock.now).version.last, fixed(START + HOUR)
    assert index_documents.changed(last, clock.now, fixed(START + HOUR - MICROSECOND)) == set()
    assert index_documents.changed(last, clock.now, closed) == {call.pk}
    assert index_documents.changed(last, closed.at, fixed(START + DAY)) == set()


def test_turns_outside_the_interval_are_not_kept(clock):
    page = live_page("call", body=says(opened=START - DAY, closes=START + DAY, ends=START + 2 * DAY))
    assert [field for _edition, field, _instant in kept()] == ["closes", "ends"]
    republish(page, START + DAY, body="Closed.")
    assert kept() == [], "at the very instant the next edition comes into force"


def test_what_is_recorded_again_turns_again(clock):
    page = live_page("call", body="To come.")
    republish(page, START + HOUR, body=says(closes=START + DAY))
    page.body = "Sooner."
    publish([page], START + MINUTE, on_pending=OnPending.KEEP)
    assert [instant for _edition, _field, instant in kept()] == [START + DAY]
    assert Edition.objects.get(pk=kept()[0][0]).live_from == START + HOUR


def test_what_was_erased_turns_nothing_then_or_later(clock):
    page = live_page("call", body=says(opens=START + HOUR, closes=START + DAY))
    clock.set(START + 2 * HOUR)
    erase(page.newest_edition(), "A court has ordered it.")
    assert kept() == []
    assert next_change(clock.now) is None
    turns.renew()
    assert kept() == []


def test_what_turned_is_known_by_thing_and_kind(clock):
    call, _other = live_page("call", body=says(closes=START + HOUR)), live_page("other")
    before, after = fixed(START + MINUTE).version, fixed(START + HOUR).version
    assert changes(before, after) == {"page": {call.pk}}
    assert changes(after, fixed(START + DAY).version) == {}


def test_of_many_that_turn_at_once_the_kind_is_known(clock, monkeypatch):
    monkeypatch.setattr("publishing.snapshots.MOST_CHANGED", 2)
    publish([new_page(f"call-{n}", body=says(closes=START + HOUR)) for n in range(3)])
    assert changes(fixed(START + MINUTE).version, fixed(START + HOUR).version) == {"page": None}


def test_snapshots_of_the_kind_alone_follow_the_clock(clock):
    live_page("call", body=says(closes=START + HOUR))
    pages, terms = Snapshot(lambda moment: [moment.at], of=["page"]), Snapshot(lambda moment: [moment.at], of=["term"])
    before = pages(Moment()), terms(Moment())
    clock.set(START + HOUR - SECOND)
    assert (pages(Moment()), terms(Moment())) == before
    clock.set(START + HOUR)
    assert pages(Moment())[0] >= START + HOUR
    assert terms(Moment()) is before[1]
    assert pages(fixed(START + MINUTE)) is before[0], "the past keeps its own"


def test_table_is_found_again_from_the_record(clock):
    page = live_page("call", body=says(opens=START + HOUR, closes=START + DAY))
    clock.set(START + 2 * HOUR)
    republish(page, START + 3 * HOUR, body=says(closes=START + 2 * DAY))
    live_page("other", body=says(closes=START + DAY))
    before = kept()
    assert len(before) == 3
    Turn.objects.all().delete()
    turns.renew()
    assert kept() == before
    rows = set(Turn.objects.values_list("pk", flat=True))
    turns.renew()
    assert set(Turn.objects.values_list("pk", flat=True)) == rows, "nothing is written where nothing differs"


def test_coming_turns_follow_a_changed_rule_and_passed_ones_stay(clock, monkeypatch):
    live_page("call", body=says(opens=START + HOUR, closes=START + DAY))
    clock.set(START + 2 * HOUR)
    monkeypatch.setattr(PageKind, "turns", lambda kind, edition: [(name, at - HOUR) for name, at in named(edition.body)])
    turns.renew()
    assert [(field, instant) for _edition, field, instant in kept()] == [("closes", START + DAY - HOUR), ("opens", START + HOUR)]


def test_turns_come_with_a_dump(clock, tmp_path):
    page = live_page("call", body=says(opens=START + HOUR, closes=START + DAY))
    clock.set(START + 2 * HOUR)
    republish(page, body=says(closes=START + 2 * DAY))
    other = live_page("other", body=says(closes=START + DAY))
    erase(other.newest_edition(), "A court has ordered it.")
    before = kept()
    assert len(before) == 2
    dump(tmp_path / "dump")
    assert_refilled(tmp_path / "dump", before)


def assert_refilled(folder, before):
    immutability.disarm(connection)
    for model in (Turn, *immutability.edition_models()[::-1]):
        model.objects.all()._raw_delete("default")
    for model in (PageKind.draft, Thing):
        model.objects.all()._raw_delete("default")
    Record.objects.update(last=0, at=START - DAY)
    immutability.arm(connection)
    call_command("load_content", str(folder))
    assert kept() == before


def test_clock_that_steps_back_reopens_nothing(clock):
    closes = START + HOUR
    live_page("call", body=says(closes=closes))
    clock.set(closes)
    seen = Moment()
    assert seen.version.changed == closes
    for _half_hour in range(2):
        clock.set(closes - 30 * MINUTE)
        assert Moment().now >= seen.now
        assert Moment().version == seen.version
    clock.set(closes + MINUTE)
    assert Moment().version == seen.version
    assert steady.now() == clock.now
