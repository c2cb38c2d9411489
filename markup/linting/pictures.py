"""Notes on pictures: without words, or at addresses where visitors see none."""

import re
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from markup.linting.links import definitions, named
from markup.linting.note import Note

IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*)\](?:\(\s*<?(?P<src>[^()\s<>]*)[^()]*\)|\[(?P<name>[^\[\]]*)\])")
HTML_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
HTML_ALT = re.compile(r"""\balt\s*=\s*(?:"\s*[^"\s]|'\s*[^'\s]|[^\s"'>])""", re.IGNORECASE)
HTML_SRC = re.compile(r"""\bsrc\s*=\s*["']?(?P<src>[^"'\s>]*)""", re.IGNORECASE)


def picture_notes(lines, resolve):
    for number, has_words, src in pictures(lines):
        own = picture_of_ours(src, resolve)
        if not has_words and not own:
            yield Note(number, _("This picture has no words for those who cannot see it: write ![what it shows](address)."))
        if not own and (fault := seen_nowhere(src, resolve)):
            yield Note(number, fault)


def picture_of_ours(src, resolve):
    """Whether the address is that of a picture's page: texts show it with the picture's own words."""
    target = resolve(unquote(urlsplit(src).path)) if src.startswith("/") and urlsplit(src).path.endswith("/") else None
    return bool(target) and getattr(target, "kind", "") == "picture"


def pictures(lines):
    """(line, whether it has words, address) of every picture."""
    known = {name: href for _number, name, href in definitions(lines)}
    for number, line in enumerate(lines, 1):
        if "!" in line:
            for match in IMAGE.finditer(line):
                src = match["src"] if match["name"] is None else known.get(named(match["name"] or match["alt"]), "")
                yield number, bool(match["alt"].strip()), src
        if "<" in line:
            for match in HTML_IMAGE.finditer(line):
                src = HTML_SRC.search(match[0])
                yield number, bool(HTML_ALT.search(match[0])), src["src"] if src else ""


def seen_nowhere(src, resolve):
    """Why visitors do not see the picture at an address, or None."""
    names = {"src": src}
    if not src:
        return _("This picture has no address: write ![what it shows](address).")
    if re.match(r"[a-z][a-z0-9+.-]*:|//", src, re.IGNORECASE):
        return _("The picture %(src)s is not shown: browsers load only pictures that lie on this portal. Upload it here.") % names
    if not src.startswith("/"):
        return _("The picture %(src)s is not shown: write its address from the first / on.") % names
    if src.endswith("/") or not resolve(unquote(urlsplit(src).path)):
        return _("There is no picture at %(src)s: correct the address, or upload the picture first.") % names
    return None
