"""Plain text of safe HTML, block by block, as its page shows it: for searches, passages and descriptions."""

import re
from dataclasses import dataclass, field
from html import unescape

# Safe HTML is what the sanitiser wrote, so its tags are well formed and their attributes quoted.
TOKEN = re.compile(r"""<(?P<end>/?)(?P<name>\w+)(?P<attributes>(?: [\w-]+="[^"]*")*)>""")
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
KINDS = {"p": "paragraph", "dt": "paragraph", "dd": "paragraph", "caption": "paragraph", "li": "item", "pre": "code"}
KINDS |= dict.fromkeys(HEADINGS, "heading")
BLOCKS = set(KINDS) | {"ul", "ol", "dl", "blockquote", "div", "hr", "table", "thead", "tbody", "tr", "td", "th"}


@dataclass(frozen=True)
class Block:
    """A piece of a text that is read as one: a `heading`, `paragraph`, list `item`, `code`, a table's `columns` or `row`, a `footnote`.

    `part` is the id of the heading that it stands below, of a heading its own. A row has `cells` as (heading, words) pairs.
    """

    kind: str
    text: str
    part: str = ""
    cells: tuple = ()
    # The same with its links and emphasis, for those who compare.
    html: str = field(default="", compare=False, repr=False)


@dataclass
class BlockReader:
    """State of the reading of a text, tag by tag."""

    found: list = field(default_factory=list)
    pieces: list = field(default_factory=list)
    inner: list = field(default_factory=list)
    open: list = field(default_factory=list)
    part: str = ""
    columns: list = field(default_factory=list)
    cells: list = field(default_factory=list)
    is_note: bool = False

    def words(self):
        text, self.pieces = "".join(self.pieces), []
        return " ".join(unescape(text).split())

    def add(self, kind, text, cells=()):
        html, self.inner = "".join(self.inner), []
        if text:
            self.found.append(Block("footnote" if self.is_note else kind, text, self.part, cells, html))

    def put(self, text):
        self.pieces.append(text)
        self.inner.append(text)

    def close(self):
        """End the block that is being read. What stands in an item or a cell belongs to that, whatever its own element is."""
        if "td" in self.open or "th" in self.open:
            self.pieces.append(" ")
        else:
            self.add(self.kind(), self.words())

    def kind(self):
        """The kind of the innermost block that is open; a paragraph of an item is the item's."""
        inner = next((name for name in reversed(self.open) if name in KINDS), "p")
        return "item" if inner == "p" and "li" in self.open else KINDS[inner]

    def begin(self, name, attributes):
        if name in BLOCKS:
            self.close()
        elif name == "br":
            self.pieces.append(" ")
        elif name == "img":
            self.pieces.append(attributes.get("alt", ""))
        if name in HEADINGS:
            self.part = attributes.get("id", self.part)
        if name == "table":
            self.columns = []
        self.is_note = self.is_note or attributes.get("class") == "footnote"
        if name not in {"br", "hr", "img"}:
            self.open.append(name)

    def finish(self, name):
        if name in {"td", "th"}:
            self.cells.append((name, self.words()))
        elif name == "tr":
            self.add_row()
        elif name in BLOCKS:
            self.close()
        if name in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(name) :]

    def add_row(self):
        texts, names = [text for _name, text in self.cells], {name for name, _text in self.cells}
        self.cells = []
        if names == {"th"}:
            self.columns = texts
            self.add("columns", " ".join(filter(None, texts)))
            return
        headings = [*self.columns, *[""] * len(texts)]
        self.add("row", " ".join(filter(None, texts)), tuple(zip(headings, texts, strict=False)))


def blocks(html):
    """The Blocks of safe HTML in their order; marks that lead to footnotes and back are left out."""
    reader, position, is_mark = BlockReader(), 0, False
    for token in TOKEN.finditer(html):
        if not is_mark:
            reader.put(html[position : token.start()])
            if token["name"] not in BLOCKS:
                reader.inner.append(token[0])
        position = token.end()
        if token["end"]:
            is_mark = is_mark and token["name"] != "a"
            reader.finish(token["name"])
        else:
            attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(token["attributes"])} if token["attributes"] else {}
            is_mark = is_mark or attributes.get("class") in {"footnote-ref", "footnote-backref"}
            reader.begin(token["name"], attributes)
    reader.put(html[position:])
    reader.close()
    return reader.found


def text_of(html):
    """All words of safe HTML in one line."""
    return " ".join(block.text for block in blocks(html))
