"""The description at its address, and the check of what programmes ask."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cdmportal.openapi.addresses import addresses
from cdmportal.openapi.description import document
from publishing.exports import json_answer


@require_safe
def openapi(_request):
    return json_answer(document(settings.SITE_ADDRESS, addresses()))


class MachineRequestMiddleware:
    """Middleware that answers a programme whose request is not as the description has it: 405 to a method, 400 in words to a parameter.

    It stands before the check for forged forms, which would answer 403 to what no form is sent to.

    Pages for people forgive: a word too long is cut, an unknown order is the usual one. A programme would take it for what it asked.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.by_view = None

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, _view, _args, _steps):
        if self.by_view is None:
            self.by_view = {address.view: address for address in addresses()}
        address = self.by_view.get(request.resolver_match.view_name)
        if address is None:
            return None
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        form = request.GET.get("format")
        if form is None and "" not in address.formats:
            return None  # a page for people
        if form is not None and not (form and form in address.formats):
            raise Http404
        problems = [problem for one in address.query if (problem := one.problem(request.GET.getlist(one.name)))]
        return refused(problems) if problems else None


def refused(problems):
    said = _("Not as described at /data/openapi.json:") + "\n" + "\n".join(problems) + "\n"
    return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")
