"""Views that gather from several apps: CDM Home and the error pages."""

import sys

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.views.decorators.http import require_safe

from cdmportal.middleware import NoSuchMoment
from cdmportal.outage import is_outage, unavailable
from pages import navigation
from pages.views import page


@require_safe
def home(request):
    """CDM Home: the page's own text, then ways into the sections."""
    return page(request, "", template="home.html")


def not_found(request, exception):
    context = {"no_such_moment": isinstance(exception, NoSuchMoment), "path": request.path_info}
    tree = navigation.tree(request.moment)
    context["nothing_yet"] = not request.moment.is_now and not tree.nodes
    return render(request, "404.html", context, status=404)


def server_error(request):
    """Needs no database and no template tag that asks one."""
    if is_outage(sys.exception()):
        return unavailable(request)
    return HttpResponseServerError(loader.get_template("500.html").render())
