"""Labels of facets and of their values."""

from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from publishing.facets import Facet
from publishing.kinds import searched
from search.analysis import folded


class KindFacet(Facet):
    """The facet whose values are names of kinds."""

    def label_of(self, value):
        return next((kind.label_plural for kind in searched() if kind.name == value), value)


# The engine counts their values: see search/engine.
FACETS = (KindFacet("kind", _("Kind")), Facet("section", _("Section")), Facet("year", _("Year")), Facet("class", _("Document class")))


def label_of(name, value):
    return next(facet.label_of(value) for facet in FACETS if facet.name == name)


def kinds_in_words():
    """The kinds that are searched, as part of a sentence."""
    return get_text_list(sorted(kind.label_plural.lower() for kind in searched()), _("and"))


def kind_called(text):
    """Name of the kind with this label, singular or plural; the text itself if there is none."""
    for kind in searched():
        if folded(text) in {folded(called) for called in (kind.name, kind.label, kind.label_plural)}:
            return kind.name
    return text
