"""Share links: someone without an account reads one draft until the link expires or is revoked."""

from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.people import hides
from publishing import kinds
from publishing.models import ShareLink
from publishing.roles import Can, can

DAYS = 7
MOST_DAYS = 90
signer = Signer(salt="publishing.sharing")  # signs what is out already, so it keeps the module's former name


def make(thing, user, days=DAYS):
    return ShareLink.objects.create(thing_id=thing.pk, created_by=user, expires=timezone.now() + timedelta(days=days))


def address(link):
    return reverse("shared", args=[signer.sign_object([link.pk, link.thing_id])])


def open_links(thing):
    """The links of a thing that still work, newest first."""
    links = ShareLink.objects.filter(thing=thing.pk, revoked=None, expires__gt=timezone.now()).select_related("created_by")
    return [link for link in links.order_by("-pk") if can(link.created_by, Can.SHARE, thing)]


def revoke(thing, number):
    """Close one link of the thing; returns whether there was one open."""
    return bool(ShareLink.objects.filter(pk=number, thing=thing.pk, revoked=None).update(revoked=timezone.now()))


def opened(token):
    """The share link and the draft that a token opens.

    Raises Http404 if it is forged, expired or revoked, or its maker may not share the draft any more.
    """
    try:
        number, thing = signer.unsign_object(token)
    except (BadSignature, ValueError) as error:
        raise Http404 from error
    links = ShareLink.objects.filter(pk=number, thing=thing, revoked=None, expires__gt=timezone.now())
    link = links.select_related("created_by", "thing").first()
    draft = link and kinds.get(link.thing.kind).draft.objects.filter(pk=thing).first()
    if draft is None or not can(link.created_by, Can.SHARE, draft) or hides(link.created_by, draft):
        raise Http404
    return link, draft


@require_safe
def shared(request, token):
    """One draft in the public template, for whoever holds the link."""
    link, draft = opened(token)
    request.shared_by = link.created_by
    return unlisted(kinds.get(draft.KIND).preview(request, draft))


def unlisted(response):
    """An answer that nobody keeps, indexes or names to other sites."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
