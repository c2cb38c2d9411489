"""The content tree's pages and the glossary."""

from itertools import groupby

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import get_script_prefix
from django.views.decorators.http import require_safe

from pages import glossary, navigation
from pages.models import Page, PageEdition, Term
from publishing.links import render as render_text
from publishing.markdown import plain_text
from publishing.models import Action
from publishing.preview import drafted
from publishing.tombstones import tombstone


@require_safe
def page(request, address="", template="pages/page.html"):
    """A page of the tree at the request's moment; else where it lives now, or what became of it."""
    if draft := drafted(request, Page):
        return render(request, template, {"page": draft, "text": page_text(draft, request.moment)})
    path = f"/{address}"
    node = navigation.tree(request.moment).by_path.get(path)
    if node is None:
        return elsewhere(request, path)
    if node.action != Action.PUBLISH:
        return tombstone(request, node.number)
    edition = PageEdition.objects.get(number=node.number)
    return render(request, template, {"page": edition, "text": page_text(edition, request.moment)})


def page_text(edition, moment):
    return render_text(edition, moment, edition.body, glossary.entries(moment).abbreviations)


def elsewhere(request, path):
    """Redirect an address that belonged to a page at another time to where that page lives at the moment."""
    if not path.endswith("/"):
        raise Http404
    thing = navigation.former_owner(path, request.moment.now)
    node = navigation.tree(request.moment).nodes.get(thing)
    if node is None or not node.path or node.path == path:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(get_script_prefix() + node.path.lstrip("/") + ("?" + query if query else ""))


@require_safe
def glossary_index(request):
    """All terms in groups by their first letter, below the section's own text."""
    terms = glossary.entries(request.moment).entries
    letters = [(letter, list(below)) for letter, below in groupby(terms, lambda term: term.letter)]
    return render(request, "pages/glossary.html", {"letters": letters})


@require_safe
def glossary_term(request, slug):
    term = drafted(request, Term) or glossary.entries(request.moment).by_path.get(f"/glossary/{slug}/")
    if term is None:
        raise Http404
    text = render_text(term, request.moment, term.body, {})
    return render(request, "pages/term.html", {"term": term, "text": text, "summary": plain_text(term.body)})
