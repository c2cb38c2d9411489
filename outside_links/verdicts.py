"""Keeping of what tries at addresses showed. One try a day; an address is not found only when it was missing on three days."""

from datetime import timedelta

from django.db.models import F, Q

from outside_links.models import LinkVerdict, OutsideAddress

A_DAY = timedelta(days=1)
DAYS_MISSED, SPAN = 3, timedelta(days=2)  # three tries over three days


def due(digests, now):
    """Those of the digests whose addresses may be tried now, the longest untried first."""
    waited = Q(tried=None) | Q(tried__lte=now - A_DAY)
    rows = OutsideAddress.objects.filter(waited, Q(not_before=None) | Q(not_before__lte=now))
    order = rows.order_by(F("tried").asc(nulls_first=True), "pk").values_list("digest", flat=True)
    return [digest for digest in order if digest in digests]


def keep(digest, found, now):
    """Write down what a try showed. What is missing for the first or second day cannot be checked yet."""
    row = OutsideAddress.objects.filter(digest=digest).first()
    if row is None:
        return None  # the text that named it is gone meanwhile
    row.status, row.leads_to, row.tried, row.not_before = found.status, found.leads_to, now, found.not_before
    row.verdict = found.verdict
    if found.verdict == LinkVerdict.NOT_FOUND:
        row.missed_since = row.missed_since or now.date()
        row.missed += 1
        if row.missed < DAYS_MISSED or now.date() - row.missed_since < SPAN:
            row.verdict = LinkVerdict.CANNOT
    elif found.verdict in {LinkVerdict.WORKS, LinkVerdict.MOVED}:
        row.missed, row.missed_since = 0, None
    row.save()
    return row.verdict
