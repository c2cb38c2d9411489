"""Files of a release: our documented CSVs and the workbooks of the UNFCCC, told apart by their columns. Rows come out as dicts of text.

Columns are found by name, in any order, further ones are left. Nothing is read without a limit: a line, a cell, an unpacked workbook.
"""

import csv
import hashlib
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_LINE = 100_000  # bytes
MOST_UNPACKED = 200_000_000  # bytes of a workbook
MOST_ROWS, MOST_COLUMNS = 1_048_576, 200  # of a sheet: as many rows as the format has
# Parts of a workbook that are read in pieces: what begins a piece, and how many bytes of one are held at most. Of any other part so many.
PIECES = {"xl/worksheets/": (b"row", 5_000_000), "xl/sharedStrings": (b"si", 1_000_000)}
MOST_OF_A_PART = 20_000_000
MOST_PIECES = 2_000_000

# For each sort of file the names of its columns: ours, and what each is called in the workbook of the UNFCCC.
ACTIVITIES, SHEET, ISSUANCES, BLOCKS = "activities", "sheet", "issuances", "blocks"
CANCELLATIONS, METHODOLOGIES, TRANSITIONED = "cancellations", "methodologies", "transitioned"
OURS = {
    ACTIVITIES: (
        "project_ref unique_id title activity_type status_group host_country_first host_iso2 subregion scope_number scope project_type "
        "methodologies scale validating_doe validation_start crediting_start crediting_end annual_reductions_tco2e_2018 total_cers_issued "
        "capacity_mw lat lon n_locations ref_source"
    ).split(),
    ISSUANCES: (
        "activity_type project_ref host_iso2 doe project_type project_subtype issuance_process_id issuance_date monitoring_start "
        "monitoring_end cers_issued kp_commitment_period monitoring_report_no source_release"
    ).split(),
    BLOCKS: "completed_at unit_type commitment_period party_code project_ref serial_start serial_end units".split(),
    CANCELLATIONS: (
        "completed_at transaction unit_type commitment_period party_code project_ref serial_start serial_end units voluntary_platform"
    ).split(),
    METHODOLOGIES: "code family title latest_version_seen title_source".split(),
    TRANSITIONED: "type ref registered title host_parties statement source".split(),
}
PUBLISHED = {
    SHEET: {
        "CDM project reference number": "project_ref",
        "Unique project identifier (traceable with Google)": "unique_id",
        "Registration project title": "title",
        "Type of CDM project: PA/PoA": "activity_type",
        "Project classification": "scale",
        "Sectoral scope number(s)": "scope_number",
        "Methodologies used at registration": "methodologies",
        "Project type (UNEP DTU)": "project_type",
        "DOE": "validating_doe",
        "Start of validation": "validation_start",
        "Registered or rejected": "registered",
        "Website project status": "status_group",
        "Start of first crediting period": "crediting_start",
        "End of first crediting period": "crediting_end",
        "Amount Of Reductions (PDD ex-ante) per year in CP1 (PoA based on the sum of curr": "reductions",
        "List of host countries (ISO 2)": "hosts",
        "Country subregion": "subregion",
        "Total CERs issued": "total_cers_issued",
        "Installed capacity (MW elec/thermal)": "capacity_mw",
        "Reporting date": "source_release",
    },
    ISSUANCES: {
        "PA/PoA": "activity_type",
        "CDM project reference number": "project_ref",
        "HostParty": "host_iso2",
        "DOE": "doe",
        "Project type (UNEP DTU)": "project_type",
        "Project subtype (UNEP DTU)": "project_subtype",
        "Issuance process ID": "issuance_process_id",
        "Issuance date": "issuance_date",
        "Monitoring report started": "monitoring_start",
        "Monitoring report ended": "monitoring_end",
        "Units - Total": "cers_issued",
        "CP": "kp_commitment_period",
        "Monitoring report number": "monitoring_report_no",
        "Last_updated": "source_release",
    },
    BLOCKS: {
        "Completion date": "completed_at",
        "Transaction type": "transaction",
        "Status": "status",
        "SERIAL RANGE": "serials",
        "Unit Type": "unit_type",
        "CP": "commitment_period",
        "PARTY CODE": "party_code",
        "Project number": "project_ref",
        "Total": "units",
    },
    CANCELLATIONS: {
        "Completion Date": "completed_at",
        "Transaction Type": "transaction",
        "Serial Range": "serials",
        "Project Identifier": "project_identifier",
        "Status": "status",
        "CP (Commitment Period)": "commitment_period",
        "Unit": "unit_type",
        "Total": "units",
        "VCP (From Voluntary Cancellation Platform)": "voluntary_platform",
    },
}
FORMS = [(sort, {name: name for name in names}) for sort, names in OURS.items()] + list(PUBLISHED.items())

TOLD = {
    ACTIVITIES: gettext_lazy("activities"),
    SHEET: gettext_lazy("the full sheet of activities"),
    ISSUANCES: gettext_lazy("issuances"),
    BLOCKS: gettext_lazy("issued blocks"),
    CANCELLATIONS: gettext_lazy("cancelled blocks"),
    METHODOLOGIES: gettext_lazy("methodologies"),
    TRANSITIONED: gettext_lazy("transitioned activities"),
}


class SourceError(Exception):
    """File that cannot be read as a whole; says which and why."""


@dataclass(frozen=True)
class Source:
    """File of a known sort. `columns` gives our name for each of its own."""

    path: Path
    sort: str
    columns: dict
    sha256: str

    @property
    def name(self):
        return self.path.name

    def rows(self):
        """(number of the line, dict of our names) of each row; `all` has every cell by its own name where the sort is the full sheet.

        Raises SourceError in the middle, where the file turns out to be damaged.
        """
        lines = lines_of(self.path)
        _line, head = next(lines)
        for line, cells in lines:
            if len(cells) != len(head):
                raise SourceError(
                    _("{name}, line {line}: {count} columns instead of {wanted}. Was the file cut off?").format(
                        name=self.name, line=line, count=len(cells), wanted=len(head)
                    )
                )
            own = dict(zip(head, cells, strict=True))
            row = {ours: own[theirs] for theirs, ours in self.columns.items()}
            yield line, row | ({"all": {name: value for name, value in own.items() if value}} if self.sort == SHEET else {})


def find_sources(folder):
    """(Sources by sort, names of files of no known sort) of a folder. The list of transitioned activities may lie in its folder `facts`.

    Raises SourceError for a file that cannot be read, that lacks columns, or of which another of the same sort is there.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise SourceError(_("There is no folder {folder}.").format(folder=folder))
    paths = [path for path in chain(folder.iterdir(), folder.glob("facts/transitioned.csv")) if path.suffix.lower() in (".csv", ".xlsx")]
    found, unknown = {}, []
    for path in sorted(paths):
        source = recognised(path)
        if source is None:
            unknown.append(path.name)
        elif source.sort in found:
            raise SourceError(
                _("{name} and {other} both hold {sort}. Please leave one of them.").format(
                    name=path.name, other=found[source.sort].name, sort=TOLD[source.sort]
                )
            )
        else:
            found[source.sort] = source
    return found, unknown


def recognised(path):
    """The Source of a file by its columns, or None. Raises SourceError where most columns of a sort are there, but not all."""
    _line, head = next(lines_of(path), (0, []))
    names = set(head)
    sort, columns = max(FORMS, key=lambda form: (len(names & set(form[1])) / len(form[1]), len(form[1])))
    missing = [name for name in columns if name not in names]
    if len(missing) * 2 > len(columns):
        return None
    if missing:
        raise SourceError(
            _("{name} looks like {sort}, but lacks the column {missing}.").format(
                name=path.name, sort=TOLD[sort], missing=", ".join(missing)
            )
        )
    if repeated := {name for name in columns if head.count(name) > 1}:
        raise SourceError(_("{name} has the column {columns} more than once.").format(name=path.name, columns=", ".join(sorted(repeated))))
    with path.open("rb") as file:
        return Source(path, sort, columns, hashlib.file_digest(file, "sha256").hexdigest())


def lines_of(path):
    """(number of the line, cells as text) of a CSV or a workbook."""
    return (workbook_lines if path.suffix.lower() == ".xlsx" else csv_lines)(path)


def csv_lines(path):
    try:
        with path.open("rb") as file:
            reader = csv.reader(text_lines(path.name, file), strict=True)
            for cells in reader:
                if cells:
                    yield reader.line_num, cells
    except csv.Error as error:
        raise SourceError(
            _("{name}, line {line}: {error}. Was the file cut off?").format(name=path.name, line=reader.line_num, error=error)
        ) from error
    except OSError as error:
        raise SourceError(_("{name} cannot be read: {problem}.").format(name=path.name, problem=error.strerror)) from error


def text_lines(name, file):
    """The lines of a file as text: UTF-8, with or without a byte order mark."""
    number, line = 0, b"\n"
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise SourceError(_("{name}, line {number} is longer than {most} bytes.").format(name=name, number=number, most=LONGEST_LINE))
        if b"\0" in line:
            raise SourceError(_("{name}, line {number} holds a NUL byte. It must be CSV in UTF-8.").format(name=name, number=number))
        if not line.endswith(b"\n"):
            raise SourceError(_("{name}, line {number} has no end. Was the file cut off?").format(name=name, number=number))
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise SourceError(
                _("{name}, line {number} is not UTF-8. Please save the file as CSV in UTF-8.").format(name=name, number=number)
            ) from error


def workbook_lines(path):
    """Rows of the first sheet, streamed. A last row that only adds up, which begins with `Total`, is left out."""
    import openpyxl  # what only an import needs is not loaded by a server

    try:
        with zipfile.ZipFile(path) as archive:
            refuse_large(path.name, archive)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            width = 0
            rows = book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS, max_col=MOST_COLUMNS)
            for number, cells in enumerate(rows, 1):
                if cells.count(None) == len(cells):  # rows without anything may be a million
                    continue
                texts = [text_of(cell) for cell in cells]
                width = width or len(texts) - next((n for n, text in enumerate(reversed(texts)) if text), len(texts))
                if any(texts) and texts[0] != "Total":
                    yield number, [*texts[:width], *[""] * (width - len(texts))]
        finally:
            book.close()
    except SourceError:
        raise
    except Exception as error:  # openpyxl and expat raise of all sorts for a damaged file
        raise SourceError(
            _("{name} cannot be read as a workbook: {problem}. Was the file cut off?").format(name=path.name, problem=type(error).__name__)
        ) from error


def refuse_large(name, archive):
    """Raise SourceError for a workbook of which more would have to be held at once than an honest one needs."""
    if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
        raise SourceError(_("{name} is larger than {most} MB when it is unpacked.").format(name=name, most=MOST_UNPACKED // 10**6))
    for entry in archive.infolist():
        mark, most = next((piece for start, piece in PIECES.items() if entry.filename.startswith(start)), (b"", MOST_OF_A_PART))
        if entry.file_size > most and (not mark or longest_piece(name, archive, entry, mark) > most):
            raise SourceError(_("{name} holds a row or a cell that is too long to be read.").format(name=name))


def longest_piece(name, archive, entry, mark):
    """The most bytes of a part in which no element begins whose name ends in `mark`, within 64 kB. Raises SourceError for too many."""
    begins, longest, since, count, rest = re.compile(rb"<(?:\w+:)?" + mark + rb"\b"), 0, 0, 0, b""
    with archive.open(entry) as part:
        while chunk := part.read(2**16):
            found = len(begins.findall(rest + chunk))
            since = 0 if found else since + len(chunk)
            longest, count, rest = max(longest, since), count + found, chunk[-40:]
            if count > MOST_PIECES:
                raise SourceError(_("{name} has more than {most} rows or texts.").format(name=name, most=MOST_PIECES))
    return longest


def text_of(cell):
    """A cell as the documented CSVs have it: days as 2010-03-10, times as 2010-03-10T17:07:00Z, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds") + "Z" if cell.time() != datetime.min.time() else cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
