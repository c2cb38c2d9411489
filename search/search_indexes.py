"""Haystack's index classes, one for each kind that gives search documents: a new kind needs none of its own."""

from haystack import indexes

from publishing.moment import Moment
from search.gathering import prepared, searched


class EditionIndex(indexes.SearchIndex):
    """What is searched of the editions of a kind. The fields are filled from the kind's SearchDocument."""

    text = indexes.CharField(document=True)
    title = indexes.CharField()
    summary = indexes.CharField()
    words = indexes.CharField()
    day = indexes.DateField(null=True)
    kind = indexes.CharField(faceted=True)
    section = indexes.CharField(faceted=True)
    year = indexes.CharField(faceted=True)
    document_class = indexes.CharField(faceted=True, index_fieldname="class")
    thing = indexes.IntegerField()
    number = indexes.IntegerField()

    searched = None

    def get_model(self):
        return self.searched.edition

    def index_queryset(self, using=None):
        return self.get_model().objects.live(Moment().at)

    def full_prepare(self, obj, with_string_facet=True):
        """Field values of an edition that is live now."""
        self.prepared_data = prepared(self.searched.search_document(obj, Moment()), self.get_model())
        return self.prepared_data


for _kind in searched():
    _name = f"{_kind.name.capitalize()}Index"
    globals()[_name] = type(_name, (EditionIndex, indexes.Indexable), {"searched": _kind, "__module__": __name__})
