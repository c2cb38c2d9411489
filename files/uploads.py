"""Checks of uploads: name, size and content together, before anything reaches the store.

Nothing here unpacks or decodes a file whole; the inspectors in files/inspectors/ walk its structure
within bounds. What a picture carries besides itself is taken out (files/metadata.py).
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.translation import gettext as _

from files import metadata, private, store
from files.formats import FORMATS, Refused, inspect

LIMIT = 50 * 1000 * 1000
NAME_LIMIT = 150
DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|\Z)", re.IGNORECASE)
UNSAFE = set('/\\:*?"<>|%#;')
# A part between dots that looks like a file ending of its own: `report.exe.pdf`. Version numbers such as `v1.2.pdf` do not.
INNER_ENDING = re.compile(r"\.([A-Za-z][A-Za-z0-9]{1,4})\s*(?=\.)")


def accept(file, name, keep=store.keep, most=None):
    """Check an uploaded or shipped file of up to `most` bytes, else LIMIT, and keep it; returns the StoredFile.

    Raises ValidationError that says what to do.
    `keep(file, name, taken_out)` writes it and makes what is returned, for a file that goes to another store.
    """
    name = checked_name(name)
    size = getattr(file, "full_size", None) or size_of(file)
    most = most or LIMIT
    if size > most:
        limit = store.size_label(most)
        raise ValidationError(_("This file is larger than %(limit)s. Please shorten or divide it.") % {"limit": limit}, code="too_large")
    if not size:
        raise ValidationError(_("This file is empty."), code="empty")
    try:
        extension = name.rpartition(".")[2].lower()
        inspect(file, size, extension)
        with metadata.without(file, size, extension) as (kept, taken_out):
            return keep(kept, name, taken_out)
    except Refused as refusal:
        text = _("“%(name)s” was not accepted: %(reason)s") % {"name": name, "reason": refusal}
        raise ValidationError(text, code="content_refused") from refusal
    except OSError as error:
        text = _("The file could not be stored (%(error)s). Please tell the administrator.") % {"error": error.strerror}
        raise ValidationError(text, code="store") from error


def accept_private(file, name, room, most=None):
    """Check a file and keep it in a room of the private store; returns a private.Kept. Raises ValidationError as `accept` does."""
    return accept(file, name, lambda kept, name, _taken_out: private.keep(room, kept, name), most)


def accept_again(stored):
    """Accept a stored file as if it came in now, so without what is taken out today."""
    try:
        with stored.open() as file:
            return accept(file, stored.name)
    except OSError as error:
        raise ValidationError(_("“%s” cannot be read from the store.") % stored.name, code="store") from error


def accept_shipped(folder, name):
    """Accept the file `name` of a folder of content. Raises ValidationError, or OSError if there is none."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValidationError(f"{name} lies outside {folder}.")
    with path.open("rb") as file:
        return accept(file, path.name)


def size_of(file):
    return file.seek(0, 2)


def checked_name(name):
    """The file name in NFC. Raises ValidationError for one that could mislead people or programs."""
    name = unicodedata.normalize("NFC", name)
    problem = name_problem(name)
    if problem:
        raise ValidationError(problem, code="name_refused")
    return name


def name_problem(name):
    """A sentence about what is wrong with a file name, or None."""
    if hidden := next((c for c in name if unicodedata.category(c).startswith("C")), None):
        return _("The file name holds the invisible character U+%(code)04X. Please rename the file.") % {"code": ord(hidden)}
    if bad := next((c for c in name if c in UNSAFE), None):
        return _("The file name holds the character %(character)s. Please rename the file.") % {"character": bad}
    stem, _dot, extension = name.rpartition(".")
    if not stem.strip(" .") or name != name.strip() or name.startswith((".", "-")):
        return _("A file name begins with a letter or digit and ends like “.pdf”. Please rename the file.")
    if instead := instead_of(extension.lower()):
        return instead
    if extension.lower() not in FORMATS:
        return _("Files that end in “.%(extension)s” are not accepted. Accepted are: %(accepted)s.") % {
            "extension": extension[:20],
            "accepted": ", ".join(sorted(FORMATS)),
        }
    if inner := INNER_ENDING.search(name):
        return _("The file name has two endings, “.%(inner)s” and “.%(extension)s”. Please leave only the last.") % {
            "inner": inner[1],
            "extension": extension,
        }
    if DEVICES.match(name):
        return _("“%(stem)s” is the name of a device on some computers. Please rename the file.") % {"stem": stem}
    if len(name) > NAME_LIMIT or len(name.encode()) > 240:
        return _("The file name is longer than %(limit)d characters. Please shorten it.") % {"limit": NAME_LIMIT}
    return None


def instead_of(extension):
    """A sentence on what to do with a format of pictures that is not accepted, or None."""
    said = {
        "heic": _("Browsers cannot show HEIC, the format of phones. Please export or share the picture as JPEG: phones offer that."),
        "gif": _("GIF pictures, moving or not, are not accepted. Please save the picture as PNG."),
        "avif": _("AVIF pictures are not accepted. Please save the picture as PNG or JPEG; the portal makes AVIF of it itself."),
        "tif": _("Browsers cannot show TIFF. Please save the picture as PNG or JPEG."),
    }
    return said.get({"heif": "heic", "tiff": "tif"}.get(extension, extension))


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Streams uploads to disk and stops writing at the limit; the rest of the request is read and thrown away.

    What went over bears its `full_size`, so that its form field can say so instead of “no file was sent”.
    """

    most = None  # LIMIT

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.written = 0

    def receive_data_chunk(self, raw_data, start):
        room = (self.most or LIMIT) - self.written
        if room > 0:
            self.file.write(raw_data[:room])
            self.written += min(room, len(raw_data))

    def file_complete(self, file_size):
        self.file.seek(0)
        self.file.size = file_size
        self.file.full_size = file_size
        return self.file
