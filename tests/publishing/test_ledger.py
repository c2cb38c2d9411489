"""Publishing, scheduling, cancelling and withdrawing, as visitors and editors see them."""

from unittest import mock

import pytest
from django.core.exceptions import ValidationError

from pages.navigation import load_tree
from publishing.ledger import OnPending, ScheduleConflict, cancel, cancel_all, publish, withdraw
from publishing.models import Action, Edition, Record
from publishing.moment import fixed, next_change
from tests.record import DAY, HOUR, MILLISECOND, MINUTE, START, body, edit, live_page, new_page, numbers, paths, republish

pytestmark = pytest.mark.django_db


def test_page_published_now_is_live_from_the_time_under_the_lock(clock):
    page = new_page("about")
    before = clock.now
    publish([page])
    edition = Edition.objects.get(thing=page.pk)
    assert before < edition.live_from <= clock.now
    assert (edition.live_to, edition.recorded, Record.objects.get().at) == (None, edition.live_from, edition.live_from)
    assert paths(clock.now) == {"/about/": "About"}
    assert paths(before) == {}


def test_new_edition_ends_the_one_before(clock):
    page, first = live_page("about"), clock.now
    republish(page, body="Second.")
    assert [body(page, first), body(page, clock.now)] == ["Text of about.", "Second."]


def test_numbers_rise_by_one_and_refused_entries_take_none(clock):
    live_page("a")
    with pytest.raises(ValidationError):
        publish([new_page("a")])
    live_page("b")
    assert numbers() == [1, 2]
    assert Record.objects.get().last == 2


def test_two_entries_within_one_microsecond_keep_their_order(clock):
    page = live_page("about")
    with mock.patch("django.utils.timezone.now", return_value=clock.now):
        republish(page, body="Second.")
        republish(page, body="Third.")
    times = list(Edition.objects.order_by("number").values_list("live_from", flat=True))
    assert times == sorted(set(times))
    assert body(page, fixed(clock.now).now) == "Third."


def test_page_scheduled_comes_at_its_moment_without_anybody(clock):
    page = new_page("about")
    publish([page], START + HOUR)
    assert paths(START + HOUR - MILLISECOND) == {}
    assert next_change(clock.now) == START + HOUR
    assert paths(START + HOUR) == {"/about/": "About"}
    assert next_change(START + HOUR) is None


def test_moment_in_the_past_is_refused(clock):
    with pytest.raises(ValidationError, match="10 March 2030 17:06 UTC is in the past"):
        publish([new_page("about")], clock.now - MINUTE)
    assert numbers() == []


def test_thing_given_twice_is_refused(clock):
    page = new_page("about")
    with pytest.raises(ValidationError, match="given twice"):
        publish([page, page])


def test_publishing_before_something_scheduled_asks_and_names_it(clock):
    page = live_page("about")
    republish(page, clock.now + DAY, title="Scheduled")
    with pytest.raises(ScheduleConflict, match="“Scheduled”: published from 11 March 2030 17:07 UTC \\(edition 2\\)") as conflict:
        republish(page, title="Now")
    assert [edition.number for edition in conflict.value.pending] == [2]
    assert numbers() == [1, 2]


def test_publishing_at_the_very_moment_of_something_scheduled_asks(clock):
    page = live_page("about")
    republish(page, START + DAY, title="Scheduled")
    with pytest.raises(ScheduleConflict):
        republish(page, START + DAY, title="Same moment")


@pytest.mark.parametrize("choice", ["drop", "keep"])
def test_last_word_wins_over_what_was_scheduled(clock, choice):
    page = live_page("about")
    republish(page, clock.now + DAY, body="Tomorrow.")
    republish(page, clock.now + 2 * DAY, body="Later.")
    publish([edit(page, body="Now.")], on_pending=OnPending(choice))
    expected = {"drop": ["Now.", "Now.", "Now."], "keep": ["Now.", "Tomorrow.", "Later."]}
    assert [body(page, clock.now + days * DAY) for days in (0, 1, 2)] == expected[choice]
    assert numbers() == list(range(1, {"drop": 5, "keep": 7}[choice]))


def test_publishing_after_something_scheduled_needs_no_choice(clock):
    page = live_page("about")
    republish(page, clock.now + DAY, body="Tomorrow.")
    republish(page, clock.now + 2 * DAY, body="Later.")
    assert [body(page, clock.now + days * DAY) for days in (0, 1, 2)] == ["Text of about.", "Tomorrow.", "Later."]


def test_cancelled_schedule_leaves_what_is_live(clock):
    page = live_page("about")
    scheduled = republish(page, clock.now + DAY, body="Tomorrow.")
    said = cancel(scheduled, author="anna")
    assert (said.note, said.author, said.number) == ("Schedule cancelled.", "anna", 3)
    assert body(page, clock.now + 2 * DAY) == "Text of about."
    assert next_change(clock.now + MINUTE) is None


def test_cancelling_one_of_two_keeps_the_other(clock):
    page = live_page("about")
    first = republish(page, clock.now + DAY, body="Tomorrow.")
    republish(page, clock.now + 2 * DAY, body="Later.")
    cancel(first)
    assert [body(page, clock.now + days * DAY) for days in (0, 1, 2)] == ["Text of about.", "Text of about.", "Later."]


def test_cancelling_a_first_publication_leaves_nothing_and_says_so(clock):
    page = new_page("about")
    publish([page], clock.now + DAY)
    (scheduled,) = Edition.objects.all()
    said = cancel(scheduled)
    assert said.action == Action.CANCEL
    assert paths(clock.now + 2 * DAY) == {}
    assert not Edition.objects.pending(clock.now).exists()


def test_cancelling_twice_is_refused(clock):
    page = live_page("about")
    scheduled = republish(page, clock.now + DAY, body="Tomorrow.")
    cancel(scheduled)
    with pytest.raises(ValidationError, match="not scheduled any more"):
        cancel(scheduled)


def test_schedules_that_hold_only_together_are_cancelled_together(clock):
    one, two = live_page("one"), live_page("two")
    edit(one, slug="two")
    edit(two, slug="one")
    swap = publish([one, two], clock.now + DAY)
    with pytest.raises(ValidationError, match="would both have the address"):
        cancel(swap[0])
    cancel_all(swap)
    assert paths(clock.now + 2 * DAY) == {"/one/": "One", "/two/": "Two"}


def test_cancelled_withdrawal_leaves_the_page(clock):
    page = live_page("about")
    (gone,) = withdraw(page, "Wrong", clock.now + DAY)
    cancel(gone)
    assert paths(clock.now + 2 * DAY) == {"/about/": "About"}


def branch_of_three():
    top = live_page("top")
    middle = live_page("middle", top)
    return top, middle, live_page("leaf", middle)


def test_withdrawing_takes_the_branch_with_reason_and_successor(clock):
    _top, middle, leaf = branch_of_three()
    other = live_page("other")
    before = clock.now
    gone = withdraw(middle, "Superseded.", successor=other, note="See there.", author="anna")
    assert [(e.thing_id, e.action, e.reason, e.successor_id, e.note, e.author) for e in gone] == [
        (page.pk, "withdraw", "Superseded.", other.pk, "See there.", "anna") for page in (middle, leaf)
    ]
    assert paths(clock.now) == {"/top/": "Top", "/other/": "Other"}
    assert paths(before).keys() == {"/top/", "/top/middle/", "/top/middle/leaf/", "/other/"}
    assert {e.title + e.body for e in gone} == {""}


def test_withdrawing_at_a_time_leaves_the_branch_until_then(clock):
    top, _middle, _leaf = branch_of_three()
    withdraw(top, "Old.", START + DAY)
    assert len(paths(START + DAY - MILLISECOND)) == 3
    assert paths(START + DAY) == {}


@pytest.mark.parametrize("when", ["never", "withdrawn"])
def test_withdrawing_what_is_not_public_is_refused(clock, when):
    page = new_page("about") if when == "never" else live_page("about")
    if when == "withdrawn":
        withdraw(page, "Old.")
    with pytest.raises(ValidationError, match="not public"):
        withdraw(page, "Old.")


def test_withdrawing_asks_about_what_is_scheduled_in_the_branch(clock):
    top, _middle, leaf = branch_of_three()
    republish(leaf, clock.now + DAY, title="Leaf tomorrow")
    with pytest.raises(ScheduleConflict, match="Leaf tomorrow"):
        withdraw(top, "Old.")
    withdraw(top, "Old.", on_pending=OnPending.DROP)
    assert paths(clock.now + DAY) == {}


def test_withdrawing_asks_about_what_is_scheduled_to_come_below(clock):
    top, *_ = branch_of_three()
    late = new_page("late", top)
    publish([late], clock.now + DAY)
    with pytest.raises(ScheduleConflict, match="“Late”: published from 11 March 2030"):
        withdraw(top, "Old.")
    withdraw(top, "Old.", on_pending=OnPending.DROP)
    assert paths(clock.now + DAY) == {}
    assert load_tree(clock.now + DAY).problems() == []


def test_withdrawing_and_keeping_what_comes_below_names_it(clock):
    top, *_ = branch_of_three()
    publish([new_page("late", top)], clock.now + DAY)
    with pytest.raises(ValidationError, match=r"“Late” would be below “/top/”, which is withdrawn \(from 11 March 2030 17:07 UTC\)\."):
        withdraw(top, "Old.", on_pending=OnPending.KEEP)


def test_withdrawing_leaves_a_page_that_was_to_move_in_where_it_is(clock):
    top, *_ = branch_of_three()
    visitor = live_page("visitor")
    republish(visitor, clock.now + DAY, parent=top)
    withdraw(top, "Old.", on_pending=OnPending.DROP)
    assert paths(clock.now + DAY) == {"/visitor/": "Visitor"}


def test_withdrawing_keeps_a_page_that_is_to_move_out(clock):
    top, _middle, leaf = branch_of_three()
    republish(leaf, clock.now + DAY, parent=None)
    withdraw(top, "Old.", on_pending=OnPending.KEEP)
    assert paths(clock.now) == {}
    assert paths(clock.now + DAY) == {"/leaf/": "Leaf"}


def test_publishing_below_a_withdrawn_page_names_it(clock):
    top, *_ = branch_of_three()
    withdraw(top, "Old.")
    with pytest.raises(ValidationError, match="“New” would be below “/top/”, which is withdrawn"):
        publish([new_page("new", top)])


def test_withdrawn_branch_comes_back_together(clock):
    pages = branch_of_three()
    withdraw(pages[0], "By mistake.")
    clock.tick()
    publish(pages)
    assert len(paths(clock.now)) == 3


def test_entry_that_takes_too_long_leaves_nothing(clock, monkeypatch):
    page = new_page("about")
    monkeypatch.setattr("pages.kinds.PageKind.check_record", lambda kind, things, since: clock.tick())
    with pytest.raises(ValidationError, match="took too long"):
        publish([page])
    assert numbers() == []
    publish([page], clock.now + HOUR)
    assert numbers() == [1]
