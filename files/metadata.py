"""What a picture carries besides itself: where it was taken, data of the camera, notes, small copies. No public copy has it.

The parts that make up the picture and its colours are copied as they are; only one that lies on its side is coded anew, upright.
Sound keeps its tags and a PDF its title and author: those are what their editors write for readers.
"""

import re
import struct
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.text import get_text_list
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from files import bounded
from files.inspectors.refusal import Refused

CHUNK = 256 * 1024
MOST = 64 * 1024  # of a part that is read for what it says

PLACE = gettext_noop("the place where it was taken")
CAMERA = gettext_noop("data of the camera")
DESCRIPTION = gettext_noop("descriptions (XMP, IPTC)")
COMMENTS = gettext_noop("comments and times")
COPIES = gettext_noop("small or further copies of the picture")
OTHERS = gettext_noop("parts that belong to single programs")


@dataclass
class Parts:
    """Parts of a picture: `kept` holds bytes and (start, stop) within the file, `found` what the others hold."""

    kept: list = field(default_factory=list)
    found: set = field(default_factory=set)
    orientation: int = 1

    def keep(self, start, stop):
        if self.kept and isinstance(self.kept[-1], tuple) and self.kept[-1][1] == start:
            start = self.kept.pop()[0]
        self.kept.append((start, stop))

    def drop(self, what, data=b""):
        self.found.add(what)
        if what == CAMERA:
            self.read_exif(data.removeprefix(b"Exif\0\0"))
        elif b"GPSL" in data or b"exif:GPS" in data:
            self.found.add(PLACE)

    def read_exif(self, data):
        """Orientation, and whether there is a place, from the first directory of a TIFF header."""
        order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
        if order is None or len(data) < 8:
            return
        start = struct.unpack_from(f"{order}I", data, 4)[0]
        count = struct.unpack_from(f"{order}H", data, start)[0] if start + 2 <= len(data) else 0
        for place in range(start + 2, min(start + 2 + 12 * count, len(data) - 11), 12):
            tag, _kind, _number, value = struct.unpack_from(f"{order}HHIH", data, place)
            if tag == 0x8825:
                self.found.add(PLACE)
            if tag == 0x0112 and 1 <= value <= 8:
                self.orientation = value


def parts(file, size, extension):
    """The parts of a picture that was inspected, or None for what is no picture."""
    reader = READERS.get(extension)
    return reader(file, size) if reader else None


@contextmanager
def without(file, size, extension):
    """Context of (file to keep, what was taken out). The same file where there is nothing to take out. Raises Refused."""
    read = parts(file, size, extension)
    if read is None or not read.found:
        yield file, ()
        return
    with tempfile.TemporaryFile() as cleaned:
        if read.orientation == 1:
            write(file, read.kept, cleaned)
        else:
            try:
                bounded.run("upright.py", file, target=cleaned)
            except bounded.Exceeded:
                raise Refused(_("the picture could not be turned upright. Please save it upright, without data of the camera.")) from None
        yield cleaned, in_order(read.found)


@lru_cache(maxsize=10_000)
def found_in(stored):
    """What a stored picture carries besides itself; remembered, as bytes under a hash never change. Raises OSError."""
    if stored.extension not in READERS:
        return ()
    with stored.open() as file:
        try:
            return in_order(parts(file, stored.size, stored.extension).found)
        except (struct.error, Refused):
            return ()


def found_if_there(stored):
    """What `found_in` tells; nothing of a file that cannot be read."""
    try:
        return found_in(stored)
    except OSError:
        return ()


def in_words(found):
    return get_text_list([gettext(words) for words in found], gettext("and"))


def in_order(found):
    return tuple(words for words in (PLACE, CAMERA, DESCRIPTION, COMMENTS, COPIES, OTHERS) if words in found)


def write(file, kept, target):
    for part in kept:
        if isinstance(part, bytes):
            target.write(part)
            continue
        start, stop = part
        file.seek(start)
        while start < stop and (piece := file.read(min(CHUNK, stop - start))):
            target.write(piece)
            start += len(piece)
    target.flush()


JPEG_PICTURE = {*range(0xC0, 0xD0), *range(0xDA, 0xE0)} - {0xD8, 0xD9}
SCAN, END = 0xDA, 0xD9
AFTER_SCAN = re.compile(rb"\xff[^\0\xff\xd0-\xd7]", re.DOTALL)


def jpeg(file, size):
    """Every segment up to the end of the first picture; what follows are further ones, each perhaps with a place of its own."""
    read, position = Parts(), 2
    read.keep(0, 2)
    while position < size:
        file.seek(position)
        mark, code, length = struct.unpack(">BBH", file.read(4).ljust(4, b"\0"))
        if mark != 0xFF:
            raise Refused(_("the picture is damaged."))
        if code == 0xFF:  # a filler
            position += 1
            continue
        if code == END:
            read.keep(position, position + 2)
            if position + 2 < size:
                read.drop(COPIES)
            return read
        stop = position + 2 + length
        data = file.read(min(length - 2, MOST))
        if code == SCAN:
            stop = end_of_scan(file, stop, size)
        what = None if code in JPEG_PICTURE else what_in_jpeg(code, data)
        if what:
            read.drop(what, data)
        else:
            read.keep(position, stop)
        position = stop
    raise Refused(_("the picture is cut off."))


def what_in_jpeg(code, data):
    """What a segment holds that does not make up the picture, or None for a size, a profile of colours or how they are coded."""
    if (code == 0xE0 and data[:5] == b"JFIF\0" and len(data) <= 14) or (code == 0xEE and data[:5] == b"Adobe"):
        return None
    if code == 0xE2 and data[:12] == b"ICC_PROFILE\0":
        return None
    if code == 0xE0 or (code == 0xE2 and data[:4] == b"MPF\0"):
        return COPIES
    if code == 0xE1:
        return CAMERA if data[:5] == b"Exif\0" else DESCRIPTION
    return {0xED: DESCRIPTION, 0xFE: COMMENTS}.get(code, OTHERS)


def end_of_scan(file, position, size):
    """Position of the first marker behind the data of a scan."""
    file.seek(position)
    tail = b""
    while piece := file.read(CHUNK):
        data = tail + piece
        if found := AFTER_SCAN.search(data):
            return position - len(tail) + found.start()
        position += len(piece)
        tail = data[-1:]
    return size


PNG_PICTURE = {b"iCCP", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT"}
PNG_PICTURE |= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
PNG_OTHERS = {b"eXIf": CAMERA, b"tEXt": COMMENTS, b"zTXt": COMMENTS, b"tIME": COMMENTS}


def png(file, size):
    read, position = Parts(), 8
    read.keep(0, 8)
    while position < size:
        file.seek(position)
        length, name = struct.unpack(">I4s", file.read(8))
        stop = position + 12 + length
        if name in PNG_PICTURE:
            read.keep(position, stop)
        elif name[:1].isupper():
            raise Refused(_("the picture is damaged."))
        else:
            data = file.read(min(length, MOST))
            is_xmp = name == b"iTXt" and data.startswith(b"XML:com.adobe.xmp")
            read.drop(DESCRIPTION if is_xmp else COMMENTS if name == b"iTXt" else PNG_OTHERS.get(name, OTHERS), data)
        position = stop
    return read


WEBP_PICTURE = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP"}
EXIF_AND_XMP = 0x08 | 0x04


def webp(file, size):
    read, position, total = Parts(), 12, 4
    while position < size:
        file.seek(position)
        name, length = struct.unpack("<4sI", file.read(8))
        stop = position + 8 + length + length % 2
        data = file.read(min(length, MOST))
        if name not in WEBP_PICTURE:
            read.drop({b"EXIF": CAMERA, b"XMP ": DESCRIPTION}.get(name, OTHERS), data)
        else:
            total += stop - position
            if name == b"VP8X":
                flags = bytes([data[0] & ~EXIF_AND_XMP])
                read.kept.append(name + struct.pack("<I", length) + flags)
                read.keep(position + 9, stop)
            else:
                read.keep(position, stop)
        position = stop
    read.kept.insert(0, b"RIFF" + struct.pack("<I", total) + b"WEBP")
    return read


READERS = {"jpg": jpeg, "jpeg": jpeg, "png": png, "webp": webp}
