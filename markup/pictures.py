"""Pictures of ours in safe HTML: where a text names the page of one, it is drawn with its sizes. What is added here is escaped."""

import re
from dataclasses import dataclass
from html import unescape
from itertools import count

from django.utils.html import escape
from django.utils.translation import gettext as _

IMAGE = re.compile(r'(?P<open><p>\s*)?<img(?P<attributes>(?: [\w-]+="[^"]*")*)>(?P<close>\s*</p>)?')
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
WIDTHS = {"": "(min-width: 48em) 42rem, 100vw", "half": "(min-width: 48em) 21rem, 100vw", "wide": "(min-width: 82em) 60rem, 100vw"}


@dataclass(frozen=True)
class DrawnPicture:
    """Picture as pages show it. `src` and those in `sources` are addresses from the root; `page` is that of its own page.

    `sources` are (media type, ((address, width), ...)) pairs, the best first; `small` is one that every program reads, and its size.
    """

    page: str
    src: str
    width: int
    height: int
    sources: tuple = ()
    alternative: str = ""
    caption: str = ""
    credit: str = ""
    has_description: bool = False
    needs_plate: bool = False
    small: tuple | None = None
    crops: tuple = ()


def sources_of(html):
    """The root-relative addresses of the pictures in safe HTML, without query and fragment, in their order."""
    if "<img" not in html:
        return []
    found = (unescape(dict(ATTRIBUTE.findall(match["attributes"])).get("src", "")) for match in IMAGE.finditer(html))
    return [path_of(src) for src in found if src.startswith("/")]


def sources_in(html):
    return set(sources_of(html))


def path_of(src):
    return src.partition("#")[0].partition("?")[0]


def draw(html, picture_at, prefix="/", root="/"):
    """Safe HTML with its pictures drawn. `picture_at(path)` gives a DrawnPicture or None; `prefix` starts addresses of pages, `root` those
    of bytes, which are the same at every moment."""
    if "<img" not in html:
        return html
    places = count()
    return IMAGE.sub(lambda match: drawn(match, picture_at, prefix, root, places), html)


def drawn(match, picture_at, prefix, root, places):
    attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(match["attributes"])}
    src, before, behind = attributes.get("src", ""), match["open"] or "", match["close"] or ""
    if not src.startswith("/"):
        return match[0]
    path, marks = path_of(src), set(re.split(r"[,+-]", src.partition("#")[2]))
    if not path.endswith("/"):
        return match[0].replace(' src="/', f' src="{escape(prefix)}', 1)
    found, words = picture_at(path), attributes.get("alt", "").strip()
    if found is None:
        return before + escape(words) + behind
    words = "" if "decorative" in marks else words or found.alternative
    width = next((name for name in ("half", "wide") if name in marks), "")
    picture = picture_html(found, words, root, width, is_first=next(places) == 0)
    if not (before and behind):
        return before + picture + behind
    classes = " ".join(filter(None, ("picture", width)))
    return f'<figure class="{classes}">{picture}{caption_html(found, attributes.get("title", "").strip(), prefix)}</figure>'


def picture_html(found, words, root, width="", is_first=False):
    """`<picture>` of a DrawnPicture with these words instead of it, in one of the WIDTHS."""
    sources = sources_html(found.sources, root, WIDTHS[width])
    rest = "" if is_first else ' loading="lazy" decoding="async"'
    plate = ' class="plate"' if found.needs_plate else ""
    own = f'<img src="{at(root, found.src)}" width="{found.width}" height="{found.height}" alt="{escape(words)}"{plate}{rest}>'
    return f"<picture>{sources}{own}</picture>"


def sources_html(sources, root, sizes):
    """`<source>` for each media type, the best first."""

    def srcset(addresses):
        return ", ".join(f"{at(root, address)} {width}w" for address, width in addresses)

    return "".join(f'<source type="{form}" srcset="{srcset(addresses)}" sizes="{sizes}">' for form, addresses in sources)


def thumbnail_html(found, root):
    sources = dict(found.crops).get("wide", ())
    src = sources[-1][1][0][0] if sources else found.src
    own = f'<img src="{at(root, src)}" width="480" height="270" alt="" loading="lazy" decoding="async">'
    return f'<picture class="thumbnail">{sources_html(sources[:-1], root, "12rem")}{own}</picture>'


def at(root, address):
    return escape(root + address.lstrip("/"))


def caption_html(found, own, prefix):
    """`<figcaption>` with caption, credit and the way to the long description; nothing where there is none of them."""
    page = escape(prefix + found.page.lstrip("/"))
    parts = [escape(own or found.caption)]
    if found.credit:
        parts.append(f'<a class="credit" href="{page}">{escape(found.credit)}</a>')
    if found.has_description:
        parts.append(f'<a href="{page}">{escape(_("What the picture shows, in words"))}</a>')
    told = " ".join(filter(None, parts))
    return f"<figcaption>{told}</figcaption>" if told else ""
