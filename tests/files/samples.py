"""Small sound files of every format that the portal keeps, made here byte by byte."""

import struct
import zipfile
import zlib
from io import BytesIO


def pdf(catalog=b"", *objects):
    """A PDF of one page; `catalog` stands in its catalogue, and `objects` are those from number 4 on."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    bodies = [b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, *objects]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return made + tail % (len(bodies) + 1, table, len(bodies) + 1, len(made))


PDF = pdf()


def object_stream(data):
    """A PDF with an object stream, in which objects stand compressed, as most programs write them."""
    packed = zlib.compress(data)
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\r\n" % len(packed)
    return pdf(b"", head + packed + b"\nendstream")


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=2, height=2, extra=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(b"\0\0\0" * 2)) + chunk(b"IEND", b"")


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(width=2, height=2, extra=b""):
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + extra + frame + scan + b"\x7f\xa0\xff\xd9"


def webp(width=2, height=2, *chunks):
    canvas = struct.pack("<I", 0) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    lossless = b"\x2f" + struct.pack("<I", (width - 1) & 0x3FFF | ((height - 1) & 0x3FFF) << 14) + b"\0"
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks)
    body = b"VP8X" + struct.pack("<I", len(canvas)) + canvas + body + b"VP8L" + struct.pack("<I", len(lossless)) + lossless
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def archive(entries, **options):
    """A ZIP archive of (name, bytes) pairs."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", options.get("compression", zipfile.ZIP_DEFLATED)) as made:
        for name, data in entries:
            made.writestr(name, data)
    return file.getvalue()


def open_xml(part="word/document.xml", types=b"<Types/>", extra=()):
    return archive([("[Content_Types].xml", types), (part, b"<document/>"), *extra])


def relation(kind, target):
    return f'<Relationships><Relationship Id="r1" Type="http://x/{kind}" TargetMode="External" Target="{target}"/></Relationships>'.encode()


def open_document(kind="text", extra=()):
    return archive([("mimetype", f"application/vnd.oasis.opendocument.{kind}".encode()), ("content.xml", b"<x/>"), *extra])


def compound(stream="WordDocument", extra=b""):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 64 + extra


# MPEG 1 layer III, 128 kbit/s, 44,100 Hz: 417 bytes a frame.
MP3_FRAME = b"\xff\xfb\x90\x00" + b"\0" * 413


def mp3(frames=10, before=b"", after=b""):
    return before + MP3_FRAME * frames + after


def id3(data):
    size = bytes(len(data) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + size + data


def ogg_page(data, granule=0, flags=0, serial=7, number=0):
    lengths = [255] * (len(data) // 255) + [len(data) % 255]
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, serial, number, 0, len(lengths))
    return head + bytes(lengths) + data


OPUS_HEAD = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0)


def ogg(head=OPUS_HEAD, after=b""):
    return ogg_page(head, flags=2) + ogg_page(b"sound" * 20, granule=48312, number=1) + after


SOUND_FILES = {
    "report.pdf": PDF,
    "EB 50 Annex 11.pdf": PDF,
    "AMS-I.D_v17.0.pdf": PDF,
    "Übersicht über das CDM.pdf": PDF,
    "compressed.pdf": object_stream(b"1 0 <</Type/Catalog/Pages 2 0 R>>"),
    "fillable form.pdf": pdf(b"/AcroForm<</Fields[4 0 R]/NeedAppearances true>>", b"<</FT/Tx/T(Name)/F 4/Subtype/Widget>>"),
    "linked.pdf": pdf(b"/OpenAction[3 0 R/Fit]/X<</S/URI/URI(https://unfccc.int/)>>"),
    "form.docx": open_xml(),
    "form with a chart.docx": open_xml(extra=[("word/embeddings/sheet1.xlsx", open_xml("xl/workbook.xml"))]),
    "form with fields.docx": open_xml(
        extra=[("word/footer1.xml", b"<f><fldChar fldCharType='begin'/><instrText> PAGE </instrText><fldChar fldCharType='end'/></f>")]
    ),
    "linked form.docx": open_xml(extra=[("word/_rels/document.xml.rels", relation("hyperlink", "https://unfccc.int/"))]),
    "form of a template.docx": open_xml(extra=[("word/_rels/settings.xml.rels", relation("attachedTemplate", "file:///C:/Normal.dotm"))]),
    "table.xlsx": open_xml("xl/workbook.xml"),
    "slides.pptx": open_xml("ppt/presentation.xml"),
    "form.odt": open_document(),
    "table.ods": open_document("spreadsheet"),
    "slides.odp": open_document("presentation"),
    "old form.doc": compound(),
    "old table.xls": compound("Workbook"),
    "old slides.ppt": compound("PowerPoint Document"),
    "scopes.csv": "number,name\r\n1,Énergie\r\n".encode(),
    "notes.txt": b"\xef\xbb\xbfa < b and b > c; price = 5 $\n",
    "spoken.mp3": mp3(before=id3(b"TIT2")),
    "tagged.mp3": mp3(after=b"TAG" + b"\0" * 125),
    "spoken.ogg": ogg(),
    "chart.png": png(),
    "photo.jpg": jpeg(),
    "photo.jpeg": jpeg(),
    "map.webp": webp(),
}


def exif(orientation=1, place=True):
    """Exif data of a camera, with where it stood and how it was held."""
    entries = [(0x010F, 2, 4, b"Cam\0"), (0x0112, 3, 1, struct.pack("<HH", orientation, 0))]
    entries += [(0x8825, 4, 1, struct.pack("<I", 8 + 2 + 12 * 3 + 4))] if place else []
    rows = b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in entries)
    latitude = struct.pack("<HHHI4sI", 1, 1, 2, 2, b"N\0\0\0", 0)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + struct.pack("<I", 0) + (latitude if place else b"")
