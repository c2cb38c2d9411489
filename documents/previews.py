"""Drafts of documents and versions in the shape of the library, for the public page that an editor previews."""

from dataclasses import replace

from documents.library import Document as Entry
from documents.library import Version, library
from documents.models import Document, DocumentEdition, DocumentVersion
from publishing.models import Action
from publishing.preview import drafted

DOCUMENT_NAMES = [name for name in Entry.__dataclass_fields__ if name not in {"thing", "edition", "action", "live_from", "versions"}]
VERSION_NAMES = "valid_from valid_to file outside_address is_page_about outside_size".split()


def previewed(request):
    """(entry, content) of the document that is to be shown with a draft, or None for requests of visitors."""
    if draft := drafted(request, Document):
        return as_entry(draft, request.moment), draft
    if draft := drafted(request, DocumentVersion):
        entry, content = document_of(draft, request.moment)
        versions = [version for version in entry.versions if version.thing != draft.pk]
        shown = replace(entry, versions=[*versions, as_version(draft, request.moment)])
        for version in shown.versions:
            version.document = version.document or shown
        return shown, content
    return None


def as_entry(draft, moment):
    live = library(moment).by_thing.get(draft.pk)
    content = {name: getattr(draft, name) for name in DOCUMENT_NAMES}
    versions = live.versions if live else []
    return Entry(**content, thing=draft.pk, edition=0, action=Action.PUBLISH, live_from=moment.at, versions=versions)


def as_version(draft, moment):
    content = {name: getattr(draft, name) for name in VERSION_NAMES}
    frame = {"thing": draft.pk, "edition": 0, "action": Action.PUBLISH, "live_from": moment.at}
    return Version(**content, **frame, document_id=draft.of_document_id, number=draft.version_number)


def document_of(version, moment):
    """The live document of a version's draft, else its draft."""
    live = library(moment).by_thing.get(version.of_document_id)
    if live and live.is_live:
        return live, DocumentEdition.objects.get(number=live.edition)
    draft = Document.objects.get(pk=version.of_document_id)
    return as_entry(draft, moment), draft
