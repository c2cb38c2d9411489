"""Words that no document has, put right: by one or two letters, or divided or joined where that makes known words. Names too."""

from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import folded, root
from search.engine.evaluation import FIELD
from search.queries import AnyOf, Phrase, Word

MOST_WORDS = 4
SHORTEST = 5
# From so many letters on, two errors are forgiven.
LONG = 8
LOOKED_AT = 30


def corrected(evaluation, allowed, later=0):
    """The text of the evaluated query with its unknown words put right, or None. Only words of the `allowed` documents are offered, and
    where they have none near, of those that come `later`."""
    text, apart = joined(evaluation, evaluation.query.text, allowed | later)
    for node in [node for node in evaluation.query.words if node not in apart and may_be_wrong(node, text)][:MOST_WORDS]:
        word = folded(node.text)
        if not evaluation.documents(node) & (allowed | later):
            better = (
                divided(evaluation, word, allowed) or nearest(evaluation.reader, word, allowed) or nearest(evaluation.reader, word, later)
            )
            text = text.replace(node.text, better) if better else text
    return text if text != evaluation.query.text else None


def joined(evaluation, text, known):
    """The text with words in a row that no document has both, and one as a single word, as that; and those words."""
    apart = set()
    for first, second in pairwise(evaluation.query.words):
        row = f"{first.text} {second.text}"
        if first in apart or row not in text or not row.replace(" ", "").isalpha() or len(row) <= SHORTEST:
            continue
        word = folded(first.text + second.text)
        if not evaluation.documents(first) & evaluation.documents(second) & known and evaluation.documents(Word(root(word), word)) & known:
            text = text.replace(row, word)
            apart |= {first, second}
    return text, apart


def may_be_wrong(node, text):
    """Whether it is a word of letters. One in capitals is an abbreviation, one between quotation marks is meant as it stands, and one
    that is kept as an equal spelling is right."""
    word = node.text
    return len(word) >= SHORTEST and word.isalpha() and not word.isupper() and f'"{word}"' not in text and not isinstance(node, AnyOf)


def divided(evaluation, word, allowed):
    """Two known words that stand in a row in a document and were typed as one, or None."""
    for at in range(3, len(word) - 2):
        first, second = word[:at], word[at:]
        row = Phrase(((root(first), 0), (root(second), 1)), word)
        if evaluation.documents(row) & allowed:
            return f"{first} {second}"
    return None


def nearest(reader, word, allowed):
    """The word that most documents have among those with the fewest letters put in, left out, changed or swapped."""
    most = 2 if len(word) >= LONG else 1
    near = process.extract(word, reader.words, scorer=OSA.distance, score_cutoff=most, limit=LOOKED_AT)
    known = [
        (distance, -frequency, name)
        for name, distance, _ in near
        if ends_alike(word, name) and (frequency := frequency_of(reader, name, allowed))
    ]
    return min(known)[2] if known else None


def frequency_of(reader, word, allowed):
    """Number of the allowed documents that have the word itself, whatever its stem."""
    found = reader.postings(FIELD if root(word) == word else "spelling", word)
    return (found.bitmap & allowed).bit_count() if found else 0


def ends_alike(word, name):
    """Whether two words may be one: another last letter makes another word, as of metro and metre, Brasília and Brasilien; a letter too
    many or too few does not, nor do the last two swapped. In short words the first letter counts as much, as of center and enter."""
    if len(word) < LONG and word[0] != name[0] and word[:2] != name[1::-1]:
        return False
    return word[-1] == name[-1] or word.startswith(name) or name.startswith(word) or word[-2:] == name[:-3:-1]
