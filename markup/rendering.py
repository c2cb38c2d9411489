"""Rendering of Markdown: safe HTML made once for a text, then completed for a moment. The only place that calls `mark_safe`.

Links, sizes and glossary terms depend on the moment, so `fill` puts them in for each answer.
"""

import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from html import escape as escape_text
from html import unescape
from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from markup.anchors import ID_PREFIX
from markup.conversion import SCHEMES, TooComplex, guarded
from markup.lru import LRU
from markup.pictures import draw, picture_html, sources_in, thumbnail_html
from markup.plaintext import blocks, text_of
from markup.tables import framed

__all__ = ["ID_PREFIX", "SCHEMES"]

logger = logging.getLogger(__name__)

TOKEN = re.compile(r'<(?:[^>"]|"[^"]*")*>')
OWN_PART = re.compile(r' href="#(?P<part>[^"]*)"')
ID_ATTRIBUTE = re.compile(r' id="[^"]*"')
LINK = re.compile(r'<a(?P<attributes>(?: [\w-]+="[^"]*")*)>(?P<text>.*?)</a>', re.DOTALL)
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
SCHEME = re.compile(rf"(?:{'|'.join(sorted(SCHEMES))}):", re.IGNORECASE)
MORE = re.compile(r"\s*more\s*(?:&gt;&gt;|»|&raquo;)\s*\Z")
CLOSED_TO_TERMS = {"a", "abbr", "code", "pre", "h2", "h3", "h4", "h5", "h6"}


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    text: str


class AsWritten(str):
    """Text that cannot be converted, shown as it was written. Forms refuse such texts; an import may have brought one in."""


def convert(source):
    try:
        return guarded(source)
    except TooComplex:
        logger.warning("A text of %d characters cannot be converted in reasonable time.", len(source))
        return AsWritten(f"<pre>{escape_text(source, quote=False)}</pre>")


def digest(source):
    return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=16).digest()


safe = LRU(most=1_000_000)  # characters


def safe_html(source):
    """Safe HTML of a Markdown text; links to our own things are not resolved yet."""
    return safe.get_or_make(digest(source), lambda: convert(source))


def framed_html(source):
    """The same with its tables and notes framed, for pages."""
    return framed(safe_html(source))


def plain_text(source):
    """The words of a Markdown text in one line, as its page shows them."""
    return text_of(safe_html(source))


def text_blocks(source):
    """The same in its Blocks, for passages: paragraphs, items, rows with their headings, footnotes, each with the heading above."""
    return blocks(safe_html(source))


def check(source):
    """Raise ValidationError for a text that cannot be converted in reasonable time, so that no worker ever hangs on it."""
    if isinstance(safe_html(source), AsWritten):
        raise ValidationError(
            _(
                "This text is too long or too complex to be formatted in reasonable time. "
                "It may hold long rows of brackets or backticks that are never closed."
            ),
            code="too_complex",
        )


def headings(html):
    """The headings of safe HTML in their order."""
    found = re.findall(r'<h([2-6]) id="([^"]*)">(.*?)</h\1>', html, re.DOTALL)
    return [Heading(int(level), anchor, unescape(TOKEN.sub("", text))) for level, anchor, text in found]


def ids(html):
    """All ids of safe HTML, of its headings and of its notes."""
    return {unescape(match[1]) for match in re.finditer(r' id="([^"]*)"', html)}


def links_in(source):
    """The root-relative addresses that a Markdown text links to, without query and fragment."""
    return addresses_in(safe_html(source))


def addresses_in(html):
    """The root-relative addresses that safe HTML links to, or shows as pictures, without query and fragment."""
    hrefs = (unescape(attributes_of(match).get("href", "")) for match in LINK.finditer(html))
    return {path_of(href) for href in hrefs if href.startswith("/")} | sources_in(html)


def outside_addresses_in(html):
    """The addresses on other sites that safe HTML links to."""
    hrefs = (unescape(attributes_of(match).get("href", "")) for match in LINK.finditer(html))
    return {href for href in hrefs if href.lower().startswith("http")}


def attributes_of(match):
    return dict(ATTRIBUTE.findall(match["attributes"]))


def path_of(address):
    """The path of a root-relative address, without query and fragment."""
    return address.partition("#")[0].partition("?")[0]


def escape_markdown(text):
    """A line of plain text that reads the same as Markdown."""
    return re.sub(r"([\\`*_{}\[\]#~^|])", r"\\\1", " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;"))


def without_ids(html, address):
    """Safe HTML made fit for a page other than its own: no ids that could clash, links within the text lead to `address`."""

    def change(tag):
        tag = ID_ATTRIBUTE.sub("", tag[0])
        own = OWN_PART.search(tag)
        # `fill` looks for the address in the first place.
        return f'<a href="{escape(address)}#{own["part"]}"{OWN_PART.sub("", tag)[2:]}' if own else tag

    return TOKEN.sub(change, html)


def fill(html, resolve, abbreviations, prefix="/", picture_at=lambda _path: None, root="/"):
    """Complete safe HTML for one moment and mark it safe.

    `resolve(path)` gives a Target or None; `abbreviations` maps each to its meaning; `prefix` starts the addresses of the moment.
    `picture_at(path)` gives a DrawnPicture or None; `root` starts the addresses of its bytes.
    """
    html = LINK.sub(lambda match: fill_link(match, resolve, prefix), html)
    html = draw(html, picture_at, prefix, root)
    return mark_safe(fill_terms(html, abbreviations))  # noqa: S308  (cleaned by nh3; what is added here is escaped)


def picture_block(picture, root):
    """A DrawnPicture on its own page: wide, without caption."""
    shown = picture_html(picture, picture.alternative, root, "wide", is_first=True)
    return mark_safe(f'<figure class="picture wide">{shown}</figure>')  # noqa: S308  (all that is put in is escaped)


def picture_thumbnail(picture, root):
    """A DrawnPicture's crop for lists, where its title stands beside it; the picture itself while there is no crop."""
    return mark_safe(thumbnail_html(picture, root))  # noqa: S308  (likewise)


def fill_link(match, resolve, prefix):
    """A link within the page as it is, one to our own things at their address, one elsewhere marked so; any other is only its text."""
    attributes, text = attributes_of(match), match["text"]
    href = attributes.pop("href", "")
    if href.startswith("#") or ("href" not in match["attributes"] and "id" in attributes):
        return match[0]
    if SCHEME.match(href):
        return link(attributes | outside(href), href, text)
    target = resolve(path_of(unescape(href))) if href.startswith("/") else None
    if target is None:
        return text
    start = urljoin(prefix, "/") if target.timeless else prefix
    address = escape(start + target.address.lstrip("/") + unescape(href)[len(path_of(unescape(href))) :])
    more = f'<span class="visually-hidden"> {escape(_("about"))} {escape(target.title)}</span>' if MORE.match(text) else ""
    attributes |= {"class": "more"} if more else {}
    size = f' <span class="size">({escape(target.size)})</span>' if target.size else ""
    return link(attributes, address, text + more) + size


def outside(href):
    """Attributes of a link to another site; mail and telephone get none."""
    return {"rel": "external noopener", "class": "outside"} if href.lower().startswith("http") else {}


def link(attributes, href, text):
    rest = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<a href="{href}"{rest}>{text}</a>'


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
    longest_first = sorted((re.escape(escape_text(word, quote=False)) for word in abbreviations), key=len, reverse=True)
    return re.compile(rf"(?<![\w&#-])(?:{'|'.join(longest_first)})(?![\w-])")
