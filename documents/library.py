"""Library at a moment: all documents and versions in force, as a snapshot."""

from functools import cached_property
from operator import attrgetter

from documents.models import DocumentEdition, DocumentVersionEdition
from documents.selection import FACETS, ORDER_FUNCTIONS, folded
from markup.characters import spelt_out
from publishing.listing import LiveList, live_list


class Library(LiveList):
    """List of the documents at one moment, with their versions."""

    def __init__(self, model, at, facets):
        super().__init__(model, at, facets)
        found = sorted(DocumentVersionEdition.objects.listed(at), key=attrgetter("number"))
        self.versions = {version.thing_id: version for version in found}
        for document in self.all:
            document.versions = []
        for version in found:
            version.document = document = self.by_thing.get(version.of_document_id)
            version.is_gone = version.is_gone or document is None or document.is_gone
            if not version.is_gone:
                document.versions.append(version)
        # What is to be read owns an address before what is gone.
        placed = sorted((version for version in found if version.document), key=lambda version: not version.is_gone)
        self.by_place = {(version.document.slug, version.version_number): version for version in placed}
        self._orders = {}
        self._last_words = ("", 0)

    @cached_property
    def texts(self):
        """The text of each document in which words are looked for."""
        texts = [" ".join((d.symbol, d.title, d.summary, d.meeting, *d.subjects)) for d in self.live]
        return [" ".join(dict.fromkeys((folded(text), folded(spelt_out(text))))) for text in texts]

    def with_words(self, words):
        """The bitmap of the documents that hold every word, or its beginning or middle."""
        known, found = self._last_words
        if known != words:
            terms = folded(words).split()
            found = self.index.where(lambda place: all(term in self.texts[place] for term in terms))
            self._last_words = (words, found)
        return found

    def places(self, order):
        """The places of the documents in one of the orders."""
        if order not in self._orders:
            place = {document.thing_id: place for place, document in enumerate(self.live)}
            self._orders[order] = [place[document.thing_id] for document in ORDER_FUNCTIONS[order](self.live)]
        return self._orders[order]


library = live_list(DocumentEdition, Library, FACETS, most=6, of=["documentversion"])


def version_with_former_place(document, number, name, now):
    """Id of the version that had the number, and a file of that name if one is given, at some time up to `now`, or None."""
    editions = DocumentVersionEdition.objects.filter(of_document=document, version_number=number).ever_in_force()
    found = editions.filter(live_from__lte=now).order_by("-number").values_list("thing_id", "file")
    return next((thing for thing, file in found if not name or (file and file.name == name)), None)
