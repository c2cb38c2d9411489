"""The query language: words, dates, "phrases", -exclusion, beginnings*, prefixes such as kind: and host:. The malformed is words."""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from publishing.holdings import prefixes
from search import dates
from search.analysis import GROUPING, PART, RUN, TOKEN, folded, root, squashed, terms

LONGEST = 128
MOST_TERMS = 16
SHORTEST_BEGINNING = 2
LONGEST_NAME = 8
# Of what follows a prefix so many words may be its value: host:Sao Tome and Principe.
MOST_WORDS = 6
FILTERS = ("kind", "section", "year", "class")
# A name and a number without a blank, such as eb50; a lone digit, as in CO2, belongs to its word.
# A number whose groups of three digits stand apart.
SPACED_NUMBER = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?: \d{3})+(?![\w.,])", re.ASCII)
# What is typed otherwise than texts have it: lowered figures, dollars, the figures of gases, and digits grouped by apostrophes.
LOWERED = re.compile(r"(?<=[^\W_])~([^\W_]{1,3})~")
DOLLARS = re.compile(r"(?<!\w)US ?\$ ?", re.IGNORECASE)
FORMULA = re.compile(r"(?<![\w.-])(?:CO 2|CH 4|SF 6|NF 3|N 2 ?O)(?![\w.,-])", re.IGNORECASE)
APOSTROPHE = re.compile(r"(?<=[0-9])['’](?=[0-9]{3}(?![0-9]))")
# Numbers with zeros before them, and the small-scale methodologies by type and letters.
CODE = re.compile(
    r"(?<![\w.-])(?:(?P<name>[A-Z]{2,5})[ -]?(?P<number>0[0-9]{1,3})(?![\w/-]|\.\w)"
    r"|AMS[ -]?(?P<type>I{1,3}|[123])[ .-]?(?P<letters>[A-Z]{1,2})(?![\w-]|\.\w))",
    re.IGNORECASE,
)
ROMAN = {"1": "I", "2": "II", "3": "III"}
# A word or a phrase, of which a text has none where a minus stands before it.
WORDS = re.compile(r"""(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))""")
RUN_TOGETHER = re.compile(r"([^\W\d_]{2,})(\d{2,})")


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
    """Every word that begins like this; of a compound, its `whole` too."""

    start: str
    text: str
    whole: str = ""

    def fits(self, words):
        """Whether one of the terms and words of a text begins so."""
        return self.whole in words or any(word.startswith(self.start) for word in words)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Several words, in whatever order."""

    nodes: tuple
    text: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Equal nodes: a compound written together or with its parts in a row, one spelling or another.

    `otherwise` is what is looked for where no text has any of them; `size` is the number of words that were typed for it.
    """

    nodes: tuple
    text: str
    otherwise: AllOf | None = None
    size: int = 1


@dataclass(frozen=True)
class Query:
    """Query: nodes that must be found, nodes that must not, and filters by name with the values asked for; `plain` is the text without
    these.

    `names` are those that the whole of it may be, its equal ones included, as `squashed` leaves them; `within` maps the names that it may
    hold to the share of its words that each takes.
    """

    text: str
    plain: str = ""
    wanted: tuple = ()
    unwanted: tuple = ()
    filters: dict = field(default_factory=dict)
    is_cut: bool = False
    names: tuple = ()
    within: dict = field(default_factory=dict)

    def __bool__(self):
        return bool(self.wanted or self.filters)

    @property
    def words(self):
        """The wanted nodes that are plain words, of which a long query may miss some."""
        return [node for node in self.wanted if isinstance(node, Word | AnyOf)]

    @property
    def loosened(self):
        """The same with each compound as the words that it is made of: for where no text has it."""
        apart = [part for node in self.wanted for part in (leaves([node]) if isinstance(node, AnyOf) else [node])]
        return replace(self, wanted=tuple(apart))

    @property
    def neighbours(self):
        """The (term, term) pairs of words that follow one another."""
        firsts = [node.nodes[0] if isinstance(node, AnyOf) else node for node in self.wanted]
        terms = [node.term if isinstance(node, Word) else "" for node in firsts]
        return [(one, other) for one, other in pairwise(terms) if one and other and one != other]

    @property
    def size(self):
        """The number of words that were typed."""
        return sum(map(size_of, self.words))

    @property
    def enough(self):
        """Number of the words that a text must have: both of two, all but one of up to five, seven tenths of more."""
        count = self.size
        return count if count < 3 else count - 1 if count < 6 else -(-count * 7 // 10)


@cache
def piece():
    """Pattern of a piece of a query: a prefix with what may be its value, a phrase or a word. The prefixes of holdings are known once the
    apps are."""
    names = "|".join((*FILTERS, *prefixes()))
    return re.compile(
        rf"""(?P<filter>{names}):(?P<blank>\s?)(?!(?:{names}):)
            (?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]+)(?P<more>(?:\s(?!-)[^\s":]+(?!\S)){{0,{MOST_WORDS - 1}}}))
        | {WORDS.pattern}""",
        re.VERBOSE | re.IGNORECASE,
    )


def no_value(_prefix, _text):
    return False


def parse(text, spellings=None, is_value=no_value):
    """The Query of a text, of which at most LONGEST characters and MOST_TERMS terms count. Never fails.

    `spellings` (`search.spellings.EqualSpellings`) adds to each name its equal ones; `is_value(prefix, text)` tells what a prefix knows.
    """
    kept = " ".join(text[: 4 * LONGEST].split())
    query = kept[:LONGEST]
    wanted, unwanted, is_cut = [], [], len(kept) > LONGEST or len(text) > 4 * LONGEST
    filters, plain = without_filters(query, is_value)
    days, rest = without_dates(plain_signs(plain.lower() if is_shouted(plain) else plain))
    codes, rest = without_codes(rest)
    wanted += days + codes
    for match in WORDS.finditer(SPACED_NUMBER.sub(lambda number: number[0].replace(" ", ""), rest)):
        nodes = list(nodes_of(match))
        (unwanted if match["minus"] else wanted).extend(nodes)
    count = len(wanted) + len(unwanted)
    is_cut = is_cut or count > MOST_TERMS
    if spellings is not None:
        wanted = spellings.added(wanted)
    names = tuple({squashed(rest)} | equal_names(wanted)) if not unwanted else ()
    unwanted = unwanted[: max(MOST_TERMS - len(wanted), 0)]
    return Query(query, plain, tuple(wanted[:MOST_TERMS]), tuple(unwanted), filters, is_cut, names, names_within(rest))


def without_filters(text, is_value=no_value):
    """The values by prefix, and the text without them."""
    filters = {}

    def cut(match):
        if not match["filter"]:
            return match[0]
        value, rest = value_in(match, is_value)
        if value is not None:
            filters.setdefault(match["filter"].lower(), []).append(value)
        return rest

    return filters, " ".join(piece().sub(cut, text).split())


def value_in(match, is_value):
    """The value of a prefix and what follows it: the most words that it knows as one, else the next.

    Behind a blank only what it knows is one; None where it is not, and the prefix is a word: type of project.
    """
    if match["quoted"] is not None:
        return match["quoted"], ""
    words = [match["value"], *match["more"].split()]
    for size in range(len(words), 0, -1):
        if is_value(match["filter"].lower(), value := " ".join(words[:size])):
            return value, f" {' '.join(words[size:])}"
    return (None, match[0]) if match["blank"] else (match["value"], match["more"])


def names_within(text):
    """Each run of words that may be a name, as `squashed` leaves it, with its share of all words that count."""
    tokens = TOKEN.findall(text)[:MOST_TERMS]
    counted = [sum(1 for _ in node(token)) for token in tokens]
    total, found = sum(counted), {}
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST_NAME, len(tokens)) + 1):
            if size := sum(counted[start:end]):
                found[squashed("".join(tokens[start:end]))] = size / total
    return found


def equal_names(wanted):
    """The equal names of a query that is one name."""
    return {squashed(node.text) for node in wanted[0].nodes} if len(wanted) == 1 and isinstance(wanted[0], AnyOf) else set()


def is_shouted(text):
    """Several words in capitals alone, which then say nothing of abbreviations."""
    return text.isupper() and len(text.split()) > 1 and not any(map(str.isdecimal, text))


def without_dates(text):
    """Nodes for the days and months that a text names, and the rest of it. What stands between quotation marks is left."""
    found = []

    def cut(match, forms):
        if not forms or text.count('"', 0, match.start()) % 2:
            return match[0]
        found.append(AnyOf(tuple(forms), match[0]))
        return " " * len(match[0])

    text = dates.DAY.sub(lambda match: cut(match, list(forms_of_day(match))), text)
    text = dates.MONTH_OF_YEAR.sub(lambda match: cut(match, list(forms_of_month(match))), text)
    return found, text


def forms_of_day(match):
    """The ways to write a day in a row; none where there is no such day."""
    if day := dates.day_of(match):
        words = dates.in_words(day)
        number, month, year = words.split()
        for form in dict.fromkeys((words, f"{month} {number} {year}", f"{day:%Y-%m-%d}", match[0])):
            yield from phrase(form)


def forms_of_month(match):
    """A month and its year, in whatever order, or as it was typed."""
    yield AllOf(tuple(nodes_in(dates.month_of(match))), match[0])
    yield from phrase(match[0])


def without_codes(text):
    """Nodes for the codes that a text writes apart or otherwise than they are kept, and the rest of it; not between quotation marks."""
    found = []

    def cut(match):
        if text.count('"', 0, match.start()) % 2:
            return match[0]
        found.extend(code(match))
        return " " * len(match[0])

    return found, CODE.sub(cut, text)


def code(match):
    """AM 0034 is AM0034, EB 050 is EB 50, AMS 1.D is AMS-I.D."""
    if match["type"]:
        kind = ROMAN.get(match["type"], match["type"])
        yield from node(f"AMS-{kind}.{match['letters']}")
        return
    name, number = match["name"], match["number"]
    forms = [Word(root(folded(name + number)), match[0])]
    for digits in (number, number.lstrip("0")):
        forms += phrase(f"{name.upper()} {digits}")
    yield AnyOf(tuple(forms), match[0])


def plain_signs(text):
    """The text with signs as the portal's texts write them: CO~2~ is CO2, US$ is USD, 12'548 is 12,548."""
    text = LOWERED.sub(r"\1", text)
    text = DOLLARS.sub("USD ", text)
    text = FORMULA.sub(lambda formula: formula[0].replace(" ", ""), text)
    return APOSTROPHE.sub(",", text)


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
            yield Beginning(start, token, root(start) if len(PART.findall(token)) > 1 else "")
        else:
            yield from node(token)


def nodes_in(text):
    """The nodes of plain words, without the signs of the query language."""
    for token in TOKEN.findall(text):
        yield from node(token)


def node(token):
    """A Word, or AnyOf for a compound; nothing for a stop word."""
    pairs, width = terms(token)
    if RUN.match(token):
        yield Phrase(pairs, token) if len(pairs) > 1 else Word(pairs[0][0], token)
    elif width == 1:
        words = [Word(term, token) for term, _ in pairs]
        rows = [row for row in apart(token) if isinstance(row, Phrase)] if words else []
        yield from [AnyOf((*words, *rows), token)] if rows else words
    elif pairs:
        *parts, (whole, _) = pairs
        yield compound(whole, tuple(parts), token) if len(parts) > 1 else Word(whole, token)


def compound(whole, parts, token):
    """Written together, or its parts in a row; of words without digits, where that finds nothing, all of them."""
    words = AllOf(tuple(Word(term, token) for term, _ in parts), token) if not any(map(str.isdecimal, token)) else None
    return AnyOf((Word(whole, token), Phrase(parts, token)), token, words)


def apart(token):
    """A name and its number that were typed without a blank, or a large number in groups of three digits, as a phrase."""
    digits = GROUPING.sub("", token)
    if digits.isdecimal() and len(digits) > 3:
        return phrase(f"{int(digits):,}".replace(",", " "))
    run = RUN_TOGETHER.fullmatch(token)
    return phrase(f"{run[1]} {run[2]}") if run else ()


def phrase(text):
    """A Phrase of the parts of a text, or a Word if only one of them counts."""
    pairs, at = [], 0
    for token in TOKEN.findall(text):
        found, width = terms(token)
        parts = found[:-1] if width > 1 and not RUN.match(token) else found
        pairs.extend((term, at + offset) for term, offset in parts)
        at += width
    if len(pairs) == 1:
        yield Word(pairs[0][0], text)
    elif pairs:
        yield Phrase(tuple(pairs[:MOST_TERMS]), text)


def size_of(node):
    return getattr(node, "size", 1)


def leaves(nodes):
    """The Words, the terms of Phrases and the Beginnings below nodes, each once."""
    found = {}
    for one in nodes:
        if isinstance(one, AnyOf):
            found.update(dict.fromkeys(leaves([*one.nodes, *([one.otherwise] if one.otherwise else [])])))
        elif isinstance(one, AllOf):
            found.update(dict.fromkeys(leaves(one.nodes)))
        elif isinstance(one, Phrase):
            found.update(dict.fromkeys(Word(term, one.text) for term, _ in one.pairs))
        else:
            found[one] = None
    return list(found)
