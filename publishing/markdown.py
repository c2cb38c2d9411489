"""Markdown to safe HTML: the only place that calls `mark_safe`.

Safe HTML is made once per edition; `fill` then completes links, sizes and glossary terms, which depend on the moment.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import markdown
import nh3
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor

from publishing.frames import framed
from publishing.text import FORBIDDEN

CHECK_SECONDS = 0.9
# Ids made from headings bear this prefix, so that no heading can clash with an id of the page around it.
ID_PREFIX = "h-"

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
OWN_ID = re.compile(rf"(?:{ID_PREFIX}[\w-]+|fn(?:ref\d*)?:[\w-]+)\Z")

OWN_FRAGMENT = re.compile(rf"\A(?P<path>(?:/[^#]*)?)#(?!fn|{ID_PREFIX})")

TOKEN = re.compile(r'<(?:[^>"]|"[^"]*")*>')
OWN_PART = re.compile(r' href="#(?P<part>[^"]*)"')
ID_ATTRIBUTE = re.compile(r' id="[^"]*"')
LINK = re.compile(r'<a href="(?P<href>[^"]*)"(?P<rest>(?:[^>"]|"[^"]*")*)>(?P<text>.*?)</a>', re.DOTALL)
MORE = re.compile(r"\s*more\s*(?:&gt;&gt;|»|&raquo;)\s*\Z")
CLOSED_TO_TERMS = {"a", "abbr", "code", "pre", "h2", "h3", "h4", "h5", "h6"}


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    text: str


class PageShape(Treeprocessor):
    """What a page's text must look like: no second h1, header cells with scope, alignment by class instead of style, links to
    headings by the ids that headings get."""

    def run(self, root):
        for element in root.iter():
            if element.tag == "h1":
                element.tag = "h2"
            if element.tag in {"td", "th"} and (style := element.attrib.pop("style", "")):
                element.set("class", style.removeprefix("text-align:").strip(" ;"))
            if element.tag == "th":
                element.set("scope", "col")
            if element.tag == "a" and (href := element.get("href")):
                element.set("href", OWN_FRAGMENT.sub(rf"\g<path>#{ID_PREFIX}", href))


class PageExtension(Extension):
    def extendMarkdown(self, md):
        md.treeprocessors.register(PageShape(md), "page_shape", 15)


def heading_id(text, separator):
    return ID_PREFIX + (slugify(text) or "section")


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


def keep_attribute(tag, name, value):
    """The value of an allowed attribute, or None to drop it."""
    if name == "class":
        return value if value in CLASSES else None
    if name == "id":
        return value if OWN_ID.match(value) else None
    if name in {"href", "src"} and re.match(r"\s*[/\\]\s*[/\\]", value):
        return None
    return value


def to_html(source):
    """Safe HTML of a Markdown text; links to our own things are not resolved yet. Cleaning it again changes nothing."""
    return clean(converter().convert(source))


def clean(html):
    html = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None, attribute_filter=keep_attribute)
    # References such as &#1; and &#x202e; have become characters that no text may hold.
    return FORBIDDEN.sub("", html)


@lru_cache(maxsize=2000)
def html_of(kind, number, source):
    """Safe HTML of one edition's text, its tables and notes framed; made once per edition and process."""
    return framed(to_html(source))


@lru_cache(maxsize=400)
def bare_html_of(kind, number, source):
    """Safe HTML of one edition's text without frames, for feeds and digests."""
    return to_html(source)


def check(source):
    """Convert a text in a process of its own; raises ValidationError if that takes too long, so no worker ever hangs on it."""
    if len(source) < 400:
        return
    command = [sys.executable, "-c", "import sys; from publishing.markdown import to_html; to_html(sys.stdin.read())"]
    try:
        subprocess.run(
            command, input=source.encode(), timeout=CHECK_SECONDS, check=True, capture_output=True, cwd=Path(__file__).parent.parent
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise ValidationError(
            _(
                "This text cannot be formatted in reasonable time. It may hold long rows of brackets or backticks that are never closed."
            ),
            code="too_complex",
        ) from None


def headings(html):
    """The headings of safe HTML in their order."""
    found = re.findall(r'<h([2-6]) id="([^"]*)">(.*?)</h\1>', html, re.DOTALL)
    return [Heading(int(level), anchor, unescape(TOKEN.sub("", text))) for level, anchor, text in found]


def links_in(source):
    """The root-relative addresses that a Markdown text links to, without query and fragment."""
    hrefs = (unescape(match["href"]) for match in LINK.finditer(to_html(source)))
    return {urlsplit(href).path for href in hrefs if href.startswith("/")}


def escape_markdown(text):
    """A line of plain text that reads the same as Markdown."""
    return re.sub(r"([\\`*_{}\[\]#~^|])", r"\\\1", " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;"))


def plain_text(source):
    """The words of a Markdown text, without markup."""
    return " ".join(unescape(TOKEN.sub(" ", to_html(source))).split())


def without_ids(html, address, prefix):
    """Safe HTML made fit for a page other than its own: no ids that could clash, links within the text lead to `address`."""

    def change(tag):
        tag = ID_ATTRIBUTE.sub("", tag[0]).replace(' src="/', f' src="{escape(prefix)}')
        own = OWN_PART.search(tag)
        # `fill` looks for the address in the first place.
        return f'<a href="{escape(address)}#{own["part"]}"{OWN_PART.sub("", tag)[2:]}' if own else tag

    return TOKEN.sub(change, html)


def fill(html, resolve, abbreviations, prefix="/"):
    """Complete safe HTML for one moment and mark it safe.

    `resolve(path)` gives a Target or None; `abbreviations` maps each to its meaning; `prefix` starts the addresses of the moment.
    """
    html = LINK.sub(lambda match: fill_link(match, resolve, prefix), html)
    return mark_safe(fill_terms(html, abbreviations))  # noqa: S308  (cleaned by nh3; what is added here is escaped)


def fill_link(match, resolve, prefix):
    href, text = match["href"], match["text"]
    if href.startswith("#"):
        return match[0]
    if not href.startswith("/"):
        return f'<a href="{href}" rel="external noopener" class="outside">{text}</a>'
    parts = urlsplit(unescape(href))
    target = resolve(parts.path)
    if target is None:
        return text
    address = prefix + parts._replace(path=target.address).geturl().lstrip("/")
    more = f'<span class="visually-hidden"> {escape(_("about"))} {escape(target.title)}</span>' if MORE.match(text) else ""
    size = f' <span class="size">({escape(target.size)})</span>' if target.size else ""
    return f'<a href="{escape(address)}"{match["rest"]}>{text}{more}</a>{size}'


def fill_terms(html, abbreviations):
    """Explain the first occurrence of each abbreviation in running text by `<abbr>`."""
    if not abbreviations:
        return html
    pattern = term_pattern(frozenset(abbreviations))
    seen, out, closed, position = set(), [], 0, 0

    def explain(match):
        word = match[0]
        if word in seen:
            return word
        seen.add(word)
        return f'<abbr title="{escape(abbreviations[unescape(word)])}">{word}</abbr>'

    for token in TOKEN.finditer(html):
        text = html[position : token.start()]
        out.append(text if closed else pattern.sub(explain, text))
        out.append(token[0])
        name = token[0].strip("</>").split(maxsplit=1)[0]
        if name in CLOSED_TO_TERMS:
            closed += -1 if token[0].startswith("</") else 1
        position = token.end()
    out.append(html[position:])
    return "".join(out)


@lru_cache(maxsize=32)
def term_pattern(abbreviations):
    longest_first = sorted((re.escape(escape(word)) for word in abbreviations), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])")
