"""Calendars: the grammar of RFC 5545 line by line, two parsers that must agree, and what stays in a subscription how long."""

import re
from datetime import UTC, date, datetime, timedelta
from time import process_time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from publishing.calendars import CalendarEntry, calendar, calendar_answer, clean_text, event_lines, kept, permanent_uid
from publishing.dates import Precision

CHANGED = datetime(2020, 3, 1, 9, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
LINE = re.compile(r'(?P<name>[A-Z-]+)(?P<parameters>(?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]+))*):(?P<value>[^\x00-\x1f\x7f]*)\Z')
DAY, TIME = r"\d{8}\Z", r"\d{8}T\d{6}Z\Z"
HARD = 'São Tomé; a, b\\n \\ : "quoted" 数' * 3 + "😀" * 30


def entry(number=1, start=date(2020, 5, 11), end=date(2020, 5, 13), **fields):
    values = {"uid": permanent_uid("meeting/eb-106", number), "title": "EB 106", "start": start, "end": end, "changed": CHANGED}
    return CalendarEntry(**values | fields)


def timed(**fields):
    return entry(start=datetime(2020, 3, 30, 20, 0, tzinfo=UTC), end=datetime(2020, 3, 30, 23, 0, tzinfo=UTC), **fields)


def lines(made):
    """The (name, parameters, value) of each line of a file, held to the grammar."""
    text = made.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    for line in made.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    matches = [LINE.match(line) for line in text.replace("\r\n ", "").split("\r\n")[:-1]]
    assert None not in matches
    found = [(match["name"], match["parameters"], match["value"]) for match in matches]
    for name, parameters, value in found:
        if name in {"DTSTART", "DTEND"}:
            assert parameters in {"", ";VALUE=DATE"}
            assert re.match(DAY if parameters else TIME, value), (name, parameters, value)
        if name in {"DTSTAMP", "LAST-MODIFIED"}:
            assert not parameters
            assert re.match(TIME, value)
    return found


def values(made, wanted):
    return [value for name, _parameters, value in lines(made) if name == wanted]


def read_by_icalendar(made):
    events = Calendar.from_ical(made).walk("VEVENT")
    return [
        (
            str(e["uid"]),
            e.decoded("dtstart"),
            e.decoded("dtend"),
            str(e["summary"]),
            str(e.get("location", "")),
            str(e.get("description", "")),
        )
        for e in events
    ]


def read_by_vobject(made):
    def value(event, name):
        found = getattr(event, name, None)
        return found.value if found is not None else ""

    names = ("uid", "dtstart", "dtend", "summary", "location", "description")
    return [tuple(value(event, name) for name in names) for event in vobject.readOne(made.decode()).vevent_list]


def test_two_parsers_and_the_grammar_agree_on_days_and_times():
    made = calendar("All meetings", [entry(title=HARD, place=HARD, description=HARD), timed(zone=BERLIN)])
    assert read_by_icalendar(made) == read_by_vobject(made)
    [(_uid, start, end, title, place, description), (_other, at, until, *_texts, told)] = read_by_icalendar(made)
    assert (start, end) == (date(2020, 5, 11), date(2020, 5, 14)), "the end of whole days is exclusive"
    assert (title, place, description) == (HARD, HARD, HARD)
    assert (at, until) == (datetime(2020, 3, 30, 20, tzinfo=UTC), datetime(2020, 3, 30, 23, tzinfo=UTC))
    assert told == "30 March 2020 22:00 – 31 March 2020 01:00 (Europe/Berlin)"
    assert not {"METHOD", "TZID"} & {name for name, _parameters, _value in lines(made)}
    assert ("REFRESH-INTERVAL", ";VALUE=DURATION", "PT12H") in lines(made)
    assert b"BEGIN:VTIMEZONE" not in made


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
@example("a" * 63 + "é")
@example("a" * 62 + "数")
@example("a" * 61 + "😀")
@example("\x00\x07\x1b\x7f\x85 ;,\\n\n")
@example("\r\n\rBEGIN:VEVENT\r\nUID:x")
def test_any_text_is_one_value(text):
    made = calendar(text, [entry(title=text, place=text, description=text)])
    lines(made)
    assert values(made, "BEGIN") == ["VCALENDAR", "VEVENT"]
    [(_uid, start, end, title, _place, _description)] = read_by_icalendar(made)
    assert (start, end) == (date(2020, 5, 11), date(2020, 5, 14))
    assert title.split() == re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split()


def event_of(entry):
    """The event as the library makes it."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.sequence)
    event.add("summary", clean_text(entry.heading))
    event.add("status", "CANCELLED" if entry.is_cancelled else "TENTATIVE" if entry.is_tentative else "CONFIRMED")
    event.add("dtstart", entry.start)
    if not entry.has_times:
        event.add("dtend", (entry.end or entry.start) + timedelta(days=1))
    elif entry.end:
        event.add("dtend", entry.end)
    description = "\n\n".join(filter(None, (entry.local_time, entry.description, entry.address)))
    for name, value in (("description", description), ("location", entry.place), ("url", entry.address)):
        if value:
            event.add(name, clean_text(value))
    return event


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(0, 80))
@example("\\" * 100, 0)
@example("a;" * 60, 1)
@example("数" * 60, 2)
@example("\\N \\n ^^^ \n" * 20, 3)
def test_lines_are_those_of_the_library_to_the_byte(text, shift):
    long = "x" * shift + text
    address = "https://example.org/" + "y" * shift
    for made in (entry(title=long, place=text, description=long, address=address), timed(title=text, zone=BERLIN, sequence=shift)):
        assert event_lines(made, "en") == event_of(made).to_ical()


def test_six_hundred_entries_are_written_the_first_time_within_thirty_milliseconds():
    entries = [entry(number, start=date(2020, 1, 1) + timedelta(number), end=None, place="São Tomé") for number in range(600)]
    taken = []
    for _attempt in range(5):
        event_lines.cache_clear()
        start = process_time()
        calendar("All", entries)
        taken.append(process_time() - start)
    assert min(taken) < 0.03


def test_checker_of_the_grammar_can_fail():
    good = calendar("All", [entry(), timed()])
    assert lines(good)
    bad = [good.replace(b"\r\n", b"\n"), good.replace(b"SUMMARY:EB 106", b"SUMMARY:" + b"x" * 90), good.replace(b"SUMMARY:", b"SUMMARY;")]
    bad += [good.replace(b"DTSTART;VALUE=DATE:", b"DTSTART;VALUE=DATE;TZID=Europe/Berlin:"), good.replace(b"T200000Z", b"T200000")]
    for made in bad:
        with pytest.raises(AssertionError):
            lines(made)


def test_meeting_of_three_sittings_has_three_entries_and_one_known_to_the_month_has_none():
    days = [(date(2020, 5, 11), date(2020, 5, 13)), (date(2020, 5, 27), date(2020, 5, 29)), (date(2020, 6, 12), None)]
    eb_106 = [entry(number, *each) for number, each in enumerate(days, 1)]
    eb_67 = entry(uid=permanent_uid("meeting/eb-67"), start=date(2012, 5, 1), end=date(2012, 5, 31), precision=Precision.MONTH)
    made = calendar("All", kept([eb_67, *eb_106], CHANGED, is_all=True))
    assert [(start, end) for _uid, start, end, *_texts in read_by_icalendar(made)] == [
        (date(2020, 5, 11), date(2020, 5, 14)),
        (date(2020, 5, 27), date(2020, 5, 30)),
        (date(2020, 6, 12), date(2020, 6, 13)),
    ]
    assert len(set(values(made, "UID"))) == 3


def test_moved_meeting_keeps_its_uid_and_dates_are_those_of_its_edition():
    before, after = entry(), entry(start=date(2020, 6, 1), end=date(2020, 6, 3), sequence=1, changed=CHANGED + timedelta(days=1))
    one, two = calendar("All", [before]), calendar("All", [after])
    assert values(one, "UID") == values(two, "UID") == [permanent_uid("meeting/eb-106")]
    assert (values(one, "SEQUENCE"), values(two, "SEQUENCE")) == (["0"], ["1"])
    assert values(two, "DTSTAMP") == values(two, "LAST-MODIFIED") == ["20200302T093000Z"]


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({}, datetime(2021, 5, 14, tzinfo=UTC)),
        ({"is_cancelled": True}, datetime(2020, 5, 21, tzinfo=UTC)),
        ({"end": None}, datetime(2021, 5, 12, tzinfo=UTC)),
    ],
)
def test_entry_leaves_the_subscription_at_its_instant(fields, left):
    one = entry(**fields)
    assert kept([one], left - timedelta(microseconds=1)) == [one]
    assert kept([one], left) == []
    assert kept([one], left, is_all=True) == ([] if one.is_cancelled else [one])


def test_cancelled_entry_says_so_in_its_title_and_status():
    made = calendar("All", [entry(is_cancelled=True), entry(2, is_tentative=True), entry(3)])
    assert values(made, "SUMMARY") == ["Cancelled: EB 106", "EB 106", "EB 106"]
    assert values(made, "STATUS") == ["CANCELLED", "TENTATIVE", "CONFIRMED"]


def test_bytes_do_not_depend_on_the_order_given_nor_on_when_they_are_asked_for():
    entries = [entry(1), timed(uid="urn:uuid:b"), entry(3, start=date(2020, 1, 1), end=None)]

    def answered(entries, at, query=()):
        request = SimpleNamespace(moment=SimpleNamespace(at=at), GET=dict(query))
        return calendar_answer(request, "All", entries)

    one, two = answered(entries, CHANGED), answered(entries[::-1], CHANGED + timedelta(seconds=1))
    assert one.content == two.content
    assert one["Content-Type"] == "text/calendar; charset=utf-8"
    assert not {"Last-Modified", "Set-Cookie"} & set(one.headers)
    assert values(one.content, "DTSTART") == ["20200101", "20200330T200000Z", "20200511"]
    late = CHANGED + timedelta(days=2000)
    assert values(answered(entries, late).content, "UID") == []
    assert answered(entries, late, {"all": "1"}).content == one.content
