"""Finds names while they are being typed: by prefix, in any order of the words, with one typing error forgiven. Pure, in memory."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import IntEnum
from heapq import nsmallest
from itertools import islice

from search.analysis import folded, parts, squashed

# How many candidates are looked at for a prefix so short that it fits half of all names.
ENOUGH = 300
LONGEST_NAME = 60
DIGITS = re.compile(r"\d+")


class Fit(IntEnum):
    """How well what was typed fits a name, best first."""

    EXACT = 0
    PLAIN = 1
    BEGINNING = 2
    WORDS = 3
    NEAR = 4
    NEAR_WORDS = 5


@dataclass(frozen=True, slots=True)
class Name:
    """One of the names of an owner. A lower `rank` goes first; a # in the text stands for a number."""

    owner: int
    text: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    owner: int
    name: Name
    fit: Fit


def is_near(typed, name):
    """Whether one letter left out, put in, changed, or two swapped, turns one into the other."""
    if abs(len(typed) - len(name)) > 1:
        return False
    at = common_beginning(typed, name)
    rest, kept = typed[at:], name[at:]
    return rest[1:] == kept[1:] or rest == kept[1:] or rest[1:] == kept or (rest[:2] == kept[1::-1] and rest[2:] == kept[2:])


def begins_near(typed, word):
    """Whether `typed`, with one typing error put right, begins `word`."""
    at = common_beginning(typed, word)
    rest, kept = typed[at:], word[at:]
    return (
        kept[1:].startswith(rest[1:])
        or kept[1:].startswith(rest)
        or kept.startswith(rest[1:])
        or (len(kept) > 1 and rest[:2] == kept[1::-1] and kept[2:].startswith(rest[2:]))
    )


def common_beginning(one, other):
    at = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        at += 1
    return at


class NameIndex:
    """An index over names, built once and then only read."""

    def __init__(self, names):
        self.names = list(names)
        self.words = [tuple(parts(name.text.replace("#", " "))) for name in self.names]
        self.exact, self.plain, self.halves = {}, {}, {}
        plain = []
        for at, name in enumerate(self.names):
            self.exact.setdefault(folded(name.text), []).append(at)
            key = "#".join(squashed(piece) for piece in name.text.split("#"))
            self.plain.setdefault(key, []).append(at)
            plain.append((key, at))
            if len(key) <= LONGEST_NAME:
                for half in halves(key, len(key)):
                    self.halves.setdefault(half, []).append((key, at))
        plain.sort()
        self._plain_keys = [key for key, _ in plain]
        self._plain_names = [at for _, at in plain]
        self._index_words()

    def _index_words(self):
        holders = {}
        for at, words in enumerate(self.words):
            for word in set(words):
                holders.setdefault(word, []).append(at)
        self.vocabulary = sorted(holders)
        self.holders = [holders[word] for word in self.vocabulary]
        self.counts = [0]
        self.pairs = {}
        for number, word in enumerate(self.vocabulary):
            self.counts.append(self.counts[-1] + len(self.holders[number]))
            for at in range(min(len(word) - 1, 12)):
                self.pairs.setdefault((at, word[at : at + 2]), []).append(number)

    def find(self, typed, limit):
        """Matches for what was typed, at most one for each owner, best first."""
        query = TypedName(typed)
        best = {}
        for fit, candidates in self._tiers(query):
            for at in nsmallest(limit, candidates, key=lambda at: self._order(at, query)):
                best.setdefault(self.names[at].owner, Match(self.names[at].owner, self.names[at], fit))
            if len(best) >= limit or (fit is Fit.EXACT and best):
                break
            if fit is Fit.NEAR and best:
                break
        return list(best.values())[:limit]

    def _order(self, at, query):
        name = self.names[at]
        return name.rank > 1, len(name.text) - len(query.plain), name.rank, at

    def _tiers(self, query):
        if not query.plain:
            return
        yield Fit.EXACT, self.exact.get(query.folded, [])
        yield Fit.PLAIN, [at for form in query.forms for at in self.plain.get(form, [])]
        yield Fit.BEGINNING, self._beginning(query.plain)
        yield Fit.WORDS, self._with_words(query.words)
        yield Fit.NEAR, {at for form in query.forms for at in self._near(form)}
        yield Fit.NEAR_WORDS, self._with_near_words(query.words)

    def _beginning(self, plain):
        first = bisect_left(self._plain_keys, plain)
        last = bisect_left(self._plain_keys, plain + "\U0010ffff", first)
        return self._plain_names[first : min(last, first + ENOUGH)]

    def _range(self, word):
        first = bisect_left(self.vocabulary, word)
        return first, bisect_left(self.vocabulary, word + "\U0010ffff", first)

    def _with_words(self, words):
        """Names in which each word typed begins a word."""
        if max(map(len, words)) < 2:
            return []
        ranges = [self._range(word) for word in words]
        sizes = [self.counts[last] - self.counts[first] for first, last in ranges]
        rarest = min(range(len(words)), key=sizes.__getitem__)
        others = [word for n, word in enumerate(words) if n != rarest]
        candidates = islice((at for number in range(*ranges[rarest]) for at in self.holders[number]), ENOUGH)
        return {at for at in candidates if self._begins_words(at, others)}

    def _begins_words(self, at, words):
        return all(any(own.startswith(word) for own in self.words[at]) for word in words)

    def _near(self, plain):
        """Names that one typing error turns into `plain`."""
        length = len(plain)
        for of in (length - 1, length, length + 1):
            for half in halves(plain, of):
                for key, at in self.halves.get(half, ()):
                    if is_near(plain, key):
                        yield at
        middle = length // 2
        if middle:
            yield from self.plain.get(plain[: middle - 1] + plain[middle] + plain[middle - 1] + plain[middle + 1 :], ())

    def _with_near_words(self, words):
        """Names in which each word typed begins a word, one of them with a typing error."""
        found = set()
        for n, word in enumerate(words):
            if len(word) > 3:
                others = words[:n] + words[n + 1 :]
                candidates = islice((at for number in self._near_words(word) for at in self.holders[number]), ENOUGH)
                found.update(at for at in candidates if self._begins_words(at, others))
        return found

    def _near_words(self, word):
        """Numbers of the words that `word` begins but for one error: half of it is right, or the two letters in its middle are swapped."""
        middle = len(word) // 2
        numbers = set(range(*self._range(word[:middle])))
        for shift in (-1, 0, 1):
            numbers.update(self.pairs.get((middle + shift, word[middle : middle + 2]), ()))
        near = [number for number in numbers if begins_near(word, self.vocabulary[number])]
        swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
        return {*near, *range(*self._range(swapped))}


class TypedName:
    """What was typed, in the forms in which it is compared."""

    def __init__(self, typed):
        self.folded = folded(typed)
        self.words = parts(typed)
        self.plain = "".join(self.words)
        self.forms = [self.plain, DIGITS.sub("#", self.plain)] if DIGITS.search(self.plain) else [self.plain]


def halves(plain, length):
    """Keys by which a name of `length` letters is found from either of its halves. `plain` is the name, or what was typed for it."""
    middle = length // 2
    if middle:
        yield length, 0, plain[:middle]
        yield length, 1, plain[len(plain) - (length - middle) :]
    elif length == 1:
        yield length, 1, plain[-1:]
