"""Host Parties: name, subregion, group, and the box that their land lies in.

Facts of our own list, parties.csv: names and subregions follow the UN Statistics Division's M49, groups, least developed countries and
small island developing States the lists of the UN (as in 2023), the boxes Natural Earth's map 1:50m; other names are those that visitors
type. Pure: the file is read once.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

MARGIN = 0.5  # degrees by which a point may lie outside the box: offshore, or on a coast drawn coarsely


class Party(NamedTuple):
    iso2: str
    iso3: str = ""
    name: str = ""
    subregion: str = ""
    un_group: str = ""
    is_ldc: bool = False
    is_sids: bool = False
    other_names: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None  # west, south, east, north; west > east where it crosses 180 degrees

    def holds(self, latitude, longitude):
        """Whether a point lies in the box or within MARGIN of it; true where there is no box."""
        if self.box is None:
            return True
        west, south, east, north = self.box
        if not south - MARGIN <= latitude <= north + MARGIN:
            return False
        after, before = longitude >= west - MARGIN, longitude <= east + MARGIN
        return (after and before) if west <= east else (after or before)


@cache
def parties():
    """All Parties of the list by their ISO 3166-1 alpha-2 codes. NA is Namibia."""
    with Path(__file__).with_name("parties.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: party_of(row) for row in csv.DictReader(file)}


def party_of(row):
    box = tuple(float(row[side]) for side in ("west", "south", "east", "north"))
    facts = [row[name] for name in ("iso2", "iso3", "name", "subregion", "un_group")]
    other_names = tuple(filter(None, row["other_names"].split("; ")))
    return Party(*facts, row["ldc"] == "yes", row["sids"] == "yes", other_names, box)


def party(code):
    """The Party of a code; of one that the list lacks no more than its code is known."""
    return parties().get(code) or Party(code, name=code)
