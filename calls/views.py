"""Pages of calls, with what was submitted to them, and of published submissions."""

from dataclasses import dataclass
from operator import attrgetter

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from calls.extensions import extensions
from calls.lists import calls, submissions
from calls.models import HOME, CallEdition, PublishedSubmissionEdition
from calls.states import CallState, closes_of, open_topics, state_of
from files import downloads
from publishing import kinds
from publishing.addresses import canonical
from publishing.corrections import corrections
from publishing.exports import FORMATS
from publishing.links import render as render_text
from publishing.list_views import answer, list_view
from publishing.listing import page_of
from publishing.models import Action
from publishing.occasions import meeting_of
from publishing.parameters import query_parameters
from publishing.tombstones import tombstone

SIZE = 50
# Orders of the submissions' table: what the address says, the column, and the key.
ORDERS = {
    "": (gettext_lazy("Number"), attrgetter("submission_number")),
    "-submitted": (gettext_lazy("Latest first"), lambda row: (-row.submitted.timestamp(), -row.submission_number)),
    "submitted": (gettext_lazy("Oldest first"), lambda row: (row.submitted, row.submission_number)),
    "name": (gettext_lazy("Name"), lambda row: (row.shown_name.casefold(), row.submission_number)),
    "-size": (gettext_lazy("Size"), lambda row: (-sum(file.size for file in row.files), row.submission_number)),
}
COLUMNS = (
    "number",
    "submitted",
    "submitted_utc",
    "name",
    "organisation",
    "country",
    "language",
    "topic",
    "late",
    "like",
    "files",
    "address",
)


call_list = list_view(kinds.get("call"))


@dataclass(frozen=True)
class ShownTopic:
    """A topic as the page of its call lists it."""

    topic: object
    closing: str
    is_open: bool
    document: object


@query_parameters("page", "sort", "format")
@require_safe
def call(request, **_steps):
    return answer(request, kinds.get("call"), lambda content: show_call(request, content))


def show_call(request, content):
    moment, thing = request.moment, content.thing_id
    rows = submissions(moment).of(thing)
    live = ordered([row for row in rows if not row.is_gone], request.GET.get("sort", ""))
    if form := request.GET.get("format"):
        return as_file(form, content, live, moment)
    state = state_of(content, moment.at)
    later, earlier = calls(moment).neighbours(content)
    context = {
        "edition": content,
        "state": state,
        "is_open": state == CallState.OPEN,
        "is_running": not content.is_of_days and moment.at < content.closes,
        "host": kinds.get("body").targets([content.asked_by_id], moment).get(content.asked_by_id),
        "meeting": meeting_of(content, moment),
        "topics": shown_topics(content, moment),
        "drafts": targets_of(content.drafts, moment),
        "papers": targets_of(content.outcome_papers, moment),
        "text": render_text(moment, content.body),
        "outcome": render_text(moment, content.outcome),
        "extensions": extensions(past_of(thing, moment)) if thing else [],
        "page_obj": page_of(request, live, SIZE),
        "count": len(rows),
        "gone": len(rows) - len(live),
        "orders": [(name, label, name == request.GET.get("sort", "")) for name, (label, _key) in ORDERS.items()],
        "corrections": corrections(CallEdition, [thing], moment.at).get(thing, []),
        "earlier": earlier,
        "later": later,
    }
    return render(request, "calls/call.html", context)


def ordered(rows, asked):
    """The rows in the order that the address asks for. Raises Http404 for one that there is not."""
    if asked not in ORDERS:
        raise Http404
    return sorted(rows, key=ORDERS[asked][1])


def as_file(form, content, rows, moment):
    """What the table shows, as CSV or JSON. Raises Http404 for another form."""
    if form not in FORMATS:
        raise Http404
    return FORMATS[form](f"{content.slug}-submissions", COLUMNS, [record(row) for row in rows], moment)


def record(row):
    return {
        "number": row.submission_number,
        "submitted": row.shown_submitted,
        "submitted_utc": f"{row.submitted:%Y-%m-%dT%H:%M:%SZ}",
        "name": row.shown_name,
        "organisation": row.organisation,
        "country": row.country,
        "language": row.language,
        "topic": row.topic_title,
        "late": _("late") if row.is_late else "",
        "like": row.like_count,
        "files": "; ".join(f"{file.name} ({file.size_label})" for file in row.files),
        "address": canonical(row.path),
    }


def shown_topics(content, moment):
    running = {topic.key for topic in open_topics(content, moment.at)}
    return [
        ShownTopic(
            topic,
            topic.closes_as_stated if topic.closes else content.shown_closing if closes_of(content, topic) else "",
            topic.key in running,
            kinds.resolve(topic.document, moment) if topic.document else None,
        )
        for topic in content.parsed_topics
    ]


def targets_of(things, moment):
    """Targets of those of the documents that are to be read, in their order."""
    found = kinds.get("document").targets(things, moment) if things else {}
    return [found[thing] for thing in things if thing in found]


def past_of(thing, moment):
    """The editions of a call that have come into force by the moment, in their order."""
    editions = CallEdition.objects.ever_in_force(thing=thing).filter(action=Action.PUBLISH, live_from__lte=moment.at)
    return editions.defer(*CallEdition.bodies()).order_by("live_from", "number")


@require_safe
def submission(request, slug, **_number):
    """A published submission by its own address."""
    return gone_call(request, slug) or answer(request, kinds.get("submission"), lambda content: show_submission(request, content))


def gone_call(request, slug):
    """Tombstone of a call that is gone, and with it what was submitted to it; None for any other."""
    row = calls(request.moment).by_path.get(f"{HOME}{slug}/")
    return tombstone(request, row.number) if row and row.is_gone else None


def show_submission(request, content):
    moment = request.moment
    content.call = calls(moment).by_thing.get(content.of_call_id)
    own = [row for row in submissions(moment).of(content.of_call_id) if not row.is_gone]
    place = next((place for place, row in enumerate(own) if row.thing_id == content.thing_id), None)
    context = {
        "edition": content,
        "call": content.call,
        "text": render_text(moment, content.body),
        "earlier": own[place - 1] if place else None,
        "later": own[place + 1] if place is not None and place + 1 < len(own) else None,
        "corrections": corrections(PublishedSubmissionEdition, [content.thing_id], moment.at).get(content.thing_id, []),
    }
    return render(request, "calls/submission.html", context)


@require_safe
@downloads.with_composed_name
def submission_file(request, slug, submission_number, name):
    """A file of a published submission, at its permanent address."""
    row = submissions(request.moment).by_path.get(f"{HOME}{slug}/submissions/{submission_number}/")
    if row is None:
        raise Http404
    if gone := gone_call(request, slug):
        return gone
    if row.is_gone:
        return tombstone(request, row.number)
    file = next((file for file in row.files if file.name == name), None)
    if file is None:
        raise Http404
    return downloads.serve(request, file, row.live_from)
