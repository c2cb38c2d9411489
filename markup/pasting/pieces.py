"""What the reader of pasted HTML hands to the writer of Markdown: runs of words that look alike, and the blocks that hold them."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of words looks, and the address that it leads to. `place` is `sub`, `sup` or empty."""

    href: str = ""
    struck: bool = False
    bold: bool = False
    italic: bool = False
    place: str = ""
    code: bool = False


PLAIN = Look()


@dataclass(slots=True)
class Run:
    """Words with one look; `note` is the key of the note that they stand for, `is_mark` says that they are Markdown already."""

    text: str
    look: Look = PLAIN
    note: str = ""
    is_mark: bool = False


@dataclass(slots=True)
class Chunk:
    """A block: `paragraph`, `heading`, `item`, `term`, `meaning`, `code`, `rule` or `table`.

    `path` names what it stands in, from outside: `q` for a quote, `i` for an item, `d` for a meaning. An item stands in the path of its
    list. `number` is that of a numbered item, 0 for a bullet; of a heading, its level.
    """

    kind: str
    runs: list = field(default_factory=list)
    path: tuple = ()
    number: int = 0
    grid: "Grid | None" = None


@dataclass(slots=True)
class PastedCell:
    columns: int = 1
    rows: int = 1
    align: str = ""
    chunks: list = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A table as it is read: rows of cells, its caption."""

    rows: list = field(default_factory=list)
    caption: list = field(default_factory=list)
    is_layout: bool = False


BREAK = "\n"
