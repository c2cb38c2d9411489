"""Reading of angle brackets: elements of HTML are left to the sanitiser, anything else is text that its writer wants read."""

import re
from collections import defaultdict

from markdown.htmlparser import HTMLExtractor
from markdown.preprocessors import HtmlBlockPreprocessor

# The elements of HTML, of the present standard and of earlier ones.
KNOWN = set(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br button canvas"
    " caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font"
    " footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map"
    " mark marquee math menu meta meter nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext pre"
    " progress q rp rt ruby s samp script search section select slot small source span strike strong style sub summary sup svg table tbody"
    " td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp".split()
)
VOID = set("area base basefont bgsound br col embed frame hr img input link meta param source track wbr".split())
# Elements whose end HTML lets a writer leave out.
ENDLESS = VOID | set("p li dt dd td th tr thead tbody tfoot option optgroup colgroup caption rp rt".split())
# Attributes that say something without a value.
FLAGS = set(
    "allowfullscreen alt async autofocus autoplay border checked class compact controls default defer disabled download hidden href id"
    " inert ismap itemscope loop multiple muted nohref noshade novalidate nowrap open playsinline readonly required reversed selected"
    " style title".split()
)
ATTRIBUTE = r"""[\s/]++(?P<{}>[^\s"'<>/=]++)(?P<{}>\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
TAG = re.compile(rf"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<attributes>(?:{ATTRIBUTE.format('a', 'b')})*)\s*/?>")
ATTRIBUTES = re.compile(ATTRIBUTE.format("name", "value"))


def elements(text):
    """Positions at which tags of elements begin: `<host Party>` is none, nor is a `<title>` that is never closed or has words in it."""
    kept, opened = set(), defaultdict(list)
    for tag in TAG.finditer(text):
        name = tag["name"].lower()
        if name not in KNOWN:
            continue
        if tag["end"]:
            start = opened[name].pop() if opened[name] else None
            kept |= set() if start and has_words(start["attributes"]) else {tag.start(), (start or tag).start()}
        elif name in ENDLESS and not has_words(tag["attributes"]):
            kept.add(tag.start())
        else:
            opened[name].append(tag)
    return kept


def has_words(attributes):
    """Whether what stands where attributes do are words, as in `<table of contents>`."""
    return any(not found["value"] and found["name"].lower() not in FLAGS for found in ATTRIBUTES.finditer(attributes))


def scan(text):
    """(start, end, tag) of everything that begins with `<`: of an element's tag, of a comment without tag, of mere text without length."""
    kept, position, last_comment = elements(text), 0, text.rfind("-->")
    while (start := text.find("<", position)) >= 0:
        tag = TAG.match(text, start) if start in kept else None
        is_comment = text.startswith("<!--", start) and start + 4 <= last_comment
        end = text.index("-->", start + 4) + 3 if is_comment else tag.end() if tag else start
        yield start, end, tag
        position = max(end, start + 1)


def as_written(html):
    """HTML in which everything in angle brackets that is neither element nor comment is shown as it was written."""
    pieces, position = [], 0
    for start, end, _tag in scan(html):
        if start == end:
            pieces += [html[position:start], "&lt;"]
            position = start + 1
    return "".join([*pieces, html[position:]])


class Extractor(HTMLExtractor):
    """Markdown's own extractor of raw HTML, which takes the rest of a text for HTML after any `<form number>` at a line's start."""

    def feed(self, data):
        self.kept, self.length = elements(data), len(data)
        super().feed(data)

    def parse_starttag(self, i):
        if self.length - len(self.rawdata) + i in self.kept:
            return super().parse_starttag(i)
        self.handle_data("<")
        return i + 1

    def parse_html_declaration(self, i):
        self.handle_data("<!")
        return i + 2

    def parse_pi(self, i):
        self.handle_data("<?")
        return i + 2


class Elements(HtmlBlockPreprocessor):
    """The step in which Markdown sets raw HTML aside, with our reading of what that is."""

    def run(self, lines):
        extractor = Extractor(self.md)
        extractor.feed("\n".join(lines))
        extractor.close()
        return "".join(extractor.cleandoc).split("\n")
