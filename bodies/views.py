"""Pages of bodies and meetings, the Board's own section, and the list of bodies."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bodies.asked import asked as meeting_asked
from bodies.diagram import diagram
from bodies.lists import bodies, meetings
from bodies.models import BOARD
from bodies.pages import BodyPage, MeetingPage
from publishing import kinds
from publishing.addresses import address_of
from publishing.backlinks import linking_here
from publishing.corrections import corrections
from publishing.figures import Figures
from publishing.links import render as render_text
from publishing.list_views import answer
from publishing.listing import lines
from publishing.models import Thing
from publishing.parameters import query_parameters
from publishing.snapshots import Snapshot
from publishing.views import source

LONGEST_LABEL = 60
# What is told of the CDM on the last day of a meeting.
FIGURES = ("cers", "issuances", "activities")


@query_parameters("meeting", "number", "all")
@require_safe
def board(request):
    """The Board's section: its meetings and officers, and below them the text of the page of the tree at this address."""
    found = bodies(request.moment).board
    if found is None:
        raise Http404
    return show_body(request, found, "bodies/board.html")


@require_safe
def board_source(request):
    """The section's text as Markdown, and below it officers and meetings, where the Board is published."""
    found = bodies(request.moment).board
    return source(request, f"{BOARD}/", **({"rows": rows_of(request, found)} if found else {}))


@query_parameters("meeting", "number", "all")
@require_safe
def body(request, **_slug):
    """A body by its own address."""
    return answer(request, kinds.get("body"), lambda edition: show_body(request, edition, "bodies/body.html"))


@require_safe
def body_source(request, slug):
    path = f"/panels/{slug}/"
    row = bodies(request.moment).by_path.get(path)
    return source(request, path.lstrip("/"), **({"rows": rows_of(request, row)} if row and not row.is_gone else {}))


def rows_of(request, host):
    """Rows of a body's officers and meetings for a list in Markdown."""
    page = BodyPage(request, host)
    for post in page.posts:
        names = "; ".join(f"{officer.name} ({', '.join(filter(None, (officer.party, officer.words)))})" for officer in post.officers)
        yield "", f"{post.label}: {names or post.words}", f"{host.home}#officers", ""
    for row in page.newest_first:
        yield f"{row.shown_date}: " if row.shown_date else "", row.label, row.path, " ".join(filter(None, (row.notice, row.summary)))


def show_body(request, content, template):
    page, asked = BodyPage(request, content), picked(request)
    if asked and (found := page.list.numbered(page.thing, asked)):
        return HttpResponseRedirect(address_of(found.path))
    meant = meeting_asked(asked, request.moment, page.thing)
    if meant and meant.is_listed:
        return HttpResponseRedirect(address_of(meant.address))
    context = {
        "edition": content,
        "body": page,
        "asked": asked,
        "near": meant.near if meant else (),
        "text": render_text(request.moment, content.body),
        "corrections": SimpleLazyObject(lambda: fixed_in("body", content, request.moment)),
    }
    return render(request, template, context)


def picked(request):
    """The number or the choice of the picker, the number first."""
    typed = [request.GET.get(name, "").strip()[:LONGEST_LABEL] for name in ("number", "meeting")]
    return next(filter(None, typed), "")


@require_safe
def body_list(request):
    """All bodies, those that another has set up below it, and below them the text of the page of the tree at this address."""
    found = bodies(request.moment)
    if not found.live:
        raise Http404
    met = meetings(request.moment)
    drawn = diagram(found)
    rows = [(box, len(met.of(box.row.thing_id))) for box in drawn.boxes]
    return render(request, "bodies/bodies.html", {"rows": rows, "diagram": drawn})


@require_safe
def body_list_source(request):
    found = bodies(request.moment).live
    return source(request, "panels/", **({"rows": lines(found)} if found else {}))


@require_safe
def meeting(request, **_steps):
    return answer(request, kinds.get("meeting"), lambda edition: show_meeting(request, edition))


# What leads to each meeting, by its id: read once for each version of the record.
leading = Snapshot(lambda _moment: {}, most=6)


def show_meeting(request, content):
    page = MeetingPage(request, content)
    earlier, later = page.neighbours
    last_day, figures = content.last_day, []
    if last_day and content.is_held(request.moment.at):
        read = Figures(request.moment, last_day)
        figures = [(label_of(name), read[name]) for name in FIGURES if read[name] and read[name].value]
    context = {
        "edition": content,
        "meeting": page,
        "points": [(point, inline(point.text, request), inline(point.source, request)) for point in content.parsed_points],
        "figures": figures,
        "figures_day": figures[0][1].day if figures else None,
        "text": render_text(request.moment, content.body),
        "papers": page.papers,
        "leading": leading_here(page, content, request.moment),
        "corrections": [one for one in fixed_in("meeting", content, request.moment) if not is_outcome(one, content)],
        "earlier": earlier,
        "later": later,
    }
    return render(request, "bodies/meeting.html", context)


def label_of(name):
    return {"cers": _("CERs issued"), "issuances": _("Issuances"), "activities": _("Activities with CERs")}[name]


def inline(text, request):
    """The HTML of a Markdown text of one line, without the paragraph around it."""
    html = render_text(request.moment, text).strip() if text else ""
    is_one = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return mark_safe(html[3:-4]) if is_one else format_html("{}", html)  # noqa: S308  (made by the house's own renderer)


def leading_here(page, content, moment):
    """(title, kind, address, language) of what leads to the meeting and is not among its papers."""
    known = leading(moment)
    if content.thing_id not in known:
        known[content.thing_id] = linking_here(Thing(pk=content.thing_id, kind="meeting"), moment)
    listed = {paper.address for _heading, papers in page.papers for paper in papers}
    return [row for row in known[content.thing_id] if row[2] not in listed]


def fixed_in(name, content, moment):
    return corrections(kinds.get(name).edition, [content.thing_id], moment.at).get(content.thing_id, [])


def is_outcome(correction, content):
    """Whether an edition tells for the first time what a meeting came to, and puts nothing right: before it there was an announcement."""
    last = content.last_day
    return last is not None and correction.before.date() <= last < correction.at.date()
