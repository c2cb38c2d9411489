"""Inspectors of PNG, JPEG and WebP: they read the structure and decode nothing, so that no picture can explode."""

import struct

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.inspectors.refusal import Refused

PIXELS = 40_000_000
CHUNKS = 20_000
TOO_MANY_CHUNKS = gettext_lazy("it has more parts than a picture needs.")


def check_pixels(width, height):
    if not width or not height:
        raise Refused(_("the picture has no area."))
    if width * height > PIXELS:
        said = _("the picture has %(width)s × %(height)s points; at most %(most)s together are possible. Please scale it down.")
        raise Refused(said % {"width": f"{width:,}", "height": f"{height:,}", "most": f"{PIXELS:,}"})


# Pictures of phones and of newer cameras, by the brand behind `ftyp`.
FOREIGN = {b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"heim": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC"}
FOREIGN |= {b"avif": "AVIF", b"avis": "AVIF"}


def refuse_foreign(file):
    """Raise Refused in words that help for a picture that a phone named like one of ours."""
    file.seek(0)
    head = file.read(12)
    if head[4:8] == b"ftyp" and head[8:] in FOREIGN:
        said = _("it is a %(form)s picture, whatever its name says. Please export or share it as JPEG: phones offer that.")
        raise Refused(said % {"form": FOREIGN[head[8:]]})


def png(file, size):
    refuse_foreign(file)
    file.seek(0)
    if file.read(8) != b"\x89PNG\r\n\x1a\n":
        raise Refused(_("its content is not a PNG picture."))
    name, position = b"", 8
    for number in range(CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            raise Refused(_("the picture is cut off."))
        length, name = struct.unpack(">I4s", head)
        if (name == b"IHDR") != (number == 0):
            raise Refused(_("the picture is damaged."))
        if name == b"IHDR":
            check_pixels(*struct.unpack(">II", file.read(8)))
        if name == b"acTL":
            raise Refused(_("it is an animation; only still pictures are accepted."))
        position += 12 + length
        if name == b"IEND":
            break
        file.seek(position)
    else:
        raise Refused(TOO_MANY_CHUNKS)
    if position != size:
        raise Refused(_("something else is attached to the picture."))


STANDALONE = {0x01, *range(0xD0, 0xD8)}
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
START_OF_SCAN = 0xDA


def jpeg(file, size):
    refuse_foreign(file)
    file.seek(0)
    if file.read(3) != b"\xff\xd8\xff":
        raise Refused(_("its content is not a JPEG picture."))
    file.seek(2)
    has_frame = False
    for marker in jpeg_markers(file):
        if marker in FRAMES:
            height, width = struct.unpack(">HH", file.read(7)[3:])
            check_pixels(width, height)
            has_frame = True
    if not has_frame:
        raise Refused(_("the picture is damaged."))
    file.seek(size - 2)
    if file.read(2) != b"\xff\xd9":
        raise Refused(_("something else is attached to the picture, or it is cut off."))


def jpeg_markers(file):
    """Markers up to the scan; at each, the file stands at the segment's length."""
    for _number in range(CHUNKS):
        prefix, marker = (file.read(2) + b"\0\0")[:2]
        if prefix != 0xFF:
            raise Refused(_("the picture is damaged."))
        if marker == START_OF_SCAN:
            return
        if marker in STANDALONE:
            continue
        start = file.tell()
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            raise Refused(_("the picture is damaged."))
        file.seek(start)
        yield marker
        file.seek(start + length)
    raise Refused(TOO_MANY_CHUNKS)


def webp(file, size):
    refuse_foreign(file)
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise Refused(_("its content is not a WebP picture."))
    if int.from_bytes(head[4:8], "little") + 8 != size:
        raise Refused(_("something else is attached to the picture, or it is cut off."))
    position, seen = 12, set()
    for _number in range(CHUNKS):
        if position >= size:
            break
        file.seek(position)
        name, length = struct.unpack("<4sI", file.read(8).ljust(8, b"\0"))
        if name in {b"ANIM", b"ANMF"}:
            raise Refused(_("it is an animation; only still pictures are accepted."))
        if name in WEBP_SIZES:
            check_pixels(*WEBP_SIZES[name](file.read(10).ljust(10, b"\0")))
        seen.add(name)
        position += 8 + length + length % 2
    if position != size or not seen & {b"VP8 ", b"VP8L"}:
        raise Refused(_("the picture is damaged."))


def lossy(data):
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF


def lossless(data):
    bits = int.from_bytes(data[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def extended(data):
    return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1


def points(file, extension):
    """Width and height of a picture that was inspected. Raises Refused for what is none."""
    file.seek(0)
    if extension == "png":
        head = file.read(24)
        if len(head) == 24:
            return struct.unpack(">II", head[16:])
    elif extension == "webp":
        head = file.read(30).ljust(30, b"\0")
        if head[12:16] in WEBP_SIZES:
            return WEBP_SIZES[head[12:16]](head[20:])
    else:
        file.seek(2)
        for marker in jpeg_markers(file):
            if marker in FRAMES:
                height, width = struct.unpack(">HH", file.read(7)[3:])
                return width, height
    raise Refused(_("the picture is damaged."))


WEBP_SIZES = {b"VP8 ": lossy, b"VP8L": lossless, b"VP8X": extended}
