"""Bodies of the CDM, their meetings, and who held which office in them."""

from bodies.models.body import BOARD, BodyEdition, CDMBody
from bodies.models.meeting import CALLED_OFF, BodyMeeting, MeetingEdition, Status
from bodies.models.office import EndKind, Office, OfficeEdition, StartKind

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
]
