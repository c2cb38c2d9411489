"""Bodies of the CDM, their meetings, and who held which office in them."""

from bodies.models.body import BOARD, BodyEdition, CDMBody
from bodies.models.meeting import CALLED_OFF, BodyMeeting, MeetingEdition, Status
from bodies.models.office import EndKind, Office, OfficeEdition, StartKind
from bodies.models.shared import folded

__all__ = [
    "BOARD",
    "CALLED_OFF",
    "BodyEdition",
    "BodyMeeting",
    "CDMBody",
    "EndKind",
    "MeetingEdition",
    "Office",
    "OfficeEdition",
    "StartKind",
    "Status",
    "folded",
]
