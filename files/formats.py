"""Formats of files that may be uploaded: how each is served, and the inspector of its content."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from files.inspectors import audio, documents, images, zipped
from files.inspectors.refusal import Refused

CHUNK = 1024 * 1024
OVERLAP = 32
MARKUP = re.compile(rb"<(?:!doctype\s{1,8}html|\?php|(?:html|script|svg|iframe|object|embed)[\s>/])", re.IGNORECASE)
PDF_HEAD = b"%PDF-"
ANYWHERE_A_PDF_MAY_BEGIN = 1024


@dataclass(frozen=True)
class Format:
    """Format by its ending: `inspect(file, size)` raises Refused for any other content; `inline` formats open in the browser."""

    label: str
    media_type: str
    inspect: Callable
    inline: bool = False
    is_archive: bool = False
    is_text: bool = False


def office(part, label, ending):
    media_type = f"application/vnd.openxmlformats-officedocument.{ending}"
    return Format(label, media_type, zipped.open_xml(part), is_archive=True)


def open_document(label, ending):
    media_type = f"application/vnd.oasis.opendocument.{ending}"
    return Format(label, media_type, zipped.open_document(media_type), is_archive=True)


FORMATS = {
    "pdf": Format("PDF", "application/pdf", documents.pdf, inline=True),
    "doc": Format("Word 97", "application/msword", documents.compound("WordDocument")),
    "xls": Format("Excel 97", "application/vnd.ms-excel", documents.compound("Workbook", "Book")),
    "ppt": Format("PowerPoint 97", "application/vnd.ms-powerpoint", documents.compound("PowerPoint Document")),
    "docx": office("word/document.xml", "Word", "wordprocessingml.document"),
    "xlsx": office("xl/workbook.xml", "Excel", "spreadsheetml.sheet"),
    "pptx": office("ppt/presentation.xml", "PowerPoint", "presentationml.presentation"),
    "odt": open_document("OpenDocument text", "text"),
    "ods": open_document("OpenDocument spreadsheet", "spreadsheet"),
    "odp": open_document("OpenDocument presentation", "presentation"),
    "csv": Format("CSV", "text/csv", documents.text, is_text=True),
    "txt": Format("plain text", "text/plain", documents.text, inline=True, is_text=True),
    "mp3": Format("MP3", "audio/mpeg", audio.mp3, inline=True),
    "ogg": Format("Ogg", "audio/ogg", audio.ogg, inline=True),
    "png": Format("PNG", "image/png", images.png, inline=True),
    "jpg": Format("JPEG", "image/jpeg", images.jpeg, inline=True),
    "jpeg": Format("JPEG", "image/jpeg", images.jpeg, inline=True),
    "webp": Format("WebP", "image/webp", images.webp, inline=True),
}
# What the portal makes itself and takes from nobody.
MADE = {"avif": Format("AVIF", "image/avif", None, inline=True)}


def inspect(file, size, extension):
    """Raise Refused unless the content is what `extension` says, and nothing else at the same time."""
    form = FORMATS[extension]
    form.inspect(file, size)
    file.seek(0)
    if form.media_type != "application/pdf" and PDF_HEAD in file.read(ANYWHERE_A_PDF_MAY_BEGIN):
        raise Refused(_("it could be read as a PDF as well."))
    if not form.is_archive and zipfile.is_zipfile(file):
        raise Refused(_("an archive is hidden in it."))
    refuse_markup(file)


def refuse_markup(file):
    file.seek(0)
    tail = b""
    while chunk := file.read(CHUNK):
        if found := MARKUP.search(tail + chunk):
            raise Refused(_("it holds HTML, SVG or a script (%(start)s ...).") % {"start": found[0][:9].decode("ascii", "replace").strip()})
        tail = chunk[-OVERLAP:]
