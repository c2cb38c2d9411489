"""Evaluation of queries: which documents, and in what order. Sets of documents are bitmaps: large numbers with bit n for document n."""

from bisect import bisect_left
from collections import Counter
from functools import reduce
from heapq import nlargest
from math import log
from operator import and_, itemgetter, mul, or_

from search.engine.postings import bitmap_of
from search.engine.reader import numbers_in
from search.queries import AllOf, AnyOf, Beginning, Phrase, Word, size_of

FIELD = "text"
# How much a name of the document among the words asked for adds to its score, were it all of them.
BONUS = 1
# How much it adds that words stand near one another as in the query, at most NEAR positions apart; looked at in the best documents.
NEARNESS, NEAR, COMPARED = 0.1, 3, 100


class Evaluation:
    """Evaluates one query on one reader; each term's postings are read at most once."""

    def __init__(self, reader, query, set_apart=0):
        self.reader, self.query, self.set_apart = reader, query, set_apart
        self.may_miss = query.size > 2
        self._postings, self._beginnings = {}, {}

    def loosened(self):
        self.query = self.query.loosened
        return self

    # Finding

    def all_wanted(self):
        """Documents with everything that is wanted, the rarest of it first."""
        found = self.reader.live
        for node in sorted(self.query.wanted, key=self.frequency):
            found &= self.documents(node)
            if not found:
                return 0
        return self.without_unwanted(found)

    def enough_wanted(self, enough):
        """Documents with at least `enough` of the words, and with everything else that is wanted."""
        found = self.reader.live
        having = [found] + [0] * enough  # having[n]: documents with at least n of the words so far
        for node in self.query.wanted:
            documents = self.documents(node)
            if isinstance(node, Word | AnyOf):
                for n in range(enough, 0, -1):
                    having[n] |= having[max(n - size_of(node), 0)] & documents
            else:
                found &= documents
        return self.without_unwanted(found & having[enough])

    def without_unwanted(self, found):
        for node in self.query.unwanted:
            found &= ~self.documents(node)
        return found

    def frequency(self, node):
        """Greatest number of documents that can have a node, without reading postings."""
        if isinstance(node, Word):
            return self.reader.frequency(FIELD, node.term)
        if isinstance(node, Phrase):
            return min(self.reader.frequency(FIELD, term) for term, _ in node.pairs)
        if isinstance(node, AllOf):
            return min(map(self.frequency, node.nodes))
        if isinstance(node, AnyOf):
            return sum(map(self.frequency, node.nodes))
        return self.reader.size

    def documents(self, node):
        if isinstance(node, Word):
            merged = self.postings(node.term)
            return merged.bitmap if merged else 0
        if isinstance(node, Phrase):
            return self.in_a_row(node)
        if isinstance(node, Beginning):
            return self.beginning(node).bitmap
        if isinstance(node, AllOf):
            return reduce(and_, map(self.documents, node.nodes))
        found = reduce(or_, map(self.documents, node.nodes))
        if not found & self.reader.live & ~self.set_apart and node.otherwise:
            return self.documents(node.otherwise)
        return found

    def in_a_row(self, phrase):
        """Documents in which the phrase's terms stand at their distances."""
        terms = sorted(phrase.pairs, key=lambda pair: self.reader.frequency(FIELD, pair[0]))
        found = self.reader.live
        for term, _ in terms:
            merged = self.postings(term)
            found &= merged.bitmap if merged else 0
            if not found:
                return 0
        matching = 0
        for base, size in self.reader.extents:
            numbers = numbers_in(found >> base & ((1 << size) - 1))
            if numbers:
                rows = [self.postings(term).part(base).rows(numbers) for term, _ in terms]
                kept = with_row(numbers, rows, [offset for _, offset in terms])
                matching |= int.from_bytes(bitmap_of(kept), "little") << base
        return matching

    def postings(self, term):
        if term not in self._postings:
            self._postings[term] = self.reader.postings(FIELD, term)
        return self._postings[term]

    def beginning(self, node):
        if node not in self._beginnings:
            self._beginnings[node] = self.reader.beginning(node.start, node.whole)
        return self._beginnings[node]

    # Ordering

    def rarity(self, node):
        """Inverse document frequency, as in BM25, among the documents that are not set apart."""
        frequency = (self.documents(node) & ~self.set_apart).bit_count()
        return log(1 + (self.reader.size - self.set_apart.bit_count() - frequency + 0.5) / (frequency + 0.5))

    def term(self, leaf):
        """The postings of a Word or a Beginning, or None."""
        return self.beginning(leaf) if isinstance(leaf, Beginning) else self.postings(leaf.term)

    def impacts(self, node, numbers):
        """The impact of a node on each of the documents: of what is equal the highest, of what stands together the mean."""
        if isinstance(node, Word | Beginning):
            postings = self.term(node)
            return postings.impacts_of(numbers) if postings else [0] * len(numbers)
        if isinstance(node, AnyOf):
            return list(map(max, zip(*(self.impacts(part, numbers) for part in node.nodes), strict=True)))
        parts = node.nodes if isinstance(node, AllOf) else [Word(term, node.text) for term, _ in node.pairs]
        found, sums = self.documents(node), map(sum, zip(*(self.impacts(part, numbers) for part in parts), strict=True))
        return [total / len(parts) if found >> number & 1 else 0 for number, total in zip(numbers, sums, strict=True)]

    def best(self, found, count, later=0):
        """(number, score) of the `count` best of the documents found; those that bear the very name asked for come first, those that come
        `later` last."""
        named, ordered = found & self.named(), []
        for documents in (named & ~later, named & later, found & ~named & ~later, found & ~named & later):
            ordered += self.highest_scored(documents, count - len(ordered)) if documents else []
        return ordered

    def named(self):
        """Documents with a name that the whole query is."""
        postings = [self.reader.postings("named", name) for name in self.query.names]
        return reduce(or_, (found.bitmap for found in postings if found), 0)

    def highest_scored(self, found, count):
        wanted = self.query.wanted
        numbers = numbers_in(found)
        if not wanted or not count:
            return [(number, 0.0) for number in numbers[:count]]
        weights = [size_of(node) * self.rarity(node) for node in wanted]
        rows = zip(*(self.impacts(node, numbers) for node in wanted), strict=True)
        bonus = self.bonus()
        scores = [self.score(row, weights) * (1 + bonus.get(number, 0)) for number, row in zip(numbers, rows, strict=True)]
        return self.nearest_first(nlargest(max(count, COMPARED), zip(numbers, scores, strict=True), key=itemgetter(1)))[:count]

    def nearest_first(self, best):
        """The same, the first COMPARED in the order that they have if words that stand near in them as in the query count."""
        pairs = self.query.neighbours
        if not pairs:
            return best
        compared = int.from_bytes(bitmap_of(sorted(number for number, _ in best[:COMPARED])), "little")
        near = Counter(number for pair in pairs for number in self.near(pair, compared))
        raised = [(number, score * (1 + NEARNESS * near[number] / len(pairs))) for number, score in best[:COMPARED]]
        return sorted(raised, key=itemgetter(1), reverse=True) + best[COMPARED:]

    def near(self, pair, found):
        """Those of the documents found in which two terms stand near one another."""
        for term in pair:
            merged = self.postings(term)
            found &= merged.bitmap if merged else 0
        for base, size in self.reader.extents:
            if numbers := numbers_in(found >> base & ((1 << size) - 1)):
                rows = [self.postings(term).part(base).rows(numbers) for term in pair]
                yield from (base + number for number, *places in zip(numbers, *rows, strict=True) if are_near(*places))

    def score(self, impacts, weights):
        """The weighted sum of a document's impacts. One that misses a word counts less, the more so the rarer the word."""
        score = sum(map(mul, impacts, weights))
        if not self.may_miss or not score:
            return score
        return score * (sum(weight for impact, weight in zip(impacts, weights, strict=True) if impact) / sum(weights))

    def bonus(self):
        """Gain of documents by a name of theirs among the words asked for: the share of the words that the longest such name takes."""
        found = {}
        for name, share in sorted(self.query.within.items(), key=itemgetter(1)):
            if postings := self.reader.postings("called", name):
                found |= dict.fromkeys(numbers_in(postings.bitmap), BONUS * share)
        return found

    def newest(self, found, count):
        days = self.reader.days
        return [(number, 0.0) for number in nlargest(count, numbers_in(found), key=days.__getitem__)]


def are_near(one, other):
    """Whether some of two rising rows of positions are at most NEAR apart."""
    for position in one:
        at = bisect_left(other, position - NEAR)
        if at < len(other) and other[at] <= position + NEAR:
            return True
    return False


def with_row(numbers, rows, offsets):
    """Documents in which some position of the first row has all the others at their distances."""
    first, others = offsets[0], offsets[1:]
    kept = []
    for number, row, *following in zip(numbers, *rows, strict=True):
        starts = {position - first for position in row}
        for offset, other in zip(others, following, strict=True):
            starts.intersection_update([position - offset for position in other])
            if not starts:
                break
        if starts:
            kept.append(number)
    return kept
