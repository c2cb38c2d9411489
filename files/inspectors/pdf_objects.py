"""Script that prints what a PDF does besides being read, one finding a line; run by files/bounded.py with the PDF as standard input.

pikepdf (qpdf) reads all objects, those in compressed streams too, with names spelt in any way. Pages are not drawn.
"""

import contextlib
import re
import resource
import sys

MEMORY = 1_000_000_000
SECONDS = 20
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute", "/GoToE"}
KEYS = {"/JS", "/XFA", "/EF", "/EmbeddedFiles", "/RichMediaContent"}
TYPES = {"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/3D"}
BY_ITSELF = {"/URI", "/GoToR"}
SCRIPT = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:file:)?(?://|\\\\)(?!/[^/])", re.IGNORECASE)
UNSEEN = re.compile(r"[\0-\x20\x7f-\xa0\u200b-\u200f\ufeff]")


def main():
    with contextlib.suppress(ValueError, OSError):  # a system without such limits
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import pikepdf

    try:
        pdf = pikepdf.open(sys.stdin.buffer)
    except pikepdf.PasswordError:
        print("encrypted")
        return
    except pikepdf.PdfError:
        print("damaged")
        return
    found = set(findings(pikepdf, [pdf.trailer, *pdf.objects]))
    print("\n".join(sorted(found)))


def findings(pikepdf, waiting):
    """Findings in each object and what stands within it; what it refers to is an object of its own."""
    while waiting:
        value = waiting.pop()
        if isinstance(value, pikepdf.Array):
            waiting += [part for part in value if is_nested(pikepdf, part)]
        elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
            parts = dict(value.items())
            yield from of_dictionary(pikepdf, parts)
            waiting += [part for part in parts.values() if is_nested(pikepdf, part)]


def is_nested(pikepdf, part):
    return isinstance(part, (pikepdf.Array, pikepdf.Dictionary, pikepdf.Stream)) and not part.is_indirect


def of_dictionary(pikepdf, parts):
    yield from KEYS & parts.keys()
    yield from ({str(parts.get("/S"))} & ACTIONS) | ({str(parts.get(key)) for key in ("/Type", "/Subtype")} & TYPES)
    for key in ("/URI", "/Base", "/F", "/UF"):
        text = UNSEEN.sub("", str(parts[key])) if isinstance(parts.get(key), pikepdf.String) else ""
        if SCRIPT.match(text):
            yield "/JavaScript"
        if (key in {"/F", "/UF"} or text.lower().startswith("file:")) and ELSEWHERE.match(text):
            yield "elsewhere"
    for action in (parts.get("/OpenAction"), *values_of(pikepdf, parts.get("/AA"))):
        if isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) in BY_ITSELF:
            yield "by-itself"


def values_of(pikepdf, value):
    return dict(value.items()).values() if isinstance(value, pikepdf.Dictionary) else ()


if __name__ == "__main__":
    main()
