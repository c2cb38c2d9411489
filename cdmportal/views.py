"""Views that gather from several apps: CDM Home and the error pages."""

import re
import sys
from contextlib import suppress

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import (
    Http404,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    HttpResponseServerError,
    UnreadablePostError,
)
from django.shortcuts import render
from django.template import loader
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views import defaults
from django.views.decorators.http import require_safe

from bodies import views as of_bodies
from bodies.lists import bodies
from calls import views as of_calls
from calls.lists import call_rows
from cdmportal import old_addresses
from cdmportal.middleware import PREFIX, NoSuchMoment
from cdmportal.nearby import near
from cdmportal.page_cache.outage import is_outage, unavailable
from pages import navigation
from pages.views import page
from publishing import figures, moment_words
from publishing.listing import listed
from publishing.moment import parse
from publishing.parameters import any_query, query_parameters

# Bytes of a refused request that are read and thrown away, as many as the proxy lets through.
MOST_READ, PART = 64_000_000, 1_000_000
# What is told of a day before the first page.
KEY_FIGURES = gettext_noop(
    "{{ figure:cers }} CERs had been issued by {{ date:cers }}, in {{ figure:issuances }} issuances to {{ figure:activities }} activities."
)
# A path of our own: neither another host nor another moment.
OWN_PATH = re.compile(r"/(?![/\\@])[^\\\x00-\x1f\x7f]*\Z")


@require_safe
def home(request):
    """CDM Home: the page's own text, then ways into the sections."""
    return page(request, "", template="home.html")


@query_parameters("meeting", "number", "all")
@require_safe
def executive_board(request):
    """The Board's meetings and officers above the text of its page; the page alone until the Board is published as a body."""
    return of_bodies.board(request) if bodies(request.moment).board else page(request, "executive-board/")


@require_safe
def panels(request):
    """The list of bodies above the text of its page; the page alone until a body is published."""
    return of_bodies.body_list(request) if bodies(request.moment).live else page(request, "panels/")


@query_parameters(*of_calls.call_list.query_parameters)
@require_safe
def public_inputs(request):
    """The list of calls above the text of its page; the page alone until a call is published."""
    is_list = call_rows(request.moment).all or "format" in request.GET  # a file without rows is a file
    return of_calls.call_list(request) if is_list else page(request, "public-inputs/")


@query_parameters("date", "time", "path")
@require_safe
def at_date(request):
    """Redirect of the date fields: to the page at `path` as it stood at `date`, a day or a time and a day in words (moment_words).

    404 with the field again, its words and what is wrong with them, where they cannot be read. `time` is that of earlier forms.
    """
    words, time, path = (request.GET.get(name, "").strip() for name in ("date", "time", "path"))
    path = path if OWN_PATH.match(path) else "/"
    try:
        asked = moment_words.read(f"{words} {time}" if time else words)
    except ValueError as error:
        context = {"no_such_moment": True, "asked_path": path, "asked_words": words[:100], "asked_problem": str(error)}
        return render(request, "404.html", context, status=404)
    return HttpResponseRedirect(request.META.get("SCRIPT_NAME", "") + f"/@{asked}" + iri_to_uri(path))


@any_query
@require_safe
def without_slash(request, address):
    """Redirect for an address that lacks only its last slash; for nothing else, so that no path is taken for a file below a page."""
    path = f"/{address}/"
    try:
        is_of_tree = resolve(path).view_name == "tree:page"
    except Resolver404 as error:
        raise Http404 from error
    if is_of_tree and path not in navigation.tree(request.moment).by_path and path not in navigation.former_owners([path], request.moment):
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(get_script_prefix() + iri_to_uri(f"{address}/") + ("?" + query if query else ""))


@require_safe
def nowhere(request):
    """404 for an address that nothing can have: `/@` with no moment that has a past after it, control characters, dots for a step."""
    match = PREFIX.match(request.path_info)
    if match:
        try:
            parse(match["asked"])
        except ValueError as error:
            raise NoSuchMoment(str(error)) from error
        if match["path"] is None:
            return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    raise Http404


def not_found(request, exception):
    if not isinstance(exception, NoSuchMoment) and request.method in ("GET", "HEAD") and (answer := old_addresses.lead_on(request)):
        return answer
    context = {"no_such_moment": isinstance(exception, NoSuchMoment), "path": request.path_info}
    if not request.moment.is_now:
        context["nothing_yet"] = request.moment.version.changed is None
        context["no_page_yet"] = not navigation.tree(request.moment).nodes
        if context["no_page_yet"] and figures.Figures(request.moment)["cers"].value:
            context["told"] = figures.in_text(_(KEY_FIGURES), request.moment)
        if context["no_page_yet"]:
            context["held"] = [(kind.label_plural, kind.home) for kind in listed() if kind.rows(request.moment).live]
    context["near"] = near(request.path_info, request.moment)
    return render(request, "404.html", context, status=404)


def bad_request(request, exception):
    """400; for more than any form sends 413 in words, after all of it was read: a proxy has no answer of a server that hangs up before."""
    if not isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return defaults.bad_request(request, exception)
    with suppress(UnreadablePostError):
        for _part in range(MOST_READ // PART):
            if not request.read(PART):
                break
    return HttpResponse(loader.get_template("413.html").render(), status=413)


def server_error(request):
    """500, without the database and without template tags that ask it."""
    if is_outage(sys.exception()):
        return unavailable(request)
    return HttpResponseServerError(loader.get_template("500.html").render())
