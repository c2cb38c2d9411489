"""The query language: words, "phrases", -exclusion, beginnings* and kind: class: year: section: prefixes. Anything malformed is words."""

import re
from dataclasses import dataclass, field

from search.analysis import PART, TOKEN, folded, terms

LONGEST = 128
MOST_TERMS = 16
SHORTEST_BEGINNING = 2
FILTERS = ("kind", "section", "year", "class")
# A name and a number without a blank, such as eb50; a lone digit, as in CO2, belongs to its word.
RUN_TOGETHER = re.compile(r"([^\W\d_]{2,})(\d{2,})")
PIECE = re.compile(
    rf"""(?P<filter>{"|".join(FILTERS)}):(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]+))
    | (?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A term of the index; `text` is what was typed."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms at fixed distances: (term, offset) pairs."""

    pairs: tuple
    text: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """Every term that begins like this."""

    start: str
    text: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A compound: written together, or its parts in a row."""

    nodes: tuple
    text: str


@dataclass(frozen=True)
class Query:
    """What was asked: nodes that must be found, nodes that must not, and filters by name with the values asked for."""

    text: str
    wanted: tuple = ()
    unwanted: tuple = ()
    filters: dict = field(default_factory=dict)
    is_cut: bool = False

    def __bool__(self):
        return bool(self.wanted or self.filters)

    @property
    def words(self):
        """The wanted nodes that are plain words, of which a long query may miss some."""
        return [node for node in self.wanted if isinstance(node, Word | AnyOf)]

    @property
    def enough(self):
        """How many of the words a text must have: both of two, all but one of up to five, seven tenths of more."""
        count = len(self.words)
        return count if count < 3 else count - 1 if count < 6 else -(-count * 7 // 10)


def parse(text):
    """The Query of a text, of which at most LONGEST characters and MOST_TERMS terms count. Never fails."""
    kept = " ".join(text[: 4 * LONGEST].split())
    query = kept[:LONGEST]
    wanted, unwanted, filters, is_cut = [], [], {}, len(kept) > LONGEST or len(text) > 4 * LONGEST
    for match in PIECE.finditer(query):
        if match["filter"]:
            value = match["quoted"] if match["quoted"] is not None else match["value"]
            filters.setdefault(match["filter"].lower(), []).append(value)
            continue
        nodes = list(nodes_of(match))
        (unwanted if match["minus"] else wanted).extend(nodes)
    count = len(wanted) + len(unwanted)
    is_cut = is_cut or count > MOST_TERMS
    return Query(query, tuple(wanted[:MOST_TERMS]), tuple(unwanted[: max(MOST_TERMS - len(wanted), 0)]), filters, is_cut)


def nodes_of(match):
    if match["phrase"] is not None:
        yield from phrase(match["phrase"])
        return
    text = match["word"]
    tokens = TOKEN.findall(text)
    for number, token in enumerate(tokens):
        is_last = number == len(tokens) - 1
        start = folded("".join(PART.findall(token)))
        if is_last and text.endswith("*") and len(start) >= SHORTEST_BEGINNING:
            yield Beginning(start, token)
        else:
            yield from node(token)


def node(token):
    """A Word, or AnyOf for a compound; nothing for a stop word."""
    pairs, width = terms(token)
    if width == 1:
        words = [Word(term, token) for term, _ in pairs]
        rows = [row for row in apart(token) if isinstance(row, Phrase)] if words else []
        yield from [AnyOf((*words, *rows), token)] if rows else words
    elif pairs:
        *parts, (whole, _) = pairs
        yield AnyOf((Word(whole, token), Phrase(tuple(parts), token)), token) if len(parts) > 1 else Word(whole, token)


def apart(token):
    """A name and its number that were typed without a blank, as a phrase."""
    run = RUN_TOGETHER.fullmatch(token)
    return phrase(f"{run[1]} {run[2]}") if run else ()


def phrase(text):
    """A Phrase of the parts of a text, or a Word if only one of them counts."""
    pairs, at = [], 0
    for token in TOKEN.findall(text):
        found, width = terms(token)
        parts = found[:-1] if width > 1 else found
        pairs.extend((term, at + offset) for term, offset in parts)
        at += width
    if len(pairs) == 1:
        yield Word(pairs[0][0], text)
    elif pairs:
        yield Phrase(tuple(pairs[:MOST_TERMS]), text)


def leaves(nodes):
    """The Words, the terms of Phrases and the Beginnings below nodes, each once."""
    found = {}
    for one in nodes:
        if isinstance(one, AnyOf):
            found.update(dict.fromkeys(leaves(one.nodes)))
        elif isinstance(one, Phrase):
            found.update(dict.fromkeys(Word(term, one.text) for term, _ in one.pairs))
        else:
            found[one] = None
    return list(found)
