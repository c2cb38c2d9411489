"""Labels of facets and of their values."""

from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from publishing import holdings
from publishing.facets import Facet
from publishing.kinds import searched
from search.analysis import value_key


def found_kinds():
    """The kinds and the holdings that are searched."""
    return [*searched(), *(holding for holding in holdings.every() if holding.is_searched)]


class KindFacet(Facet):
    """The facet whose values are names of kinds."""

    def label_of(self, value):
        return next((kind.label_plural for kind in found_kinds() if kind.name == value), value)


# The engine counts their values: see search/engine.
FACETS = (KindFacet("kind", _("Kind")), Facet("section", _("Section")), Facet("year", _("Year")), Facet("class", _("Document class")))


def label_of(name, value):
    return next(facet.label_of(value) for facet in FACETS if facet.name == name)


def kinds_in_words():
    """The kinds that are searched, as part of a sentence."""
    return get_text_list(
        sorted(f"{label[:1].lower()}{label[1:]}" for label in (str(kind.label_plural) for kind in found_kinds())), _("and")
    )


def kind_called(text):
    """The name of the kind that is called so, in one or the other number or by its first word; the text itself if none or several are."""
    whole, begun = value_key(text), []
    for kind in found_kinds():
        keys = [value_key(str(called)) for called in (kind.name, kind.label, kind.label_plural)]
        if whole in keys:
            return kind.name
        begun += [kind.name] if any(key[:1] == whole for key in keys) else []
    return begun[0] if len(begun) == 1 else text
