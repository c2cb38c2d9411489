"""Inspectors of PDF, the Office formats before 2007, and plain text."""

import codecs
import re
import zlib

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files import bounded
from files.inspectors.refusal import Refused

CHUNK = 1024 * 1024
TAIL = 1024
OVERLAP = 64
UNPACKED = 100_000_000
DICTIONARY = 4096
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = "_VBA_PROJECT".encode("utf-16-le")
PACKED_FILE = "Ole10Native".encode("utf-16-le")
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
PROGRAM_OR_MARKUP = ("#!", "<?", "<!", "{\\rtf", "MZ")


def pdf_names(*names):
    """A pattern for names in a PDF, each letter of which may be written as its number too: `/J#61vaScript`."""
    spelt = ("".join(f"(?:{c}|#{ord(c):02x}|#{ord(c):02X})" for c in name) for name in names)
    return re.compile(f"/(?:{'|'.join(spelt)})\\b".encode())


PDF_ACTIONS = pdf_names("JavaScript", "Launch", "SubmitForm", "ImportData")
PDF_FILES = pdf_names("EmbeddedFile", "EmbeddedFiles", "FileAttachment", "RichMedia")
OBJECT_STREAM = pdf_names("ObjStm")

SCRIPTS, SENDS = gettext_lazy("scripts or programs"), gettext_lazy("a form that sends what is filled in, or loads it")
FILES = gettext_lazy("other files are packed into it")
# What pdf_objects.py prints, in words.
PDF_FINDINGS = {
    **dict.fromkeys(("/JS", "/JavaScript", "/Launch"), SCRIPTS),
    **dict.fromkeys(("/SubmitForm", "/ImportData"), SENDS),
    "/XFA": gettext_lazy("an XFA form"),
    **dict.fromkeys(("/EF", "/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/GoToE"), FILES),
    **dict.fromkeys(("/RichMedia", "/RichMediaContent", "/RichMediaExecute", "/3D"), gettext_lazy("films or models that run scripts")),
    "elsewhere": gettext_lazy("what it loads from another machine"),
    "by-itself": gettext_lazy("an address or a file that it opens by itself"),
}


def pdf(file, size):
    file.seek(0)
    if not re.match(rb"%PDF-[12]\.\d", file.read(8)):
        raise Refused(_("its content is not a PDF."))
    file.seek(max(0, size - TAIL))
    before, mark, after = file.read().rpartition(b"%%EOF")
    if not mark or b"startxref" not in before:
        raise Refused(_("the PDF is cut off or damaged."))
    if after.strip(b"\r\n\t \0"):
        raise Refused(_("something else is attached to the PDF."))
    found = set()
    for piece in pdf_pieces(file):
        found |= {spelt(match[0]) for pattern in (PDF_ACTIONS, PDF_FILES) for match in pattern.finditer(piece)}
    found |= objects_of(file)
    if found:
        words = {PDF_FINDINGS[name]: sorted(n for n in found if PDF_FINDINGS[n] == PDF_FINDINGS[name]) for name in sorted(found)}
        named = "; ".join(f"{what} ({', '.join(names)})" if names[0][0] == "/" else str(what) for what, names in words.items())
        raise Refused(_("found in it: %(named)s. Please save it without that, for example by printing it to a PDF.") % {"named": named})


def spelt(name):
    """A name of a PDF in letters: `/JavaScript` for `/J#61vaScript`."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes.fromhex(code[1].decode()), name).decode("ascii")


def objects_of(file):
    """Findings of pdf_objects.py, which reads the PDF by its structure."""
    try:
        found = set(bounded.run("inspectors/pdf_objects.py", file).split())
    except bounded.Exceeded:
        raise Refused(_("it is too large or too damaged to be examined. Please save it anew.")) from None
    if "encrypted" in found:
        raise Refused(_("it is encrypted. Please save it without a password."))
    if "damaged" in found:
        raise Refused(_("the PDF is cut off or damaged."))
    return found


def pdf_pieces(file):
    """The file, then what its compressed object streams hold; a stream packed or encrypted in another way is passed over."""
    places, start = set(), 0
    for piece in pieces(file):
        places |= {start + found.start() for found in OBJECT_STREAM.finditer(piece)}
        start += max(0, len(piece) - OVERLAP)
        yield piece
    left = UNPACKED
    for place in sorted(places):
        for piece in inflated(file, place):
            left -= len(piece)
            if left < 0:
                raise Refused(_("it would unpack to more than %(unpacked)s MB.") % {"unpacked": UNPACKED // 1_000_000})
            yield piece


def inflated(file, place):
    """The content of the stream whose dictionary stands at `place`, in pieces that overlap."""
    file.seek(place)
    data = file.read(DICTIONARY).partition(b"stream")[2].lstrip(b"\r\n")
    packed, tail = zlib.decompressobj(), b""
    while data and not packed.eof:
        try:
            piece = packed.decompress(data, CHUNK)
        except zlib.error:
            return
        yield tail + piece
        tail = piece[-OVERLAP:]
        data = packed.unconsumed_tail or file.read(CHUNK)


def compound(*streams):
    """Inspector of a .doc, .xls or .ppt, which has a stream of one of these names."""
    names = [name.encode("utf-16-le") for name in streams]

    def inspect(file, _size):
        file.seek(0)
        if file.read(8) != COMPOUND:
            raise Refused(_("its content is not what its ending says."))
        has_stream = False
        for piece in pieces(file):
            if MACROS in piece:
                raise Refused(_("it holds macros. Please save it without them."))
            if PACKED_FILE in piece:
                raise Refused(_("other files are packed into it (OLE). Please save it without them."))
            has_stream = has_stream or any(name in piece for name in names)
        if not has_stream:
            raise Refused(_("its content is not what its ending says."))

    return inspect


def text(file, _size):
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    file.seek(0)
    is_first = True
    while chunk := file.read(CHUNK):
        try:
            part = decoder.decode(chunk)
        except UnicodeDecodeError:
            raise Refused(_("it is not text in UTF-8. Please save it with that encoding.")) from None
        if is_first and part.lstrip().startswith(PROGRAM_OR_MARKUP):
            raise Refused(_("it is a program or a marked-up page, not plain text."))
        if found := CONTROL.search(part):
            raise Refused(_("it holds the character U+%(value)s, which plain text does not have.") % {"value": f"{ord(found[0]):04X}"})
        is_first = False
    if decoder.getstate()[0]:
        raise Refused(_("it is not text in UTF-8. Please save it with that encoding."))


def pieces(file):
    """The file in pieces that overlap, so that nothing short is missed at a seam."""
    file.seek(0)
    tail = b""
    while chunk := file.read(CHUNK):
        yield tail + chunk
        tail = chunk[-OVERLAP:]
