"""Differences between two texts as their readers know them: block by block, rows as rows; what did not change is folded."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from itertools import zip_longest
from time import monotonic

from markup.diff import Piece, runs_changed, words_changed
from markup.plaintext import blocks

HREF = re.compile(r'<a [^>]*?href="([^"]*)"')
# So many blocks further on the counterpart of one that was changed is looked for.
FURTHEST = 30
ALIKE = 0.5
# Words are compared for so long in all; blocks after that are shown whole.
SECONDS = 2


@dataclass(frozen=True)
class BlockChange:
    """Block that was changed, added or taken away, or the heading above one; a row has (heading, pieces) for each cell."""

    kind: str
    pieces: list
    cells: list = field(default_factory=list)
    links: list = field(default_factory=list)
    form: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows of one table that were changed."""

    headings: list
    rows: list


@dataclass(frozen=True)
class Unchanged:
    """Blocks that are the same in both."""

    blocks: list


def blocks_changed(old, new):
    """Changes from one text to another, both as safe HTML, in the order of the second; empty if readers see no difference."""
    removed, added, found, until = [], [], [], monotonic() + SECONDS
    for is_inserted, is_deleted, run in runs_changed(blocks(old), blocks(new), lambda block: (block.kind, block.text, *block.html.split())):
        if is_deleted:
            removed += run
        elif is_inserted:
            added += run
        else:
            found += [*paired(removed, added, until), Unchanged(run)]
            removed, added = [], []
    found += paired(removed, added, until)
    return list(in_tables(in_sight(found))) if any(isinstance(one, BlockChange) for one in found) else []


def paired(removed, added, until):
    """BlockChanges of a run: each block beside the one that it has become, where that can be told."""
    if len(removed) == len(added) == 1 and removed[0].kind == added[0].kind and monotonic() < until:
        return [changed(removed[0], added[0])]
    found, place = [], 0
    for block in removed:
        counterpart = next((n for n in range(place, min(place + FURTHEST, len(added))) if is_alike(block, added[n])), None)
        if counterpart is None or monotonic() > until:
            found.append(whole(block, deleted=True))
            continue
        found += [*(whole(one, inserted=True) for one in added[place:counterpart]), changed(block, added[counterpart])]
        place = counterpart + 1
    return [*found, *(whole(one, inserted=True) for one in added[place:])]


def is_alike(old, new):
    if old.kind != new.kind:
        return False
    if old.cells and new.cells and old.cells[0] == new.cells[0]:
        return True
    words, others = Counter(old.text.split()), Counter(new.text.split())
    return 2 * (words & others).total() >= ALIKE * 2 * max(words.total(), others.total())


def whole(block, **how):
    return BlockChange(block.kind, [Piece(block.text, **how)], [(heading, [Piece(text, **how)]) for heading, text in block.cells])


def changed(old, new):
    cells = [(heading, words_changed(before, text)) for heading, before, text in cells_of(old, new)]
    links = [pair for pair in zip_longest(hrefs(old), hrefs(new), fillvalue="") if pair[0] != pair[1]]
    return BlockChange(new.kind, words_changed(old.text, new.text), cells, links, form=old.text == new.text and not links)


def hrefs(block):
    return [unescape(href) for href in HREF.findall(block.html)]


def cells_of(old, new):
    """(heading, text before, text after) of two rows' cells, by their headings where these tell them apart."""
    before, after = dict(old.cells), dict(new.cells)
    if len(before) == len(old.cells) and len(after) == len(new.cells):
        gone = [(heading, text, "") for heading, text in old.cells if heading not in after]
        return [(heading, before.get(heading, ""), text) for heading, text in new.cells] + gone
    return [(two[0] or one[0], one[1], two[1]) for one, two in zip_longest(old.cells, new.cells, fillvalue=("", ""))]


def in_sight(found):
    """The same with the heading that stands right above a change taken out of what is folded."""
    for place, one in enumerate(found):
        if isinstance(one, Unchanged) and place < len(found) - 1 and one.blocks[-1].kind == "heading":
            if one.blocks[:-1]:
                yield Unchanged(one.blocks[:-1])
            yield BlockChange("heading", [Piece(one.blocks[-1].text)])
        else:
            yield one


def in_tables(found):
    """The same with rows one after another brought together."""
    table = None
    for one in found:
        if getattr(one, "cells", None):
            headings = [heading for heading, _pieces in one.cells]
            if table is None or table.headings != headings:
                table = Rows(headings, [])
                yield table
            table.rows.append(one)
        else:
            table = None
            yield one
