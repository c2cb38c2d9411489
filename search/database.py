"""The search in the database: of the past, and of now while there is no index that can be used. Slower, and as true.

Everything live at the moment is read and compared word by word with the same analysis as the index, so what is found is the same.
"""

from collections import Counter
from dataclasses import replace
from datetime import date
from math import log
from operator import mul

from django.db.models import CharField, Q, TextField

from markup.lru import LRU, one
from publishing import holdings
from publishing.kinds import searched
from publishing.models import Edition
from publishing.snapshots import Snapshot, instances
from search.analysis import parts, value_key
from search.backend import zones_of
from search.engine.evaluation import BONUS, NEARNESS, are_near
from search.engine.fields import Spellings, ZonedText
from search.engine.index import Found
from search.facet_labels import FACETS
from search.index_documents import documents, prepared_item
from search.queries import AllOf, AnyOf, Beginning, Word, leaves, size_of

# Up to here every live text is compared; of more, the database first picks those that can have the words, and the newest of them count.
FEW = 500
DAWN = date(1, 1, 1)
TEXT, WORDS = ZonedText(), Spellings()


def search(query, moment, start=0, stop=20, by_date=False, filters=None):
    """Found for a Query at a moment, as `Backend.search` would find it."""
    filters = filters or {}
    things = candidates(query, moment)
    texts = everything(moment) if things is None else read(moment, things)
    query = settled(query, texts)
    after = [text for text in items(query, moment) if text.has_all(query)]
    found = having(texts, query, query.enough)
    is_partial = not found
    if is_partial:
        query = query.loosened
        found = having(texts, query, 1)
    found, is_partial = found + after, is_partial and not after
    chosen = [text for text in found if text.is_chosen(filters)]
    rarity = rarities(query, texts)
    key = (lambda text: text.document["day"] or DAWN) if by_date else (lambda text: text.standing(query, rarity))
    ordered = sorted(chosen, key=key, reverse=True)
    facets = {facet.name: counts(facet.name, found, filters) for facet in FACETS}
    return Found(len(chosen), [(text.document, 0.0) for text in ordered[start:stop]], facets, is_partial and bool(found))


def items(query, moment):
    """Texts of the items of holdings that may have all that is wanted."""
    words = [[start for leaf in leaves([node]) for start in starts_of(leaf)] for node in query.wanted]
    return (
        [Text(prepared_item(document)) for holding in holdings.every() for document in holding.candidates(words, moment)] if words else []
    )


def starts_of(leaf):
    """Beginnings of which a text with this term has one: of the term, whatever the ending, or of the first word that was typed for it."""
    return filter(None, (fragment_of(leaf), *parts(leaf.text)[:1]))


def settled(query, texts):
    """The query with what is looked for otherwise in place of what no text has."""
    nodes = (
        node.otherwise if isinstance(node, AnyOf) and node.otherwise and not any(text.has(node) for text in texts) else node
        for node in query.wanted
    )
    return replace(query, wanted=tuple(nodes))


def having(texts, query, enough):
    """The texts with at least `enough` of the query's words, everything else that is wanted, and nothing unwanted."""
    words = query.words
    others = [node for node in query.wanted if node not in words]
    return [
        text
        for text in texts
        if sum(map(text.has, words)) >= enough and all(map(text.has, others)) and not any(map(text.has, query.unwanted))
    ]


def read(moment, things=None):
    return [Text(document) for document in documents(moment, set(), things, with_items=False)]


# A visitor in the past asks more than once.
held_texts = Snapshot(read, most=2)
# Those with figures, and whether these are still to be replaced, by version of the record and day.
figured_texts = LRU(4, one)
instances.append(figured_texts)


def everything(moment):
    """All Texts at the moment, with the figures of its day."""
    held, _rests = moment.watching(lambda: held_texts(moment))
    figured = {text.document["thing"] for text in held if text.document["has_figures"]}
    if not figured:
        return held
    key = moment.version, moment.at.date()
    texts, rests = figured_texts.get_or_make(key, lambda: moment.watching(lambda: read(moment, figured)))
    moment.is_provisional = moment.is_provisional or rests
    by_thing = {text.document["thing"]: text for text in texts}
    return [by_thing.get(text.document["thing"], text) for text in held]


def candidates(query, moment):
    """Ids of the things to compare, or None for all."""
    kinds = searched()
    if Edition.objects.live(moment.at).filter(kind__in=[kind.name for kind in kinds]).count() <= FEW:
        return None
    fragments = [fragment for leaf in leaves(query.wanted) if (fragment := fragment_of(leaf))]
    found = []
    for kind in kinds:
        names = [field.name for field in kind.edition.content_fields() if isinstance(field, CharField | TextField)]
        having = Q(*((f"{name}__icontains", fragment) for name in names for fragment in fragments), _connector=Q.OR)
        found += kind.edition.objects.live(moment.at).filter(having).order_by("-live_from").values_list("live_from", "thing_id")[:FEW]
    return {thing for _, thing in sorted(found, reverse=True)[:FEW]}


def fragment_of(leaf):
    """Fragment that any text with this term has, whatever the ending; empty for letters that databases fold otherwise."""
    start = leaf.start if isinstance(leaf, Beginning) else leaf.term
    return start.removesuffix("i") if start.isascii() else ""


class Text:
    """A prepared document, its terms and its words as they are spelt, each with impact and positions."""

    def __init__(self, document):
        self.document = document
        zones = zones_of(document)
        self.terms, self.words = ({term.decode(): found for term, *found in field.index(zones)} for field in (TEXT, WORDS))

    def has_all(self, query):
        """Whether it has everything that is wanted, and nothing else that is not."""
        return all(map(self.has, query.wanted)) and not any(map(self.has, query.unwanted))

    def has(self, node):
        if isinstance(node, Word):
            return node.term in self.terms
        if isinstance(node, Beginning):
            return node.fits(self.terms) or node.fits(self.words)
        if isinstance(node, AnyOf):
            return any(self.has(one) for one in node.nodes)
        if isinstance(node, AllOf):
            return all(self.has(one) for one in node.nodes)
        return self.has_row(node)

    def has_row(self, phrase):
        if not all(term in self.terms for term, _ in phrase.pairs):
            return False
        starts = [{position - offset for position in self.terms[term][1]} for term, offset in phrase.pairs]
        return bool(set.intersection(*starts))

    def is_chosen(self, filters, besides=None):
        chosen = [(self.document[name], value) for name, value in filters.items() if name != besides]
        return all(own and value_key(own) == value_key(value) for own, value in chosen)

    def impact(self, leaf):
        if isinstance(leaf, Beginning):
            spelt = [*self.terms.items(), *self.words.items()]
            return max((impact for word, (impact, _) in spelt if leaf.fits([word])), default=0)
        return self.terms.get(leaf.term, (0, ()))[0]

    def standing(self, query, rarity):
        """Sort key of the text: whether it bears the very name asked for, then its score. Twin of `Evaluation.best`."""
        impacts, weights = [self.impact_of(node) for node in query.wanted], [rarity[node] for node in query.wanted]
        score = sum(map(mul, impacts, weights))
        if query.size > 2 and score:
            score *= sum(weight for impact, weight in zip(impacts, weights, strict=True) if impact) / sum(weights)
        share = max((share for name, share in query.within.items() if name in self.document["called"]), default=0)
        score *= (1 + BONUS * share) * (1 + NEARNESS * self.nearness(query.neighbours))
        return not self.document["named"].isdisjoint(query.names), holdings.find(self.document["kind"]) is None, score

    def nearness(self, pairs):
        """The share of the pairs of terms that stand near one another here. Twin of `Evaluation.near`."""
        near = [pair for pair in pairs if all(term in self.terms for term in pair) and are_near(*(self.terms[term][1] for term in pair))]
        return len(near) / len(pairs) if pairs else 0

    def impact_of(self, node):
        """Twin of `Evaluation.impacts` for one text."""
        if isinstance(node, Word | Beginning):
            return self.impact(node)
        if isinstance(node, AnyOf):
            return max(map(self.impact_of, node.nodes))
        parts = node.nodes if isinstance(node, AllOf) else [Word(term, node.text) for term, _ in node.pairs]
        return sum(map(self.impact_of, parts)) / len(parts) if self.has(node) else 0


def rarities(query, texts):
    """The inverse document frequency of each node that is wanted, times the words that were typed for it."""
    found = {}
    for node in query.wanted:
        frequency = sum(text.has(node) for text in texts)
        found[node] = size_of(node) * log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))
    return found


def counts(name, found, filters):
    """(value, count) of a facet among what the other filters leave, most frequent first."""
    counted = Counter(text.document[name] for text in found if text.is_chosen(filters, besides=name))
    return sorted(((value, count) for value, count in counted.items() if value), key=lambda item: (-item[1], item[0]))
