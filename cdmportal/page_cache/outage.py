"""Answers while the database is away: the last good copy with a notice for visitors, a page that holds what they sent for editors."""

import errno
import re
from datetime import UTC, datetime

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import loader
from django.utils.html import escape
from django.utils.translation import gettext as _

# Set in the WSGI environ for each request that reaches Django: whether the database has just failed to answer.
GONE = "portal.database_gone"
WORKS_WITHOUT = {"healthz", "readyz"}
RETRY_AFTER = "10"
NO_ROOM = {errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO, errno.EFBIG}
SECRET = re.compile(r"password|csrfmiddlewaretoken|token", re.IGNORECASE)
LONG = 80
START_OF_MAIN = re.compile(rb"<main\b[^>]*>")


def with_notice(body, content_type, made):
    """A page's bytes with a notice at the start of `<main>`; other kinds of answers as they are. `made` is in seconds since the epoch."""
    match = START_OF_MAIN.search(body) if content_type.startswith("text/html") else None
    if not match:
        return body
    when = datetime.fromtimestamp(made, UTC)
    text = _("The portal cannot reach its database at the moment. This page is shown as it was at %(time)s UTC on %(day)s.") % {
        "time": f"{when:%H:%M}",
        "day": f"{when.day} {when:%B %Y}",
    }
    return body[: match.end()] + f'<p class="notice" role="status">{escape(text)}</p>'.encode() + body[match.end() :]


class OutageMiddleware:
    """Middleware, last but one in the list: while the database is known to be away, no view that needs it is started."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, _view, _args, _kwargs):
        if request.META.get(GONE) and request.resolver_match.url_name not in WORKS_WITHOUT:
            return unavailable(request)
        return None


def is_outage(error):
    """Whether an exception says that the database or a disk is away, locked, full or read-only, rather than that we made a mistake."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return isinstance(error, OperationalError | InterfaceError)


def unavailable(request):
    """503; what an editor has sent stands in a form that sends it again. Needs no database."""
    context = {"fields": sent_fields(request), "files": bool(getattr(request, "_files", None)), "again": request.get_full_path()}
    context["token"] = request.COOKIES and request.method == "POST" and posted(request).get("csrfmiddlewaretoken", "")
    html = loader.get_template("503.html").render(context)
    return HttpResponse(html, status=503, headers={"Retry-After": RETRY_AFTER, "Cache-Control": "private, no-store"})


def posted(request):
    try:
        return request.POST
    except (RequestDataTooBig, TooManyFieldsSent, OSError):
        return {}


def sent_fields(request):
    """(name, value, is long) of every field sent, without passwords and tokens."""
    if request.method != "POST":
        return []
    values = posted(request)
    fields = [(name, value) for name in values for value in values.getlist(name) if not SECRET.search(name)]
    return [(name, value, len(value) > LONG or "\n" in value) for name, value in fields]
