"""Pasted HTML to our Markdown: parsed by the sanitiser with a wide list, read in one pass, written anew.

Nothing of it is shown as HTML: the answer is text for a text field, and what is published of it is sanitised as always.
"""

import re
from dataclasses import dataclass, field

import nh3

from markup.pasting.grids import TooMuch
from markup.pasting.layout import Layout, chunks_of
from markup.pasting.pieces import PLAIN
from markup.pasting.reader import PasteReader

MOST_CHARACTERS = 2_000_000
TAGS = set(
    "a abbr address article aside b blockquote br button caption center cite code col colgroup dd del details dfn div dl dt em fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd legend li main nav ol p pre q s samp section"
    " select small span strike strong sub summary sup table tbody td textarea tfoot th thead tr tt u ul var".split()
)
NAMES = {"style", "class", "id", "role", "aria-level", "data-aria-level", "hidden", "align", "title"}
ATTRIBUTES = {
    "*": NAMES,
    "a": {"href", "name"},
    "img": {"src", "alt"},
    "input": {"type"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# Elements that go with their words.
GONE = {"script", "style", "template", "noscript", "title", "svg", "iframe", "object", "audio", "video", "canvas", "xml"}
SCHEMES = {"http", "https", "mailto", "tel", "file", "data", "cid"}
DATA = re.compile(r"data:[\w/+.;=-]{0,100},[^\"'\s)>]{64,}")
OFFICE = re.compile(
    r"\bMso[A-Z]|urn:schemas-microsoft-com|docs-internal-guid|data-aria-level|SCXW|name=\"?generator\"? content=\"LibreOffice",
    re.IGNORECASE,
)
LIBREOFFICE = re.compile(r"<meta\s[^>]{0,200}LibreOffice", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


@dataclass
class Pasted:
    """Markdown and what did not arrive: counts of `deleted`, `comments`, `hidden`, `margins`, `fields`, `scripts`, `outside` pictures,
    `pictures` that the clipboard does not hold, and of `joined` cells. `is_plain` says that there was nothing to keep but the words."""

    markdown: str
    left_out: dict = field(default_factory=dict)
    is_plain: bool = False
    may_hold_deleted: bool = False


def pasted(html, hosts=(), first_note=1, one_line=False, is_office=False):
    """A Pasted of HTML. `hosts` are the portal's own; `first_note` numbers the first note; `one_line` is for a table's cell.

    Raises TooMuch beyond the bounds.
    """
    html = DATA.sub("data:", html)
    if len(html) > MOST_CHARACTERS:
        raise TooMuch("length")
    parsed = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=GONE,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    reader = PasteReader(hosts)
    reader.feed(parsed)
    reader.close()
    reader.flush()
    found = written(reader, is_office or bool(OFFICE.search(html[:20_000])), first_note, one_line)
    scripts = len(SCRIPT.findall(html))
    if len(found.markdown) > MOST_CHARACTERS:
        raise TooMuch("length")
    if scripts:
        found.left_out["scripts"] = scripts
    found.may_hold_deleted = bool(LIBREOFFICE.search(html[:20_000]))
    return found


def written(reader, is_office, first_note, one_line):
    """The Pasted of what was read. The headings of office programs go down a level, as do those below a heading of the first level."""
    chunks = without_outer_rules(reader.chunks)
    keys = [run.note for run in every_run(chunks) if run.note in reader.notes]
    numbers = {key: first_note + place for place, key in enumerate(dict.fromkeys(keys))}
    for key, notes in reader.notes.items():
        if key not in numbers:
            chunks = [*chunks, *notes]
    has_top = any(chunk.kind == "heading" and chunk.number == 1 for chunk in chunks)
    layout = Layout(numbers, shift=int(is_office or has_top))
    text = layout.line(chunks) if one_line else layout.written(chunks)
    notes = [layout_note(layout, numbers[key], reader.notes[key]) for key in numbers]
    left_out = +reader.left_out
    left_out["comments"] = max(left_out["comments"], left_out.pop("anchors", 0))
    left_out["joined"] += layout.joined
    is_plain = not +left_out and all(chunk.kind == "paragraph" and not chunk.path and is_bare(chunk.runs) for chunk in chunks)
    markdown = text if one_line else "\n\n".join(filter(None, [text, *notes]))
    return Pasted(markdown, dict(+left_out), is_plain)


def layout_note(layout, number, chunks):
    """A note with its label; what follows its first line is indented as an item's is."""
    lines = Layout(layout.numbers, layout.shift).written(chunks).split("\n")
    return "\n".join([f"[^{number}]: {lines[0]}", *(f"    {line}" if line else "" for line in lines[1:])])


def without_outer_rules(chunks):
    """Programs draw a rule above the notes."""
    chunks = list(chunks)
    while chunks and chunks[-1].kind == "rule":
        chunks.pop()
    while chunks and chunks[0].kind == "rule":
        chunks.pop(0)
    return chunks


def every_run(chunks):
    for chunk in chunks:
        yield from chunk.runs
        if chunk.grid:
            yield from every_run(chunks_of(chunk.grid))


def is_bare(runs):
    return all(run.look == PLAIN and not run.note and not run.is_mark for run in runs)
