"""Views of the site search: a page of results, the same as JSON, Markdown and a feed, and its description for browsers."""

from html import unescape

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from markup.rendering import escape_markdown
from publishing import holdings
from publishing.addresses import address_of, as_asked, canonical, permanent_id
from publishing.exports import markdown_answer, markdown_list
from publishing.feed_formats import Dated
from publishing.feeds import BEGINNING, with_last_change
from publishing.listing import page_of
from publishing.models import Edition
from publishing.occasions import asked_meeting
from publishing.parameters import query_parameters
from search import facet_labels, found_nothing
from search.directory import suggest
from search.quickfinder import place_of
from search.results import Results, search
from search.search_request import MOST_PAGES, PAGE, PARAMETERS, SearchRequest


@query_parameters(*PARAMETERS)
@require_safe
def results(request, is_source=False):
    """Page of the search request and its results; help where nothing was asked. With `go`, as the search field of each page sends it, a
    number, a code or a name of the data leads to what it names.
    """
    form = as_markdown if is_source else FORMS.get(request.GET.get("format", ""))
    if form is None:
        raise Http404
    if "go" in request.GET and (place := place_of(request.GET.get("q", "").strip(), request.moment, is_of_data=True)):
        return HttpResponseRedirect(address_of(place))
    try:
        return answer(request, form)
    except Http404:
        if form is as_json:
            return JsonResponse({"error": _("There is no such page of results.")}, status=404)
        raise


def answer(request, form):
    asked = SearchRequest.from_query(request.GET, request.moment)
    found = search(asked, request.moment) if asked else None
    if found and not found.count and request.method == "GET" and request.moment.is_now and not asked.chosen:
        found_nothing.tally.add(asked.text)
    page = page_of(request, range(min(found.count, MOST_PAGES * PAGE) if found else 0), PAGE)
    response = form(request, asked, found, page)
    if not may_be_indexed(form, asked, found):
        response["X-Robots-Tag"] = "noindex"
    if found and not found.is_final:
        response["Cache-Control"] = "no-store"
    return response


def may_be_indexed(form, asked, found):
    """The help, and a plain search that found all its words; both name /search/ as their canonical address. The rest has no end."""
    if form is not as_page or asked.chosen or asked.by_date or asked.page > 1:
        return False
    return not asked.text if found is None else bool(found.count) and not found.is_partial


def as_page(request, asked, found, page):
    context = {"asked": asked, "found": found, "page_obj": page, "chips": chips(asked), "query": asked.text}
    if found is None:
        return render(request, "search/help.html", context | {"searched": facet_labels.kinds_in_words()})
    context |= {
        "not_listed": not_listed(asked, request.moment),
        "facets": found.facets,
        "orders": [(_("by relevance"), asked.sorted(False), not asked.by_date), (_("by date"), asked.sorted(True), asked.by_date)],
        "feed": asked.address(format="atom"),
        "json": asked.address(format="json"),
        "as_typed": asked.as_typed().address(),
        "unfiltered": asked.unfiltered(request.moment).address() if asked.query.filters else "",
        "instead": [] if found.count else suggest(asked.text, request.moment, 4),
    }
    return render(request, "search/results.html", context)


def not_listed(asked, moment):
    """The AskedMeeting of a query that names a meeting of which there is none, or None."""
    meant = asked_meeting(asked.text, moment) if asked.page == 1 and not asked.chosen else None
    return meant if meant and meant.near else None


def chips(asked):
    return [
        {"label": facet_labels.label_of(name, value), "address": asked.choosing(name, None).address()}
        for name, value in asked.chosen.items()
    ]


def as_json(request, asked, found, page):
    """The shape is described in docs/search.md."""
    missing = not_listed(asked, request.moment)
    found = found or Results(asked)
    bets = [
        {"title": bet["title"], "url": as_asked(bet["address"]), "text": bet["text"], "language": bet["language"] or "en"}
        for bet in found.best_bets
    ]
    hits = [
        {
            "title": hit.title,
            "url": as_asked(hit.address),
            "kind": hit.kind,
            "section": hit.section,
            "date": hit.machine_date or None,
            "date_precision": hit.day and hit.precision,
            "passage": hit.passage,
            "part": (hit.place and {"title": hit.place[1], "url": as_asked(hit.place[0])}) or None,
            "language": hit.language or "en",
        }
        for hit in found.hits
    ]
    facets = {
        facet["name"]: [{"value": choice["value"], "label": choice["label"], "count": choice["count"]} for choice in facet["choices"]]
        for facet in found.facets
    }
    return JsonResponse(
        {
            "query": asked.text,
            "count": found.count,
            "page": asked.page,
            "pages": page.paginator.num_pages,
            "partial": found.is_partial,
            "source": found.source,
            "corrected": found.corrected and found.corrected.text,
            "best_bets": bets,
            "nearest": [{"title": target.title, "url": as_asked(target.address)} for target in missing.near] if missing else [],
            "results": hits,
            "list": as_asked(found.listed) if found.listed else None,
            "facets": facets,
        }
    )


def as_markdown(_request, asked, found, page):
    """Markdown at index.md below the address of the results: one page of them, with the way to the next."""
    if found is None:
        what = _("The search looks through %(searched)s as they are at the date you are reading.")
        return markdown_answer(_("# Search"), what % {"searched": facet_labels.kinds_in_words()})
    heading = _("# Search: {words}").format(words=escape_markdown(asked.text))
    count = ngettext("{count} result", "{count} results", found.count).format(count=found.count)
    partial = _("No text has all of these words. These have some of them, the best first.") if found.is_partial else ""
    better = _("Nothing has the words as typed. These are results for {words}.") if found.corrected else ""
    better = better.format(words=found.corrected and escape_markdown(found.corrected.text))
    bets = [("", bet["title"], bet["address"], bet["text"]) for bet in found.best_bets]
    hits = [(f"{hit.shown_date}: " if hit.day else "", hit.title, hit.address, unescape(strip_tags(hit.passage))) for hit in found.hits]
    following = [("", _("Next page"), "/search/index.md" + asked.address(page=asked.page + 1))] if page.has_next() else []
    best = [_("## Best match"), markdown_list(bets)] if bets else []
    further = [_("## Further results"), markdown_list(following)] if following else []
    return markdown_answer(heading, count, better, partial, *best, _("## Results") if hits else "", markdown_list(hits), *further)


class SearchFeed(Dated, Atom1Feed):
    """Each entry says in which language it is."""

    def item_attributes(self, item):
        return {"xml:lang": item["language"]}


def as_feed(request, asked, found, _page):
    """The newest that match. An entry keeps its id when its page moves, so readers tell what is new. Items of holdings have no time."""
    if found is None:
        raise Http404
    if not asked.by_date:
        found = search(asked.sorted(True), request.moment)
    feed = SearchFeed(
        title=_("CDM portal, search: {words}").format(words=asked.text),
        link=as_asked("/search/") + asked.sorted(True).address(),
        feed_url=as_asked("/search/") + asked.address(format="atom"),
        updated=request.moment.version.changed or BEGINNING,
        description=_("The newest that match. Not a service of the UNFCCC."),
        language="en",
        author_name=_("CDM portal"),
    )
    hits = [hit for hit in found.hits if not holdings.find(hit.kind)]
    editions = Edition.objects.select_related("thing").in_bulk([hit.number for hit in hits])
    published = Edition.objects.filter(thing__in=[hit.thing for hit in hits]).first_published(request.moment.at)
    for hit in hits:
        edition = editions[hit.number]
        feed.add_item(
            hit.title,
            as_asked(hit.address),
            hit.passage,
            unique_id=permanent_id(edition.thing.reference),
            pubdate=published[hit.thing],
            updateddate=edition.live_from,
            categories=[hit.kind_label],
            language=hit.language or "en",
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    return with_last_change(response, request.moment) if found.is_final else response


FORMS = {"": as_page, "json": as_json, "atom": as_feed}


@require_safe
def opensearch(request):
    """OpenSearch description, by which browsers offer the search of this site."""
    context = {
        "results": canonical("/search/"),
        "suggestions": canonical("/quickfinder/suggestions/"),
        "icon": canonical(static("favicon.svg")),
    }
    return render(request, "search/opensearch.xml", context, content_type="application/opensearchdescription+xml; charset=utf-8")
