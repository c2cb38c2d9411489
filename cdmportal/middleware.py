"""The middleware that sets the moment of a request."""

import re

from django.http import Http404, HttpResponseNotAllowed, HttpResponsePermanentRedirect
from django.urls import set_script_prefix
from django.utils.http import http_date

from publishing import roles
from publishing.addresses import canonical
from publishing.moment import Moment

PREFIX = re.compile(r"/@(?P<asked>[^/]*)(?P<path>/.*)?\Z", re.DOTALL)
WITHOUT_A_PAST = ("/admin/", "/static/", "/healthz", "/readyz", "/shared/")


class NoSuchMoment(Http404):
    """The part after `/@` is no date; the error page explains how one is written."""


class MomentMiddleware:
    """Takes `/@<date>` off the path and sets `request.moment`, so that no view or template knows about it.

    The script prefix is set on every request and never restored: streamed bodies would link to now otherwise.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        root = request.META.get("SCRIPT_NAME", "") + "/"
        set_script_prefix(root)
        request.moment = Moment()
        match = PREFIX.match(request.path_info)
        if not match:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if match["path"] is None:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(request.path + "/" + ("?" + query if query else ""))
        return self.in_the_past(request, root, match["asked"], match["path"])

    def in_the_past(self, request, root, asked, path):
        try:
            request.moment = Moment(asked, lambda: roles.sees_future(request.user))
        except ValueError as error:
            raise NoSuchMoment(str(error)) from error
        if path.startswith(WITHOUT_A_PAST) or PREFIX.match(path):
            raise Http404
        request.path_info = path
        set_script_prefix(f"{root}@{asked}/")
        response = self.get_response(request)
        response["X-Robots-Tag"] = "noindex"
        if request.moment.is_cut_short:
            response["Cache-Control"] = "no-store"
        if response.status_code == 200:
            address = canonical(path)
            response["Memento-Datetime"] = http_date(int(request.moment.at.timestamp()))
            response["Link"] = f'<{address}>; rel="original", <{address}timemap/>; rel="timemap"; type="application/link-format"'
        return response
