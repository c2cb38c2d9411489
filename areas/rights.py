"""Who may do what in an area: `may` is the one function that every view asks, on every request. No right is kept between two requests."""

from enum import Enum, auto

from django.utils import timezone

from areas.models import AreaMembership, AreaRole, AreaState


class Act(Enum):
    """What a member may want to do in an area."""

    READ = auto()
    READ_OLD_VERSION = auto()
    COMMENT = auto()
    UPLOAD = auto()
    NOTIFY = auto()  # publish and remove notices
    SEE_MEMBERS = auto()
    MANAGE_MEMBERS = auto()
    SEE_READING = auto()  # that of others; everybody sees the own
    TAKE_COPY = auto()


BY_ROLE = {
    AreaRole.READER: {Act.READ},
    AreaRole.CONTRIBUTOR: {Act.READ, Act.COMMENT, Act.UPLOAD},
    AreaRole.STEWARD: set(Act),
}
WRITING = {Act.COMMENT, Act.UPLOAD, Act.NOTIFY}
IN_STATE = {
    AreaState.OPEN: set(Act),
    AreaState.READ_ONLY: set(Act) - WRITING,
    AreaState.CLOSED: {Act.READ, Act.READ_OLD_VERSION, Act.SEE_MEMBERS, Act.SEE_READING, Act.TAKE_COPY},
    AreaState.DELETED: set(),
}


def membership(user, key):
    """The membership by which the account may enter the area today, with its area; None alike where there is no such area and where the
    account is not in it."""
    found = AreaMembership.objects.select_related("area").filter(area__key=key, account=user, ended_at=None).first()
    return found if found and may(found, Act.READ) else None


def may(member, action):
    """Whether an AreaMembership allows an Act in its area now."""
    area = member.area
    if not member.is_current(timezone.localdate()) or not member.account.is_active:
        return False
    if area.state == AreaState.CLOSED and member.role != AreaRole.STEWARD:
        return False
    allowed = set(BY_ROLE[member.role])
    if area.old_versions_stay:
        allowed.add(Act.READ_OLD_VERSION)
    if area.members_see_each_other:
        allowed.add(Act.SEE_MEMBERS)
    return action in allowed & IN_STATE[area.state]


def current(user):
    """The memberships by which the account may enter areas today."""
    rows = AreaMembership.objects.filter(account=user, ended_at=None).select_related("area", "account").order_by("area__name")
    return [row for row in rows if may(row, Act.READ)]
