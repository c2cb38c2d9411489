"""The news items of a list as CSV, JSON and Markdown."""

from django.http import HttpResponse

from publishing.addresses import canonical
from publishing.exports import csv_answer, json_answer
from publishing.markdown import escape_markdown

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


def as_markdown(title, items):
    """What stands at index.md below the address of a list."""
    return markdown_list(title, ((f"{item.shown_date}: ", item.title, item.path, item.summary) for item in items))


def markdown_list(title, rows):
    """Of rows with what stands before a link, its text, its address, and what follows it."""
    links = (f"- {before}[{escape_markdown(text)}]({canonical(path)}) {escape_markdown(after)}" for before, text, path, after in rows)
    return HttpResponse("\n".join([f"# {title}\n", *map(str.rstrip, links), ""]), content_type="text/markdown; charset=utf-8")


FORMATS = {"csv": as_csv, "json": as_json}
