"""Walk through the XML of Office and OpenDocument files: declarations of types and entities, and what runs or loads by itself.

Python's expat reads it in pieces, in any encoding and with references resolved. A declaration of a type ends the walk, so no entity grows.
"""

import re
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.inspectors.refusal import Refused

CHUNK = 256 * 1024
ELSEWHERE = gettext_lazy("it loads a template, a picture or an object from another machine. Please save it without that.")
OLE = gettext_lazy("it holds an object of another program (OLE: {}). Please put a picture in its place.")
DDE = gettext_lazy("it asks other programs for data (DDE: {}). Please save it with plain values.")
RUNS = gettext_lazy("it holds macros. Please save it without them.")

DTD = gettext_lazy("it declares a document type or entities in {}. Please save it anew with an Office program.")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
SCRIPT = re.compile(r"\s*(?:javascript|vbscript|data|macro|vnd\.sun\.star\.script):", re.IGNORECASE)
OLE_RELATIONS = ("/oleObject", "/control", "/activeXControlBinary", "/aFChunk")
MACRO_RELATIONS = ("/vbaProject", "/wordVbaData", "/xlMacrosheet", "/xlIntlMacrosheet")
# Fields of Word by the word they begin with; those that load are meant only with an address elsewhere.
DDE_FIELD = re.compile(r'[\s"]*(DDE(?:AUTO)?)\b', re.IGNORECASE)
LINK_FIELD = re.compile(r"\s*LINK\s", re.IGNORECASE)
LOADING_FIELD = re.compile(r"\s*(?:INCLUDEPICTURE|INCLUDETEXT|IMPORT|INCLUDE|RD)\s+\"?([^\"\s]+)", re.IGNORECASE)
FORMULA_DDE = re.compile(r"(?:^|[=(;,+\s:])DDE\s*\(", re.IGNORECASE)
OPEN_DOCUMENT_OLE = {"object-ole", "plugin", "applet", "floating-frame"}
LOADED = {
    "image",
    "object",
    "plugin",
    "section-source",
    "fill-image",
    "font-face-uri",
    "table-source",
    "cell-range-source",
    "audio",
    "video",
}


class Enough(Exception):
    """End of a walk that needs to go no further."""


def is_elsewhere(target):
    """Whether opening the target asks another machine: by http, by a network path in any spelling, or by another scheme."""
    target = target.strip().replace("\\", "/")
    scheme = SCHEME.match(target)
    if scheme and scheme[1].lower() != "file":
        return True
    path = target[5:] if scheme else target
    slashes = len(path) - len(path.lstrip("/"))
    return slashes == 2 or slashes > 3


def walk(archive, name, begin=None, end=None, text=None):
    """Read a part to its end with these handlers, or without any only to its first element."""

    def refuse_type(*_):
        raise Refused(DTD.format(name[-40:]))

    def stop(*_):
        raise Enough

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_type
    parser.StartElementHandler = begin or stop
    parser.EndElementHandler, parser.CharacterDataHandler = end, text
    with archive.open(name) as part:
        try:
            while piece := part.read(CHUNK):
                parser.Parse(piece)
            parser.Parse(b"", True)
        except Enough:
            pass
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Refused(_("a part of it is not sound XML (%(name)s).") % {"name": name[-40:]}) from error


def check_relations(archive, name):
    """Refuse relations to objects, macros and other machines; links that wait for a click are none, unless they run a script."""

    def begin(tag, attributes):
        if local(tag) != "Relationship":
            return
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        if kind.endswith(OLE_RELATIONS):
            raise Refused(OLE.format(target[-40:]))
        if kind.endswith(MACRO_RELATIONS) or SCRIPT.match(target):
            raise Refused(RUNS)
        if not kind.endswith("/hyperlink") and is_elsewhere(target):
            raise Refused(ELSEWHERE)

    walk(archive, name, begin)


class WordFields:
    """Fields of a Word part: their instructions, which may be spread over any number of runs."""

    def __init__(self):
        self.open, self.is_instruction = [], False

    def begin(self, tag, attributes):
        name = local(tag)
        here = {local(key): value for key, value in attributes.items()}
        if name == "fldSimple":
            check_field(here.get("instr", ""))
        elif name == "fldChar":
            self.at_mark(here.get("fldCharType"))
        self.is_instruction = name in {"instrText", "delInstrText"}

    def at_mark(self, kind):
        if kind == "begin":
            if self.open and not self.open[-1].strip():
                raise Refused(DDE.format(_("a field whose name is computed")))
            self.open.append("")
        elif self.open:
            check_field(self.open[-1])
            if kind == "end":
                self.open.pop()

    def end(self, _tag):
        self.is_instruction = False

    def text(self, text):
        if self.is_instruction and self.open and len(self.open[-1]) < 10_000:
            self.open[-1] += text


def check_field(instruction):
    if found := DDE_FIELD.match(instruction):
        raise Refused(DDE.format(f"field {found[1].upper()}"))
    if LINK_FIELD.match(instruction):
        raise Refused(OLE.format("field LINK"))
    if (found := LOADING_FIELD.match(instruction)) and is_elsewhere(found[1]):
        raise Refused(ELSEWHERE)


def check_word(archive, name):
    fields = WordFields()
    walk(archive, name, fields.begin, fields.end, fields.text)


def check_excel_link(archive, name):
    def begin(tag, attributes):
        if local(tag) == "ddeLink":
            raise Refused(DDE.format(attributes.get("ddeService", "")[:40]))
        if local(tag) == "oleLink":
            raise Refused(OLE.format("oleLink"))

    walk(archive, name, begin)


def check_open_document(archive, name):
    def begin(tag, attributes):
        element = local(tag)
        here = {local(key): value for key, value in attributes.items()}
        if element.startswith("dde-") or FORMULA_DDE.search(here.get("formula", "")):
            raise Refused(DDE.format(element))
        if element in OPEN_DOCUMENT_OLE:
            raise Refused(OLE.format(element))
        if element == "event-listener" or SCRIPT.match(here.get("href", "")):
            raise Refused(RUNS)
        if element in LOADED and is_elsewhere(here.get("href", "")):
            raise Refused(ELSEWHERE)

    walk(archive, name, begin)


def local(name):
    return name.rpartition(" ")[2]
