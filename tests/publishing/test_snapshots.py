"""Snapshots held in the process: right for every version of the record, and made anew only where something changed."""

import pytest

from pages import glossary, navigation, notices
from pages.models import Notice, Page
from publishing.ledger import publish, withdraw
from publishing.moment import Moment, Reading, Version, fixed
from publishing.snapshots import Snapshot, changes
from tests.record import DAY, HOUR, START, edit, live_page, new_term, republish

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted():
    built = []

    def build(moment):
        built.append(moment.at)
        return navigation.load_tree(moment.at)

    held = Snapshot(build, of=["page"])
    return held, built


def test_snapshot_serves_all_moments_of_one_version(clock, counted):
    held, built = counted
    live_page("about")
    one, two = held(fixed(clock.now + HOUR)), held(fixed(clock.now + 2 * HOUR))
    assert one is two
    assert len(built) == 1


def test_snapshot_of_pages_survives_what_happens_to_terms(clock, counted):
    held, built = counted
    live_page("about")
    before = held(Moment())
    publish([new_term("Unit")])
    assert held(Moment()) is before
    live_page("other")
    assert sorted(held(Moment()).by_path) == ["/about/", "/other/"]
    assert len(built) == 2


def test_snapshot_changes_when_something_scheduled_comes(clock, counted):
    held, _built = counted
    page = live_page("about")
    republish(page, START + DAY, title="Tomorrow")
    publish([new_term("Unit")], START + 2 * DAY)
    assert held(Moment()).by_path["/about/"].title == "About"
    assert held(fixed(START + DAY)).by_path["/about/"].title == "Tomorrow"
    assert held(fixed(START + 2 * DAY)) is held(fixed(START + DAY))
    assert held(Moment()).by_path["/about/"].title == "About"


def test_every_snapshot_equals_a_fresh_one_through_a_history(clock):
    page = live_page("a")
    steps = [
        lambda: publish([new_term("Unit")]),
        lambda: republish(page, slug="b"),
        lambda: publish([Notice.objects.create(title="Tonight")], clock.now + DAY),
        lambda: republish(page, clock.now + 2 * DAY, slug="c"),
        lambda: clock.tick(DAY),
        lambda: publish([edit(new_term("Other"), abbreviation="OTH")]),
        lambda: clock.tick(2 * DAY),
        lambda: withdraw(page, "Old."),
        lambda: clock.tick(HOUR),
    ]
    for step in steps:
        step()
        for moment in (Moment(), fixed(START + HOUR), Moment(), fixed(clock.now + 5 * DAY)):
            fresh = navigation.load_tree(moment.at)
            assert {p: (n.number, n.action) for p, n in navigation.tree(moment).by_path.items()} == {
                p: (n.number, n.action) for p, n in fresh.by_path.items()
            }
            assert glossary.terms(moment).by_path == glossary.terms.build(moment).by_path
            assert [n.number for n in notices.live(moment)] == [n.number for n in notices.live.build(moment)]


def test_going_back_in_time_carries_nothing(clock):
    live_page("about")
    early, late = Version(1, START), Version(1, START + DAY)
    assert "page" in changes(late, early)
    assert "page" in changes(Version(0, None), early)


def test_past_moment_keeps_its_own_snapshot_after_a_publication_elsewhere(clock, counted):
    held, built = counted
    page = live_page("about")
    republish(page, START + DAY, title="Tomorrow")
    clock.tick(2 * DAY)
    then, now = held(fixed(START + HOUR)), held(Moment())
    publish([new_term("Unit")])
    assert held(Moment()) is now
    assert held(fixed(START + HOUR)) is then
    assert len(built) == 2


def test_snapshots_are_bounded():
    held = Snapshot(lambda moment: object(), most=2)
    moments = [Moment() for _ in range(3)]
    for number, moment in enumerate(moments):
        moment.reading = Reading(START, START, START, Version(number, START))
    kept = [held(moment) for moment in moments]
    assert held(moments[2]) is kept[2]
    assert held(moments[0]) is not kept[0]


@pytest.mark.parametrize("count", [20, 1000])
def test_page_costs_two_queries_warm_and_at_most_seven_after_a_publication(client, clock, django_assert_max_num_queries, count):
    top = live_page("top", body="See [first](/top/p1/) and [nothing](/nothing/) and [documents](/documents/).")
    publish([Page.objects.create(slug=f"p{n}", title=f"Page {n}", parent=top, body="Text.") for n in range(count - 1)])
    client.get("/top/")
    for path in ("/top/", "/top/p3/"):
        client.get(path)
        with django_assert_max_num_queries(2):
            assert client.get(path).status_code == 200
    for draft in (Page.objects.get(slug="p3"), Notice.objects.create(title="Tonight"), new_term("Unit"), Page.objects.get(slug="top")):
        publish([draft])
        with django_assert_max_num_queries(7):
            client.get("/top/")
        with django_assert_max_num_queries(2):
            client.get("/top/")
