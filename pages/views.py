"""Views of the content tree's pages and of the glossary."""

from functools import partial
from itertools import groupby

from django.http import Http404
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from pages import cycle, glossary, navigation
from pages.cycle import Cycle
from pages.models import Page, PageEdition
from publishing import figures, kinds
from publishing.links import render as render_text
from publishing.list_views import answer
from publishing.models import Action
from publishing.preview import drafted
from publishing.snapshots import edition_of
from publishing.tombstones import moved, tombstone


@require_safe
def page(request, address="", template="pages/page.html"):
    """A page of the tree at the request's moment; else where it lives now, or what became of it."""
    path = f"/{address}"
    drawn = {"cycle": Cycle(request.moment)} if path == cycle.ADDRESS else {}
    if draft := drafted(request, Page):
        return render(request, template, {"page": draft, "text": page_text(draft, request.moment)} | drawn)
    node = navigation.tree(request.moment).by_path.get(path)
    if node is None:
        return elsewhere(request, path)
    if node.action != Action.PUBLISH:
        return tombstone(request, node.number)
    edition = edition_of(PageEdition, node.number, request.moment)
    return render(request, template, {"page": edition, "text": page_text(edition, request.moment)} | drawn)


def page_text(edition, moment):
    """The text, made when a template asks for it: that of a page drawn before stands in its snapshot."""
    return SimpleLazyObject(lambda: render_text(moment, edition.body, glossary.terms(moment).abbreviations))


def elsewhere(request, path):
    """Redirect an address that belonged to a page at another time to where that page lives at the moment."""
    thing = navigation.former_owners([path], request.moment).get(path)
    if thing is None:
        raise Http404
    return moved(request, navigation.tree(request.moment).nodes[thing].path)


@require_safe
def glossary_index(request):
    """All terms in groups by their first letter, below the section's own text."""
    letters = [(letter, list(below)) for letter, below in groupby(glossary.terms(request.moment).live, lambda term: term.letter)]
    return render(request, "pages/glossary.html", {"letters": letters})


@require_safe
def glossary_term(request, slug):
    """A term; what no term ever was may be a page of the tree."""
    try:
        return answer(request, kinds.get("term"), partial(show_term, request))
    except Http404:
        return page(request, f"glossary/{slug}/")


def show_term(request, term):
    previous, following = glossary.terms(request.moment).neighbours(term)
    text = render_text(request.moment, term.body, {})
    summary = figures.text_of(term.body, request.moment)
    context = {"term": term, "text": text, "summary": summary, "previous": previous, "following": following}
    return render(request, "pages/term.html", context)
