"""Map of the activities that filters choose: how many each Party hosts, in six steps of one hue, and where the located ones lie."""

from dataclasses import dataclass
from math import isnan

from registry.equal_earth import HEIGHT, WIDTH, projected
from registry.parties import parties, party
from registry.records import NOT_GIVEN
from registry.table import flags

CELL = 6  # of the plane: points of one cell are one dot
STEPS = (1, 3, 10, 30, 100, 300)  # so many activities at least have the step
DOTS = ((1, 2), (4, 3), (16, 4.5), (64, 6))  # so many activities of a cell at least are so broad a dot


@dataclass(frozen=True)
class MapParty:
    """Party on the map: how many of the activities it hosts, and the step of its colour, from 1."""

    code: str
    name: str
    count: int
    step: int

    @property
    def path(self):
        return f"/parties/{self.code}/"

    @property
    def is_drawn(self):
        return self.code in parties()


@dataclass(frozen=True)
class ActivityMap:
    """All that a map shows; `dots` are (width, path) pairs of dots of one breadth."""

    parties: list
    dots: list
    located: int
    hidden: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def legend(self):
        return [(place, least) for place, least in enumerate(STEPS, 1)]


def map_of(table, matching):
    """The ActivityMap of a bitmap of activities."""
    counted = {code: (bits & matching).bit_count() for code, bits in table.index.bitmaps["host"].items() if code != NOT_GIVEN}
    hosts = [MapParty(code, party(code).name, count, sum(count >= step for step in STEPS)) for code, count in counted.items() if count]
    is_in, cells, located, hidden = flags(matching, table.size), {}, 0, 0
    for place, is_chosen in enumerate(is_in):
        if not is_chosen or isnan(table.latitudes[place]):
            continue
        if not table.plausible[place]:
            hidden += 1
            continue
        located += 1
        x, y = projected(table.longitudes[place], table.latitudes[place])
        cell = int(x) // CELL, int(y) // CELL
        cells[cell] = cells.get(cell, 0) + 1
    return ActivityMap(sorted(hosts, key=lambda one: (-one.count, one.name)), dots_of(cells), located, hidden)


def dots_of(cells):
    paths = {}
    for (x, y), count in sorted(cells.items()):
        width = next(width for least, width in reversed(DOTS) if count >= least)
        paths.setdefault(width, []).append(f"M{x * CELL + CELL // 2} {y * CELL + CELL // 2}h0")
    return [(width, "".join(path)) for width, path in sorted(paths.items())]
