"""Blocks to Markdown as our converter reads it: four blanks a level, an empty line wherever one list or block ends and another begins."""

from itertools import takewhile

from markup.pasting.grids import cell_text, chunks_of, is_layout, table
from markup.pasting.inline import Inline, plain, without_bold
from markup.pasting.pieces import PastedCell

STEP = "    "
LISTED = {"item", "meaning"}


class Layout:
    """Writer of blocks. `numbers` gives the number of a note by its key; `joined` counts cells taken apart."""

    def __init__(self, numbers, shift=1):
        self.numbers, self.shift, self.joined = numbers, shift, 0
        self.lines = []
        self.open = {}  # path of an open item or meaning: its kind, and whether there was an empty line since
        self.last = None

    def written(self, chunks):
        for chunk in chunks:
            self.write(chunk)
        return "\n".join(self.lines)

    def line(self, chunks):
        """All in one line, for the cell of a table."""
        return cell_text(PastedCell(chunks=chunks), self.numbers)

    def write(self, chunk):
        path = self.within(chunk.path)
        if chunk.kind == "table" and is_layout(chunk.grid):
            for inner in chunks_of(chunk.grid):
                inner.path = (*path, *inner.path)
                self.write(inner)
            return
        for place, (kind, lines) in enumerate(self.parts(chunk, path)):
            inside = (*path, "i" if chunk.kind == "item" else "d") if place and chunk.kind in LISTED else path
            self.put(kind, lines, inside, chunk)

    def within(self, path):
        """The path without the items and meanings that are not open: what has no item above it stands outside."""
        kept = ()
        for part in path:
            if part == "q" or kept in self.open:
                kept = (*kept, part)
        return kept

    def parts(self, chunk, path):
        """(kind, lines) of a block; two breaks in a row make two of it."""
        inline = Inline(self.numbers)
        if chunk.kind == "rule":
            yield "rule", ["---"]
        elif chunk.kind == "code":
            yield "code", self.code("".join(run.text for run in chunk.runs).strip("\n").split("\n"), path)
        elif chunk.kind == "table":
            lines, joined = table(chunk.grid, self.numbers)
            self.joined += joined
            if lines and plain(chunk.grid.caption):
                yield "paragraph", [" ".join(inline.lines(chunk.grid.caption))]
            if lines:
                yield "table", lines
        elif chunk.kind == "heading" and not {"i", "d"} & set(path):
            level = min(6, max(2, chunk.number + self.shift))
            text = " ".join(Inline(self.numbers, escapes="#").lines(without_bold(chunk.runs)))
            yield "heading", [f"{'#' * level} {text}"] if text else []
        else:
            kind = "paragraph" if chunk.kind == "heading" else chunk.kind
            for place, lines in enumerate(inline.paragraphs(chunk.runs)):
                yield ("paragraph" if place else kind), [*(f"{line}  " for line in lines[:-1]), lines[-1]]

    @staticmethod
    def code(lines, path):
        if path:
            return [STEP + line for line in lines]
        fence = "```" if not any("```" in line for line in lines) else "~~~~"
        return [fence, *lines, fence]

    def put(self, kind, lines, path, chunk):
        if not lines:
            return
        if kind == "meaning" and not self.is_meant(path):
            kind = "paragraph"
        self.close(path)
        sort = "ol" if chunk.number else "ul"
        if self.lines and not self.follows(kind, path, sort):
            self.lines.append(prefix(shared(path, self.last[1])).rstrip())
            self.open = {at: (name, True) for at, (name, _is_loose) in self.open.items()}
        first = {"item": f"{chunk.number}. " if chunk.number else "- ", "meaning": ":   "}.get(kind, "")
        rest, before = STEP if first else "", prefix(path)
        self.lines += [f"{before}{rest if place else first}{line}" if line else before.rstrip() for place, line in enumerate(lines)]
        if kind in LISTED:
            self.open[path] = (sort if kind == "item" else "dl", False)
        self.last = (kind, path)

    def is_meant(self, path):
        """Whether there is a term that a meaning belongs to."""
        return bool(self.last) and (self.last[0] in {"term", "meaning"} or self.last[1][: len(path) + 1] == (*path, "d"))

    def close(self, path):
        """Forget the items and meanings in which what stands at a path does not stand, but those of its own list."""
        self.open = {at: state for at, state in self.open.items() if at == path or at == path[: len(at)]}

    def follows(self, kind, path, sort):
        """Whether a block goes on directly below the last line, without an empty line between."""
        last_kind, last_path = self.last
        if kind == "meaning":
            return last_kind in {"term", "meaning"}
        if kind != "item":
            self.open.pop(path, None)
            return kind == "term" and last_kind == "term"
        if path not in self.open:
            return last_kind == "item" and path == (*last_path, "i")
        name, is_loose = self.open[path]
        return name == sort and not is_loose


def shared(path, other):
    """What two paths have in common from outside."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(path, other, strict=False))
    return tuple(part for part, _part in pairs)


def prefix(path):
    return "".join("> " if part == "q" else STEP for part in path)
