"""The news items of a list as CSV, JSON and Markdown."""

from publishing.addresses import canonical
from publishing.exports import csv_answer, json_answer

HEADER = ("date", "date_precision", "title", "summary", "topics", "address")


def record(item):
    """One item by the names of HEADER."""
    topics = [topic.label for topic in item.topics]
    return dict(zip(HEADER, (item.machine_date, item.precision, item.title, item.summary, topics, canonical(item.path)), strict=True))


def as_csv(items, moment):
    rows = (record(item) | {"topics": "; ".join(topic.label for topic in item.topics)} for item in items)
    return csv_answer("news.csv", HEADER, (row.values() for row in rows))


def as_json(items, moment):
    at = moment.at if not moment.is_now else moment.version.changed
    return json_answer({"as_at": at and at.isoformat(timespec="seconds"), "count": len(items), "items": [record(item) for item in items]})


def rows(entries):
    """What `publishing.exports.markdown_list` shows of items, newsletters or recordings."""
    return ((f"{entry.shown_date}: ", entry.title, entry.path, entry.summary) for entry in entries)


FORMATS = {"csv": as_csv, "json": as_json}
