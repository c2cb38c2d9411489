"""Clashes: things that are live at the same time with the same address, number or name."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FOREVER = datetime.max.replace(tzinfo=UTC)


def claimed_twice(editions, claims, since, things=None):
    """(one edition, another, the claim, from when) for what two things claim at the same time, at `since` or later.

    `claims(edition)` gives what an edition claims. Of the pairs those with one of the `things` are meant, if any are given.
    """
    claimants = {}
    for edition in editions:
        for claim in claims(edition):
            for other in claimants.setdefault(claim, []):
                is_meant = things is None or not {edition.thing_id, other.thing_id}.isdisjoint(things)
                if is_meant and edition.thing_id != other.thing_id and (at := meeting(edition, other, since)):
                    yield other, edition, claim, at
            claimants[claim].append(edition)


def meeting(one, other, since):
    """The first moment from `since` on at which both are in force, or None."""
    start = max(one.live_from, other.live_from, since)
    return start if start < min(one.live_to or FOREVER, other.live_to or FOREVER) else None


def refusal(problem, at):
    """The ValidationError for a problem that would arise at a moment."""
    said = _("%(problem)s (from %(day)s UTC).")
    return ValidationError(said % {"problem": problem.removesuffix("."), "day": f"{at:%d %B %Y %H:%M}"})
