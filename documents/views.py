"""The library's list, its documents and their files."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from documents import exports
from documents.kinds import DocumentKind, DocumentVersionKind
from documents.library import library
from documents.models import Document, DocumentEdition
from documents.previews import previewed
from documents.selection import ORDERS, Selection
from files import downloads
from publishing import kinds
from publishing.backlinks import linking_here
from publishing.links import render as render_text
from publishing.models import Thing
from publishing.parameters import query_parameters
from publishing.preview import drafted
from publishing.snapshots import Snapshot
from publishing.tombstones import tombstone
from publishing.views import source

PAGE = 50
CHOICES = ("class", "body", "year", "language", "words", "sort")


@query_parameters(*CHOICES, "page", "format")
@require_safe
def library_list(request):
    """The documents that the address chooses, as a page of a list or as a file."""
    index = library(request.moment).index
    selection = Selection.of(request.GET)
    documents = selection.documents(index)
    if form := request.GET.get("format"):
        if form not in exports.FORMATS:
            raise Http404
        return exports.FORMATS[form](documents, request.moment, selection)
    page = page_of(documents, request.GET.get("page", "1"))
    day = request.moment.at.date()
    context = {
        "page_obj": page,
        "rows": [(document, document.current(day)) for document in page],
        "selection": selection,
        "chips": list(selection.chips()),
        "facets": selection.facets(index),
        "orders": ORDERS.items(),
        "as_csv": selection.query(format="csv"),
        "as_json": selection.query(format="json"),
        "all_address": here("/documents/"),
    }
    return render(request, "documents/library.html", context | section_text(request))


@query_parameters(*CHOICES)
@require_safe
def list_source(request):
    """The section's text as Markdown, and below it the documents that the address chooses."""
    documents = Selection.of(request.GET).documents(library(request.moment).index)
    return source(request, "documents/", exports.rows(documents))


def section_text(request):
    """Title, summary and text of the tree page at this address, which stands above the list."""
    target = kinds.resolve(request.path_info, request.moment)
    if target is None:
        return {}
    kind = kinds.get(target.kind)
    section = drafted(request, kind.draft) or kind.edition.objects.live(request.moment.at).get(thing=target.thing)
    return {"section": section, "text": SimpleLazyObject(lambda: render_text(section, request.moment, section.body))}


def page_of(documents, number):
    paginator = Paginator(documents, PAGE)
    if not (number.isascii() and number.isdecimal() and len(number) < 10 and 1 <= int(number) <= paginator.num_pages):
        raise Http404
    return paginator.page(int(number))


@require_safe
def document(request, slug):
    """A document: the current version first, then all others, what cites it."""
    if shown := previewed(request):
        return show_document(request, *shown)
    found = library(request.moment).by_slug.get(slug)
    if found is None:
        return elsewhere(request)
    if not found.is_live:
        return tombstone(request, found.edition)
    return show_document(request, found, DocumentEdition.objects.get(number=found.edition))


def show_document(request, found, content):
    day = request.moment.at.date()
    current = found.current(day)
    others = sorted((v for v in found.versions if v is not current), key=lambda version: version.order, reverse=True)
    context = {
        "document": found,
        "content": content,
        "edition": content if isinstance(content, DocumentEdition) else None,
        "text": render_text(content, request.moment, content.body),
        "current": current,
        "earlier": [version for version in others if version.holds(day)],
        "coming": [version for version in others if not version.holds(day)],
        "citing": citing(found, request.moment),
    }
    return render(request, "documents/document.html", context)


# What cites each document is asked once for each version of the record.
asked = Snapshot(lambda moment: {}, most=6)


def citing(found, moment):
    """(title, kind, address) of the live things that link or refer to the document, its own versions left out."""
    kept = asked(moment)
    if found.thing not in kept:
        thing = Thing(pk=found.thing, kind=Document.KIND)
        kept[found.thing] = linking_here(thing, moment, without=[version.thing for version in found.versions])
    return kept[found.thing]


@require_safe
def version(request, slug, number):
    """A version's own address leads to its place on the page of its document."""
    found = library(request.moment).by_place.get((slug, number))
    if found is None:
        return elsewhere(request)
    return gone(request, found) or HttpResponseRedirect(here(f"{found.document.path}#version-{found.number}"))


@require_safe
def version_file(request, slug, number, name):
    """The file of a version, at its permanent address."""
    found = library(request.moment).by_place.get((slug, number))
    if found is None:
        return elsewhere(request)
    if found.is_live and found.file and found.file.name == name:
        return downloads.serve(request, found.file, found.live_from)
    had_it = DocumentVersionKind().find_former(request.path_info, request.moment) == found.thing
    return (had_it and gone(request, found)) or elsewhere(request)


def gone(request, found):
    """What stands where a version or its document was withdrawn or erased; None for a version that is there."""
    if not found.document.is_live:
        return tombstone(request, found.document.edition)
    return None if found.is_live else tombstone(request, found.edition)


def elsewhere(request):
    """Redirect an address that belonged to a document or version at another time to where it lives at the moment."""
    path = request.path_info
    for kind in (DocumentKind(), DocumentVersionKind()):
        thing = kind.find_former(path, request.moment)
        target = thing and kind.targets([thing], request.moment).get(thing)
        if target and target.address != path:
            return HttpResponsePermanentRedirect(here(target.address))
    raise Http404


def here(address):
    """A root-relative address at the moment of the request."""
    return iri_to_uri(get_script_prefix() + address.lstrip("/"))
