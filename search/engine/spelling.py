"""“Did you mean”: for a word that no document has, the word one typing error away that most documents have."""

from search.analysis import folded, parts, root
from search.autocomplete import is_near
from search.engine.evaluation import FIELD
from search.engine.reader import numbers_in
from search.queries import AnyOf, Word

MOST_WORDS = 4
SHORTEST = 4
LOOKED_AT = 3


def corrected(reader, query, allowed):
    """The query's text with its unknown words put right, or None. Only words of the `allowed` documents are offered."""
    text = query.text
    for node in [node for node in query.wanted if isinstance(node, Word | AnyOf)][:MOST_WORDS]:
        word = folded(node.text)
        if len(word) >= SHORTEST and not is_known(reader, node, allowed) and (better := nearest(reader, word, allowed)):
            text = text.replace(node.text, better)
    return text if text != query.text else None


def is_known(reader, node, allowed):
    words = [node] if isinstance(node, Word) else [one for one in node.nodes if isinstance(one, Word)]
    return any(documents(reader, word.term) & allowed for word in words)


def documents(reader, term):
    found = reader.postings(FIELD, term)
    return found.bitmap if found else 0


def nearest(reader, word, allowed):
    """The most frequent word near to `word`; its first letter is taken to be right, or swapped with its second."""
    candidates = set()
    for start in (word[0], word[1] + word[0]):
        for field in (FIELD, "spelling"):
            candidates.update(name for name in reader.names(field, start) if is_near(word, name))
    counted = sorted(((documents(reader, root(name)) & allowed).bit_count(), name) for name in candidates)
    return next((name for count, name in reversed(counted) if count and is_spelt_out(reader, name, allowed)), None)


def is_spelt_out(reader, word, allowed):
    """Whether one of the first documents with the word's term has the word itself: the term may be a mere stem, or a deleted text's."""
    for number in numbers_in(documents(reader, root(word)) & allowed)[:LOOKED_AT]:
        stored = reader.stored(number)
        if word in parts(f"{stored['title']} {stored['summary']} {stored['text']}"):
            return True
    return False
