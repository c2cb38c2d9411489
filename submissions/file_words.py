"""Script that prints the words of a file, a line a paragraph; run by files/bounded.py, the file as standard input, its ending as argument.

Of a DOCX mammoth reads them, of an ODT Python's own parser. What was deleted under the eyes of a reviewer, and comments, are no words.
"""

import contextlib
import io
import resource
import sys
import zipfile
from xml.etree import ElementTree

MEMORY = 1_000_000_000
SECONDS = 10
MOST_BYTES = 1_000_000  # printed; more than any text may have
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
PARAGRAPHS = {f"{TEXT}p", f"{TEXT}h"}
BLANKS = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
UNREAD = {f"{TEXT}tracked-changes", "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"}


def main():
    with contextlib.suppress(ValueError, OSError):  # a system without such limits
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    words = {"docx": of_docx, "odt": of_odt, "txt": of_txt}[sys.argv[1]](sys.stdin.buffer.read())
    lines = [line.strip() for line in words.replace("\r\n", "\n").replace("\0", "").split("\n")]
    sys.stdout.buffer.write("\n".join(lines).strip().encode("utf-8", "replace")[:MOST_BYTES])


def of_txt(data):
    return data.decode("utf-8-sig")  # as uploads must be


def of_docx(data):
    import mammoth

    return mammoth.extract_raw_text(io.BytesIO(data)).value.replace("\n\n", "\n")


def of_odt(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as content:
        root = ElementTree.parse(content).getroot()  # noqa: S314 - as above
    return "\n".join("".join(words_in(paragraph)) for paragraph in paragraphs_in(root))


def paragraphs_in(element):
    """The outermost paragraphs and headings, in their order."""
    for child in element:
        if child.tag in PARAGRAPHS:
            yield child
        elif child.tag not in UNREAD:
            yield from paragraphs_in(child)


def words_in(element):
    yield element.text or ""
    for child in element:
        if child.tag in BLANKS:
            yield BLANKS[child.tag]
        elif child.tag not in UNREAD:
            yield from words_in(child)
        yield child.tail or ""


if __name__ == "__main__":
    main()
