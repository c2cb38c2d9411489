"""Exports of lists: CSV that spreadsheets open safely, JSON, and Markdown."""

import csv
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from markup.rendering import escape_markdown
from publishing.addresses import as_asked

# In full width too, which spreadsheets of East Asia calculate as well.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Echo:
    """File that returns what is written to it."""

    def write(self, text):
        return text


def safe_cell(value):
    """Text of a cell. One that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets do not show."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_answer(name, header, rows):
    """A CSV file of the rows, made while it is sent; UTF-8 with the mark by which Excel knows it."""
    writer = csv.writer(Echo())

    def lines():
        yield "\ufeff" + writer.writerow(header)
        for row in rows:
            yield writer.writerow(map(safe_cell, row))

    disposition = content_disposition_header(True, name)
    return StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


def markdown_list(rows):
    """Markdown list of rows (text before a link, its text, its address, text after it); links stay at the moment of the request."""

    def line(before, text, path, after=""):
        address = as_asked(path).replace("(", "%28").replace(")", "%29")
        return f"- {before}[{escape_markdown(text)}]({address}) {escape_markdown(after)}".rstrip()

    return "\n".join(line(*row) for row in rows)


def markdown_answer(*parts):
    """The parts that are not empty, one below the other."""
    return HttpResponse("\n\n".join(filter(None, parts)) + "\n", content_type="text/markdown; charset=utf-8")


def json_answer(data):
    return HttpResponse(
        json.dumps(data, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder), content_type="application/json; charset=utf-8"
    )


def as_csv(name, header, records, _moment):
    """Records, each a dict by the names of the header, as a CSV file; lists become texts with semicolons."""
    rows = ([record[column] for column in header] for record in records)
    return csv_answer(f"{name}.csv", header, (["; ".join(v) if isinstance(v, list) else v for v in row] for row in rows))


def as_at(moment):
    """The time of which a list is, as text: of now, the record's last change, so that no clock makes another file of the same record."""
    at = moment.at if not moment.is_now else moment.version.changed
    return at and at.isoformat(timespec="seconds")


def as_json(_name, _header, records, moment):
    return json_answer({"as_at": as_at(moment), "count": len(records), "items": records})


FORMATS = {"csv": as_csv, "json": as_json}
