"""Passages of a text with the words that were asked for marked. Text is escaped first; only `<mark>` is added."""

from django.utils.html import format_html, format_html_join

from search.analysis import TOKEN, folded, terms
from search.queries import Beginning, leaves

LENGTH = 240
# A text is looked through up to here; few are longer.
FURTHEST = 60_000
MOST_MARKED = 40


class Highlighter(dict):
    """Marks the words of one query. Remembers for each word of a text the term asked for that it has, or None."""

    def __init__(self, query):
        super().__init__()
        wanted = leaves(query.wanted)
        self.terms = {leaf.term for leaf in wanted if not isinstance(leaf, Beginning)}
        self.starts = tuple(leaf.start for leaf in wanted if isinstance(leaf, Beginning))

    def __missing__(self, token):
        self[token] = term = self._asked_for(token)
        return term

    def _asked_for(self, token):
        for term, _ in terms(token)[0]:
            if term in self.terms or (self.starts and term.startswith(self.starts)):
                return term
        return folded(token) if self.starts and folded(token).startswith(self.starts) else None

    def spans(self, text):
        """(start, end, term) of the words asked for, in their order."""
        return [(match.start(), match.end(), term) for match in TOKEN.finditer(text, 0, FURTHEST) if (term := self[match[0]])]

    def marked(self, text):
        """The whole text, marked."""
        return marked(text, 0, len(text), self.spans(text))

    def passage(self, summary, text):
        """The summary if it says as much as any passage of the text, else the passage with most of the words asked for."""
        summary_spans, spans = self.spans(summary), self.spans(text)
        start, end, distinct = best_window(text, spans)
        if summary and len({term for _, _, term in summary_spans}) >= distinct:
            return marked(summary, 0, len(summary), summary_spans)
        return marked(text, start, end, spans)


def best_window(text, spans):
    """(start, end, number of different terms) of the passage of about LENGTH characters with the most different terms."""
    best, last = (0, 0), 0
    for first, (start, _, _) in enumerate(spans):
        last = max(last, first)
        while last < len(spans) and spans[last][1] <= start + LENGTH:
            last += 1
        distinct = len({term for _, _, term in spans[first:last]})
        if distinct > best[0]:
            best = distinct, start
    start = max(best[1] - LENGTH // 5, 0)
    if start:
        start = text.find(" ", start) + 1 or start
    end = len(text) if start + LENGTH >= len(text) else max(text.rfind(" ", start, start + LENGTH), start + LENGTH // 2)
    return start, end, best[0]


def marked(text, start, end, spans):
    """The piece of a text from `start` to `end` as safe HTML."""
    pairs, at = [], start
    for first, last, _ in [span for span in spans if start <= span[0] and span[1] <= end][:MOST_MARKED]:
        pairs.append((text[at:first], text[first:last]))
        at = last
    html = format_html_join("", "{}<mark>{}</mark>", pairs)
    return format_html("{}{}{}{}", "… " if start else "", html, text[at:end], " …" if end < len(text) else "")
