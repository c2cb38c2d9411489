"""The pieces of a text that a passage may be made of: sentences, and rows of tables with their headings. No notes and no code."""

import re

SHOWN = {"paragraph", "item", "row", "heading"}
# Where a sentence ends and another begins; a number, an initial or one of these short forms ends none.
END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]?[^\W_a-z])|[。！？][”’」』）]*")
SHORT_FORMS = r"[^\W\d_]|Nos?|paras?|Arts?|Mr|Mrs|Ms|Dr|Prof|St|vs|cf|pp|ca|approx|eds?|vol|fig|incl|resp|e\.g|i\.e"
SHORT_FORM = re.compile(rf"(?:\b(?:{SHORT_FORMS})|^\d+)\.\Z", re.IGNORECASE)
WHOLE = re.compile(r"[^a-z].*[.!?…;。！？؟][\"'”’»)\]」』）]*\Z", re.DOTALL)


def pieces(blocks):
    """(kind, part, text) of each Block that may be shown; an item has the words before its list that end with a colon in front."""
    found, lead = [], ""
    for block in blocks:
        if block.kind == "paragraph":
            lead = block.text if block.text.endswith(":") else ""
        if block.kind in SHOWN:
            text = f"{lead} {block.text}" if block.kind == "item" and lead else block.text
            found.append((block.kind, block.part, in_words(block.cells) if block.cells else text))
    return found


def in_words(cells):
    """A row as `heading: words; heading: words`."""
    return "; ".join(f"{heading}: {words}" if heading else words for heading, words in cells if words)


def sentences(text):
    """(start, end) of each sentence of a text."""
    start = 0
    for match in END.finditer(text):
        end = match.start() + len(match[0].rstrip())
        if not SHORT_FORM.search(text, max(start, end - 10), end):
            yield start, end
            start = match.end()
    if start < len(text):
        yield start, len(text)


def is_sentence(text):
    """Whether a piece begins and ends like one: an item such as a link alone does not."""
    return bool(WHOLE.match(text))
