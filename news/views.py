"""The news archive, the newsletters and the audio section, as they stand at the request's moment."""

from datetime import date

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from files import downloads
from news import exports
from news.archive import archive, items_of
from news.corrections import corrections
from news.newsletters import issues
from news.paging import page_of
from news.recordings import former_owner, had_file, recordings
from news.topics import Topic
from publishing import kinds
from publishing.exports import markdown_answer, markdown_list
from publishing.links import render as render_text
from publishing.links import render_away
from publishing.models import Thing
from publishing.parameters import query_parameters
from publishing.preview import drafted
from publishing.tombstones import tombstone

SIZE = 25
# How a year, a month and a day are named, by the number of parts of the date.
TIMES = {1: "Y", 2: "F Y", 3: "j F Y"}


def list_of(request, items, is_source=False, **context):
    """News items as a page of a list with the ways into the archive beside it, or all of them as a file."""
    if is_source:
        return markdown_answer(_("# News: {label}").format(label=context["label"]), markdown_list(exports.rows(items)))
    if form := request.GET.get("format"):
        if form not in exports.FORMATS:
            raise Http404
        return exports.FORMATS[form](items, request.moment)
    context |= {"archive": archive(request.moment), "page_obj": page_of(request, items, SIZE)}
    return render(request, "news/archive.html", context)


@query_parameters("page", "format")
@require_safe
def archive_list(request):
    return list_of(request, archive(request.moment).live, is_whole=True)


@query_parameters("page", "format")
@require_safe
def dated_list(request, is_source=False, **when):
    """The items of a year, of a month or of a day. 404 where there are none."""
    parts = [int(part) for part in when.values()]
    items = archive(request.moment).of(*parts)
    if not items:
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


def answer(request, name, show):
    """The page that `show(request, entry, edition)` makes of the thing at this address; else where it lives now, or what became of it."""
    kind = kinds.get(name)
    if draft := drafted(request, kind.draft):
        return show(request, kind.entry(draft, request.moment.at), draft)
    entries, path = kind.entries(request.moment), request.path_info
    entry = entries.by_path.get(path)
    if entry is None and (former := entries.by_thing.get(kind.find_former(path, request.moment))):
        return redirect_to(request, former.path)
    if entry is None:
        raise Http404
    if not entry.is_live:
        return tombstone(request, entry.number)
    return show(request, entry, kind.edition.objects.get(number=entry.number))


def redirect_to(request, path):
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(get_script_prefix() + path.lstrip("/") + ("?" + query if query else ""))


def corrected(request, entry, edition):
    return corrections(kinds.get(edition.KIND).edition, [entry.thing], request.moment.at).get(entry.thing, [])


def told(request, entry, edition, **context):
    """What every page of this app shows of its thing."""
    text = render_text(edition, request.moment, edition.body)
    return context | {"entry": entry, "edition": edition, "text": text, "corrections": corrected(request, entry, edition)}


@require_safe
def item(request, **where):
    return answer(request, "newsitem", show_item)


def show_item(request, entry, edition):
    earlier, later = archive(request.moment).neighbours(entry)
    references = Thing.objects.filter(pk__in=edition.related).values_list("kind", "pk")
    live = kinds.targets(references, request.moment)
    related = [live[thing] for thing in edition.related if thing in live]
    context = told(request, entry, edition, earlier=earlier, later=later, related=related)
    return render(request, "news/item.html", context)


@query_parameters("page")
@require_safe
def newsletter_list(request):
    return render(request, "news/newsletters.html", {"page_obj": page_of(request, issues(request.moment).live, SIZE)})


@require_safe
def newsletter(request, **where):
    return answer(request, "newsletter", show_newsletter)


def show_newsletter(request, entry, edition):
    """The lead, and the whole text of the items that are live at the moment, in the issue's order."""
    items = items_of(edition, request.moment)
    editions = kinds.get("newsitem").edition.objects.in_bulk([item.number for item in items])
    texts = [render_away(e, request.moment, e.body, i.path, get_script_prefix()) for i in items for e in [editions[i.number]]]
    earlier, later = issues(request.moment).neighbours(entry)
    stories = [{"item": item, "text": text, "edition": editions[item.number]} for item, text in zip(items, texts, strict=True)]
    return render(request, "news/newsletter.html", told(request, entry, edition, earlier=earlier, later=later, stories=stories))


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
def recording(request, **where):
    return answer(request, "recording", show_recording)


def show_recording(request, entry, edition):
    earlier, later = recordings(request.moment).neighbours(entry)
    return render(request, "news/recording.html", told(request, entry, edition, earlier=earlier, later=later))


@require_safe
def recording_file(request, slug, name):
    """The sound itself; under a former name or address, the way to where it is now."""
    path, found = f"/audio/{slug}/", recordings(request.moment)
    entry = found.by_path.get(path) or found.by_thing.get(former_owner(path, request.moment.now))
    if entry is None:
        raise Http404
    if not entry.is_live:
        return tombstone(request, entry.number)
    if entry.file_path == request.path_info:
        return downloads.serve(request, entry.file, entry.live_from)
    if not had_file(entry.thing, name, request.moment.now):
        raise Http404
    return redirect_to(request, entry.file_path)
