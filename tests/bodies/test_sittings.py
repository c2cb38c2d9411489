"""Sittings: their lines, wall times in zones, and what is refused."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from bodies.sittings import check_sittings, check_zone, parse_sitting, told

BERLIN = ZoneInfo("Europe/Berlin")


def test_line_tells_days_times_part_place_and_webcast():
    sitting = parse_sitting("2026-03-30 22:00 for 3:00; closed; Bonn; https://example.org/eb")
    assert (sitting.part, sitting.place, sitting.webcast) == ("closed", "Bonn", "https://example.org/eb")
    assert sitting.start(BERLIN) == datetime(2026, 3, 30, 20, tzinfo=UTC)
    assert sitting.end(BERLIN) == datetime(2026, 3, 30, 23, tzinfo=UTC)
    assert told(sitting, BERLIN) == ("30 March 2026", "22:00–01:00 Europe/Berlin", "20:00–23:00 UTC")


def test_whole_days_end_at_the_midnight_after_them_in_the_zone():
    sitting = parse_sitting("2009-10-14 to 2009-10-16; open")
    assert sitting.start(BERLIN) == datetime(2009, 10, 13, 22, tzinfo=UTC)
    assert sitting.end(BERLIN) == datetime(2009, 10, 16, 22, tzinfo=UTC)
    assert told(sitting, BERLIN) == ("14 October 2009 to 16 October 2009", "", "")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2026-03-29 02:30 for 1:00", "There is no 2026-03-29 02:30 in Europe/Berlin"),
        ("2026-10-25 02:30 for 1:00", "comes twice"),
        ("2026-10-26 02:30 first for 1:00", "comes once"),
    ],
)
def test_wall_time_that_is_not_there_or_is_there_twice_is_refused(line, says):
    with pytest.raises(ValidationError, match=says):
        parse_sitting(line).check(BERLIN)


def test_which_of_two_like_wall_times_is_told():
    first, second = (parse_sitting(f"2026-10-25 02:30 {which} for 1:00") for which in ("first", "second"))
    first.check(BERLIN), second.check(BERLIN)
    assert first.start(BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.start(BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Thimphu", "America/Sao_Paulo"])
def test_wall_time_is_the_same_in_every_zone_and_the_instant_is_not(zone):
    sitting = parse_sitting("2026-06-01 09:00 for 1:30")
    sitting.check(ZoneInfo(zone))
    days, wall, utc = told(sitting, ZoneInfo(zone))
    assert (days, wall) == ("1 June 2026", f"09:00–10:30 {zone}")
    assert utc.endswith(" UTC")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2026-13-01",
        "2026-02-30",
        "2026-03-02 to 2026-03-01",
        "2026-03-01 25:00",
        "2026-03-01 10:00 for 0:00",
        "2026-03-01 to 2026-03-02 10:00",
        "٢٠٢٦-03-01",
        "2026-03-01; open; closed",
        "2026-03-01; https://example.org; http://example.org",
        "2026-03-01; https://",
        "9999-12-31",
        "0001-01-01 00:00",
    ],
)
def test_line_that_tells_no_sitting_is_refused(line):
    with pytest.raises(ValidationError):
        check_sittings([line])


@pytest.mark.parametrize("value", [None, "2026-03-01", {"a": 1}, [1], ["2026-03-01"] * 61, ["2026-03-02", "2026-03-01"]])
def test_only_a_list_of_lines_in_order_is_taken(value):
    with pytest.raises(ValidationError):
        check_sittings(value)


@pytest.mark.parametrize("name", ["", "Berlin", "../etc/passwd", "/etc/passwd", "Europe/Berlin\0", "Europe"])
def test_zone_that_is_none_is_refused(name):
    with pytest.raises(ValidationError):
        check_zone(name)
