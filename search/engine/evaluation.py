"""Which documents a query finds, and in what order. Sets of documents are bitmaps: large numbers with bit n for document n."""

from heapq import nlargest
from math import log
from operator import itemgetter

from search.engine.postings import bitmap_of
from search.engine.reader import numbers_in
from search.queries import AnyOf, Beginning, Phrase, Word, leaves

FIELD = "text"


class Evaluation:
    """Evaluates one query on one reader; each term's postings are read at most once."""

    def __init__(self, reader, query):
        self.reader, self.query = reader, query
        self.may_miss = len(query.words) > 2
        self._postings, self._beginnings = {}, {}

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
                    having[n] |= having[n - 1] & documents
            else:
                found &= documents
        return self.without_unwanted(found & having[enough])

    def without_unwanted(self, found):
        for node in self.query.unwanted:
            found &= ~self.documents(node)
        return found

    def frequency(self, node):
        """In how many documents a node can be at most, told without reading postings."""
        if isinstance(node, Word):
            return self.reader.frequency(FIELD, node.term)
        if isinstance(node, Phrase):
            return min(self.reader.frequency(FIELD, term) for term, _ in node.pairs)
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
        found = 0
        for part in node.nodes:
            found |= self.documents(part)
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
            self._beginnings[node] = self.reader.beginning(FIELD, node.start)
        return self._beginnings[node]

    # Ordering

    def scored(self):
        """(postings, weight) of each term that is wanted."""
        for leaf in leaves(self.query.wanted):
            postings = self.beginning(leaf) if isinstance(leaf, Beginning) else self.postings(leaf.term)
            if postings:
                yield postings, self.rarity(postings)

    def rarity(self, postings):
        """Inverse document frequency, as in BM25."""
        frequency = postings.bitmap.bit_count()
        return log(1 + (self.reader.size - frequency + 0.5) / (frequency + 0.5))

    def best(self, found, count):
        """(number, score) of the `count` best of the documents found."""
        scored = list(self.scored())
        if len(scored) == 1:
            postings, weight = scored[0]
            return [(number, impact * weight) for number, impact in highest(postings, found, count)]
        if not scored:
            return [(number, 0.0) for number in numbers_in(found)[:count]]
        numbers = numbers_in(found)
        scores = [0.0] * len(numbers)
        covered = scores
        for postings, weight in scored:
            impacts = postings.impacts_of(numbers)
            scores = [score + impact * weight for score, impact in zip(scores, impacts, strict=True)]
            if self.may_miss:
                covered = [cover + weight if impact else cover for cover, impact in zip(covered, impacts, strict=True)]
        if self.may_miss:
            # A text that misses a word counts less, the more so the rarer the word.
            total = sum(weight for _, weight in scored)
            scores = [score * (cover / total) ** 2 for score, cover in zip(scores, covered, strict=True)]
        return nlargest(count, zip(numbers, scores, strict=True), key=itemgetter(1))

    def newest(self, found, count):
        days = self.reader.days
        return [(number, 0.0) for number in nlargest(count, numbers_in(found), key=days.__getitem__)]


def with_row(numbers, rows, offsets):
    """Those of the documents in which some position of the first row has all the others at their distances."""
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


def highest(merged, found, count):
    """(number, impact) of the `count` highest impacts of one Merged or Spread among the documents found, without sorting them all."""
    bits = found.to_bytes(found.bit_length() // 8 + 1, "little")
    best = {}
    for impact in sorted(set().union(*(postings.impacts for _, postings in merged.parts)), reverse=True):
        for base, postings in merged.parts:
            at = postings.impacts.find(impact)
            while at >= 0 and len(best) < count:
                number = base + postings.ids[at]
                if number >> 3 < len(bits) and bits[number >> 3] >> (number & 7) & 1:
                    best.setdefault(number, impact)
                at = postings.impacts.find(impact, at + 1)
        if len(best) == count:
            break
    return list(best.items())
