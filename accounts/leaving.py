"""Leaving the desk: an account is switched off, what is open goes to somebody else in one step, and nothing is deleted."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accounts import sessions, tickets
from accounts.membership import refuse_last
from accounts.models import AccountEvent
from accounts.telling import tell
from desk.autosave import new_slot
from desk.states import unchanged
from publishing import kinds
from publishing.models import DraftVersion, Edition, ShareLink, WorkingCopy
from publishing.roles import AUTHOR, Can, can, role


@dataclass(frozen=True)
class OpenWork:
    """What a person leaves behind."""

    drafts: list
    texts: list
    scheduled: list
    links: list
    grants: list

    @property
    def is_any(self):
        return any((self.drafts, self.texts, self.scheduled, self.links, self.grants))


def open_work(user):
    now = timezone.now()
    return OpenWork(
        drafts=open_drafts(user),
        texts=list(WorkingCopy.objects.filter(user=user, discarded=None).defer("fields")),
        scheduled=list(Edition.objects.filter(author=user.get_username()).pending(now).order_by("live_from")),
        links=list(ShareLink.objects.filter(created_by=user, revoked=None, expires__gt=now)),
        grants=list(user.section_grants.all()),
    )


def open_drafts(user):
    """(kind, draft) of what the person has worked on and visitors do not see as it is."""
    found = []
    for kind in kinds.every():
        worked_on = DraftVersion.objects.filter(user=user, thing__kind=kind.name).values("thing")
        drafts = kind.draft.objects.filter(pk__in=worked_on).defer(*kind.draft.long_texts()).order_by("pk")
        same = unchanged(kind, drafts.order_by().values("pk"))
        found += [(kind, draft) for draft in drafts if draft.pk not in same]
    return found


@transaction.atomic
def switch_off(user, heir, by):
    """Switch an account off and hand over what is open to the heir, if there is one. Raises ValidationError for the last administrator."""
    refuse_last(user)
    work = open_work(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    shut_out(user, by)
    if heir is not None:
        hand_over(user, heir, work)
        tell(heir, AccountEvent.What.HEIR, by, user.get_username())


def shut_out(user, by):
    """End every way into an account that has been switched off: links, sessions, half ones too. Its owner is told."""
    for purpose in tickets.LASTING:
        tickets.end(purpose, user)
    sessions.end_all(user)
    tell(user, AccountEvent.What.OFF, by)


def hand_over(user, heir, work):
    """Grants go to an author, links to who may share, texts not saved to who may write in the draft; what the heir may not have stays."""
    if role(heir) == AUTHOR:
        has = set(heir.section_grants.values_list("kind", "section"))
        for grant in work.grants:
            if (grant.kind, grant.section_id) not in has:
                grant.user = heir
                grant.save(update_fields=["user"])
        heir = User.objects.get(pk=heir.pk)  # with the new grants
    for link in work.links:
        if can(heir, Can.SHARE, kinds.get(link.thing.kind).draft.objects.filter(pk=link.thing_id).first()):
            ShareLink.objects.filter(pk=link.pk).update(created_by=heir)
    for text in work.texts:
        draft = kinds.get(text.kind).draft.objects.filter(pk=text.thing_id).first() if text.thing_id else None
        is_gone = text.thing_id and draft is None  # whose it would be cannot be told
        if can(heir, Can.WRITE, draft) and not (is_gone and role(heir) == AUTHOR):
            WorkingCopy.objects.filter(pk=text.pk).update(user=heir, slot=new_slot())
