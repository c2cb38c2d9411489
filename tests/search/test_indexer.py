"""The index follows the record: every change within one round, nothing twice, nothing lost, damage repaired."""

from unittest import mock

import pytest

from publishing.ledger import OnPending, cancel, erase, publish, withdraw
from publishing.models import Edition
from publishing.moment import Moment
from search import index_documents, indexer
from search.engine import writing
from search.engine.generations import VERSION
from search.engine.reader import Reader
from tests.record import DAY, HOUR, MINUTE, edit, live_page, new_page, new_term, republish
from tests.search.conftest import live_issue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(clock):
    return live_page("", title="CDM Home", body="Welcome.")


def test_first_round_indexes_everything_live(indexed, titles):
    live_page("about", title="About zebras")
    new_page("draft", title="Drafted zebras")
    assert indexed() == "anew"
    assert titles("zebras") == ["About zebras"]


def test_round_without_change_does_nothing(indexed, index):
    indexed()
    before = index.generations.head()
    assert indexed() == "nothing"
    assert index.generations.head() == before


def test_published_text_replaces_the_former(indexed, titles):
    page = live_page("about", title="About zebras", body="Stripes.")
    indexed()
    republish(page, body="Spots.")
    indexed()
    assert titles("stripes") == []
    assert titles("spots") == ["About zebras"]


def test_new_thing_is_added_beside_the_others(indexed, titles, index):
    live_page("about", title="About zebras")
    indexed()
    live_page("more", title="More zebras")
    folder = index.generations.head().folder
    indexed()
    assert sorted(titles("zebras")) == ["About zebras", "More zebras"]
    assert index.generations.head().folder == folder


def test_withdrawn_branch_goes(indexed, titles):
    page = live_page("about", title="About zebras")
    live_page("below", page, title="Zebras below")
    indexed()
    withdraw(page, "Out of date.")
    indexed()
    assert titles("zebras") == []


def test_scheduled_text_comes_with_its_moment_and_not_before(clock, indexed, titles):
    page = live_page("about", title="About horses")
    publish([edit(page, title="About zebras")], clock.now + HOUR)
    indexed()
    assert titles("zebras") == []
    assert titles("horses") == ["About horses"]
    clock.tick(HOUR + MINUTE)
    assert indexed() != "nothing"
    assert titles("zebras") == ["About zebras"]
    assert titles("horses") == []


def test_cancelled_schedule_never_comes(clock, indexed, titles):
    page = live_page("about", title="About horses")
    (scheduled,) = publish([edit(page, title="About zebras")], clock.now + HOUR)
    cancel(scheduled)
    indexed()
    clock.tick(DAY)
    indexed()
    assert titles("zebras") == []
    assert titles("horses") == ["About horses"]


def test_scheduled_withdrawal_comes_with_its_moment(clock, indexed, titles):
    page = live_page("about", title="About zebras")
    withdraw(page, "Out of date.", clock.now + HOUR)
    indexed()
    assert titles("zebras") == ["About zebras"]
    clock.tick(HOUR + MINUTE)
    indexed()
    assert titles("zebras") == []


def test_erased_text_leaves_the_disk(indexed, titles, index):
    page = live_page("about", title="About zebras", body="Zebrasecretword.")
    other = live_page("more", title="More")
    indexed()
    republish(other, body="Changed.")
    indexed()
    erase(Edition.objects.filter(thing=page.pk).latest("number"), "A court order.")
    indexed()
    assert titles("zebrasecretword") == []
    assert len(list(index.generations.path.glob("index-*"))) == 1
    assert all(b"zebrasecretword" not in path.read_bytes().lower() for path in index.generations.path.rglob("*") if path.is_file())


def test_page_is_found_by_the_names_of_issues_that_lead_to_it(indexed, titles):
    page = live_page("about", title="About horses")
    live_issue("Zebra question", page)
    indexed()
    assert titles("zebra") == ["About horses"]
    withdraw(page, "Out of date.")
    indexed()
    assert titles("zebra") == []
    publish([page])
    indexed()
    assert titles("zebra") == ["About horses"]


def test_section_follows_when_the_page_above_moves(indexed, ask):
    one, other = live_page("one", title="Section One"), live_page("other", title="Section Other")
    middle = live_page("middle", one, title="Middle")
    live_page("below", middle, title="Zebras below")
    indexed()
    assert [hit.section for hit in ask("zebras").hits] == ["Section One"]
    publish([edit(middle, parent=other)])
    indexed()
    assert [hit.section for hit in ask("zebras").hits] == ["Section Other"]


def test_many_changes_make_the_index_anew(indexed, titles, monkeypatch):
    monkeypatch.setattr(indexer, "MANY", 3)
    indexed()
    publish([new_term(f"Zebra{number}") for number in range(5)])
    assert indexed() == "anew"
    assert len(titles("zebra*")) == 5


def test_text_that_cannot_be_prepared_keeps_out_no_other_and_is_tried_again(clock, indexed, titles, index, caplog):
    page = live_page("about", title="About zebras")
    live_page("more", title="More zebras")
    prepared = index_documents.prepared

    def fails(document, model):
        if document.thing == page.pk:
            raise RuntimeError("broken text")
        return prepared(document, model)

    with mock.patch.object(index_documents, "prepared", fails):
        indexed()
    assert titles("zebras") == ["More zebras"]
    assert index.generations.head().failed == (page.pk,)
    assert "cannot be indexed" in caplog.text
    assert indexed() == "nothing"
    clock.tick(2 * MINUTE)
    indexed()
    assert sorted(titles("zebras")) == ["About zebras", "More zebras"]
    assert index.generations.head().failed == ()


def test_miscounted_index_is_not_put_in_the_place_of_the_old(indexed, titles, index):
    live_page("about", title="About zebras")
    indexed()
    before = index.generations.head()
    with mock.patch.object(Reader, "count", 1_000), pytest.raises(indexer.Miscounted):
        indexer.rebuild()
    assert index.generations.head() == before
    assert titles("zebras") == ["About zebras"]
    assert [path.name for path in index.generations.path.glob("index-*")] == [before.folder]


def test_full_disk_leaves_the_old_index(indexed, titles, index):
    live_page("about", title="About zebras")
    indexed()
    with (
        mock.patch("search.engine.writing.Writer.add_document", side_effect=OSError(28, "No space left on device")),
        pytest.raises(OSError, match="space"),
    ):
        indexer.rebuild()
    assert titles("zebras") == ["About zebras"]


def test_index_of_another_database_is_made_anew(indexed, titles, index):
    indexed()
    head = index.generations.head()
    index.generations.switch(
        type(head)(**{name: getattr(head, name) for name in head.__slots__} | {"recorded": "2001-01-01T00:00:00+00:00"})
    )
    assert indexed() == "anew"


@pytest.mark.parametrize("harm", ["lost", "version", "cut", "noted"])
def test_harmed_index_repairs_itself(indexed, ask, index, harm):
    live_page("about", title="About zebras")
    indexed()
    head = index.generations.head()
    if harm == "lost":
        index.generations.head_file.unlink()
    elif harm == "version":
        index.generations.head_file.write_text(index.generations.head_file.read_text().replace(VERSION, "0"))
    elif harm == "cut":
        segment = max(index.generations.folder(head).iterdir(), key=lambda path: path.stat().st_size)
        segment.write_bytes(segment.read_bytes()[:200])
    else:
        index.generations.report_damage()
    found = ask("zebras")
    assert [hit.title for hit in found.hits] == ["About zebras"]
    assert found.source == {"lost": "missing", "version": "missing", "cut": "damaged", "noted": "index"}[harm]
    assert indexed() == "anew"
    assert ask("zebras").source == "index"
    assert not index.generations.is_damaged()


def test_waste_makes_the_index_anew(indexed, index, monkeypatch):
    monkeypatch.setattr(indexer, "LEAST_WASTE", 2)
    monkeypatch.setattr(writing, "SMALL", 0)
    pages = [live_page(f"page-{number}") for number in range(6)]
    indexed()
    for page in pages[:5]:
        republish(page, body="Another text.")
        indexed()
    assert indexed() == "anew"
    assert indexed() == "nothing"


def test_one_indexer_at_a_time(indexed):
    with indexer.lock(), pytest.raises(indexer.Busy):
        indexed()


def test_indexer_wakes_for_the_next_scheduled_moment(clock):
    page = live_page("about")
    assert indexer.until_next(10) == 10
    publish([edit(page, title="Later")], clock.now + MINUTE)
    assert indexer.until_next(100) < 61
    clock.tick(MINUTE - MINUTE / 100)
    assert indexer.until_next(100) < 1


def test_two_schedules_at_one_moment_come_together(clock, indexed, titles):
    one, other = live_page("one", title="One"), live_page("other", title="Other")
    publish([edit(one, title="Zebra one")], clock.now + HOUR)
    publish([edit(other, title="Zebra other")], clock.now + HOUR)
    publish([edit(one, title="Zebra first")], clock.now + 2 * HOUR, on_pending=OnPending.ASK)
    indexed()
    clock.tick(HOUR + MINUTE)
    indexed()
    assert sorted(titles("zebra")) == ["Zebra one", "Zebra other"]
    clock.tick(HOUR)
    indexed()
    assert sorted(titles("zebra")) == ["Zebra first", "Zebra other"]


def test_head_covers_the_version_that_was_indexed(indexed, index):
    indexed()
    assert index.generations.head().covers(Moment().version)
    live_page("about")
    assert not index.generations.head().covers(Moment().version)
