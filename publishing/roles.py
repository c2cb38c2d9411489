"""Roles and their rights: `can` is the one function that every view of the desk, of previews and exports asks.

Authors write drafts in the sections given to them; publishers also publish, schedule and withdraw, everywhere; administrators also
erase and give roles. Submissions to a call are read, decided and published by those to whom it is given, and by publishers.
"""

from django.db import models

AUTHOR, PUBLISHER, ADMINISTRATOR = "Author", "Publisher", "Administrator"


class Can(models.TextChoices):
    """Action that a person may want to take on a thing."""

    READ_DRAFT = "read_draft"
    WRITE = "write"
    SHARE = "share"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    ERASE = "erase"
    SEE_FUTURE = "see_future"
    GIVE_ROLES = "give_roles"
    READ_SUBMISSION = "read_submission"  # of a call: text, files and the name that is shown
    READ_PERSON = "read_person"  # the address of who sent it; each look is recorded
    MODERATE = "moderate"
    PUBLISH_SUBMISSION = "publish_submission"


OF_CALLS = {Can.READ_SUBMISSION, Can.READ_PERSON, Can.MODERATE, Can.PUBLISH_SUBMISSION}
BY_ROLE = {
    AUTHOR: {Can.READ_DRAFT, Can.WRITE, Can.SHARE} | OF_CALLS,
    PUBLISHER: {Can.READ_DRAFT, Can.WRITE, Can.SHARE, Can.PUBLISH, Can.WITHDRAW, Can.SEE_FUTURE} | OF_CALLS,
    ADMINISTRATOR: set(Can),
}


def role(user):
    """The highest role of an active user, or None."""
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return None
    if user.is_superuser:
        return ADMINISTRATOR
    names = {group.name for group in user.groups.all()}
    return next((name for name in (ADMINISTRATOR, PUBLISHER, AUTHOR) if name in names), None)


def can(user, action, thing=None):
    """Whether the user may do `action` (a Can) with `thing`; without a thing, whether there may be any such thing."""
    own_role = role(user)
    if own_role is None or action not in BY_ROLE[own_role]:
        return False
    return own_role != AUTHOR or thing is None or is_given(user, thing)


def is_given(user, thing):
    """Whether one of the author's grants covers the thing: its kind as a whole, or a section that it lies in."""
    grants = list(user.section_grants.all())
    kind = thing.kind or thing.KIND
    if any(grant.kind == kind for grant in grants):
        return True
    sections = {grant.section_id for grant in grants if grant.section_id}
    return bool(sections & set(lineage(thing)))


def lineage(thing):
    """Ids of the thing and of those above it, as far as its draft and theirs say."""
    from publishing import kinds

    draft = kinds.get(thing.kind or thing.KIND).draft
    if not has_parent(draft):
        return [thing.pk]
    chain, above = [thing.pk], thing.parent_id if thing.pk is None else parent_of(draft, thing.pk)
    while above and above not in chain:
        chain.append(above)
        above = parent_of(draft, above)
    return chain


def has_parent(draft):
    return any(field.name == "parent" for field in draft._meta.fields)


def parent_of(draft, thing):
    return draft.objects.filter(pk=thing).values_list("parent_id", flat=True).first()


def reach(user, action, kind):
    """Ids of the things of a kind with which the user may do `action`; None stands for all of them. Set twin of `can`."""
    own_role = role(user)
    if own_role is None or action not in BY_ROLE[own_role]:
        return frozenset()
    grants = user.section_grants.all() if own_role == AUTHOR else ()
    if own_role != AUTHOR or any(grant.kind == kind.name for grant in grants):
        return None
    return below(kind.draft, {grant.section_id for grant in grants if grant.section_id})


def below(draft, sections):
    """Ids of the drafts that are one of `sections` or lie below one."""
    if not has_parent(draft):
        return frozenset(draft.objects.filter(pk__in=sections).values_list("pk", flat=True))
    children = {}
    for thing, parent in draft.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(thing)
    found, next_ones = set(), sections & {thing for siblings in children.values() for thing in siblings}
    while next_ones:
        found |= next_ones
        next_ones = {child for thing in next_ones for child in children.get(thing, ())} - found
    return frozenset(found)


def sees_future(user):
    return can(user, Can.SEE_FUTURE)


def make_groups(using="default", **kwargs):
    """The three roles as groups, made when the database is made."""
    from django.contrib.auth.models import Group

    for name in (AUTHOR, PUBLISHER, ADMINISTRATOR):
        Group.objects.using(using).get_or_create(name=name)
