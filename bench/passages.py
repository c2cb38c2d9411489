"""Whether what the search shows below its hits are whole sentences, rows with their headings, or summaries; printed by bench.relevance.

The measure is its own: it looks the passage up in the text of the page, and knows nothing of how passages are chosen.
"""

import re
from html import unescape

from markup.rendering import text_blocks
from publishing import holdings, kinds
from search.results import search
from search.search_request import SearchRequest

DEPTH = 5
BEGINS = re.compile(r"(?:\A|[.!?…][\"”’)\]]*\s|[。！？])\Z")
ENDS = re.compile(r".*[.!?…;。！？][\"”’)\]]*\Z", re.DOTALL)
CONTINUES = re.compile(r"(?:\Z|\s[^a-z\s])|(?<=[。！？])")


def passages(queries, moment):
    """(query, address, passage, what it is) of the first hits of each query that have a text; what is neither of the three is empty."""
    for query in queries:
        found = search(SearchRequest.from_query({"q": query["query"]}, moment), moment)
        for hit in [hit for hit in found.hits if not holdings.find(hit.kind)][:DEPTH]:
            text = unescape(re.sub("</?mark>", "", hit.passage))
            edition = kinds.get(hit.kind).edition.objects.get(number=hit.number)
            yield query["query"], hit.address, text, what_it_is(text, edition)


def what_it_is(passage, edition):
    if passage and passage == " ".join(getattr(edition, "summary", "").split()):
        return "summary"
    blocks = text_blocks(edition.body)
    if any(block.kind == "row" and is_row(passage, block.cells) for block in blocks):
        return "row"
    texts = [block.text for block in blocks if block.kind == "paragraph"]
    leads = [text for text in texts if text.endswith(":")]
    items = [block.text for block in blocks if block.kind == "item"]
    texts += items + [f"{lead} {item}" for lead in leads for item in items]
    return "sentences" if any(are_sentences(passage, text) for text in texts) else ""


def is_row(passage, cells):
    """Whether all words of a row are said, each cell behind its heading."""
    said = [f"{heading}: {words}" if heading else words for heading, words in cells if words]
    return bool(said) and passage == "; ".join(said)


def are_sentences(passage, text):
    at = text.find(passage) if passage and ENDS.match(passage) else -1
    return at >= 0 and bool(BEGINS.search(text[:at])) and bool(CONTINUES.match(text, at + len(passage)))
