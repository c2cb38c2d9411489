"""Equal spellings and names at a moment: what is found by one of them is found by the others."""

from itertools import islice

from publishing import kinds
from publishing.snapshots import Snapshot
from search.analysis import TOKEN
from search.models import SpellingEdition
from search.queries import AllOf, AnyOf, Phrase, Word, node, nodes_in, phrase

# Of a name with many equal ones, so many count.
MOST_OTHERS = 6
MOST_VARIANTS = 4


class EqualSpellings:
    """Groups of equal texts, each of one or several words."""

    def __init__(self, groups):
        self.others = {}
        for group in groups:
            texts = list(dict.fromkeys(group))
            for text in texts:
                if key := tuple(map(key_of, nodes_in(text))):
                    known = self.others.setdefault(key, [])
                    known += [other for other in texts if other != text and other not in known]
        self.longest = max(map(len, self.others), default=0)

    def added(self, nodes):
        """The nodes of a query, those that make up a known name with its equal names beside them; the longest names first."""
        found, at = [], 0
        keys = [key_of(node) for node in nodes]
        while at < len(nodes):
            lengths = range(min(self.longest, len(nodes) - at), 0, -1)
            length = next((n for n in lengths if tuple(keys[at : at + n]) in self.others), 0)
            found.append(self.with_others(nodes[at : at + length], keys[at : at + length]) if length else nodes[at])
            at += length or 1
        return found

    def variants(self, text):
        """The text with each known name in it replaced by its equal ones, in turn; at most MOST_VARIANTS."""
        return list(islice(dict.fromkeys(self._variants(text)), MOST_VARIANTS))

    def _variants(self, text):
        tokens = [token for token in TOKEN.finditer(text) if any(node(token[0]))]
        for size in range(min(self.longest, len(tokens)), 0, -1):
            for at in range(len(tokens) - size + 1):
                start, end = tokens[at].start(), tokens[at + size - 1].end()
                for other in self.others.get(tuple(map(key_of, nodes_in(text[start:end]))), ()):
                    yield f"{text[:start]}{other}{text[end:]}"

    def with_others(self, nodes, keys):
        text = " ".join(node.text for node in nodes)
        own = nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes), text)
        others = [as_one(other) for other in islice(self.others[tuple(keys)], MOST_OTHERS)]
        return AnyOf((own, *filter(None, others)), text, size=len(nodes))


def key_of(node):
    """Key that tells a plain word or a compound apart; None for everything else of a query."""
    if isinstance(node, Word):
        return node.term
    if isinstance(node, AnyOf):
        return key_of(node.nodes[0])
    return node.pairs if isinstance(node, Phrase) else None


def as_one(text):
    """Text as one node: a word, a compound, or several in a row; None if no word of it counts."""
    nodes = list(nodes_in(text))
    return nodes[0] if len(nodes) == 1 else next(phrase(text), None)


def groups(moment):
    """The equal spellings that editors keep, and each abbreviation of the glossary with its meaning."""
    yield from SpellingEdition.objects.live(moment.at).values_list("equals", flat=True)
    yield from kinds.abbreviations(moment).items()


spellings = Snapshot(lambda moment: EqualSpellings(groups(moment)), of=["spelling", "term"])
