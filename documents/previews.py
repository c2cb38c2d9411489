"""Previews: drafts of documents and versions in their places in the library, for the public page."""

from documents.library import library
from documents.models import Document, DocumentEdition, DocumentVersion
from publishing.preview import drafted


def previewed(request):
    """The document that is to be shown with a draft, or None for requests of visitors."""
    if draft := drafted(request, Document):
        return with_versions(draft, request.moment)
    if draft := drafted(request, DocumentVersion):
        document = document_of(draft, request.moment)
        draft.document, draft.live_from = document, request.moment.at
        document.versions = [version for version in document.versions if version.thing_id != draft.pk] + [draft]
        return document
    return None


def with_versions(content, moment):
    """A document's draft or edition with the live versions of the document."""
    live = library(moment).by_thing.get(content.thing_id)
    content.versions = live.versions if live else []
    return content


def document_of(version, moment):
    """The live document of a version's draft, else its draft."""
    live = library(moment).by_thing.get(version.of_document_id)
    is_live = live and not live.is_gone
    content = DocumentEdition.objects.get(number=live.number) if is_live else Document.objects.get(pk=version.of_document_id)
    return with_versions(content, moment)
