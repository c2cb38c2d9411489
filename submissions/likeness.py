"""Likeness of texts: which submissions say the same, or nearly the same.

Texts are compared by their shingles, all runs of three words, and the Jaccard measure of these sets, estimated from the hundred smallest
hashes of each (A. Z. Broder, On the resemblance and containment of documents, 1997). Each text is compared with the first text of each
letter known so far, not with all of them, so that letters do not flow into each other. Pure.
"""

import re
import unicodedata
from collections import Counter
from hashlib import blake2b, sha256

WORDS = 3
SKETCH = 100
ALIKE = 0.5
FEWEST = 8  # words: of shorter texts only the same ones are alike


def words_of(text):
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def digest_of(text):
    """SHA-256 of the words alone; empty for a text without any."""
    words = words_of(text)
    return sha256(" ".join(words).encode()).hexdigest() if words else ""


def sketch_of(text):
    """The smallest hashes (48 bits) of the text's shingles, sorted."""
    words = words_of(text)
    if len(words) < FEWEST:
        return []
    shingles = {" ".join(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)}
    return sorted(int.from_bytes(blake2b(shingle.encode(), digest_size=6).digest()) for shingle in shingles)[:SKETCH]


def resemblance(one, other):
    """Jaccard measure of two texts by their sketches, from 0 to 1."""
    if not one or not other:
        return 0.0
    smallest = sorted({*one, *other})[:SKETCH]
    both = set(one) & set(other)
    return sum(value in both for value in smallest) / len(smallest)


def letter_of(sketch, letters):
    """The key of the letter that a text belongs to, of `letters` (sketches of their first texts by key), or None."""
    found = ((resemblance(sketch, first), key) for key, first in letters.items())
    best = max(found, default=(0, None), key=lambda pair: pair[0])
    return best[1] if best[0] >= ALIKE else None


def groups(rows):
    """Groups of (key, letter, digest) rows: lists of keys, in the order of their first. Those of one letter that are the very same text
    form a group; the others of the letter, each changed a little, another.
    """
    by_letter = {}
    for key, letter, digest in rows:
        by_letter.setdefault(letter if letter is not None else ("alone", key), []).append((key, digest))
    found = []
    for members in by_letter.values():
        digest, count = Counter(digest for _key, digest in members).most_common(1)[0]
        same = [key for key, own in members if own == digest] if count > 1 else []
        found += [part for part in (same, [key for key, own in members if key not in set(same)]) if part]
    return sorted(found)
