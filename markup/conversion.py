"""Conversion of Markdown to safe HTML, and the guard that keeps texts made to stall the converter out of the portal's process."""

import re
from threading import local

import markdown
import nh3
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor

from markup.anchors import heading_id, is_own_id, to_heading
from markup.apart import Stopped, run_apart
from markup.characters import FORBIDDEN
from markup.elements import Elements, as_written
from markup.raised import LoneMarks

TAGS = set(
    "a abbr blockquote br caption code dd del div dl dt em h2 h3 h4 h5 h6 hr img li ol p pre strong sub sup"
    " table tbody td th thead tr ul".split()
)
ATTRIBUTES = {
    "a": {"href", "title", "class", "id"},
    "abbr": {"title"},
    "div": {"class"},
    "img": {"src", "alt", "title"},
    "li": {"id"},
    "ol": {"start"},
    "sup": {"id"},
    "td": {"class"},
    "th": {"class", "scope"},
} | {f"h{level}": {"id"} for level in range(2, 7)}
CLASSES = {"footnote", "footnote-ref", "footnote-backref", "left", "right", "center"}
SCHEMES = {"http", "https", "mailto", "tel"}
# Browsers read tabs and line ends within an address as nothing, and a backslash as a slash.
OTHER_HOST = re.compile(r"[\x00-\x20]*[/\\][\x00-\x20]*[/\\]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# What stalls Python-Markdown is a long block full of marks, each of which makes it search the rest of the block (for code and HTML:
# of the text). A text whose marks times lengths stay below this is converted in less than a second, whatever it holds;
# tests try to find another. The longest shipped page comes to a quarter of it.
MOST_SEARCHED = 1_000_000
MARKS = re.compile(r"[\[*_~^!#=>&\\+-]|\d\. ")
MARKS_FOR_ALL = re.compile("[<`]")
COST_OF_A_LINE = 200
# Any other text gets this much of a processor (seconds) in a process of its own.
APART_CPU = 0.5
APART = """
from markup.conversion import to_html
sys.stdout.buffer.write(to_html(sys.stdin.buffer.read().decode()).encode())
"""


class TooComplex(Exception):
    """Text that cannot be converted in reasonable time."""


class PageShape(Treeprocessor):
    """Tree processor for the text of a page: no second h1, header cells with scope, alignment by class instead of style, links to
    headings by the ids that headings get."""

    def run(self, root):
        ids = {element.get("id") for element in root.iter()}
        for element in root.iter():
            if element.tag == "h1":
                element.tag = "h2"
            if element.tag in {"td", "th"} and (style := element.attrib.pop("style", "")):
                element.set("class", style.removeprefix("text-align:").strip(" ;"))
            if element.tag == "th":
                element.set("scope", "col")
            if element.tag == "a" and (href := element.get("href")):
                element.set("href", to_heading(href, ids))


class PageExtension(Extension):
    def extendMarkdown(self, md):
        md.preprocessors.register(Elements(md), "html_block", 20)
        md.treeprocessors.register(PageShape(md), "page_shape", 4)
        md.inlinePatterns.register(LoneMarks(), "lone_marks", 61)


def converter():
    return markdown.Markdown(
        extensions=[
            "markdown.extensions.tables",
            "markdown.extensions.footnotes",
            "markdown.extensions.sane_lists",
            "markdown.extensions.def_list",
            "markdown.extensions.fenced_code",
            TocExtension(slugify=heading_id, marker=""),
            "pymdownx.tilde",
            "pymdownx.caret",
            PageExtension(),
        ],
        extension_configs={"markdown.extensions.footnotes": {"BACKLINK_TITLE": "Back to the text of note {}"}},
    )


_own = local()


def to_html(source):
    """Safe HTML of a Markdown text; links to our own things are not resolved yet. Cleaning it again changes nothing.

    Only for texts of which it is known that they do not stall the converter: see `guarded`.
    """
    return clean(as_written(converted(LONE_SURROGATE.sub("\ufffd", source))))


def converted(source):
    """HTML made by the thread's converter; after an error it gets a new one. Making one takes as long as converting a page."""
    own = getattr(_own, "converter", None) or converter()
    _own.converter = None
    html = own.reset().convert(source)
    _own.converter = own
    return html


def clean(html):
    html = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None, attribute_filter=keep_attribute)
    # References such as &#1; and &#x202e; have become characters that no text may hold.
    return FORBIDDEN.sub("", html)


def keep_attribute(_tag, name, value):
    """The value of an allowed attribute, or None to drop it."""
    if name == "class":
        return value if value in CLASSES else None
    if name == "id":
        return value if is_own_id(value) else None
    if name in {"href", "src"} and OTHER_HOST.match(value):
        return None
    return value


def guarded(source):
    """Safe HTML of any text. Raises TooComplex in about a second for one that would stall the converter."""
    if not is_simple(source):
        return converted_apart(source)
    try:
        return to_html(source)
    except Exception as error:  # the converter's own errors: lists nested a thousand deep, marks that it mistakes
        raise TooComplex from error


def is_simple(source):
    """Whether a text is too short and plain to stall the converter."""
    searched = len(source) * (1 + len(MARKS_FOR_ALL.findall(source))) + COST_OF_A_LINE * source.count("\n")
    return searched + sum(len(block) * len(MARKS.findall(block)) for block in source.split("\n\n")) <= MOST_SEARCHED


def converted_apart(source):
    """Safe HTML made in a process of its own, which ends with the time that it is given."""
    try:
        return run_apart(APART, LONE_SURROGATE.sub("\ufffd", source).encode(), APART_CPU).decode()
    except Stopped as error:
        raise TooComplex from error
