"""Finds names while they are being typed: by prefix, in any order of the words, with one typing error forgiven. Pure, in memory."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from operator import attrgetter

from publishing.layered import Layered, grouped, regrouped, replaced
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
    """One of the names of an owner. A lower `rank` goes first, then a lower `order`; a # in the text stands for a number."""

    owner: object
    text: str
    rank: int = 0
    order: tuple = ()


@dataclass(frozen=True, slots=True)
class Match:
    owner: object
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


class IndexedName:
    """A name with the keys under which it is found."""

    __slots__ = ("key", "keys", "name", "order", "words")

    def __init__(self, name, order=()):
        self.name, self.order = name, name.order or order
        self.words = tuple(parts(name.text.replace("#", " ")))
        self.key = "#".join(squashed(piece) for piece in name.text.split("#"))
        self.keys = {("text", folded(name.text)), ("key", self.key), *(("word", word) for word in self.words)}
        if len(self.key) <= LONGEST_NAME:
            self.keys.update(halves(self.key, len(self.key)))


class NameIndex:
    """An index over names. It is never changed: `updated` gives another one that shares with it what stayed."""

    def __init__(self, names):
        found = sorted((IndexedName(name, (number,)) for number, name in enumerate(names)), key=ORDER)
        self._owners = Layered(grouped((one.name.owner, one) for one in found))
        self._found = Layered(grouped(by_key(found)))
        self._sorted = sorted(map(sorted_row, found))
        self._vocabulary = sorted({word for one in found for word in one.words})
        self._pairs = Layered(grouped(by_pair(self._vocabulary)))

    def updated(self, names):
        """The index in which the owners have the names that `names` maps them to."""
        gone = [one for owner in names for one in self._owners.get(owner, ())]
        come = {owner: tuple(IndexedName(name) for name in own) for owner, own in names.items()}
        index = NameIndex(())
        index._owners = self._owners.changed({owner: own or None for owner, own in come.items()})
        come = [one for own in come.values() for one in own]
        index._found = regrouped(self._found, by_key(gone), by_key(come), ORDER)
        index._sorted = replaced(self._sorted, map(sorted_row, gone), map(sorted_row, come))
        touched = {word for one in gone + come for word in one.words}
        lost = [word for word in touched if ("word", word) in self._found and ("word", word) not in index._found]
        new = [word for word in touched if ("word", word) not in self._found and ("word", word) in index._found]
        index._vocabulary = replaced(self._vocabulary, lost, new)
        index._pairs = regrouped(self._pairs, by_pair(lost), by_pair(new))
        return index

    def find(self, typed, limit, is_meant=lambda _owner: True):
        """Matches for what was typed among the owners that are meant, at most one for each, best first."""
        query = TypedName(typed)
        best = {}
        for fit, candidates in self._tiers(query):
            ordered = sorted(candidates, key=lambda one: sort_key(one, query))
            for one in islice((one for one in ordered if is_meant(one.name.owner)), limit):
                best.setdefault(one.name.owner, Match(one.name.owner, one.name, fit))
            if len(best) >= limit or (fit in {Fit.EXACT, Fit.NEAR} and best):
                break
        return list(best.values())[:limit]

    def _tiers(self, query):
        if not query.plain:
            return
        yield Fit.EXACT, self._found.get(("text", query.folded), ())
        yield Fit.PLAIN, [one for form in query.forms for one in self._found.get(("key", form), ())]
        yield Fit.BEGINNING, self._beginning(query.plain)
        yield Fit.WORDS, self._with_words(query.words)
        yield Fit.NEAR, {one for form in query.forms for one in self._near(form)}
        yield Fit.NEAR_WORDS, self._with_near_words(query.words)

    def _beginning(self, plain):
        first = bisect_left(self._sorted, (plain,))
        last = bisect_left(self._sorted, (plain + "\U0010ffff",), first)
        return [one for *_, one in self._sorted[first : min(last, first + ENOUGH)]]

    def _words(self, start):
        """The words that begin so, sorted."""
        first = bisect_left(self._vocabulary, start)
        return self._vocabulary[first : bisect_left(self._vocabulary, start + "\U0010ffff", first)]

    def _with_words(self, words):
        """Names in which each word typed begins a word."""
        if max(map(len, words)) < 2:
            return ()
        ranges = [self._words(word) for word in words]
        sizes = [sum(len(self._found["word", word]) for word in found) for found in ranges]
        rarest = min(range(len(words)), key=sizes.__getitem__)
        return self._holding(ranges[rarest], [word for n, word in enumerate(words) if n != rarest])

    def _holding(self, words, others):
        """Names with one of the words, as far as enough of them are looked at, in which each of the others begins a word."""
        candidates = islice((one for word in words for one in self._found["word", word]), ENOUGH)
        return {one for one in candidates if all(any(own.startswith(word) for own in one.words) for word in others)}

    def _near(self, plain):
        """Names that one typing error turns into `plain`."""
        length = len(plain)
        for of in (length - 1, length, length + 1):
            for half in halves(plain, of):
                yield from (one for one in self._found.get(half, ()) if is_near(plain, one.key))
        if length > 1:
            yield from self._found.get(("key", swapped(plain)), ())

    def _with_near_words(self, words):
        """Names in which each word typed begins a word, one of them with a typing error."""
        found = set()
        for n, word in enumerate(words):
            if len(word) > 3:
                found |= self._holding(self._near_words(word), words[:n] + words[n + 1 :])
        return found

    def _near_words(self, word):
        """The words that `word` begins but for one error: half of it is right, or the two letters in its middle are swapped."""
        middle = len(word) // 2
        candidates = set(self._words(word[:middle]))
        for shift in (-1, 0, 1):
            candidates.update(self._pairs.get((middle + shift, word[middle : middle + 2]), ()))
        near = {candidate for candidate in candidates if begins_near(word, candidate)}
        return sorted(near.union(self._words(swapped(word))))


ORDER = attrgetter("order")


def sorted_row(one):
    return one.key, one.order, one


def by_key(found):
    return [(key, one) for one in found for key in one.keys]


def by_pair(words):
    """Words by two of their letters and where these stand."""
    return [((at, word[at : at + 2]), word) for word in words for at in range(min(len(word) - 1, 12))]


def sort_key(one, query):
    return one.name.rank > 1, len(one.name.text) - len(query.plain), one.name.rank, one.order


def swapped(text):
    """The text with the two letters in its middle swapped."""
    middle = len(text) // 2
    return text[: middle - 1] + text[middle] + text[middle - 1] + text[middle + 1 :]


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
