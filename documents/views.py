"""Views of the library: the list, documents and their files."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from documents import exports
from documents.library import library
from documents.models import Document, DocumentEdition
from documents.previews import previewed, with_versions
from documents.selection import FACETS, ORDERS, DocumentSelection
from files import downloads
from publishing import kinds
from publishing.addresses import address_of
from publishing.backlinks import linking_here
from publishing.links import render as render_text
from publishing.list_views import answer
from publishing.listing import lines, page_of
from publishing.models import Thing
from publishing.occasions import meeting_of
from publishing.parameters import query_parameters
from publishing.preview import drafted
from publishing.snapshots import Snapshot
from publishing.tombstones import moved, tombstone
from publishing.views import source

PAGE = 50
CHOICES = (*(facet.name for facet in FACETS), "words", "sort")


@query_parameters(*CHOICES, "page", "format")
@require_safe
def library_list(request):
    """The documents that the address chooses, as a page of a list or as a file."""
    selection = DocumentSelection.from_query(request.GET)
    documents = selection.documents(library(request.moment))
    if form := request.GET.get("format"):
        if form not in exports.FORMATS:
            raise Http404
        return exports.FORMATS[form](documents, library(request.moment), request.moment, selection)
    page = page_of(request, documents, PAGE)
    day = request.moment.at.date()
    context = {
        "page_obj": page,
        "rows": [(document, document.current(day)) for document in page],
        "selection": selection,
        "chips": selection.chips(),
        "facets": selection.facets(library(request.moment)),
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
    documents = DocumentSelection.from_query(request.GET).documents(library(request.moment))
    return source(request, "documents/", rows=lines(documents))


def section_text(request):
    """Title, summary and text of the tree page at this address, which stands above the list."""
    target = kinds.resolve(request.path_info, request.moment)
    if target is None:
        return {}
    kind = kinds.get(target.kind)
    section = drafted(request, kind.draft) or kind.edition.objects.live(request.moment.at).get(thing=target.thing)
    return {"section": section, "text": SimpleLazyObject(lambda: render_text(request.moment, section.body))}


@require_safe
def document(request, **_slug):
    """Page of a document: the current version first, then all others, what cites it."""
    if shown := previewed(request):
        return show_document(request, shown)
    return answer(request, kinds.get("document"), lambda edition: show_document(request, with_versions(edition, request.moment)))


def show_document(request, document):
    day = request.moment.at.date()
    current = document.current(day)
    others = sorted((v for v in document.versions if v is not current), key=lambda version: version.order, reverse=True)
    context = {
        "document": document,
        "edition": document if isinstance(document, DocumentEdition) else None,
        "text": render_text(request.moment, document.body),
        "current": current,
        "meeting": meeting_of(document, request.moment),
        "earlier": [version for version in others if version.holds(day)],
        "coming": [version for version in others if not version.holds(day)],
        "citing": citing(document, request.moment),
    }
    return render(request, "documents/document.html", context)


# What cites each document, by its id: read once for each version of the record.
citations = Snapshot(lambda _moment: {}, most=6)


def citing(found, moment):
    """(title, kind, address, language) of the live things that link or refer to the document, its own versions left out."""
    known = citations(moment)
    if found.thing_id not in known:
        thing = Thing(pk=found.thing_id, kind=Document.KIND)
        known[found.thing_id] = linking_here(thing, moment, without=[version.thing_id for version in found.versions])
    return known[found.thing_id]


@require_safe
def version(request, slug, number):
    """Redirect from a version's own address to its place on the page of its document."""
    found = library(request.moment).by_place.get((slug, number))
    if found is None:
        return elsewhere(request)
    return tombstone_for(request, found) or HttpResponseRedirect(here(f"{found.document.path}#version-{found.version_number}"))


@require_safe
@downloads.with_composed_name
def version_file(request, slug, number, name):
    """The file of a version, at its permanent address."""
    found = library(request.moment).by_place.get((slug, number))
    if found is None:
        return elsewhere(request)
    if not found.is_gone and found.file and found.file.name == name:
        return downloads.serve(request, found.file, found.live_from)
    had_it = kinds.get("documentversion").find_former(request.path_info, request.moment) == found.thing_id
    return (had_it and tombstone_for(request, found)) or elsewhere(request)


def tombstone_for(request, found):
    """Tombstone of a version or its document that was withdrawn or erased; None for a version that is there."""
    if found.document.is_gone:
        return tombstone(request, found.document.number)
    return tombstone(request, found.number) if found.is_gone else None


def elsewhere(request):
    """Redirect an address that belonged to a version at another time to where it lives at the moment."""
    thing = kinds.get("documentversion").find_former(request.path_info, request.moment)
    found = library(request.moment).versions.get(thing)
    if found is None or found.document is None or found.address == request.path_info:
        raise Http404
    return moved(request, found.address)


def here(address):
    """A root-relative address at the moment of the request."""
    return iri_to_uri(address_of(address))
