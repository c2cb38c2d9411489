"""Words as the search compares them: without case and diacritics, without endings, with compounds found by their parts and whole."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from whoosh.lang.porter import stem

from markup.characters import IGNORABLE, spelt_out

LONGEST = 64
# What may stand within a word without parting it: marks on its letters, as decomposed texts have them, and what nobody sees, such as
# soft hyphens. Python counts neither among the letters.
MARKS = "".join(c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c) in {"Mn", "Mc", "Me"})
# Scripts written without blanks between words; a run of them is found by each two characters that follow one another.
UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD = rf"[^\W_{UNSPACED}]+(?:[{MARKS}{IGNORABLE}]+[^\W_{UNSPACED}]*)*"
# Signs that group the digits of a large number: 391,050,410 and 391050410 are one word.
SIGNS = r",\u00a0\u2009\u202f"
GROUPED = rf"[0-9]{{1,3}}(?:[{SIGNS}][0-9]{{3}})+(?![0-9])(?:{WORD})?"
PART = re.compile(rf"[{UNSPACED}]+|{WORD}")
TOKEN = re.compile(rf"[{UNSPACED}]+|(?:{GROUPED}|{WORD})(?:[-‐‑_./&][{IGNORABLE}]*(?:{GROUPED}|{WORD}))*")
GROUPING = re.compile(rf"(?<=[0-9])[{SIGNS}](?=[0-9]{{3}}(?![0-9]))")
RUN = re.compile(rf"[{UNSPACED}]+\Z")
UNSEEN = re.compile(f"[{IGNORABLE}]+")
ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th)\Z")
# Letters that do not decompose into a plain letter and a mark.
PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
# Roots of one word that Porter keeps apart: registration and register, reduction and reduce, submission and submit, and so on.
ALIKE = {
    "registr": "regist",
    "reduc": "reduct",
    "emit": "emiss",
    "submit": "submiss",
    "decid": "decis",
    "suspens": "suspend",
    "includ": "inclus",
    "exclud": "exclus",
    "appli": "applic",
    "forestri": "forest",
}
STOP_WORDS = frozenset(
    "a about am an and any are as at be been but by can could did do does for from had has have how i if in into is it its may me mean "
    "means meaning my of "
    "on or our s shall should so than that the their them then there these they this those to was we were what when where which who why "
    "will with would you your "
    # French, Spanish, Portuguese, German
    "au aux d da das de del dem den der des do dos du e el en es et la las le les los l para por pour sur un una une um uma und von y "
    "zu zum zur".split()
)


def folded(text):
    """The text in small letters without diacritics and what nobody sees, blanks reduced to one."""
    return _folded(" ".join(text.split()))


@lru_cache(maxsize=50_000)
def _folded(text):
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", UNSEEN.sub("", text).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(PLAIN)


def squashed(text):
    """The folded letters and digits alone: `HFC-23` and `hfc 23` are both `hfc23`."""
    return "".join(PART.findall(folded(text)))


def parts(text):
    """The folded words of a name: `3/CMP.1` has three."""
    return PART.findall(folded(text))


def root(word):
    """A folded word without its ending. Words of three letters, such as AMS, and those with digits keep theirs; 5000th is 5000."""
    if ordinal := ORDINAL.match(word):
        return ordinal[1]
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    found = stem(word)
    # Porter keeps verification apart from verify.
    return ALIKE.get(found, f"{found}i" if found.endswith("if") else found)


def value_key(value):
    """Key that tells the values of a facet apart, whatever their case and number: decisions is Decision."""
    return tuple(map(root, parts(value)))


def is_stop_word(part, word):
    """Capitals make an abbreviation of what would be a stop word: DOEs, AM."""
    return word in STOP_WORDS and not (len(part) > 1 and part[:2].isupper())


@lru_cache(maxsize=100_000)
def terms(token):
    """A token's (term, offset) pairs and how many positions it takes; a compound has its parts and, at offset 0, its whole."""
    if len(token) > 1 and RUN.match(token):
        return tuple((pair, offset) for offset, pair in enumerate(map("".join, pairwise(_folded(token))))), len(token) - 1
    found = PART.findall(GROUPING.sub("", token))
    pairs = []
    for offset, part in enumerate(found):
        word = _folded(part)
        if len(word) <= LONGEST and not is_stop_word(part, word):
            pairs.append((root(word), offset))
    if len(found) > 1:
        whole = _folded("".join(found))
        if len(whole) <= LONGEST:
            pairs.append((root(whole), 0))
    return tuple(pairs), len(found)


@lru_cache(maxsize=100_000)
def terms_of_text(token):
    """The `terms` of a token that stands in a text, which is found by what is written for its umlauts too: TÜV by TUEV."""
    pairs, width = terms(token)
    other = spelt_out(token)
    return (pairs, width) if other is token else (tuple(dict.fromkeys((*pairs, *terms(other)[0]))), width)


def positions(text, start=0):
    """Yield the (term, position) pairs of a text, counted from `start`."""
    for token in TOKEN.findall(text):
        pairs, width = terms(token)
        for term, offset in pairs:
            yield term, start + offset
        start += width
