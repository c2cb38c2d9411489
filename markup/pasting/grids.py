"""Tables as they were copied to tables of Markdown: one head, one line a row, joined cells taken apart."""

from collections import Counter

from markup.pasting.inline import Inline, without_bold
from markup.pasting.pieces import BREAK, Run

MOST_CELLS = 5_000
# What HTML allows a cell to span.
MOST_COLUMNS = 1_000
DELIMITERS = {"": "---", "left": ":--", "right": "--:", "center": ":-:"}


class TooMuch(Exception):
    """Pasted text beyond our bounds. Its words name the bound: `cells`, `depth`, `length`."""


def is_layout(grid):
    """Whether a table only places what it holds: the whole of it is one cell, or cells hold headings, or lists and text in one column."""
    cells = [cell for row in grid.rows for cell in row]
    if grid.is_layout or len(cells) == 1 or any(chunk.kind == "heading" for cell in cells for chunk in cell.chunks):
        return True
    is_narrow = all(len(row) == 1 for row in grid.rows if row)
    return is_narrow and any(len(cell.chunks) > 1 or (cell.chunks and cell.chunks[0].kind == "table") for cell in cells)


def chunks_of(grid):
    """What stands in the cells of a layout, in its order."""
    return [chunk for row in grid.rows for cell in row for chunk in cell.chunks]


def placed(grid):
    """Rows of cells, each in its column, with None in place of what a joined cell covers; and the number of joined cells."""
    rows, covered, joined, count = [], {}, 0, 0
    for number, cells in enumerate(grid.rows):
        row = []
        for cell in cells:
            while covered.pop((number, len(row)), False):
                row.append(None)
            columns, height = min(cell.columns, MOST_COLUMNS), min(cell.rows, len(grid.rows) - number)
            joined += columns > 1 or height > 1
            count += columns * height
            if count > MOST_CELLS:
                raise TooMuch("cells")
            for below in range(1, height):
                covered |= {(number + below, len(row) + column): True for column in range(columns)}
            row += [cell, *[None] * (columns - 1)]
        while covered.pop((number, len(row)), False):
            row.append(None)
        rows.append(row)
    return rows, joined


def table(grid, numbers):
    """The lines of a table in Markdown and the number of its joined cells; no lines for one without words."""
    rows, joined = placed(grid)
    texts = [[cell_text(cell, numbers) if cell else "" for cell in row] for row in rows]
    width = max((place + 1 for row in texts for place, text in enumerate(row) if text), default=0)
    kept = [place for place, row in enumerate(texts) if any(row)]
    if not kept:
        return [], 0
    if width * len(kept) > MOST_CELLS:
        raise TooMuch("cells")
    marks = [DELIMITERS[alignment([rows[place] for place in kept[1:]], column)] for column in range(width)]
    texts[kept[0]] = [cell_text(cell, numbers, is_head=True) if cell else "" for cell in rows[kept[0]]]
    lines = [line(texts[place], width) for place in kept]
    return [lines[0], f"|{'|'.join(marks)}|", *lines[1:]], joined


def line(texts, width):
    return f"| {' | '.join([*texts, *[''] * (width - len(texts))][:width])} |"


def alignment(rows, column):
    """The alignment that the cells of a column share, but for empty ones; left is what a table has anyway."""
    found = Counter(row[column].align for row in rows if column < len(row) and row[column] and row[column].chunks)
    return next(iter(found)) if len(found) == 1 and set(found) <= {"right", "center"} else ""


def cell_text(cell, numbers, is_head=False):
    runs = cell_runs(cell.chunks)
    return "<br>".join(Inline(numbers, escapes="|").lines(without_bold(runs) if is_head else runs))


def cell_runs(chunks):
    """All that a cell holds as runs of words with breaks between blocks."""
    runs = []
    for chunk in chunks:
        if chunk.kind == "table":
            for row in chunk.grid.rows:
                for cell in row:
                    runs += [*cell_runs(cell.chunks), Run(" ")]
                runs.append(Run(BREAK))
            continue
        if chunk.kind == "item":
            runs.append(Run(f"{chunk.number}. " if chunk.number else "\u2022 "))
        runs += [*chunk.runs, Run(BREAK)]
    return runs
