"""Words of titles, for the box of words above a list: all must be there, each as the beginning of a word. Pure."""

import re
import unicodedata
from array import array
from bisect import bisect_left
from functools import lru_cache, reduce
from operator import and_

from markup.characters import spelt_out
from markup.lru import LRU, one
from publishing.facets import bitmap

MOST_WORDS = 16
WORD = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def folded(text):
    """Text for comparison: without case and diacritics."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def words_of(text):
    """The words of a text, folded, in their order."""
    return WORD.findall(folded(text))


class WordIndex:
    """Index of the words of rows, umlauts spelt out too: `words` sorted, and for each the places of its rows, as slices of one array."""

    def __init__(self, words, starts, places, size):
        self.words, self.starts, self.places, self.size = words, starts, places, size
        self._found = LRU(8, one)

    @classmethod
    def of(cls, texts):
        rows = {}
        for place, text in enumerate(texts):
            for word in {*words_of(text), *words_of(spelt_out(text))}:
                rows.setdefault(word, []).append(place)
        words, starts, places = sorted(rows), array("I", [0]), array("I")
        for word in words:
            places.extend(rows[word])
            starts.append(len(places))
        return cls(words, starts, places, len(texts))

    def having(self, text):
        """The bitmap of the rows that have every word of the text, or one that begins so; all rows where there is none."""
        terms = tuple(dict.fromkeys(words_of(text)))[:MOST_WORDS]
        return self._found.get_or_make(terms, lambda: reduce(and_, map(self.beginning, terms), (1 << self.size) - 1))

    def beginning(self, prefix):
        """The bitmap of the rows with a word that begins with the prefix."""
        first = bisect_left(self.words, prefix)
        last = bisect_left(self.words, prefix + "\U0010ffff", first)
        return bitmap(set(self.places[self.starts[first] : self.starts[last]]), self.size)
