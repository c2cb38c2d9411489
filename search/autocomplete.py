"""Finds names while they are being typed: by prefix, in any order of the words, with typing errors forgiven. Pure, in memory."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from operator import attrgetter

from rapidfuzz import process
from rapidfuzz.distance import OSA

from markup.characters import spelt_out
from publishing.layered import Layered, grouped, regrouped, replaced
from search.analysis import folded, parts, squashed

# How many candidates are looked at for a prefix so short that it fits half of all names.
ENOUGH = 300
# From so many letters on, two typing errors are forgiven.
LONG = 8
SHORTEST = 4
DIGITS = re.compile(r"\d+")


class Fit(IntEnum):
    """Grade of the fit between what was typed and a name, best first."""

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
    errors: int = 0

    def is_whole(self, typed, errors):
        """Whether what was typed is the whole name but for so many errors, not only its beginning."""
        forms = dict.fromkeys((self.name.text, spelt_out(self.name.text)))
        keys = [(form, key_of_name(name)) for form in TypedName(typed).forms for name in forms]
        return any(OSA.distance(form, key, score_cutoff=errors) <= errors for form, key in keys)


def near_names(typed, names):
    """(name, errors) of the names that one typing error at most turns into `typed`."""
    return [(name, errors) for name, errors, _at in process.extract_iter(typed, names, scorer=OSA.distance, score_cutoff=1)]


def near_beginnings(typed, names, most):
    """(name, errors) of the names that begin with `typed` but for at most `most` letters left out, put in, changed or swapped."""
    length = len(typed)
    heads = process.extract_iter(typed, (name[:length] for name in names), scorer=OSA.distance, score_cutoff=2 * most)
    for _head, _distance, at in heads:
        name = names[at]
        errors = min(OSA.distance(typed, name[:end], score_cutoff=most) for end in range(max(length - most, 0), length + most + 1))
        if errors <= most:
            yield name, errors


class IndexedName:
    """A name with the keys under which it is found, in one form of its text."""

    __slots__ = ("key", "keys", "name", "order", "words")

    def __init__(self, name, text, order=()):
        self.name, self.order = name, name.order or order
        self.words = tuple(parts(text.replace("#", " ")))
        self.key = key_of_name(text)
        self.keys = {("text", folded(text)), ("key", self.key), *(("word", word) for word in self.words)}


class NameIndex:
    """An index over names. It is never changed: `updated` gives another one that shares with it what stayed."""

    def __init__(self, names):
        found = sorted((one for number, name in enumerate(names) for one in indexed(name, (number,))), key=ORDER)
        self._owners = Layered(grouped((one.name.owner, one) for one in found))
        self._found = Layered(grouped(by_key(found)))
        self._sorted = sorted(map(sorted_row, found))
        self._keys = sorted({one.key for one in found})
        self._vocabulary = sorted({word for one in found for word in one.words})

    def updated(self, names):
        """The index in which the owners have the names that `names` maps them to."""
        gone = [one for owner in names for one in self._owners.get(owner, ())]
        come = {owner: tuple(one for name in own for one in indexed(name)) for owner, own in names.items()}
        index = NameIndex(())
        index._owners = self._owners.changed({owner: own or None for owner, own in come.items()})
        come = [one for own in come.values() for one in own]
        index._found = regrouped(self._found, by_key(gone), by_key(come), ORDER)
        index._sorted = replaced(self._sorted, map(sorted_row, gone), map(sorted_row, come))
        touched = {key for one in gone + come for key in one.keys}
        lost = [key for key in touched if key in self._found and key not in index._found]
        new = [key for key in touched if key not in self._found and key in index._found]
        index._keys = replaced(self._keys, of_sort("key", lost), of_sort("key", new))
        index._vocabulary = replaced(self._vocabulary, of_sort("word", lost), of_sort("word", new))
        return index

    def has(self, plain):
        """Whether some name has just these letters and digits."""
        return ("key", plain) in self._found

    def find(self, typed, limit, is_meant=lambda _owner: True):
        """Matches for what was typed among the owners that are meant, at most one for each, best first."""
        query = TypedName(typed)
        best = {}
        for fit, candidates in self._tiers(query):
            ordered = sorted(
                candidates, key=lambda found: (found[1], fit == Fit.NEAR and is_in_part(*found, query), *sort_key(found[0], query))
            )
            for one, errors in islice((found for found in ordered if is_meant(found[0].name.owner)), limit):
                best.setdefault(one.name.owner, Match(one.name.owner, one.name, fit, errors))
            if len(best) >= limit or (fit in {Fit.EXACT, Fit.NEAR} and best):
                break
        return list(best.values())[:limit]

    def _tiers(self, query):
        """Each Fit with the (indexed name, typing errors) pairs that have it."""
        if not query.plain:
            return
        yield Fit.EXACT, without_errors(self._found.get(("text", query.folded), ()))
        yield Fit.PLAIN, without_errors(one for form in query.forms for one in self._found.get(("key", form), ()))
        yield Fit.BEGINNING, without_errors(self._beginning(query.plain))
        yield Fit.WORDS, without_errors(self._with_words(query.words))
        yield Fit.NEAR, [found for form in query.forms for found in self._near(form)]
        yield Fit.NEAR_WORDS, [(one, 1) for one in self._with_near_words(query.words)]

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
        """Names that begin with `plain` but for typing errors; of little typed, names that are it but for one."""
        near = near_beginnings(plain, self._keys, errors_in(plain)) if len(plain) >= SHORTEST else near_names(plain, self._keys)
        for key, errors in near:
            yield from ((one, errors) for one in self._found["key", key])

    def _with_near_words(self, words):
        """Names in which each word typed begins a word, one of them with a typing error."""
        found = set()
        for n, word in enumerate(words):
            if len(word) >= SHORTEST:
                near = sorted(name for name, _errors in near_beginnings(word, self._vocabulary, 1))
                found |= self._holding(near, words[:n] + words[n + 1 :])
        return found


def indexed(name, order=()):
    """The IndexedNames of a name: as it is written, and with two letters for its umlauts."""
    return [IndexedName(name, text, order) for text in dict.fromkeys((name.text, spelt_out(name.text)))]


def key_of_name(text):
    """The letters and digits of a name, and the # that stands for a number."""
    return "#".join(map(squashed, text.split("#")))


ORDER = attrgetter("order")


def sorted_row(one):
    return one.key, one.order, one


def by_key(found):
    return [(key, one) for one in found for key in one.keys]


def of_sort(sort, keys):
    return [text for kind, text in keys if kind == sort]


def without_errors(found):
    return [(one, 0) for one in found]


def errors_in(typed):
    """Number of typing errors that are forgiven."""
    return 2 if len(typed) > LONG - 2 else 1


def sort_key(one, query):
    return one.name.rank > 1, abs(len(one.name.text) - len(query.plain)), one.name.rank, one.order


def is_in_part(one, errors, query):
    """Whether what was typed is the beginning of a name alone: whole ones go before, whatever their rank."""
    return OSA.distance(query.plain, one.key, score_cutoff=errors) > errors


class TypedName:
    """The typed text, in the forms in which it is compared."""

    def __init__(self, typed):
        self.folded = folded(typed)
        self.words = parts(typed)
        self.plain = "".join(self.words)
        self.forms = [self.plain, DIGITS.sub("#", self.plain)] if DIGITS.search(self.plain) else [self.plain]
