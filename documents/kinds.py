"""Kinds: documents and their versions, as the other apps know them."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.library import library, version_with_former_place
from documents.models import NUMBER, Body, Document, DocumentClass, DocumentEdition, DocumentVersion, DocumentVersionEdition, PaperRole
from documents.pictures.kinds import PictureKind
from documents.selection import natural
from markup.rendering import escape_markdown
from publishing.clashes import claimed_twice, refusal
from publishing.kinds import Addressed, Searched, Target, register
from publishing.listing import ListedKind
from publishing.occasions import Occasional

__all__ = ["PictureKind"]

VERSION = re.compile(rf"/documents/(?P<slug>[-\w]{{1,80}})/(?P<number>{NUMBER})/(?P<name>[^/\x00-\x1f]{{0,150}})\Z", re.ASCII)


@register
class DocumentKind(ListedKind, Searched, Occasional):
    section = "Reference / Documentation"
    draft = Document
    edition = DocumentEdition
    home = "/documents/"
    rows = library
    papers_heading = gettext_lazy("Documents")
    pattern = re.compile(r"/documents/(?P<slug>[-\w]{1,80})/\Z", re.ASCII)

    def target(self, row, moment):
        current = row.current(moment.at.date())
        return Target(row.thing_id, self.name, row.label, row.path, current.size if current else "", language=row.language)

    def place_among_papers(self, row):
        """By roles, annexes by their numbers."""
        roles = [*PaperRole.values, ""]
        return roles.index(row.paper_role), natural(row.annex), row.order

    def paper(self, row):
        return replace(super().paper(row), said=row.paper_words, annex=row.annex)

    def title(self, content):
        return content.label

    def is_own(self, edition):
        return edition.issued_by == Body.PORTAL

    def markdown(self, content):
        """The text as Markdown, with what the page says of the document beside it."""
        facts = {
            "Class": content.get_document_class_display(),
            "Issued by": content.get_issued_by_display(),
            "Meeting": content.meeting,
            "Date": content.shown_date,
            "Subjects": ", ".join(content.subjects),
        }
        lines = [f"- {name}: {escape_markdown(value)}" for name, value in facts.items() if value]
        head, text = f"# {escape_markdown(self.title(content))}", [content.summary, content.body]
        return "\n\n".join(part.strip() for part in (head, "\n".join(lines), *text) if part)

    def check_record(self, things, since):
        documents = near(self.edition, things, since, "slug")
        for one, other, slug, at in claimed_twice(documents, lambda document: [document.slug], since, things):
            said = _("“%(title)s” and “%(other)s” would both have the address “%(slug)s”")
            raise refusal(said % {"title": self.title(one), "other": self.title(other), "slug": slug}, at)

    def words(self, edition):
        return (edition.symbol, edition.meeting, *edition.subjects)

    def names(self, edition):
        return (edition.symbol, edition.title)

    def search_facets(self, edition):
        return {"class": DocumentClass(edition.document_class).label, "body": Body(edition.issued_by).label}


@register
class DocumentVersionKind(Addressed):
    draft = DocumentVersion
    edition = DocumentVersionEdition
    # A version that is public already becomes the current one on its day.
    turns_on = ("valid_from",)

    def placed(self, path, moment):
        match = VERSION.match(path)
        version = match and library(moment).by_place.get((match["slug"], match["number"]))
        if not version or (match["name"] and (version.file is None or version.file.name != match["name"])):
            return None
        return version

    def find(self, path, moment):
        version = self.placed(path, moment)
        return self._target(version) if version and not version.is_gone else None

    def owner(self, path, moment):
        version = self.placed(path, moment)
        return version and version.thing_id

    def find_former(self, path, moment):
        """Find a version by a slug that its document has or had, its number and, where the address has one, a name that its file had."""
        match = VERSION.match(path)
        if not match:
            return None
        address, documents = f"/documents/{match['slug']}/", DocumentKind()
        document = documents.owner(address, moment) or documents.find_former(address, moment)
        return document and version_with_former_place(document, match["number"], match["name"], moment.now)

    def targets(self, things, moment):
        found = (library(moment).versions.get(thing) for thing in things)
        return {version.thing_id: self._target(version) for version in found if version and not version.is_gone}

    def _target(self, version):
        return Target(version.thing_id, self.name, version.label, version.address, version.size, language=version.language)

    def address(self, draft, moment):
        """The page of its document, where the version stands."""
        document = Document.objects.filter(pk=draft.of_document_id).first()
        return document and DocumentKind().address(document, moment)

    def is_own(self, edition):
        document = document_when(edition)
        return document is not None and DocumentKind().is_own(document)

    def title(self, content):
        """Title, with the one that the document had when the edition went live; for a draft, with that of the document's draft."""
        if isinstance(content, DocumentVersionEdition):
            document = document_when(content)
        else:
            document = Document.objects.filter(pk=content.of_document_id).first()
        return f"{DocumentKind().title(document)}, version {content.version_number}" if document else content.title

    def addresses(self, moment):
        """Addresses of the files; a version that lies elsewhere has no page of its own."""
        return [
            (version.address, version.live_from) for version in library(moment).versions.values() if not version.is_gone and version.file
        ]

    def check_record(self, things, since):
        versions = near(self.edition, things, since, "of_document")
        for _one, _other, (document, number), at in claimed_twice(versions, self.claims, since, things):
            edition = DocumentEdition.objects.live(at).filter(thing=document).first()
            name = DocumentKind().title(edition) if edition else _("a document that is not published")
            raise refusal(_("There would be two versions %(number)s of %(name)s") % {"number": number, "name": name}, at)

    def claims(self, version):
        return {(version.of_document_id, version.version_number)}


def document_when(version):
    """The edition of its document that was live when an edition of a version went live, or None."""
    return DocumentEdition.objects.live(version.live_from).filter(thing=version.of_document_id).first()


def near(model, things, since, field):
    """Editions live at `since` or later that have the same value in the field as one of the things; all of them if `things` is None."""
    if things is None:
        return model.objects.live_from_on(since).defer(*model.long_texts())
    values = model.objects.live_from_on(since, thing__in=things).values_list(field, flat=True)
    numbers = model.objects.numbers_with(**{f"{field}__in": set(values)})
    return model.objects.live_from_on(since, number__in=numbers).defer(*model.long_texts())
