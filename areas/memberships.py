"""Changes of memberships by stewards and administrators, within the rules: nobody raises the own role, one steward always stays.

Whoever stops being a steward for good invites nobody any more: what they have sent and nobody has used ends with it.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from areas import events, invitations
from areas.models import AreaEvent, AreaMembership, AreaRole

Happening = AreaEvent.Happening


@transaction.atomic
def change(member, by, **facts):
    """Change role, represents or dates of a membership. Raises ValidationError where no steward would be left."""
    invitations.locked(member.area_id)
    was_steward = AreaMembership.objects.get(pk=member.pk).role == AreaRole.STEWARD
    for name, value in facts.items():
        setattr(member, name, value)
    refuse_none_left(member)
    member.save(update_fields=list(facts))
    if was_steward and (member.role != AreaRole.STEWARD or member.ends):
        revoke_those_sent(member, by)
    events.note(member.area, Happening.ROLE, by, member.account.get_username())


@transaction.atomic
def end(member, by, why):
    """End a membership; the member's next request is refused. Raises ValidationError for the last steward.

    Invitations that the account could use to come back, or asks to use, end too.
    """
    invitations.locked(member.area_id)
    member.ended_at, member.ended_by, member.ended_why = timezone.now(), by, why
    refuse_none_left(member)
    member.save(update_fields=["ended_at", "ended_by", "ended_why"])
    for invitation in invitations.open_invitations(member.area):
        if invitations.is_for(invitation, member.account) or invitation.asked_by_id == member.account_id:
            invitations.revoke(invitation, by)
    revoke_those_sent(member, by)
    events.note(member.area, Happening.ENDED, by, member.account.get_username())


def revoke_those_sent(member, by):
    for invitation in invitations.open_invitations(member.area).filter(made_by=member.account.get_username()):
        invitations.revoke(invitation, by)


def refuse_none_left(changed):
    """Raise ValidationError where nobody would be steward of the area today and for good after the change."""
    others = AreaMembership.objects.filter(area=changed.area, role=AreaRole.STEWARD, account__is_active=True).exclude(pk=changed.pk)
    day = timezone.localdate()
    rows = [*others, *([changed] if changed.role == AreaRole.STEWARD and changed.account.is_active else [])]
    if not any(row.is_current(day) and row.ends is None for row in rows):
        raise ValidationError(_("This is the last steward without an end. Make somebody else steward first."))
