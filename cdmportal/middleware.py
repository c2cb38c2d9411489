"""Middleware that sets the moment of a request."""

import re

from django.http import Http404, HttpResponseNotAllowed
from django.urls import set_script_prefix
from django.utils.http import http_date

from publishing import kinds, roles
from publishing.addresses import canonical
from publishing.moment import Moment, parse

PREFIX = re.compile(r"/@(?P<asked>[^/]*)(?P<path>/.*)?\Z", re.DOTALL)
# Set in the WSGI environ by the page cache, which has just read the record for a visitor of now.
READING = "portal.reading"
EXTRANETS = ("/extranets/areas/", "/extranets/invitation/", "/extranets/log-in/", "/extranets/log-out/")
# Forms and private pages of submissions: nothing of them was ever public, whatever the method.
OF_SUBMISSIONS = re.compile(r"/public-inputs/(?:receipt/|confirm/|withdraw/|[^/]+/submit/)")
WITHOUT_A_PAST = ("/admin/", "/static/", "/media/", "/healthz", "/readyz", "/shared/", "/cards/", *EXTRANETS)


class NoSuchMoment(Http404):
    """Address whose part after `/@` is no date; the error page explains how one is written."""


class MomentMiddleware:
    """Middleware that takes `/@<date>` off the path and sets `request.moment`, so that no view or template knows about it.

    The script prefix is set on every request and never restored: streamed bodies would link to now otherwise.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        root = request.path[: len(request.path) - len(request.path_info)] + "/"
        set_script_prefix(root)
        request.moment = Moment(reading=request.META.get(READING))
        match = PREFIX.match(request.path_info)
        if not match:
            return self.get_response(request)
        if OF_SUBMISSIONS.match(match["path"] or ""):
            raise Http404
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not is_moment(**match.groupdict()):
            return self.get_response(request)  # the address patterns say what is wrong with it
        # A middleware may answer before anybody is known to be logged in.
        request.moment = Moment(match["asked"], lambda: hasattr(request, "user") and roles.sees_future(request.user))
        request.path_info = match["path"]
        set_script_prefix(f"{root}@{match['asked']}/")
        return with_memento_headers(self.get_response(request), request.moment, match["path"])


def is_moment(asked, path):
    """Whether the request is for a moment, and its path has a past."""
    try:
        parse(asked)
    except ValueError:
        return False
    return path is not None and not path.startswith(WITHOUT_A_PAST) and not PREFIX.match(path)


def with_memento_headers(response, moment, path):
    """Set the headers of RFC 7089 by which programs know an answer of another time; returns the response."""
    response["X-Robots-Tag"] = "noindex"
    if moment.is_open:
        response["Cache-Control"] = "private, no-store"
    if response.status_code in {200, 206}:
        response["Memento-Datetime"] = http_date(int(moment.at.timestamp()))
        links = [response["Link"]] if "Link" in response else []
        links.append(f'<{canonical(path)}>; rel="original"')
        if kinds.owner(path, moment) is not None:
            links.append(f'<{canonical(path)}timemap/>; rel="timemap"; type="application/link-format"')
        response["Link"] = ", ".join(links)
    return response
