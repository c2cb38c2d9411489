"""Look-up of units of the CDM registry by serial number: of each block its activity, its issuance and what became of it, at a moment.

Blocks of one Party never overlap, and a cancelled block lies within one issued block, so that a range is told block by block. A block
bears no number of its issuance: it is the one of the same activity with as many CERs, the nearest in time where there are several.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from registry.addresses import activity_path, anchor_of
from registry.columns import NO_PLACE
from registry.serials import TYPES

MOST_BLOCKS = 50  # of a range, and of each of them so many cancellations


@dataclass(frozen=True)
class FoundIssuance:
    """Issuance that a block came from; `address` is where the activity's page tells of it."""

    day: date
    cers: int
    process: str
    address: str


@dataclass(frozen=True)
class CancelledPart:
    """Part of a block that was cancelled, as far as it lies in the range."""

    row: object
    first: int
    last: int

    @property
    def units(self):
        return self.last - self.first + 1

    @property
    def day(self):
        return self.row.completed.date()


@dataclass
class FoundBlock:
    """Issued block that holds units of the range: from `first` to `last`. `parts` of these are cancelled, in order."""

    row: object
    first: int
    last: int
    parts: list
    activity: object = None
    issuance: FoundIssuance | None = None

    @property
    def units(self):
        return self.last - self.first + 1

    @property
    def cancelled(self):
        return sum(part.units for part in self.parts)

    @property
    def left(self):
        return self.units - self.cancelled

    @property
    def day(self):
        return self.row.completed.date()

    @property
    def path(self):
        return activity_path(self.activity) if self.activity else ""


@dataclass
class UnitLookup:
    """What the registry at a moment tells of a SerialRange."""

    registry: object
    asked: object
    later: object = field(default=None, init=False)

    @cached_property
    def blocks(self):
        """The first of the blocks, with all that is told of them."""
        asked, registry = self.asked, self.registry
        rows = list(registry.issued_within(asked.party, asked.first, asked.last)[:MOST_BLOCKS])
        if not rows:
            return []
        cancelled = registry.cancelled_within(asked.party, max(asked.first, rows[0].first), min(asked.last, rows[-1].last))
        found = [FoundBlock(row, max(row.first, asked.first), min(row.last, asked.last), []) for row in rows]
        place = 0
        for row in cancelled[: MOST_BLOCKS * MOST_BLOCKS]:
            while place < len(found) and row.first > found[place].row.last:
                place += 1
            if place < len(found) and row.first >= found[place].row.first:
                found[place].parts.append(CancelledPart(row, max(row.first, asked.first), min(row.last, asked.last)))
        self.tell_activities(found)
        return found

    def tell_activities(self, found):
        table = self.registry.table
        places = {block.row.reference: table.place(block.row.reference) for block in found if block.row.reference}
        known = sorted({place for place in places.values() if place is not None})
        rows = dict(zip(known, self.registry.activities(known), strict=True))
        issued = {id(block): self.issuance_of(block.row, places.get(block.row.reference)) for block in found}
        numbers = [table.issuance_numbers[issuance] for issuance in issued.values() if issuance is not None]
        told = dict(zip(numbers, self.registry.issuances_numbered(numbers), strict=True))
        for block in found:
            block.activity = rows.get(places.get(block.row.reference))
            if (issuance := issued[id(block)]) is not None:
                row = told[table.issuance_numbers[issuance]]
                anchor = f"#{anchor_of(row.process)}" if row.process else ""
                block.issuance = FoundIssuance(row.date, row.cers, row.process, block.path + anchor)

    def issuance_of(self, row, place):
        """The place among the issuances of the one that a block came from, or None."""
        if place is None or place == NO_PLACE:
            return None
        table, day = self.registry.table, row.completed.date().toordinal()
        own = [issuance for issuance in table.issuances_of(place) if table.cers[issuance] == row.units]
        return min(own, key=lambda issuance: abs(table.days[issuance] - day), default=None)

    @property
    def block(self):
        """The block of a single unit, or None."""
        return self.blocks[0] if self.asked.is_one and self.blocks else None

    @property
    def fate(self):
        """The CancelledPart by which a single unit was cancelled, or None."""
        return self.block.parts[0] if self.block and self.block.parts else None

    # The whole range

    @cached_property
    def totals(self):
        """(blocks, units issued, blocks cancelled, units cancelled) within the range."""
        if len(self.blocks) < MOST_BLOCKS:
            parts = [block.parts for block in self.blocks]
            units = sum(block.units for block in self.blocks)
            return len(self.blocks), units, sum(map(len, parts)), sum(block.cancelled for block in self.blocks)
        return self.registry.units_within(self.asked.party, self.asked.first, self.asked.last)

    @property
    def missing(self):
        """How many numbers of the range belong to no block."""
        return self.asked.count - self.totals[1]

    @property
    def other_type(self):
        """The type of unit that the text names, where the block has another; empty otherwise."""
        named = TYPES.get(self.asked.unit_type, "")
        return named if named and any(block.row.unit_type != named for block in self.blocks) else ""
