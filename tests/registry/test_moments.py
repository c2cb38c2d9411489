"""Which release is shown at a moment."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from publishing.ledger import publish, withdraw
from publishing.moment import Moment, fixed
from registry import tables
from registry.models import ActivityRow, PackedTable, Release
from registry.moments import registry_at
from registry.table import Criteria
from tests.record import DAY, START, clock
from tests.registry.made import new_row, release

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def titles(moment):
    registry = registry_at(moment)
    return sorted(row.title for row in registry.activities(registry.table.places_of(registry.table.matching(Criteria(), registry.day))))


def following(first, clock, **rows):
    """A later release in which the rows given by key are changed or added."""
    clock.tick(DAY)
    draft = Release.objects.create(as_of=date(2024, 1, 1))
    for key, title in rows.items():
        new_row(draft, key, title=title)
    old = ActivityRow.objects.filter(key__in=rows, from_release__lt=draft.pk)
    publish([draft], alongside=lambda editions: old.update(to_release=draft.pk))
    return draft


def test_without_a_release_answers_are_never_final():
    moment = fixed(START)
    assert registry_at(moment).is_sample
    assert moment.is_open
    assert registry_at(moment).activity(7) is None


def test_moment_shows_the_latest_release_published_by_then(clock):
    first = release(a="One", b="Two")
    second = following(first, clock, a="Corrected", c="Three")
    assert titles(Moment()) == ["Corrected", "Three", "Two"]
    assert registry_at(Moment()).release.thing_id == second.pk
    then = fixed(START + DAY / 2)
    assert titles(then) == ["One", "Two"]
    assert not registry_at(then).is_reconstructed
    assert registry_at(then).activity("a")[1].title == "One"


def test_moment_before_the_first_release_shows_it_whatever_came_later(clock):
    first = release(a="One")
    following(first, clock, a="Corrected")
    before = fixed(START - 20 * DAY)
    assert titles(before) == ["One"]
    assert registry_at(before).is_reconstructed
    assert not before.is_provisional


def test_first_release_takes_the_place_of_the_sample_at_every_moment(clock):
    past = START - 20 * DAY
    assert registry_at(fixed(past)).is_sample
    release(a="One")
    assert titles(fixed(past)) == ["One"]


def test_withdrawn_release_gives_way_to_the_one_before(clock):
    first = release(a="One")
    second = following(first, clock, a="Wrong")
    withdraw(second, "Wrong file.")
    assert titles(Moment()) == ["One"]


def test_release_is_never_scheduled(clock):
    with pytest.raises(ValidationError, match="cannot be scheduled"):
        publish([Release.objects.create(as_of=date(2024, 1, 1))], clock.now + DAY)


def test_moment_after_the_end_of_the_data_is_told_so():
    release(a="One", as_of=date(2023, 11, 3))
    registry = registry_at(Moment())
    assert registry.is_past_the_end
    assert registry.ends == date(2023, 11, 3)
    assert not registry_at(fixed(START.replace(year=2010))).is_past_the_end


def test_table_is_loaded_from_its_bytes_and_made_anew_where_they_are_damaged_or_of_another_form():
    own = release(a="One", b="Two")
    made = tables.make(own.pk, own.as_of)
    assert tables.keep(own.pk, own.as_of) > 100
    assert tables.load(own.pk, own.as_of).numbers == made.numbers
    assert not tables.renew(own.pk, own.as_of)
    PackedTable.objects.update(data=b"\x01\0\0\0\0\0\0\0x")
    assert tables.load(own.pk, own.as_of).numbers == made.numbers
    PackedTable.objects.update(form="of old")
    assert tables.load(own.pk, own.as_of).numbers == made.numbers
    assert tables.renew(own.pk, own.as_of)


def test_registry_costs_one_query_for_the_rows_of_a_page(django_assert_num_queries):
    release(**{f"k{number}": str(number) for number in range(30)})
    titles(Moment())
    moment = Moment()
    assert moment.at
    with django_assert_num_queries(1):
        assert len(titles(moment)) == 30
