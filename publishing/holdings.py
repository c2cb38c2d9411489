"""Holdings: what an app holds beside things of the record and lets the search and the Quickfinder find, such as activities of a release.

An app registers its holdings in its module `holdings`, which is imported at start-up. What stands in one is an *item*; its id is a text
like `activity/2535`, which no id of a thing is. All items come from one state of the app's data, that of the release shown: `version`.
"""

from dataclasses import dataclass, field

from publishing import kinds


@dataclass(frozen=True)
class Narrowed:
    """Items that filters leave: how many, the ids of those asked for, and the address of the list that shows them all."""

    count: int = 0
    items: list = field(default_factory=list)
    address: str = ""


class Holding:
    """One sort of items. `behind` is the kind whose publication brings other items; `filters` are prefixes of the search."""

    name = ""
    label = ""
    label_plural = ""
    section = ""
    behind = ""
    filters = ()
    is_searched = True  # whether the search finds its items, not the Quickfinder alone

    def version(self, moment):
        """The number of the entry that the items at the moment come from; 0 before there is one."""
        raise NotImplementedError

    def documents(self, moment):
        """SearchDocuments of all items at the moment; each `number` is the version."""
        raise NotImplementedError

    def candidates(self, words, moment):
        """SearchDocuments of the items that may have all the words; each is given by the beginnings of which one must be there.

        By default all of them: enough for holdings of a few hundred items.
        """
        return self.documents(moment)

    def targets(self, items, moment):
        """Targets of those of the items that there are at the moment, as a dict by id."""
        raise NotImplementedError

    def told(self, item, moment):
        """What an answer says of an item, in a sentence."""
        raise NotImplementedError

    def said(self, item):
        """What a suggestion says beside the title of an item, such as its number."""
        return ""

    def names(self, moment):
        """The names of each item by its id, the first its title, for the Quickfinder to hold in memory; a large holding gives none."""
        return {}

    def suggested(self, typed, moment, most):
        """Ids of items that what was typed may mean, of a holding that gives no names."""
        return []

    def exact(self, typed, moment):
        """The id of the one item that what was typed means, of a holding that gives no names; None where it is not clear."""
        return None

    def has_value(self, prefix, text, moment):
        """Whether one of its prefixes knows a value of this name."""
        return False

    def narrowed(self, filters, words, moment, start, stop):
        """Narrowed for the values of `filters` by name, and words."""
        return Narrowed()


_registry = {}


def register(holding_class):
    """Class decorator for holdings."""
    _registry[holding_class.name] = holding_class()
    return holding_class


def every():
    return list(_registry.values())


def find(name):
    """The Holding, or None for the name of a kind."""
    return _registry.get(name)


def prefixes():
    """The Holding of each prefix of the search that narrows to a list of its items."""
    return {name: holding for holding in every() for name in holding.filters}


def kinds_behind():
    """Names of the kinds whose publication brings other items."""
    return {holding.behind for holding in every()}


def kind_or_holding(name):
    """What has a `label` and a `label_plural` by this name."""
    return _registry.get(name) or kinds.get(name)


def targets(references, moment):
    """Targets of (name of a kind or holding, id) pairs, as a dict by id."""
    found = kinds.targets([reference for reference in references if reference[0] not in _registry], moment)
    for holding in every():
        items = [item for name, item in references if name == holding.name]
        found |= holding.targets(items, moment) if items else {}
    return found
