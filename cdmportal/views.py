"""Views that gather from several apps: CDM Home and the error pages."""

import re
import sys

from django.http import HttpResponseRedirect, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from cdmportal.middleware import NoSuchMoment
from cdmportal.nearby import near
from cdmportal.outage import is_outage, unavailable
from pages import navigation
from pages.views import page
from publishing.moment import parse
from publishing.parameters import query_parameters

# A path of our own: neither another host nor another moment.
OWN_PATH = re.compile(r"/(?![/\\@])[^\\\x00-\x1f\x7f]*\Z")


@require_safe
def home(request):
    """CDM Home: the page's own text, then ways into the sections."""
    return page(request, "", template="home.html")


@query_parameters("date", "path")
@require_safe
def at_date(request):
    """Where a date field leads: the page at `path` as it stood at `date`."""
    asked, path = request.GET.get("date", "").strip(), request.GET.get("path", "")
    path = path if OWN_PATH.match(path) else "/"
    try:
        parse(asked)
    except ValueError as error:
        raise NoSuchMoment(str(error)) from error
    return HttpResponseRedirect(request.META.get("SCRIPT_NAME", "") + f"/@{asked}" + iri_to_uri(path))


def not_found(request, exception):
    context = {"no_such_moment": isinstance(exception, NoSuchMoment), "path": request.path_info}
    tree = navigation.tree(request.moment)
    context["nothing_yet"] = not request.moment.is_now and not tree.nodes
    context["near"] = near(request.path_info, request.moment)
    return render(request, "404.html", context, status=404)


def server_error(request):
    """Needs no database and no template tag that asks one."""
    if is_outage(sys.exception()):
        return unavailable(request)
    return HttpResponseServerError(loader.get_template("500.html").render())
