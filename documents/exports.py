"""Exports of the documents chosen: CSV, JSON and Markdown."""

from publishing import figures
from publishing.addresses import canonical
from publishing.exports import as_at, csv_answer, json_answer
from publishing.occasions import meeting_of

HEADER = (
    "symbol title class body meeting annex paragraph date date_precision language subjects version valid_from valid_to file size "
    "outside_address address summary"
).split()


def record(document, library, moment):
    """One document of the library with its current version at a moment, by the names of HEADER."""
    current, met = document.current(moment.at.date()), meeting_of(document, moment)
    values = (
        document.symbol,
        document.title,
        document.document_class,
        document.get_issued_by_display(),
        document.meeting or (met.title if met else ""),
        document.annex,
        document.paragraph,
        document.machine_date,
        document.precision if document.date else "",
        document.language,
        "; ".join(document.subjects),
        current.version_number if current else "",
        current and current.valid_from and current.valid_from.isoformat(),
        current and current.valid_to and current.valid_to.isoformat(),
        canonical(current.address) if current and current.file else "",
        current.size if current else "",
        current.outside_address if current else "",
        canonical(document.path),
        figures.in_entry(document.summary, document, library, moment),
    )
    return dict(zip(HEADER, values, strict=True))


def as_csv(documents, library, moment, _selection):
    return csv_answer("documents.csv", HEADER, (record(document, library, moment).values() for document in documents))


def as_json(documents, library, moment, selection):
    filters = {name: list(values) for name, values in selection.chosen.items() if values}
    return json_answer(
        {
            "as_at": as_at(moment),
            "filters": filters | ({"words": selection.words} if selection.words else {}),
            "sort": selection.order,
            "count": len(documents),
            "documents": [record(document, library, moment) | {"subjects": document.subjects} for document in documents],
        }
    )


FORMATS = {"csv": as_csv, "json": as_json}
