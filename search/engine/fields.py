"""The fields of the index: one searched text made of weighted zones, and values that are compared whole.

`index` yields (term, impact, positions) for our own writer.
"""

from whoosh.columns import NumericColumn
from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from search.analysis import LONGEST, TOKEN, parts, root, terms_of_text

# Okapi BM25 with a fixed mean length, so that an impact can be worked out once, when a document is written.
K1, B, MEAN_LENGTH = 6, 0.1, 250
HIGHEST = 255
# Between zones, so that no phrase reaches from a title into the text.
GAP = 50

FACETS = ("kind", "section", "year", "class")


def impact_of(weight, length):
    """The impact of a term with this weight in a text of so many words."""
    return max(1, round(HIGHEST * weight / (weight + K1 * (1 - B + B * length / MEAN_LENGTH))))


class ZonedText(FieldType):
    """A text given as (text, weight) zones; its terms carry a byte of impact and their positions."""

    def __init__(self):
        self.format, self.analyzer, self.scorable, self.stored, self.unique = Positions(), None, False, False, False

    def index(self, zones, **options):
        weights, places, start, length = {}, {}, 0, 0
        for text, weight in zones:
            at = start
            for token in TOKEN.findall(text):
                pairs, width = terms_of_text(token)
                for term, offset in pairs:
                    if term in places:
                        places[term].append(at + offset)
                        weights[term] += weight
                    else:
                        places[term], weights[term] = [at + offset], weight
                at += width
            length, start = length + at - start, at + GAP
        for term, weight in weights.items():
            yield term.encode(), impact_of(weight, length), places[term]


class Spellings(FieldType):
    """The words of a text given as zones, where its own terms do not spell them out; for beginnings and misspelt words."""

    def __init__(self):
        self.format, self.analyzer, self.scorable, self.stored, self.unique = Existence(), None, False, False, False

    def index(self, zones, **options):
        weights, length = {}, 0
        for text, weight in zones:
            for word in parts(text):
                length += 1
                weights[word] = weights.get(word, 0) + weight
        for word in sorted(weights):
            if len(word) <= LONGEST and root(word) != word:
                yield word.encode(), impact_of(weights[word], length), ()


class WholeNames(FieldType):
    """Names that are found as wholes, by their letters and digits alone."""

    def __init__(self):
        self.format, self.analyzer, self.scorable, self.stored, self.unique = Existence(), None, False, True, False

    def index(self, names, **options):
        for name in sorted(names):
            yield name.encode(), 1, ()


class Value(FieldType):
    """A value that is found and counted as it is, not word by word."""

    def __init__(self, unique=False, stored=True):
        self.format, self.analyzer, self.scorable, self.stored, self.unique = Existence(), None, False, stored, unique

    def index(self, value, **options):
        if value != "":
            yield str(value).encode(), 1, ()

    def to_bytes(self, value):
        return value if isinstance(value, bytes) else str(value).encode()


class Day(FieldType):
    """A day as its ordinal number, in a column for sorting."""

    def __init__(self):
        self.format, self.analyzer, self.scorable, self.stored, self.unique = None, None, False, True, False
        self.indexed, self.column_type = False, NumericColumn("i")

    def to_column_value(self, value):
        return value

    def from_column_value(self, value):
        return value


def schema():
    """Schema of a document in the index. A change here needs another VERSION in search.engine.generations."""
    return Schema(
        thing=Value(unique=True),
        number=STORED(),
        model=STORED(),
        text=ZonedText(),
        spelling=Spellings(),
        named=WholeNames(),
        called=WholeNames(),
        title=STORED(),
        summary=STORED(),
        pieces=STORED(),
        day=Day(),
        precision=STORED(),
        **{facet: Value() for facet in FACETS},
    )
