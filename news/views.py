"""The news archive, the newsletters and the audio section, as they stand at the request's moment."""

from datetime import date
from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from files import downloads
from news.archive import archive, items_of, recordings
from news.models import RecordingEdition
from news.topics import Topic
from publishing import kinds
from publishing.exports import markdown_answer, markdown_list
from publishing.figures import in_source
from publishing.links import render_away
from publishing.list_views import SIZE, answer, show
from publishing.listing import lines, page_of
from publishing.models import Thing
from publishing.occasions import meeting_of
from publishing.parameters import query_parameters
from publishing.tombstones import moved, tombstone

# How a year, a month and a day are named, by the number of parts of the date.
TIMES = {1: "Y", 2: "F Y", 3: "j F Y"}


def list_of(request, items, is_source=False, **context):
    """News items as a page of a list with the ways into the archive beside it, or all of them as a file."""
    if is_source:
        return markdown_answer(_("# News: {label}").format(label=context["label"]), in_source(markdown_list(lines(items)), request.moment))
    if form := request.GET.get("format"):
        return kinds.get("newsitem").file(form, items, request.moment)
    context |= {"archive": archive(request.moment), "page_obj": page_of(request, items, SIZE)}
    return render(request, "news/archive.html", context)


@query_parameters("page", "format")
@require_safe
def archive_list(request):
    return list_of(request, archive(request.moment).live, is_whole=True)


@query_parameters("page", "format")
@require_safe
def dated_list(request, is_source=False, **when):
    """The items of a year, of a month or of a day; else those of the time that is known of what has its address below. 404 without any."""
    parts = [int(part) for part in when.values()]
    found = archive(request.moment)
    items = found.items_in(*parts)
    if not items:
        if wider := found.wider(request.path_info.removesuffix("index.md")):
            return moved(request, wider + ("index.md" if is_source else ""))
        raise Http404
    start = date(*parts, *[1] * (3 - len(parts)))
    return list_of(request, items, is_source, start=start, parts=len(parts), label=date_format(start, TIMES[len(parts)]))


@require_safe
def topic_list(request, is_source=False):
    found = archive(request.moment)
    if is_source:
        below = request.path_info.removesuffix("index.md")
        return markdown_answer(_("# News by topic"), markdown_list(("", topic.label, f"{below}{topic.value}/") for topic in Topic))
    return render(request, "news/topics.html", {"topics": [(topic, len(found.with_topic(topic))) for topic in Topic]})


@query_parameters("page", "format")
@require_safe
def topic(request, topic, is_source=False):
    if topic not in Topic.values:
        raise Http404
    return list_of(request, archive(request.moment).with_topic(topic), is_source, topic=Topic(topic), label=Topic(topic).label)


@require_safe
def item(request, **where):
    return answer(request, kinds.get("newsitem"), partial(show_item, request))


def show_item(request, edition):
    references = Thing.objects.filter(pk__in=edition.related).values_list("kind", "pk")
    live = kinds.targets(references, request.moment)
    related = [live[thing] for thing in edition.related if thing in live]
    if (met := meeting_of(edition, request.moment)) and met not in related:
        related.insert(0, met)
    return show(request, kinds.get("newsitem"), edition, related=related)


@require_safe
def newsletter(request, **where):
    return answer(request, kinds.get("newsletter"), partial(show_newsletter, request))


def show_newsletter(request, edition):
    """The lead, and the whole text of the items that are live at the moment, in the issue's order."""
    items = items_of(edition, request.moment)
    editions = kinds.get("newsitem").edition.objects.in_bulk([item.number for item in items])
    items = [editions[item.number] for item in items]
    texts = [render_away(request.moment, item.body, item.path, get_script_prefix()) for item in items]
    stories = [{"item": item, "text": text} for item, text in zip(items, texts, strict=True)]
    return show(request, kinds.get("newsletter"), edition, stories=stories)


@query_parameters("page", "topic")
@require_safe
def recording_list(request):
    found = recordings(request.moment)
    name = request.GET.get("topic", "")
    if name and name not in Topic.values:
        raise Http404
    entries = found.with_topic(name) if name else found.live
    context = {"recordings": found, "topic": Topic(name) if name else None, "page_obj": page_of(request, entries, SIZE)}
    return render(request, "news/audio.html", context)


@require_safe
@downloads.with_composed_name
def recording_file(request, slug, name):
    """The sound itself; under a former name or address, the way to where it is now."""
    kind, path, moment = kinds.get("recording"), f"/audio/{slug}/", request.moment
    found = recordings(moment).by_path.get(path) or kind.former(path, moment)
    if found is None:
        raise Http404
    if found.is_gone:
        return tombstone(request, found.number)
    if found.file_path == request.path_info:
        return downloads.serve(request, found.file, found.live_from)
    if not had_file(found.thing_id, name, moment.now):
        raise Http404
    return moved(request, found.file_path)


def had_file(thing, name, now):
    """Whether the recording's file bore this name at some time up to `now`."""
    earlier = RecordingEdition.objects.ever_in_force().filter(thing=thing, live_from__lte=now)
    return any(file and file.name == name for file in earlier.values_list("file", flat=True))
