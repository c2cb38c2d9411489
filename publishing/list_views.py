"""Views and addresses of a ListedKind: a list with facets and files, a page each, feeds."""

from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.urls import path, re_path
from django.views.decorators.http import require_safe

from publishing import kinds
from publishing.corrections import corrections
from publishing.facets import Selection, offered
from publishing.feed_formats import FORMS
from publishing.feeds import ChannelFeed, channel, stories_of
from publishing.links import render as render_text
from publishing.listing import lines, page_of
from publishing.parameters import query_parameters
from publishing.preview import drafted
from publishing.tombstones import moved, tombstone
from publishing.views import source_with

SIZE = 25
# Of a facet with many values, the most frequent are offered; `?all=1` offers all.
MOST_VALUES = 10
FORM = r"(?P<form>atom|rss|json)"


def listed(name, item=None):
    """The addresses of a kind: list, list as Markdown, feeds, and each thing. The URL names are `<kind>_list`, `<kind>_feed` and `<kind>`.

    `item` is the view of a thing where it has more than `show` gives.
    """
    kind = kinds.get(name)
    home = kind.home.strip("/")
    patterns = [
        path(f"{home}/", list_view(kind), name=f"{name}_list"),
        path(f"{home}/index.md", source_with(lambda moment: lines(kind.rows(moment).live))),
        re_path(rf"^{kind.pattern.pattern.removeprefix('/')}", item or thing_view(kind), name=name),
    ]
    if kind.description:
        patterns.append(re_path(rf"^{home}/feed/{FORM}/$", feed_view(kind), name=f"{name}_feed"))
    return patterns


def list_view(kind):
    """The view of a kind's list."""

    read = ["page", *(["format"] if kind.columns else []), *(["all"] if kind.facets else []), *(facet.name for facet in kind.facets)]

    @query_parameters(*read)
    @require_safe
    def view(request):
        index = kind.rows(request.moment).index
        selection = Selection.from_query(request.GET, kind.facets)
        rows = index.rows_of(index.matches(selection.chosen))
        if kind.columns and (form := request.GET.get("format")):
            return kind.file(form, rows, request.moment)
        most = None if request.GET.get("all") else MOST_VALUES
        facets = offered(kind.facets, index.counts(selection.chosen), selection.chosen, selection.changed, most)
        context = {
            "kind": kind,
            "page_obj": page_of(request, rows, SIZE),
            "facets": facets,
            "more": selection.query(all=1) if any(facet["more"] for facet in facets) else "",
            "chips": selection.chips(kind.facets),
            "selection": selection,
            "as_csv": selection.query(format="csv"),
            "as_json": selection.query(format="json"),
        }
        return render(request, kind.list_template, context)

    return view


def thing_view(kind):
    """The view of a kind's things."""

    @require_safe
    def view(request, **_steps):
        return answer(request, kind, lambda edition: show(request, kind, edition))

    return view


def answer(request, kind, show):
    """The page that `show(edition)` makes of the thing at this address; else where it lives now, or what became of it."""
    if draft := drafted(request, kind.draft):
        return show(draft)
    row = kind.rows(request.moment).by_path.get(request.path_info)
    if row is None and (former := kind.former(request.path_info, request.moment)):
        return moved(request, former.path)
    if row is None:
        raise Http404
    if row.is_gone:
        return tombstone(request, row.number)
    return show(kind.edition.objects.get(number=row.number))


def show(request, kind, edition, **context):
    """The page of a thing, with what was put right in it and its neighbours in the list."""
    later, earlier = kind.rows(request.moment).neighbours(edition)
    context |= {
        "edition": edition,
        "text": render_text(request.moment, edition.body),
        "corrections": corrections(kind.edition, [edition.thing_id], request.moment.at).get(edition.thing_id, []),
        "earlier": earlier,
        "later": later,
    }
    return render(request, kind.template, context)


def feed_view(kind):
    """The view of a kind's feeds."""
    stories = partial(stories_of, gathered=kind.gathered)

    def make(request, form):
        rows, feed = kind.rows(request.moment), f"{kind.home}feed/{form}/"
        return channel(request, rows, stories, kind.label_plural, str(kind.description), kind.home, feed)

    forms = {form: ChannelFeed(generator, make) for form, generator in FORMS.items()}

    @query_parameters("page")
    @require_safe
    def view(request, form):
        return forms[form](request, form=form)

    return view
