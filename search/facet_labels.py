"""What facets and their values are called."""

from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from publishing.kinds import searched
from search.analysis import folded

FACETS = {"kind": _("Kind"), "section": _("Section"), "year": _("Year"), "class": _("Document class")}


def of_facet(name, value):
    """A facet's value as it is shown."""
    return next((kind.label_plural for kind in searched() if kind.name == value), value) if name == "kind" else value


def kinds_in_words():
    """What is searched, as part of a sentence."""
    return get_text_list(sorted(kind.label_plural.lower() for kind in searched()), _("and"))


def kind_called(text):
    """The name of the kind that is called so, in one or the other number; the text itself if there is none."""
    for kind in searched():
        if folded(text) in {folded(called) for called in (kind.name, kind.label, kind.label_plural)}:
            return kind.name
    return text
