"""Haystack's index classes, one for each kind that gives search documents: a new kind needs none of its own."""

from haystack import indexes

from publishing.kinds import searched
from publishing.moment import Moment
from search.index_documents import prepared


class EditionIndex(indexes.SearchIndex):
    """Index of the editions of a kind. The fields are filled from the kind's SearchDocument."""

    text = indexes.CharField(document=True)
    title = indexes.CharField()
    summary = indexes.CharField()
    words = indexes.CharField()
    day = indexes.DateField(null=True)
    precision = indexes.CharField()
    kind = indexes.CharField(faceted=True)
    section = indexes.CharField(faceted=True)
    year = indexes.CharField(faceted=True)
    thing = indexes.IntegerField()
    number = indexes.IntegerField()

    searched = None

    def get_model(self):
        return self.searched.edition

    def index_queryset(self, using=None):
        return self.get_model().objects.live(Moment().at)

    def full_prepare(self, obj, with_string_facet=True):
        """Field values of an edition that is live now."""
        self.prepared_data = prepared(self.searched.search_document(obj, Moment()), self.get_model()._meta.label_lower)
        return self.prepared_data


def index_class(kind):
    """The index class of a kind. Its field for the class of a document cannot be named in a class body."""
    fields = {"searched": kind, "class": indexes.CharField(faceted=True), "__module__": __name__}
    return type(f"{kind.name.capitalize()}Index", (EditionIndex, indexes.Indexable), fields)


for _kind in searched():
    globals()[f"{_kind.name.capitalize()}Index"] = index_class(_kind)
