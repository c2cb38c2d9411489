"""Passages of a text with the words that were asked for marked. Text is escaped first; only `<mark>` is added."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from django.utils.html import format_html, format_html_join

from search.analysis import TOKEN, squashed, terms_of_text
from search.passages import is_sentence, sentences
from search.queries import Beginning, leaves, size_of

# Sentences are joined up to this length; a single one may be longer, up to MOST, where it is cut.
LENGTH, MOST = 240, 600
# A text is looked through up to here; few are longer.
FURTHEST = 60_000
MOST_MARKED = 40


class Passage(NamedTuple):
    """Passage below a hit, as safe HTML, and the heading of the part of the text that answers, as (id, words)."""

    html: str
    part: tuple = ()


class Candidate(NamedTuple):
    """A piece of a text that may be shown, and how many different words asked for it has."""

    count: int
    text: str = ""
    start: int = 0
    end: int = 0


class Highlighter(dict):
    """Marks the words of one query. Remembers for each word of a text the term asked for that it has, or None."""

    def __init__(self, query):
        super().__init__()
        self.query = query
        wanted = leaves(query.wanted)
        self.terms = {leaf.term for leaf in wanted if not isinstance(leaf, Beginning)}
        self.starts = tuple(leaf.start for leaf in wanted if isinstance(leaf, Beginning))

    def __missing__(self, token):
        self[token] = term = self._asked_for(token)
        return term

    def _asked_for(self, token):
        for term, _ in terms_of_text(token)[0]:
            if term in self.terms or (self.starts and term.startswith(self.starts)):
                return term
        return squashed(token) if self.starts and squashed(token).startswith(self.starts) else None

    def spans(self, text):
        """(start, end, term) of the words asked for, in their order."""
        return [(match.start(), match.end(), term) for match in TOKEN.finditer(text, 0, FURTHEST) if (term := self[match[0]])]

    def found_in(self, text):
        return {term for _, _, term in self.spans(text)}

    def marked(self, text, start=0, end=None):
        """The text, or a piece of it, marked."""
        piece = text[start:end]
        return marked(piece, self.spans(piece))

    def passage(self, title, summary, pieces):
        """The summary if it or the title says as much as any sentence or row of the text, else the one with most of the words."""
        best, parts = self.best(pieces)
        named = self.found_in(title)
        part = max(parts, key=lambda part: len(parts[part][1]), default="")
        answers = part and len(parts[part][1]) > len(named) and self.has_enough(parts[part][1])
        answering = (part, parts[part][0]) if answers else ()
        if summary and max(len(named), len(self.found_in(summary))) >= best.count:
            return Passage(self.marked(summary), answering)
        return Passage(self.shown(best if best.text else first(pieces)), answering)

    def has_enough(self, found):
        """Whether a part of a text in which these terms were found has as many of the words as a text must have."""
        having = [node for node in self.query.words if any(leaf.term in found for leaf in leaves([node]))]
        return sum(map(size_of, having)) >= self.query.enough

    def best(self, pieces):
        """The best Candidate, and the heading's words and the terms that were found by the id of each part."""
        best, parts, looked = Candidate(0), {"": ("", set())}, 0
        for kind, part, text in pieces:
            if kind == "heading":
                parts[part] = text, self.found_in(text)
            elif (looked := looked + len(text)) < FURTHEST and (spans := self.spans(text)):
                parts.setdefault(part, ("", set()))[1].update(term for _, _, term in spans)
                best = max([best, *candidates(kind, text, spans)], key=lambda one: one.count)
        return best, parts

    def shown(self, candidate):
        text, start, end = candidate.text, candidate.start, candidate.end
        if end - start <= MOST:
            return self.marked(text, start, end)
        cut = text.rfind(" ", start, start + MOST)
        return format_html("{} …", self.marked(text, start, cut if cut > start else start + MOST))


def candidates(kind, text, spans):
    """Rows as they are, and runs of whole sentences."""
    if kind == "row":
        yield Candidate(len({term for _, _, term in spans}), text, 0, len(text))
        return
    places = [(start, end) for start, end in sentences(text) if is_sentence(text[start:end])]
    ends, begins = [end for _, end in places], [begin for begin, _, _ in spans]
    for start, end in places:
        fitting = bisect_right(ends, start + LENGTH)
        last = max(end, ends[fitting - 1] if fitting else 0)
        inside = spans[bisect_left(begins, start) : bisect_left(begins, last)]
        if inside:
            yield Candidate(len({term for _, _, term in inside}), text, start, last)


def first(pieces):
    """Passage where no sentence has any of the words and there is no summary: the first sentence, or else row or item."""
    texts = [(text, place) for kind, _, text in pieces if kind not in {"heading", "row"} for place in [next(sentences(text))]]
    whole = next(((text, place) for text, place in texts if is_sentence(text[: place[1]])), None)
    if whole:
        return Candidate(0, whole[0], *whole[1])
    text = next((text for kind, _, text in pieces if kind != "heading"), "")
    return Candidate(0, text, 0, len(text))


def joined(text, spans):
    """Spans, those of a name and its number as one: EB 50."""
    found = []
    for start, end, _ in spans:
        if found and text[found[-1][1] : start] == " " and text[start:end].isdecimal() != text[slice(*found[-1])].isdecimal():
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def marked(text, spans):
    """A text as safe HTML."""
    pairs, at = [], 0
    for start, end in joined(text, spans)[:MOST_MARKED]:
        pairs.append((text[at:start], text[start:end]))
        at = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pairs), text[at:])
