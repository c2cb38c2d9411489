"""Days of digests: which one was due last in a zone. A digest belongs to a date, so a day of 23 or 25 hours has one."""

from datetime import UTC, datetime, time, timedelta

SEVEN = time(7)
DAY = timedelta(days=1)


def instant(date, zone):
    """The moment of a date's digest: its 07:00, or what the clocks show instead where there is none."""
    return datetime.combine(date, SEVEN, zone).astimezone(UTC)


def last_day(now, zone):
    """The last date whose digest is due."""
    date = now.astimezone(zone).date()
    return date if instant(date, zone) <= now else date - DAY


def last_monday(day):
    return day - day.weekday() * DAY
