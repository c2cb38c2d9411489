"""Digests: one a day in each zone, at 07:00 of its clocks, whatever the clocks do; one where the command was down."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User

from desk import notice_mails, notices
from desk.digests import instant, last_day, last_monday
from desk.models import DeskNotice, DigestDay, HowOften, NoticeGroup, NoticeSettings
from tests.desk_client import publisher
from tests.record import DAY, HOUR, MINUTE

# Both changes of clock on either half of the earth, at odd hours, by half an hour, by odd minutes, around Ramadan, and none.
ZONES = """UTC Europe/London Europe/Berlin Europe/Kyiv Africa/Casablanca Africa/Cairo Africa/Nairobi Asia/Beirut Asia/Jerusalem Asia/Kolkata
Asia/Kathmandu Asia/Tokyo Asia/Gaza Australia/Lord_Howe Australia/Sydney Australia/Adelaide Pacific/Chatham Pacific/Kiritimati
Pacific/Auckland America/New_York America/St_Johns America/Santiago America/Scoresbysund Pacific/Pago_Pago""".split()
YEAR = 2026
QUARTER = timedelta(minutes=15)


def test_there_are_24_zones():
    assert len(set(ZONES)) == 24


@pytest.mark.parametrize("name", ZONES)
def test_each_date_of_a_year_is_due_once_at_seven(name):
    zone = ZoneInfo(name)
    now, end, days = datetime(YEAR - 1, 12, 30, tzinfo=UTC), datetime(YEAR + 1, 1, 3, tzinfo=UTC), []
    while now < end:
        day = last_day(now, zone)
        if not days or days[-1][0] != day:
            days.append((day, now.astimezone(zone)))
        now += QUARTER
    own = [(day, local) for day, local in days[1:] if day.year == YEAR]
    assert [day for day, _local in own] == [date(YEAR, 1, 1) + number * DAY for number in range(365)]
    assert {(local.date(), local.hour, local.minute) for day, local in own} == {(day, 7, 0) for day, _local in own}


def test_hour_that_does_not_exist_is_the_next_that_does(monkeypatch):
    monkeypatch.setattr("desk.digests.SEVEN", datetime(YEAR, 1, 1, 2, 30, tzinfo=UTC).time())
    zone = ZoneInfo("Europe/Berlin")
    moment = instant(date(YEAR, 3, 29), zone)
    assert moment.astimezone(zone).hour == 3
    assert last_day(moment - MINUTE, zone) == date(YEAR, 3, 28)
    assert last_day(moment, zone) == date(YEAR, 3, 29)


def test_monday_of_a_week():
    assert last_monday(date(2026, 11, 23)) == last_monday(date(2026, 11, 29)) == date(2026, 11, 23)


@pytest.fixture
def person(clock, db):
    """Somebody who is told of all once a day, in Berlin, on a Sunday at noon."""
    clock.set(datetime(YEAR, 3, 1, 12, tzinfo=UTC))
    return reached("paul", "Europe/Berlin")


def reached(name, zone, how=HowOften.DAILY):
    user = publisher(name)
    User.objects.filter(pk=user.pk).update(email=f"{name}@example.org")
    NoticeSettings.objects.create(user=user, zone=zone, how=dict.fromkeys(NoticeGroup.values, how))
    return User.objects.get(pk=user.pk)


def something_happens(*people):
    ref = str(DeskNotice.objects.count())
    notices.tell("moved", people, "page", 1, ref, "ada")


def digests(user):
    """The dates of the person's digests, each with the number of its notices."""
    dates = DigestDay.objects.filter(user=user).order_by("date").values_list("date", flat=True)
    return {f"{day:%m-%d}": DeskNotice.objects.filter(user=user, mail=f"digest {user.pk} {day}").count() for day in dates}


def test_digest_tells_what_came_before_seven_and_leaves_the_rest(person, clock):
    something_happens(person)
    notice_mails.compose()
    assert digests(person) == {}, "it came after 07:00"
    clock.set(datetime(YEAR, 3, 2, 5, 59, tzinfo=UTC))
    something_happens(person)
    notice_mails.compose()
    assert digests(person) == {}
    clock.set(datetime(YEAR, 3, 2, 6, 0, tzinfo=UTC))
    something_happens(person)
    notice_mails.compose()
    notice_mails.compose()
    assert digests(person) == {"03-02": 2}


def test_command_that_was_down_sends_one_digest_with_everything(person, clock):
    for _ in range(3):
        something_happens(person)
        clock.tick(DAY)
    for _ in range(5):
        notice_mails.compose()
        clock.tick(HOUR)
    assert digests(person) == {"03-04": 3}


def test_weekly_digest_comes_on_monday_or_as_soon_as_it_can(person, clock):
    NoticeSettings.objects.update(how=dict.fromkeys(NoticeGroup.values, HowOften.WEEKLY))
    clock.set(datetime(YEAR, 3, 2, 12, tzinfo=UTC))  # a Monday
    for _ in range(7 * 24):
        something_happens(person)
        notice_mails.compose()
        clock.tick(HOUR)
    assert digests(person) == {"03-09": 162}
    clock.set(datetime(YEAR, 3, 18, 12, tzinfo=UTC))  # down on Monday
    notice_mails.compose()
    assert digests(person) == {"03-09": 162, "03-18": 6}


def test_person_who_moves_to_another_zone_gets_one_digest_a_date(person, clock):
    something_happens(person)
    clock.tick(DAY)
    notice_mails.compose()
    NoticeSettings.objects.update(zone="Pacific/Auckland")
    something_happens(person)
    for _ in range(30):
        notice_mails.compose()
        clock.tick(HOUR)
    assert digests(person) == {"03-02": 1, "03-03": 1}


@pytest.mark.parametrize("name", ZONES)
def test_each_date_around_changes_of_the_clock_has_one_digest_with_one_days_notices(name, clock, db):
    """Something happens once between two digests; the command runs just before, at, and just after each that is due."""
    zone = ZoneInfo(name)
    person = reached("paul", name)
    for days in weeks_of_change(zone):
        clock.set(instant(days[0] - DAY, zone) + 12 * HOUR)
        for day in days:
            something_happens(person)
            for moment in (instant(day, zone) - MINUTE, instant(day, zone), instant(day, zone) + MINUTE):
                clock.set(moment)
                notice_mails.compose_for(person)
            clock.tick(12 * HOUR)
        assert [digests(person).get(f"{day:%m-%d}") for day in days] == [1] * len(days)


def weeks_of_change(zone):
    """The dates around each change of the zone's clocks in the year, or around one day where there is none."""
    days = [date(YEAR, 1, 10) + number * DAY for number in range(340)]
    changes = [day for day in days if instant(day, zone) - instant(day - DAY, zone) != DAY] or days[:1]
    return [[change + number * DAY for number in range(-2, 3)] for change in changes]
