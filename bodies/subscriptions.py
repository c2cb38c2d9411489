"""What to subscribe to: the calendar and the feeds of a body's meetings, and of all meetings."""

from dataclasses import replace

from django.http import Http404
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bodies.calendars import entries_of
from bodies.lists import bodies, meetings
from bodies.models import BOARD
from publishing.calendars import calendar_answer
from publishing.feed_formats import FORMS
from publishing.feeds import ChannelFeed, channel, sendable, stories_of
from publishing.parameters import query_parameters


def body_at(moment, slug):
    """The body with the address. Raises Http404 where there is none to be read."""
    host = bodies(moment).by_slug.get(slug)
    if host is None:
        raise Http404
    return host


@query_parameters("all")
@require_safe
def calendar_of_body(request, slug=BOARD):
    host = body_at(request.moment, slug)
    name = _("Meetings: %s") % host.name
    return calendar_answer(request, name, entries_of(meetings(request.moment).of(host.thing_id), request.moment))


@query_parameters("all")
@require_safe
def calendar_of_all(request):
    """Each meeting once, a joint one too."""
    if not bodies(request.moment).live:
        raise Http404
    return calendar_answer(request, _("Meetings of all bodies"), entries_of(meetings(request.moment).live, request.moment))


def stories(request, held, rows):
    """Stories that begin with status, days and place."""
    for story, row in zip(stories_of(request, held, rows), rows, strict=True):
        told = row.in_short.removesuffix(row.summary).strip()
        title = f"{row.get_status_display()}: {story.title}" if row.notice else story.title
        words = " ".join(filter(None, (told, story.summary)))
        yield replace(story, title=title, summary=sendable(words), html=sendable(format_html("<p>{}</p>{}", told, mark_safe(story.html))))  # noqa: S308


def channel_of_body(request, form, slug=BOARD):
    host, rows = body_at(request.moment, slug), meetings(request.moment)
    title = _("Meetings: %s") % host.name
    told = _("Meetings of the body “%s” as they were announced or entered.") % host.name
    return channel(request, rows, stories, title, told, host.home, f"{host.home}feed/{form}/", lambda row: host.thing_id in row.present)


def channel_of_all(request, form):
    if not bodies(request.moment).live:
        raise Http404
    told = _("Meetings of all bodies as they were announced or entered.")
    return channel(request, meetings(request.moment), stories, _("Meetings of all bodies"), told, "/panels/", f"/panels/feed/{form}/")


def feed_view(make):
    """The view of a channel in each form."""
    forms = {form: ChannelFeed(generator, make) for form, generator in FORMS.items()}

    @query_parameters("page")
    @require_safe
    def view(request, form, **where):
        return forms[form](request, form=form, **where)

    return view


feed_of_body, feed_of_all = feed_view(channel_of_body), feed_view(channel_of_all)
