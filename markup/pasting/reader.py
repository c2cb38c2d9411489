"""Reader of pasted HTML: one pass over its tags, which keeps what our Markdown can say, and counts what it leaves out."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from markup.pasting.addresses import cleaned, own_picture
from markup.pasting.grids import MOST_CELLS, TooMuch
from markup.pasting.inline import plain
from markup.pasting.notes import held, leads_back, referred
from markup.pasting.pieces import BREAK, PLAIN, Chunk, Grid, Look, PastedCell, Run
from markup.pasting.styles import LIST_CLASS, WORD_LIST, declarations, heading_level, left_out, looked, number_of

MOST_DEPTH = 100
VOID = {"br", "hr", "img", "input", "col", "wbr"}
BLOCKS = set(
    "address article aside blockquote center details div dl dt dd fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup"
    " legend li main nav ol p pre section summary table tr td th thead tbody tfoot caption ul".split()
)
# What is dropped from words: blanks and marks of no width; a blank that must not break stays between a number and its unit alone.
NOTHING = re.compile("[\u200b\u00ad\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LOOSE_BLANK = re.compile(r"(?<!\d)\u00a0|\u00a0(?![^\W\d_]|[%\u2030\u00b0\u20ac$\u00a3])")
COMMENT_BODY = re.compile(r"mso-element:comment(?!-list)")
LIST_MARK = re.compile(r"\A\s*(?:[\u00b7\u2022\u25aa\u25cf\u25e6\uf0b7\uf0a7\u2013*-]|o(?=\s)|\(?\w{1,5}[.)])\s*")
QUOTE_CLASSES = {"MsoQuote", "MsoIntenseQuote"}


@dataclass(slots=True)
class Frame:
    """An open element, and the state that its end brings back."""

    tag: str
    look: Look
    state: tuple = ()
    after: str = ""


@dataclass(slots=True)
class OpenList:
    is_numbered: bool
    number: int
    has_item: bool = False


@dataclass(slots=True)
class PastePlace:
    """Where what is read goes: the list of chunks, the path there, the open lists, the item or meaning that waits for its first words."""

    out: list
    path: tuple = ()
    lists: list = field(default_factory=list)
    pending: Chunk | None = None


class PasteReader(HTMLParser):
    """Reader of HTML that a parser has put in order: every element is closed, in its place. `hosts` are the portal's own."""

    def __init__(self, hosts=()):
        super().__init__(convert_charrefs=True)
        self.hosts = hosts
        self.chunks, self.notes, self.left_out = [], {}, Counter()
        self.frames, self.runs, self.grids = [], [], []
        self.look, self.state = PLAIN, PastePlace(self.chunks)
        self.kind, self.level = "paragraph", 0
        self.skipped, self.skipped_as, self.skipped_words, self.comments_before = 0, "", False, 0
        self.note, self.in_pre, self.cells, self.word_number = "", 0, 0, {}

    # Tags

    def handle_starttag(self, tag, attributes):
        if self.skipped:
            self.skipped += tag not in VOID
            style = (dict(attributes).get("style") or "").replace(" ", "").lower()
            self.left_out["comments"] += bool(COMMENT_BODY.search(style))
            return None
        attributes = {name: value or "" for name, value in attributes}
        if tag in VOID:
            return self.void(tag, attributes)
        if len(self.frames) >= MOST_DEPTH:
            raise TooMuch("depth")
        written = attributes.get("style", "").lower()
        if reason := left_out(tag, attributes, written):
            return self.skip(reason, attributes)
        style = declarations(written)
        if "mso-list" in style and style["mso-list"] == "ignore":
            return self.begin_mark()
        self.frames.append(Frame(tag, self.look))
        self.look = looked(self.look, tag, style)
        if tag in BLOCKS:
            self.flush()
            self.begin_block(tag, attributes, style)
        if tag == "a":
            self.begin_link(attributes)
        return None

    def handle_endtag(self, _tag):
        if self.skipped:
            self.skipped -= 1
            if not self.skipped:
                self.end_skip()
            return
        if not self.frames:
            return
        frame = self.frames.pop()
        if frame.tag in BLOCKS:
            self.flush()
            self.kind, self.level = "paragraph", 0
        self.look = frame.look
        if frame.after:
            getattr(self, frame.after)()
        if frame.state:
            self.state = frame.state[0]

    def handle_data(self, text):
        if self.skipped:
            self.skipped_words = self.skipped_words or bool(text.strip())
            return
        if self.in_pre:
            self.runs.append(Run(NOTHING.sub("", text)))
            return
        text = NOTHING.sub("", text)
        if self.note:
            self.runs[-1].text += text
        elif text:
            self.runs.append(Run(text, self.look))

    # What is left out

    def skip(self, reason, attributes):
        """Leave out an element with all it holds. The paragraph that begins with the mark of a comment is the comment."""
        self.skipped, self.skipped_as, self.skipped_words = 1, reason, reason == "fields"
        self.comments_before = self.left_out["comments"]
        if "cmnt_ref" in attributes.get("href", ""):
            self.skipped_as, self.skipped_words = "comments", True
            self.drop_paragraph()

    def drop_paragraph(self):
        """Leave out the rest of the paragraph, and of the box that it begins."""
        self.runs = []
        while self.frames and self.frames[-1].tag not in {"p", "div", "li", "td"}:
            self.drop_frame()
        if [frame.tag for frame in self.frames[-1:]] == ["p"]:
            self.drop_frame()
            if len(self.frames) > 1 and self.frames[-1].tag == "div":
                self.drop_frame()

    def drop_frame(self):
        self.look = self.frames.pop().look
        self.skipped += 1

    def end_skip(self):
        """Count what was left out, if it had words. Of a list of comments each is counted by itself."""
        is_counted = self.skipped_as == "comments" and self.left_out["comments"] > self.comments_before
        if self.skipped_words and self.skipped_as and not is_counted:
            self.left_out[self.skipped_as] += 1

    # Elements

    def void(self, tag, attributes):
        if tag == "br":
            self.runs.append(Run(BREAK, self.look))
        elif tag == "hr":
            self.flush()
            self.add(Chunk("rule", path=self.state.path))
        elif tag == "input" and attributes.get("type") != "hidden":
            self.left_out["fields"] += 1
        elif tag == "img":
            self.picture(attributes)

    def picture(self, attributes):
        source = attributes.get("src", "")
        address = own_picture(cleaned(source, self.hosts))
        if address:
            words = re.sub(r"[\[\]\\\s]+", " ", attributes.get("alt", "")).strip()
            self.runs.append(Run(f"![{words}]({address})", PLAIN, is_mark=True))
        elif source.lower().startswith(("http:", "https:", "/")):
            self.left_out["outside"] += 1
        else:
            self.left_out["pictures"] += 1

    def begin_block(self, tag, attributes, style):
        frame = self.frames[-1]
        level = heading_level(tag, attributes)
        names = attributes.get("class", "")
        if key := held(tag, attributes):
            frame.state = (self.state,)
            self.state = PastePlace(self.notes.setdefault(key, []))
        elif level:
            self.kind, self.level = "heading", level
        elif tag in {"ul", "ol"}:
            self.begin_list(tag, attributes)
        elif tag == "li":
            self.begin_item(attributes)
        elif tag in {"dt", "dd"}:
            self.begin_definition(tag)
        elif tag == "blockquote" or QUOTE_CLASSES & set(names.split()):
            frame.state = (self.state,)
            self.state = replace(self.state, path=(*self.state.path, "q"), lists=[], pending=None)
        elif tag == "pre":
            self.in_pre += 1
            frame.after = "end_pre"
        elif tag in {"table", "tr", "td", "th", "caption"}:
            getattr(self, f"begin_{'td' if tag == 'th' else tag}")(attributes, style)
        elif tag == "p":
            self.begin_paragraph(names, style)

    def begin_paragraph(self, names, style):
        """A paragraph may be an item: Word writes its lists so."""
        found = WORD_LIST.match(style.get("mso-list", ""))
        by_class = LIST_CLASS.search(names)
        last = self.state.out[-1] if self.state.out else None
        if found or by_class:
            level = min(int(found[1]) if found else int(by_class[2] or 1), 9)
            self.kind, self.level = "word item", level
            self.runs = []
        elif re.search(r"MsoList(?:Paragraph|Continue)", names) and last and last.kind == "item" and "margin-left" in style:
            self.kind, self.level = "more of item", 0

    def begin_mark(self):
        """The mark of an item in Word, which says whether and how the list is numbered; elsewhere it is text."""
        if self.kind != "word item":
            self.frames.append(Frame("span", self.look))
            return
        self.frames.append(Frame("span", self.look, after="end_mark"))

    def end_mark(self):
        mark = plain(self.runs)
        self.runs = []
        self.level = (self.level, mark) if isinstance(self.level, int) else self.level

    def begin_list(self, tag, attributes):
        frame, state = self.frames[-1], self.state
        frame.state = (state,)
        start = attributes.get("start", "1")
        inside = state.lists and not state.lists[-1].has_item
        # A list directly in a list, beside the item that it belongs to, as in Google Docs.
        path = (*state.path, "i") if inside else state.path
        number = int(start) if start.isdecimal() and len(start) < 9 else 1
        self.state = replace(state, path=path, lists=[*state.lists, OpenList(tag == "ol", number)], pending=None)

    def begin_item(self, attributes):
        frame, state = self.frames[-1], self.state
        frame.state = (state,)
        around = state.lists[-1] if state.lists else OpenList(False, 1)
        path = state.path
        if level := attributes.get("data-aria-level", ""):
            path = ("i",) * (min(int(level), 9) - 1) if level.isdecimal() and int(level) else path
        value = attributes.get("value", "")
        if value.isdecimal() and len(value) < 9:
            around.number = int(value)
        item = Chunk("item", path=path, number=around.number if around.is_numbered else 0)
        around.number += 1
        inner = replace(around, has_item=True)
        self.state = replace(state, path=(*path, "i"), lists=[*state.lists[:-1], inner], pending=item)

    def begin_definition(self, tag):
        if tag == "dt":
            self.kind = "term"
            return
        self.frames[-1].state = (self.state,)
        meaning = Chunk("meaning", path=self.state.path)
        self.state = replace(self.state, path=(*self.state.path, "d"), lists=[], pending=meaning)

    def end_pre(self):
        self.in_pre -= 1

    def begin_table(self, attributes, _style):
        self.grids.append(Grid(is_layout=attributes.get("role") in {"presentation", "none"}))
        self.frames[-1].after = "end_table"

    def begin_caption(self, _attributes, _style):
        self.kind = "caption"

    def begin_tr(self, _attributes, _style):
        if self.grids:
            self.grids[-1].rows.append([])

    def begin_td(self, attributes, style):
        if not self.grids or not self.grids[-1].rows:
            return
        self.cells += 1
        if self.cells > MOST_CELLS:
            raise TooMuch("cells")
        align = style.get("text-align") or attributes.get("align", "")
        cell = PastedCell(span(attributes, "colspan"), span(attributes, "rowspan"), align.lower())
        self.grids[-1].rows[-1].append(cell)
        self.frames[-1].state = (self.state,)
        self.state = PastePlace(cell.chunks)

    def end_table(self):
        self.add(Chunk("table", path=self.state.path, grid=self.grids.pop()))

    # Links

    def begin_link(self, attributes):
        href, frame = attributes.get("href", ""), self.frames[-1]
        if key := referred(href):
            self.runs.append(Run("", PLAIN, key))
            self.note, frame.after = key, "end_note"
        elif leads_back(href):
            self.begin_note_paragraph(href)
            self.frames.pop()
            self.skipped, self.skipped_as = 1, ""
        else:
            self.look = replace(self.look, href=cleaned(href, self.hosts))

    def end_note(self):
        self.note = ""

    def begin_note_paragraph(self, href):
        """A paragraph that begins with the way back from a note is the note, where nothing else says so."""
        is_in_note = any(self.state.out is chunks for chunks in self.notes.values())
        if not is_in_note and not plain(self.runs) and (found := re.search(r"ftnt_ref(\w+)\Z", href)):
            self.kind, self.level = "note", f"f{found[1]}"

    # Blocks

    def flush(self):
        """End the block that is being read."""
        runs, self.runs = self.runs, []
        if self.in_pre:
            if any(run.text.strip() for run in runs):
                self.add(Chunk("code", runs, self.state.path))
            return None
        if not plain(runs).strip():
            return None
        with_loose_blanks(runs)
        if self.kind == "word item":
            return self.add_word_item(runs)
        if self.kind == "note":
            self.notes.setdefault(self.level, []).append(Chunk("paragraph", runs))
        elif self.kind == "caption" and self.grids:
            self.grids[-1].caption += runs
        elif self.state.pending and self.kind != "heading":
            item, self.state.pending = self.state.pending, None
            item.runs = runs
            self.add(item)
        elif self.kind == "more of item":
            last = self.state.out[-1]
            self.add(Chunk("paragraph", runs, (*last.path, "i")))
        elif self.kind == "heading":
            self.add(Chunk("heading", runs, self.state.path, self.level))
        else:
            self.add(Chunk("term" if self.kind == "term" else "paragraph", runs, self.state.path))
        return None

    def add_word_item(self, runs):
        level, mark = self.level if isinstance(self.level, tuple) else (self.level, "")
        if not mark and (found := LIST_MARK.match(runs[0].text)):
            mark = found[0].strip()
            runs[0].text = runs[0].text[found.end() :]
        number = number_of(mark, self.word_number.get(level, 0))
        self.word_number = {at: last for at, last in self.word_number.items() if at < level} | {level: number}
        self.add(Chunk("item", runs, (*self.state.path, *["i"] * (level - 1)), number))

    def add(self, chunk):
        self.state.out.append(chunk)


def with_loose_blanks(runs):
    """Make blanks that must not break ordinary ones, but for those between a number and its unit."""
    text = "".join(run.text for run in runs)
    if "\u00a0" in text:
        text, place = LOOSE_BLANK.sub(" ", text), 0
        for run in runs:
            run.text, place = text[place : place + len(run.text)], place + len(run.text)


def span(attributes, name):
    value = attributes.get(name, "1")
    return max(1, int(value)) if value.isdecimal() and len(value) < 6 else 1_000 if value.isdecimal() else 1
