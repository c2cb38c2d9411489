"""The door of an area: each view stands behind `of_area`, which asks who comes before anything is looked up.

An area has a session of its own within that of the browser, begun by the log-in of areas alone (areas/log_in.py), as long as the area says.
Whoever is not in an area gets the same answer as for an area that does not exist.
"""

import time
from functools import wraps
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt

from areas import rights
from areas.models import LONGEST_SESSION
from areas.rights import Act
from desk.resubmission import files_sent, readable

SESSION = "areas"
METHODS = ["GET", "HEAD", "POST"]


class SameOriginCsrf(CsrfViewMiddleware):
    """Django's protection, for pages that name their address to nobody: their forms come with `Origin: null`, and the browser says
    beside it whether they come from here."""

    def _origin_verified(self, request):
        is_ours = request.META["HTTP_ORIGIN"] == "null" and request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin"
        return is_ours or super()._origin_verified(request)


def sealed(view):
    """Decorator of every view here: few methods, forms from here alone, and an answer that nobody keeps, indexes or names to others."""
    protected = decorator_from_middleware(SameOriginCsrf)(view)

    @wraps(view)
    def answered(request, *args, **kwargs):
        if request.method not in METHODS:
            return unkept(HttpResponseNotAllowed(METHODS))
        if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
            return unkept(HttpResponse(status=503))  # what is shown later without asking us could not be recorded
        try:
            return unkept(protected(request, *args, **kwargs))
        except Http404:
            return missing(request)

    return csrf_exempt(answered)


def unkept(response):
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    del response["ETag"], response["Last-Modified"]
    return response


def missing(request, *_args, **_kwargs):
    """404, the same whether there is no such thing or it is not for who asks."""
    return unkept(render(request, "areas/missing.html", status=404))


def begin(request, has_second_factor):
    """Begin the session of areas of the person who has just logged in here."""
    request.session[SESSION] = {"since": time.time(), "factor": has_second_factor, "user": request.user.pk}


def age(request):
    """Minutes since the log-in of areas of this person, None where there was none."""
    held = request.session.get(SESSION)
    is_own = held and request.user.is_authenticated and held["user"] == request.user.pk
    return (time.time() - held["since"]) / 60 if is_own else None


def is_in(request):
    """Whether the person has logged in here within the longest session that an area can have."""
    minutes = age(request)
    return minutes is not None and 0 <= minutes < LONGEST_SESSION


def of_area(action=Act.READ):
    """Decorator of a view of an area that asks for one Act; it is called with the AreaMembership in `request.member`."""

    def decorate(view):
        @sealed
        @wraps(view)
        def guarded(request, key, **kwargs):
            if not is_in(request):
                return ask_to_log_in(request)
            member = rights.membership(request.user, key)
            if member is None:
                raise Http404
            area = member.area
            if age(request) >= area.session_minutes or (area.asks_second_factor and not request.session[SESSION]["factor"]):
                return ask_to_log_in(request)
            request.member = member
            try:
                if not rights.may(member, action):
                    raise PermissionDenied
                return view(request, **kwargs)
            except PermissionDenied:
                return words_kept(request, member)

        return guarded

    return decorate


def ask_to_log_in(request):
    """The log-in, which leads back; what was sent by a form is shown, so that nothing is lost."""
    address = f"{reverse('areas:log_in')}?{urlencode({'next': request.path})}"
    if request.method != "POST":
        return HttpResponseRedirect(address)
    return words_kept(request, None, log_in=address)


def words_kept(request, member, log_in=""):
    """403 with what was typed, to be copied: the session is over, or the role has changed meanwhile."""
    context = {"fields": readable(request.POST), "lost_files": files_sent(request), "log_in": log_in}
    return render(request, "areas/words_kept.html", context | about(member), status=403)


def shown(request, template, **context):
    """A page of the area, with what its member may do there."""
    return render(request, f"areas/{template}.html", about(request.member) | context)


def about(member):
    """What the frame of a page says of the member and the area; nothing for nobody."""
    return {"member": member, "area": member.area, "may": {act.name.lower(): rights.may(member, act) for act in Act}} if member else {}
