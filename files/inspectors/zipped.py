"""Inspectors of Office and OpenDocument files: ZIP archives whose directory is checked before Python's zipfile may touch them."""

import re
import struct
import tempfile
import zipfile
import zlib
from shutil import copyfileobj

from django.utils.translation import gettext as _

from files.inspectors import office_xml
from files.inspectors.refusal import Refused

ENTRIES = 5_000
DIRECTORY = 2_000_000
UNPACKED = 200_000_000
END = struct.Struct("<4s4H2LH")
RISKY = tuple(
    ".exe .dll .com .scr .pif .msi .bat .cmd .js .jse .vbs .vbe .wsf .ps1 .sh .py .jar .class .lnk .reg "
    ".html .htm .xhtml .hta .mht .mhtml .zip .7z .rar .iso .docm .dotm .xlsm .pptm .xlsb .rtf .swf".split()
)
ACTIVE = re.compile(r"vbaproject\.bin\Z|/(?:activex|macrosheets)/", re.IGNORECASE)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XML = (".xml", ".rels", ".vml", ".rdf")
# Data of charts; what is packed into these in turn is refused.
PACKED = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}


def open_xml(part, is_packed=False):
    """Inspector of a .docx, .xlsx or .pptx, whose main part is `part`."""

    def inspect(file, size):
        with checked(file, size) as archive:
            names = archive.namelist()
            if not {"[Content_Types].xml", part} <= set(names):
                raise Refused(_("its content is not what its ending says."))
            with archive.open("[Content_Types].xml") as types:
                declared = types.read(1_000_000).lower()
            if b"macroenabled" in declared or b"vbaproject" in declared or any(map(ACTIVE.search, names)):
                raise Refused(_("it holds macros. Please save it without them."))
            for name in names:
                check_part(archive, name)
                check_open_xml(archive, name, is_packed)

    return inspect


def check_open_xml(archive, name, is_packed):
    lowered = name.lower()
    if lowered.endswith(".rels"):
        office_xml.check_relations(archive, name)
    elif lowered.startswith("word/") and lowered.endswith(".xml"):
        office_xml.check_word(archive, name)
    elif lowered.startswith("xl/externallinks/") and lowered.endswith(".xml"):
        office_xml.check_excel_link(archive, name)
    elif lowered.endswith(tuple(PACKED)):
        if is_packed:
            raise Refused(_("documents are packed into documents within it (%(name)s).") % {"name": name[-40:]})
        check_packed(archive, name, PACKED[lowered[-5:]])


def check_packed(archive, name, part):
    with archive.open(name) as packed, tempfile.TemporaryFile() as file:
        copyfileobj(packed, file)
        try:
            open_xml(part, is_packed=True)(file, file.tell())
        except Refused as refusal:
            raise Refused(_("%(name)s within it: %(refusal)s") % {"name": name[-40:], "refusal": refusal}) from refusal


def open_document(media_type):
    """Inspector of an .odt, .ods or .odp."""

    def inspect(file, size):
        with checked(file, size) as archive:
            if archive.infolist()[0].filename != "mimetype":
                raise Refused(_("its content is not what its ending says."))
            with archive.open("mimetype") as declared:
                if declared.read(100).strip() != media_type.encode():
                    raise Refused(_("its content is not what its ending says."))
            names = archive.namelist()
            if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
                raise Refused(_("it holds macros. Please save it without them."))
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise Refused(_("it is encrypted. Please save it without a password."))
            for name in names:
                check_part(archive, name)
                if name.endswith(("content.xml", "styles.xml")):
                    office_xml.check_open_document(archive, name)

    return inspect


def checked(file, size):
    """The archive, if it is sound, small when unpacked, and nothing but an archive."""
    check_frame(file, size)
    try:
        archive = zipfile.ZipFile(file)
        check_entries(archive.infolist())
        # Reads each entry up to its declared length, in pieces, and compares the checksum: a directory that lies is found out.
        if archive.testzip() is not None:
            raise Refused(_("the archive is damaged, or unpacks to more than it says."))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, UnicodeError) as error:
        raise Refused(_("the archive is damaged.")) from error
    return archive


def check_part(archive, name):
    """No part is an OLE object, by whatever name, or XML that declares entities."""
    with archive.open(name) as part:
        head = part.read(len(COMPOUND))
    if head == COMPOUND:
        raise Refused(office_xml.OLE.format(name[-40:]))
    if name.lower().endswith(XML) and head:
        office_xml.walk(archive, name)


def check_frame(file, size):
    """Begins with an entry, ends with the directory, with nothing before, between or after."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise Refused(_("its content is not what its ending says."))
    start = max(0, size - END.size - 0xFFFF)
    file.seek(start)
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < END.size:
        raise Refused(_("the archive is cut off."))
    _signature, disk, first_disk, here, entries, length, offset, comment = END.unpack_from(tail, found)
    if disk or first_disk or here != entries or entries > ENTRIES or length > DIRECTORY:
        raise Refused(_("the archive has more parts than a document needs (%(entries)s).") % {"entries": f"{entries:,}"})
    if offset + length != start + found or start + found + END.size + comment != size:
        raise Refused(_("something else is attached to the archive."))


def check_entries(entries):
    names = [entry.filename for entry in entries]
    if not entries or len(set(names)) != len(names):
        raise Refused(_("the archive is damaged."))
    for entry in entries:
        name = entry.orig_filename
        if name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/"):
            raise Refused(_("a part of it would be unpacked outside its folder."))
        if name.lower().endswith(RISKY):
            raise Refused(_("it holds a program, an archive or a web page (%(name)s).") % {"name": name[-40:]})
        if entry.flag_bits & 1:
            raise Refused(_("it is encrypted. Please save it without a password."))
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refused(_("it is packed in an unusual way. Please save it anew."))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED:
        said = _("it would unpack to %(size)s MB; at most %(most)s MB are possible.")
        raise Refused(said % {"size": f"{unpacked / 1_000_000:,.0f}", "most": UNPACKED // 1_000_000})
