"""Records of a release as the table takes them in: plain rows, days as ordinals (`date.toordinal()`), no Django."""

from enum import IntFlag, StrEnum
from typing import NamedTuple

NOT_GIVEN = "not-given"  # a value of facets: the release does not say
SEVERAL = "several"  # of sectoral scopes: more than one, which ones is not said


class ActivityKind(StrEnum):
    """Kind of an activity, as the UNFCCC's files write it."""

    PROJECT = "PA"
    PROGRAMME = "PoA"


class Badge(IntFlag):
    """ValueMark on values that are not as the file gives them."""

    DERIVED = 1  # worked out from other values
    MATCHED_REFERENCE = 2  # the number was found by title or by the issuances
    MAP_FILE_2018 = 4  # reductions, scale or coordinates, which the release lacks, from the UNFCCC's map file of 2018
    REPAIRED = 8  # characters of the title, sign or order of the coordinates
    CONTRADICTED = 16  # the file's total of CERs is not that of the issuances


class ActivityRecord(NamedTuple):
    """Project activity or programme of activities. `number` is that of its row in the database, 0 in the sample."""

    number: int
    key: str  # the unique identifier of the UNFCCC
    ref: int | None
    title: str
    kind: str
    status: str
    hosts: tuple[str, ...] = ()  # ISO 3166-1 alpha-2: the full list where there is one
    subregions: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    type: str = ""
    methodologies: tuple[str, ...] = ()
    scale: str = ""
    validator: str = ""
    validation: int | None = None
    crediting_start: int | None = None
    crediting_end: int | None = None
    registered: int | None = None  # only where a source has the date
    reductions: float | None = None  # tonnes of CO2 equivalent a year
    megawatts: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    is_plausible: bool = True  # whether the point lies where the host does
    badges: int = 0


class IssuanceRecord(NamedTuple):
    """Issuance of CERs. Its host is its own: 54 issuances have another than their activity."""

    number: int
    kind: str
    ref: int
    day: int
    cers: int
    host: str
    type: str = ""
    verifier: str = ""
    period: int = 0  # commitment period of the Kyoto Protocol, 1 or 2
    monitoring_start: int | None = None
    monitoring_end: int | None = None
